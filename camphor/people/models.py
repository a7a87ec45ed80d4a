"""Persons, and in whose name they act."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models

from camphor.bodies.models import Body, DatedQuerySet
from camphor.kit.fields import NameField
from camphor.rules.people import ROLES


class Person(AbstractUser):
    """Somebody who acts and has an account."""

    name = models.CharField(max_length=50, blank=True)

    def __str__(self) -> str:
        return self.name or self.username


class MembershipQuerySet(DatedQuerySet["Membership"]):
    """Memberships."""


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
