"""Persons, and in whose name they act."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q

from camphor.bodies.models import Body, DatedQuerySet
from camphor.kit.fields import NameField, label_of
from camphor.kit.sealed import SealedField
from camphor.rules.notices import CHANNELS, RHYTHMS
from camphor.rules.people import LENT_ROLES, ROLES

if TYPE_CHECKING:
    from camphor.people.actor import Actor


class Person(AbstractUser):
    """Somebody who acts and has an account."""

    name = models.CharField(max_length=50, blank=True)

    def __str__(self) -> str:
        return self.name or self.username


class MembershipQuerySet(DatedQuerySet["Membership"]):
    """Memberships."""

    def open_to(self, person: Person, on: date) -> Self:
        """His own, and those in which a colleague lets him act that day; a lent one cannot be lent on."""
        givers = Delegation.objects.in_force(on).filter(receiver=person, giver__is_active=True)
        lent = Q(person__in=givers.values("giver"), role__in=LENT_ROLES)
        return self.in_force(on).filter(Q(person=person) | lent)

    def visible_to(self, actor: Actor, *, on: date) -> MembershipQuerySet:
        """Those in force in the bodies that he is clerk for, and in those that he belongs to himself."""
        seats = actor.memberships(on)
        seen = models.Q(body__in=[seat.body_id for seat in seats])
        for path in actor.paths("clerk", on):
            seen |= models.Q(body__path__startswith=path)
        return self.filter(seen, pk__in=Membership.objects.in_force(on).values("pk"))


class Membership(models.Model):
    """In whose name a person acts, from the day `since` up to the day `until`, left out."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    body = models.ForeignKey(Body, models.PROTECT, related_name="memberships")
    role = NameField(ROLES)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.person} · {self.role_label} · {self.body}"

    @property
    def role_label(self) -> str:
        return label_of(ROLES, self.role)


class DelegationQuerySet(DatedQuerySet["Delegation"]):
    """Delegations."""


class Delegation(models.Model):
    """A colleague acts in one's name, from the day `since` up to the day `until`, that day left out.

    What one is as a person (who raised something, who was there) is never lent: a delegate cannot rate.
    """

    giver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="delegations_given")
    receiver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="delegations_held")
    since = models.DateField()
    until = models.DateField()

    objects = DelegationQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(giver=models.F("receiver")), name="lent_to_somebody_else")
        ]

    def __str__(self) -> str:
        return f"{self.giver} → {self.receiver}"

    @property
    def last_on(self) -> date:
        """Its last day."""
        return self.until - timedelta(days=1)


class Preference(models.Model):
    """How somebody wants to hear of things: in which language, how often, and when not."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="preference")
    language = models.CharField(max_length=10, default=settings.LANGUAGE_CODE)
    rhythm = NameField(RHYTHMS, default="at_once")
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.person}: {self.rhythm}"


class Address(models.Model):
    """Where somebody can be reached over a channel; kept sealed, shown to nobody else."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="addresses")
    channel = NameField(CHANNELS)
    address = SealedField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "channel"], name="one_address_a_channel")]

    def __str__(self) -> str:
        return f"{self.person}: {self.channel}"
