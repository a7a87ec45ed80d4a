"""What is raised, by whom, who must answer it by when, what was answered, and how that was rated."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from camphor.bodies.models import Body, Venue
from camphor.engine.flow import Flow
from camphor.kit.fields import NameField, label_of
from camphor.matters.needs import lacking, lacking_assignment
from camphor.people.actor import Actor, person_key, secret_key
from camphor.rules.matters import MATTERS, PARTS, SCORES
from camphor.trail.moves import Moving


def _is_public() -> Q:
    shown = Q(pk__in=())
    for kind in MATTERS.values():
        shown |= Q(kind=kind.name, state__in=kind.flow.public_states())
    return shown


class MatterQuerySet(models.QuerySet["Matter"]):
    """Matters, in the words of those who look for them."""

    def public(self) -> MatterQuerySet:
        return self.filter(_is_public())

    def visible_to(self, actor: Actor, *, on: date) -> MatterQuerySet:
        """What is public, what is his own, what his bodies own, and what they must answer."""
        seen = _is_public()  # no subquery: over a whole archive that costs a tenth of a second
        if actor.person:
            seen |= Q(author=actor.person)
        if actor.digests:
            seen |= Q(code_digest__in=actor.digests)
        for path in actor.read_paths(on):
            seen |= Q(body__path__startswith=path)
        offices = [seat.body for seat in actor.memberships(on) if seat.role in ("officer", "leader")]
        if offices:
            seen |= Q(owed_by__in=offices)
            seen |= Q(pk__in=Assignment.objects.filter(handler__in=offices).values("matter"))
        return self.filter(seen)

    def overdue(self, on: date) -> MatterQuerySet:
        return self.filter(due_on__lt=on)


class Matter(Moving):
    """Something raised that a body must answer by a day."""

    kind = NameField(MATTERS)
    title = models.CharField(max_length=100)
    text = models.TextField(blank=True)
    number = models.CharField(max_length=60, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="matters"
    )
    code_digest = models.CharField(max_length=64, blank=True)
    body = models.ForeignKey(Body, models.PROTECT, related_name="matters")
    venue = models.ForeignKey(Venue, models.PROTECT, null=True, blank=True, related_name="matters")
    owed_by = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="owed")
    round = models.PositiveSmallIntegerField(default=1)
    raised_at = models.DateTimeField()

    objects = MatterQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["code_digest"], condition=~Q(code_digest=""), name="one_matter_a_code"
            ),
            models.UniqueConstraint(
                fields=["body", "number"], condition=~Q(number=""), name="number_given_once"
            ),
        ]
        indexes = [models.Index(fields=["kind", "state", "due_on"])]

    def __str__(self) -> str:
        return self.title

    @property
    def flow(self) -> Flow:
        return MATTERS[self.kind].flow

    @property
    def home(self) -> Body:
        return self.body

    @property
    def author_keys(self) -> frozenset[str]:
        keys = {person_key(self.author_id)} if self.author_id else set()
        return frozenset(keys | ({secret_key(self.code_digest)} if self.code_digest else set()))

    @property
    def handlers(self) -> list[Body]:
        bodies = list(Body.objects.filter(assignments__matter=self.pk)) if self.pk else []
        return bodies + ([self.owed_by] if self.owed_by else [])

    def lacking(self, needs: Collection[str], given: Mapping[str, Any]) -> tuple[str, ...]:
        return lacking(self, needs, given)

    def is_replied_to(self) -> bool:
        """Every department that leads has answered, unless it was released."""
        leading = self.assignments.filter(part="lead").exclude(state="released")
        return leading.exists() and not leading.exclude(state="replied").exists()


class Item(models.Model):
    """A numbered point of a recommendation, answered by itself."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="items")
    place = models.PositiveSmallIntegerField()
    text = models.TextField()

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["matter", "place"], name="one_item_a_place")]

    def __str__(self) -> str:
        return f"{self.place}. {self.text}"


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Assignments, as far as somebody may see them."""

    def visible_to(self, actor: Actor, *, on: date) -> AssignmentQuerySet:
        return self.filter(matter__in=Matter.objects.visible_to(actor, on=on).values("pk"))


class Assignment(Moving):
    """A body that has to answer a matter, in a state and by a day of its own."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="assignments")
    handler = models.ForeignKey(Body, models.PROTECT, related_name="assignments")
    part = NameField(PARTS)
    given_at = models.DateTimeField()

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["-part", "pk"]  # the leading department first
        constraints = [models.UniqueConstraint(fields=["matter", "handler"], name="assigned_once")]

    def __str__(self) -> str:
        return f"{self.handler}: {self.matter}"

    @property
    def flow(self) -> Flow:
        return PARTS[self.part].flow

    @property
    def home(self) -> Body:
        return self.matter.body

    @property
    def handlers(self) -> list[Body]:
        return [self.handler]

    def lacking(self, needs: Collection[str], given: Mapping[str, Any]) -> tuple[str, ...]:
        return lacking_assignment(self, needs, given)


class Reply(models.Model):
    """What a body answered to an item, or to the whole, in which round; never changed afterwards."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="replies")
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="replies")
    round = models.PositiveSmallIntegerField()
    text = models.TextField()
    grade = models.CharField(max_length=10, blank=True)
    promise = models.ForeignKey(Matter, models.PROTECT, null=True, blank=True, related_name="promised_in")
    contact = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["round", "item__place", "pk"]

    def __str__(self) -> str:
        return f"{self.assignment}: {self.text[:20]}"


class Rating(models.Model):
    """How content the one who asked was with the answer, round by round."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="ratings")
    round = models.PositiveSmallIntegerField()
    score = NameField(SCORES)
    remark = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["round"]
        constraints = [models.UniqueConstraint(fields=["matter", "round"], name="rated_once_a_round")]

    def __str__(self) -> str:
        return f"{self.matter}: {self.score}"

    @property
    def score_label(self) -> str:
        return label_of(SCORES, self.score)
