"""Who signed a matter as well."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q

from camphor.bodies.models import Body
from camphor.engine.flow import Flow
from camphor.people.actor import Actor, person_key
from camphor.rules.matters import BACKING
from camphor.trail.moves import Moving


class BackingQuerySet(models.QuerySet["Backing"]):
    """Invitations to sign, as far as somebody may see them."""

    def visible_to(self, actor: Actor, *, on: date) -> BackingQuerySet:
        """His own invitations, and those that he sent."""
        return self.filter(Q(person=actor.person) | Q(matter__author=actor.person), person__isnull=False)


class Backing(Moving):
    """Somebody who is asked to sign a matter in person, or to whom a share of it is credited."""

    matter = models.ForeignKey("matters.Matter", models.PROTECT, related_name="backings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="backings")
    in_name_of = models.ForeignKey(
        Body, models.PROTECT, null=True, blank=True, related_name="backings"
    )  # the further body that he signs for; himself where none
    asked_at = models.DateTimeField()

    objects = BackingQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["matter", "person"], name="signs_once")]

    def __str__(self) -> str:
        return f"{self.matter}"

    @property
    def flow(self) -> Flow:
        return BACKING

    @property
    def home(self) -> Body:
        return self.matter.body

    @property
    def author_keys(self) -> frozenset[str]:
        return self.matter.author_keys

    @property
    def backer_keys(self) -> frozenset[str]:
        return frozenset({person_key(self.person_id)})

    @property
    def state_label(self) -> str:
        return self.flow.states[self.state].label
