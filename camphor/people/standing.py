"""What somebody is to a thing, and, read the other way, who is what to it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Protocol

from django.db.models import Q, QuerySet

from camphor.bodies.models import Body
from camphor.people.actor import Actor
from camphor.people.models import Membership, Person
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


def standings(actor: Actor, thing: Thing, *, on: date) -> frozenset[str]:
    """The standings of this actor towards this thing on this day, by which moves are allowed."""
    held = EVERYONE
    for standing, keys in _by_key(thing):
        if actor.keys & keys:
            held |= standing
    seats = actor.memberships(on)
    handlers = thing.handlers if any(seat.role in OF_HANDLER for seat in seats) else ()
    for seat in seats:
        if seat.role in OF_HOME and seat.body.covers(thing.home):
            held |= OF_HOME[seat.role]
        if seat.role in OF_HANDLER and seat.body in handlers:
            held |= OF_HANDLER[seat.role]
        if seat.role == "member" and thing.home.covers(seat.body):
            held |= MEMBER
    return held


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
        above = _prefixes(thing.home.path)
        who |= Q(pk__in=seats.filter(role__in=roles, body__path__in=above).values("person"))
    roles = [role for role, given in OF_HANDLER.items() if given & standing]
    if roles:
        bodies = [body.pk for body in thing.handlers]
        who |= Q(pk__in=seats.filter(role__in=roles, body__in=bodies).values("person"))
    if standing & MEMBER:
        members = seats.filter(role="member", body__path__startswith=thing.home.path)
        who |= Q(pk__in=members.values("person"))
    return Person.objects.filter(who, is_active=True)


def _prefixes(path: str) -> list[str]:
    parts = path.rstrip("/").split("/")
    return ["/".join(parts[: n + 1]) + "/" for n in range(len(parts))]
