"""What somebody is to a thing, and, read the other way, who is what to it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Protocol

from django.db.models import Q, QuerySet

from camphor.bodies.models import Body
from camphor.people.actor import Actor
from camphor.people.models import Delegation, Membership, Person
from camphor.rules.people import ATTENDEE, AUTHOR, CLERK, EVERYONE, HANDLER, LEADER


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
        held |= given_by(seat, thing)
    return held


def given_by(seat: Membership, thing: Thing) -> frozenset[str]:
    """The standing that a membership alone gives towards a thing."""
    if seat.role == "clerk" and seat.body.covers(thing.home):
        return CLERK
    if seat.role == "officer" and seat.body in thing.handlers:
        return HANDLER
    if seat.role == "leader" and (seat.body.covers(thing.home) or seat.body in thing.handlers):
        return LEADER
    return frozenset()


def seat_behind(actor: Actor, thing: Thing, standing: str, *, on: date) -> Membership | None:
    """The membership by which he has this standing: his own, or else one that a colleague lends him."""
    return next((seat for seat in actor.memberships(on) if standing in given_by(seat, thing)), None)


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
        who |= _seated(seats.filter(role="clerk", body__path__in=above), on)
    if standing & HANDLER:
        handlers = [body.pk for body in thing.handlers]
        who |= _seated(seats.filter(role="officer", body__in=handlers), on)
    if standing & LEADER:
        who |= Q(pk__in=leaders_of(list(thing.handlers) or [thing.home], on=on).values("pk"))
    return Person.objects.filter(who, is_active=True)


def _seated(seats: QuerySet[Membership], on: date) -> Q:
    """Those who hold the seats, and the colleagues who do their work in their name that day."""
    held = Delegation.objects.in_force(on).filter(giver__in=seats.values("person"))
    return Q(pk__in=seats.values("person")) | Q(pk__in=held.values("receiver"))


def leaders_of(bodies: Collection[Body], *, on: date) -> QuerySet[Person]:
    """The leaders of these bodies; where one has none, those of the nearest body that it is a part of."""
    seats = Membership.objects.in_force(on).filter(role="leader", person__is_active=True)
    above = {body.pk: _prefixes(body.path) for body in bodies}
    led = set(
        seats.filter(body__path__in=[path for line in above.values() for path in line]).values_list(
            "body__path", flat=True
        )
    )
    nearest = [path for line in above.values() if (path := next((p for p in line[::-1] if p in led), None))]
    return Person.objects.filter(_seated(seats.filter(body__path__in=nearest), on), is_active=True)


def _prefixes(path: str) -> list[str]:
    parts = path.rstrip("/").split("/")
    return ["/".join(parts[: n + 1]) + "/" for n in range(len(parts))]
