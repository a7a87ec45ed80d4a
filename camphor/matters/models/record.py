"""What happens around a matter: contacts and supervisions, destinations, and leaders' instructions."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext

from camphor.bodies.models import Body
from camphor.engine.flow import Flow
from camphor.kit.fields import NameField, label_of
from camphor.matters.models.assignment import Assignment
from camphor.matters.models.matter import Matter
from camphor.people.actor import Actor, person_key
from camphor.rules.matters import DESTINATIONS, INSTRUCTION, MANNERS, PHASES, SUPERVISIONS, WAYS
from camphor.trail.models import Entry
from camphor.trail.moves import Moving


class Contact(models.Model):
    """A talk with those who asked, or a look on the spot, while a matter is handled or afterwards."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="contacts")
    assignment = models.ForeignKey(Assignment, models.PROTECT, null=True, blank=True, related_name="contacts")
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="contact")
    move = models.CharField(max_length=40)  # contact, supervise, visit, look_again
    phase = NameField(PHASES, blank=True)
    way = NameField(WAYS, blank=True)
    supervision = NameField(SUPERVISIONS, blank=True)
    held_on = models.DateField()
    led_by = models.CharField(max_length=100, blank=True)
    people = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    next_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["held_on", "pk"]

    def __str__(self) -> str:
        return f"{self.held_on} {self.matter}"

    @property
    def what(self) -> str:
        """Its phase and its way, in words; of a look on the spot, that it was one."""
        named = ((PHASES, self.phase), (WAYS, self.way), (SUPERVISIONS, self.supervision))
        told = " · ".join(label_of(table, name) for table, name in named if name)
        return told or gettext((self.assignment or self.matter).flow.moves[self.move].says)


class Dispatch(models.Model):
    """A destination to which an opinion report was sent, and what became of it there."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="dispatches")
    destination = NameField(DESTINATIONS)
    to_whom = models.CharField(max_length=100, blank=True)
    sent_on = models.DateField()
    manner = NameField(MANNERS, blank=True)
    decided_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["sent_on", "pk"]

    def __str__(self) -> str:
        label = label_of(DESTINATIONS, self.destination)
        return f"{label} · {self.to_whom}" if self.to_whom else label

    @property
    def manner_label(self) -> str:
        return label_of(MANNERS, self.manner) if self.manner else ""


class InstructionQuerySet(models.QuerySet["Instruction"]):
    """Instructions, as far as somebody may know of them."""

    def visible_to(self, actor: Actor, *, on: date) -> InstructionQuerySet:
        """Those he is named to read; an auditor sees that they exist, and who has read them."""
        known = Q(readers=actor.person) if actor.person else Q(pk__in=())
        for path in actor.paths("auditor", on):
            known |= Q(matter__body__path__startswith=path)
        return self.filter(pk__in=self.model._default_manager.filter(known).values("pk"))


class Instruction(Moving):
    """What a leader wrote on a report: for named people only, and every reading of it is an entry."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="instructions")
    led_by = models.CharField(max_length=100)
    written_on = models.DateField()
    text = models.TextField()
    readers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="instructions")

    objects = InstructionQuerySet.as_manager()

    class Meta:
        ordering = ["-written_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.matter}"

    @property
    def flow(self) -> Flow:
        return INSTRUCTION

    @property
    def home(self) -> Body:
        return self.matter.body

    @property
    def reader_keys(self) -> frozenset[str]:
        if not self.pk:
            return frozenset()
        return frozenset(person_key(pk) for pk in self.readers.values_list("pk", flat=True))
