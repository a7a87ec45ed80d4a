"""Days on which somebody looks again: as a supervision named it, and each year at a promise that runs on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from camphor.bodies.rulebook import deadline
from camphor.matters.models import Contact, Matter
from camphor.trail.history import entries_of

SETTLED = ("archived", "withdrawn", "struck")
"""Where nobody looks again at a matter."""
RUNS_ON = timedelta(days=180)
"""A promise whose day is nearer is not looked at before: its day itself is reminded of."""


def looks(*, on: date, ahead: int) -> Iterator[tuple[Matter, date]]:
    """What somebody wanted to look at again by a day that is near, or has passed without a look."""
    later = Contact.objects.filter(matter=OuterRef("matter"), move=OuterRef("move"), pk__gt=OuterRef("pk"))
    named = Contact.objects.filter(next_on__lte=on + timedelta(days=ahead)).exclude(Exists(later))
    for seen in named.exclude(matter__state__in=SETTLED).select_related("matter__body").order_by("pk"):
        if seen.next_on:
            yield seen.matter, seen.next_on
    running = Matter.objects.filter(kind="promise", state="given", due_on__gt=on + RUNS_ON)
    for promise in running.select_related("body").order_by("pk").iterator():
        day = deadline("promise_look", promise.body, on=_last_look(promise))
        if day <= on + timedelta(days=ahead):
            yield promise, day


def _last_look(promise: Matter) -> date:
    """When somebody looked at it last; when it was given, where nobody has."""
    last = entries_of(promise).filter(move__in=("give", "look_in", "reopen"), undone_by=None).last()
    return timezone.localdate(last.at if last else promise.raised_at)
