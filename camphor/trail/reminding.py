"""Who is reminded of a day, once for each time that it comes up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.utils import timezone

from camphor.bodies.models import Body
from camphor.people.actor import Actor
from camphor.people.models import Person
from camphor.people.standing import holders, leaders_of
from camphor.rules.people import ATTENDEE, EVERYONE, HANDLER
from camphor.rules.reminders import Call
from camphor.trail.models import Entry, Notice, Reminding
from camphor.trail.moves import possible_moves


def is_news(thing: Any, call: Call) -> bool:
    """A day set after the reminder would have come needs none: whoever owes it was told with the move."""
    if call.reminder.before < 0:
        return True
    kind = ContentType.objects.get_for_model(thing)
    last = Entry.objects.filter(subject_type=kind, subject_id=thing.pk).order_by("at", "pk").last()
    return last is None or timezone.localdate(last.at) <= call.since


def remind(
    thing: Any,
    due_on: date,
    call: Call,
    *,
    on: date,
    at: datetime,
    owed_by: Iterable[Person] | None = None,
) -> int:
    """Remind those who owe the next move, and in time their leader; how many. Again, it does nothing.

    owed_by: those who owe something else by this day, in the name of the body that the thing belongs to.
    """
    people = set(owers(thing, on=on) if owed_by is None else owed_by)
    if call.reminder.leader:
        people |= set(leaders_of(units(thing, on=on) if owed_by is None else [thing.home], on=on))
    if not people:
        return 0  # it comes up again when somebody is there
    try:
        with transaction.atomic():
            kept = Reminding.objects.create(
                subject=thing, due_on=due_on, reminder=call.reminder.name, time=call.time, at=at
            )
            Notice.objects.bulk_create(Notice(reminding=kept, person=person) for person in people)
    except IntegrityError:
        return 0
    return len(people)


def _asked(thing: Any, *, late: bool) -> frozenset[str]:
    """The standings of which a move is awaited now."""
    moves = thing.flow.awaited_from(thing.state)
    return frozenset(who for move in moves if late or not move.once_late for who in move.by) - EVERYONE


def owers(thing: Any, *, on: date) -> Iterable[Person]:
    """Those with an account of whom the next move is awaited; who has done his part is left out."""
    asked = _asked(thing, late=thing.is_overdue(on))
    people = holders(thing, asked, on=on)
    if not asked & ATTENDEE:
        return people
    return [one for one in people if any(not move.free for move in possible_moves(thing, Actor(one), on=on))]


def units(thing: Any, *, on: date) -> list[Body]:
    """The bodies whose leaders hear that it is overdue: those that must answer, else its own."""
    answers = _asked(thing, late=False) & HANDLER
    return list(thing.handlers) if answers else [thing.home]
