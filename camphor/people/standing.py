"""What somebody is to a thing, and, read the other way, who is what to it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Protocol

from django.db.models import Q, QuerySet

from camphor.bodies.models import Body
from camphor.people.actor import Actor
from camphor.people.models import Membership, Person
from camphor.rules.people import ATTENDEE, AUTHOR, CLERK, EVERYONE, HANDLER


class Thing(Protocol):
    """Anything that people can have a standing towards."""

    @property
    def author_keys(self) -> frozenset[str]: ...
    @property
    def attendee_keys(self) -> frozenset[str]: ...
    @property
    def home(self) -> Body: ...
    @property
    def handlers(self) -> Collection[Body]: ...


def standings(actor: Actor, thing: Thing, *, on: date) -> frozenset[str]:
    """The standings of this actor towards this thing on this day, by which moves are allowed."""
    held = EVERYONE
    if actor.keys & thing.author_keys:
        held |= AUTHOR
    if actor.keys & thing.attendee_keys:
        held |= ATTENDEE
    for seat in actor.memberships(on):
        if seat.role == "clerk" and seat.body.covers(thing.home):
            held |= CLERK
        if seat.role == "officer" and seat.body in thing.handlers:
            held |= HANDLER
    return held


def acting_for(actor: Actor, thing: Thing, *, on: date) -> Body | None:
    """The body in whose name this actor acts here, if in any."""
    for seat in actor.memberships(on):
        if (seat.role == "clerk" and seat.body.covers(thing.home)) or seat.body in thing.handlers:
            return seat.body
    return None


def holders(thing: Thing, standing: frozenset[str], *, on: date) -> QuerySet[Person]:
    """The persons with an account who hold one of these standings towards the thing."""
    who = Q(pk__in=())
    keys = (thing.author_keys if standing & AUTHOR else frozenset()) | (
        thing.attendee_keys if standing & ATTENDEE else frozenset()
    )
    who |= Q(pk__in=[key.removeprefix("p:") for key in keys if key.startswith("p:")])
    seats = Membership.objects.in_force(on)
    if standing & CLERK:
        above = _prefixes(thing.home.path)
        clerks = seats.filter(role="clerk", body__path__in=above)
        who |= Q(pk__in=clerks.values("person"))
    if standing & HANDLER:
        officers = seats.filter(role="officer", body__in=[body.pk for body in thing.handlers])
        who |= Q(pk__in=officers.values("person"))
    return Person.objects.filter(who, is_active=True)


def _prefixes(path: str) -> list[str]:
    parts = path.rstrip("/").split("/")
    return ["/".join(parts[: n + 1]) + "/" for n in range(len(parts))]
