"""What somebody is to a thing, and, read the other way, who is what to it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Protocol

from django.db.models import Q, QuerySet

from camphor.bodies.models import Body
from camphor.people.actor import Actor
from camphor.people.models import Delegation, Membership, Person
from camphor.rules.people import (
    ATTENDEE,
    AUDITOR,
    AUTHOR,
    BACKER,
    CLERK,
    EVERYONE,
    HANDLER,
    HEAD,
    LEADER,
    MEMBER,
    PROPOSERS,
    READER,
)


class Thing(Protocol):
    """Anything that people can have a standing towards."""

    @property
    def author_keys(self) -> frozenset[str]: ...
    @property
    def attendee_keys(self) -> frozenset[str]: ...
    @property
    def backer_keys(self) -> frozenset[str]: ...
    @property
    def reader_keys(self) -> frozenset[str]: ...
    @property
    def home(self) -> Body: ...
    @property
    def handlers(self) -> Collection[Body]: ...


OF_HOME = {"clerk": CLERK, "leader": LEADER, "auditor": AUDITOR}
"""The standings that a role gives in the body that a thing belongs to, or in one that this is a part of."""
OF_HANDLER = {"officer": HANDLER, "clerk": HANDLER, "leader": HEAD}
"""The standings that a role gives in a body that must answer: a committee has clerks for its officers."""


OF_PERSON = {
    "clerk": READER,
    "officer": ATTENDEE,
    "member": MEMBER | PROPOSERS | ATTENDEE,
    "leader": READER,
}
"""The standings that somebody with a role mostly has in person."""


def held_by(role: str) -> frozenset[str]:
    """All that a role can be to some thing or other."""
    return frozenset[str]().union(*(given.get(role, ()) for given in (OF_HOME, OF_HANDLER, OF_PERSON)))


def standings(actor: Actor, thing: Thing, *, on: date) -> frozenset[str]:
    """The standings of this actor towards this thing on this day, by which moves are allowed."""
    held = EVERYONE
    for standing, keys in _by_key(thing):
        if actor.keys & keys:
            held |= standing
    seats = actor.memberships(on)
    handlers = _handlers(thing, seats)
    for seat in seats:
        held |= given_by(seat, thing, handlers)
    return held


def _handlers(thing: Thing, seats: Collection[Membership]) -> Collection[Body]:
    """The bodies that must answer, where it matters for these seats."""
    return thing.handlers if any(seat.role in OF_HANDLER for seat in seats) else ()


def given_by(seat: Membership, thing: Thing, handlers: Collection[Body]) -> frozenset[str]:
    """The standings that a membership alone gives towards a thing."""
    held: frozenset[str] = frozenset()
    if seat.role in OF_HOME and seat.body.covers(thing.home):
        held |= OF_HOME[seat.role]
    if seat.role in OF_HANDLER and seat.body in handlers:
        held |= OF_HANDLER[seat.role]
    if seat.role == "member" and thing.home.covers(seat.body):
        held |= MEMBER
    return held


def offices_of(actor: Actor, on: date) -> list[Body]:
    """The bodies whose answers he writes, or leads."""
    return [seat.body for seat in actor.memberships(on) if seat.role in OF_HANDLER]


def seat_behind(actor: Actor, thing: Thing, standing: str, *, on: date) -> Membership | None:
    """The membership by which he has this standing: his own, or else one that a colleague lends him."""
    seats = actor.memberships(on)
    handlers = _handlers(thing, seats)
    return next((seat for seat in seats if standing in given_by(seat, thing, handlers)), None)


def _by_key(thing: Thing) -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    return (
        (AUTHOR, thing.author_keys),
        (ATTENDEE, thing.attendee_keys),
        (BACKER, thing.backer_keys),
        (READER, thing.reader_keys),
    )


def acting_for(actor: Actor, thing: Thing, *, on: date) -> Body | None:
    """The body in whose name this actor acts here, if in any."""
    handlers = None
    for seat in actor.memberships(on):
        if seat.role in OF_HOME and seat.body.covers(thing.home):
            return seat.body
        if handlers is None:
            handlers = thing.handlers
        if seat.body in handlers:
            return seat.body
    return None


def holders(thing: Thing, standing: frozenset[str], *, on: date) -> QuerySet[Person]:
    """The persons with an account who hold one of these standings towards the thing."""
    keys: frozenset[str] = frozenset()
    for one, known in _by_key(thing):
        keys |= known if standing & one else frozenset()
    who = Q(pk__in=[key.removeprefix("p:") for key in keys if key.startswith("p:")])
    seats = Membership.objects.in_force(on)
    roles = [role for role, given in OF_HOME.items() if given & standing]
    if roles:
        above = prefixes(thing.home.path)
        who |= _seated(seats.filter(role__in=roles, body__path__in=above), on)
    roles = [role for role, given in OF_HANDLER.items() if given & standing]
    if roles:
        bodies = [body.pk for body in thing.handlers]
        who |= _seated(seats.filter(role__in=roles, body__in=bodies), on)
    if standing & MEMBER:
        members = seats.filter(role="member", body__path__startswith=thing.home.path)
        who |= Q(pk__in=members.values("person"))
    return Person.objects.filter(who, is_active=True)


def _seated(seats: QuerySet[Membership], on: date) -> Q:
    """Those who hold the seats, and the colleagues who do their work in their name that day."""
    held = Delegation.objects.in_force(on).filter(giver__in=seats.values("person"))
    return Q(pk__in=seats.values("person")) | Q(pk__in=held.values("receiver"))


def leaders_of(bodies: Collection[Body], *, on: date) -> QuerySet[Person]:
    """The leaders of these bodies; where one has none, those of the nearest body that it is a part of."""
    seats = Membership.objects.in_force(on).filter(role="leader", person__is_active=True)
    above = {body.pk: prefixes(body.path) for body in bodies}
    led = set(
        seats.filter(body__path__in=[path for line in above.values() for path in line]).values_list(
            "body__path", flat=True
        )
    )
    nearest = [path for line in above.values() if (path := next((p for p in line[::-1] if p in led), None))]
    return Person.objects.filter(_seated(seats.filter(body__path__in=nearest), on), is_active=True)


def prefixes(path: str) -> list[str]:
    """The paths of a body and of all that it is a part of, from the top down."""
    parts = path.rstrip("/").split("/")
    return ["/".join(parts[: n + 1]) + "/" for n in range(len(parts))]
