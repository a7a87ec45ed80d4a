"""Reminders, over all that is awaited of anybody, at the times that the body it belongs to has set."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from camphor.bodies.models import Body
from camphor.bodies.rulebook import reminders
from camphor.dashboard.awaited import SHELVES, Shelf, awaited, of_anybody
from camphor.dashboard.looking_again import looks
from camphor.dashboard.next_move import DAY
from camphor.people.standing import holders
from camphor.rules.people import CLERK
from camphor.rules.reminders import Call, Reminder, call_for
from camphor.trail.models import Reminding
from camphor.trail.reminding import is_news, remind

FARTHEST = 60
"""Days ahead that are looked at: no body has reason to remind earlier than two months before."""
AT_A_TIME = 500
"""Things held in memory at once."""


def remind_all(*, at: datetime) -> Counter[str]:
    """Send each reminder that is up and was not sent yet; how many people were told of which."""
    on = timezone.localdate(at)
    told: Counter[str] = Counter()
    rows_of: dict[int, list[Reminder]] = {}
    for shelf in SHELVES:
        sent = _sent(shelf)
        due = awaited(shelf, of_anybody, on=on).filter(day__lte=on + timedelta(days=FARTHEST) + DAY)
        for thing in due.order_by("pk").iterator(chunk_size=AT_A_TIME):
            due_on = thing.day - DAY if shelf.day != "due_on" else thing.day
            call = call_for(_rows(thing.home, on, rows_of), due_on, on)
            if call and _key(thing.pk, due_on, call) not in sent and is_news(thing, call):
                told[call.reminder.name] += remind(thing, due_on, call, on=on, at=at)
    for matter, day in looks(on=on, ahead=FARTHEST):
        call = call_for(_rows(matter.body, on, rows_of), day, on)
        if call and is_news(matter, call):
            clerks = holders(matter, CLERK, on=on)
            told[call.reminder.name] += remind(matter, day, call, on=on, at=at, owed_by=clerks)
    return told


def _rows(body: Body, on: date, known: dict[int, list[Reminder]]) -> list[Reminder]:
    """The reminders of a body, looked up once."""
    if body.pk not in known:
        known[body.pk] = list(reminders(body, on=on).values())
    return known[body.pk]


def _key(pk: int, due_on: date, call: Call) -> tuple[Any, ...]:
    return pk, due_on, call.reminder.name, call.time


def _sent(shelf: Shelf) -> set[tuple[Any, ...]]:
    """What has been sent already; the database refuses a second one besides."""
    kind = ContentType.objects.get_for_model(shelf.model)
    rows = Reminding.objects.filter(subject_type=kind)
    return set(rows.values_list("subject_id", "due_on", "reminder", "time"))
