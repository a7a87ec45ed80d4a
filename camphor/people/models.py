"""Persons, and in whose name they act."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractUser
from django.db import models

from camphor.bodies.models import Body, DatedQuerySet
from camphor.kit.fields import NameField
from camphor.rules.people import ROLES

if TYPE_CHECKING:
    from camphor.people.actor import Actor


class Person(AbstractUser):
    """Somebody who acts and has an account."""

    name = models.CharField(max_length=50, blank=True)

    def __str__(self) -> str:
        return self.name or self.username


class MembershipQuerySet(DatedQuerySet["Membership"]):
    """Memberships."""

    def visible_to(self, actor: Actor, *, on: date) -> MembershipQuerySet:
        """Those in force in the bodies that he is clerk for, and in those that he belongs to himself."""
        seats = actor.memberships(on)
        seen = models.Q(body__in=[seat.body_id for seat in seats])
        for path in actor.paths("clerk", on):
            seen |= models.Q(body__path__startswith=path)
        return self.filter(seen, pk__in=Membership.objects.in_force(on).values("pk"))


class Membership(models.Model):
    """In whose name a person acts, from the day `since` up to the day `until`, that day left out."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    body = models.ForeignKey(Body, models.PROTECT, related_name="memberships")
    role = NameField(ROLES)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.person} {self.role} {self.body}"
