"""Matters as the trail tells of them until a day, for those who reckon figures from it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models.functions import Cast
from django.utils import timezone

from camphor.matters.models import Assignment, Matter
from camphor.rules.happenings import ASSIGNMENT, MATTER, Happening, Row, Share, Subject, rows
from camphor.trail.models import Entry

NOTHING: Mapping[str, Any] = MappingProxyType({})


def rows_on(matters: models.QuerySet[Matter], *, on: date) -> list[Row]:
    """What is counted of these matters, as it was known on the day: five queries, however many they are."""
    matters = matters.order_by()
    subjects = [
        Subject(*values)
        for values in matters.values_list("pk", "kind", "body", "term", "category", "form", "owed_by")
    ]
    handling = Assignment.objects.filter(leads=True, matter__in=matters.values("pk")).order_by("pk")
    shares = [Share(*values) for values in handling.values_list("pk", "matter", "handler")]
    happenings = [
        *happenings_of(MATTER, Matter, matters, on),
        *happenings_of(ASSIGNMENT, Assignment, handling, on),
    ]
    return rows(subjects, shares, happenings, on=on)


def end_of(on: date) -> datetime:
    """The moment in which a day is over."""
    return timezone.make_aware(datetime.combine(on + timedelta(days=1), time.min))


def happenings_of(
    about: str, model: type[models.Model], things: models.QuerySet[models.Model], on: date
) -> Iterator[Happening]:
    """The entries of these things until the end of the day, oldest first."""
    end = end_of(on)
    entries = Entry.objects.filter(
        subject_type=ContentType.objects.get_for_model(model),
        subject_id__in=things.order_by().values("pk"),
        at__lt=end,
        recorded_at__lt=end,
    )
    zone = timezone.get_current_timezone()
    read = entries.annotate(handed_in=Cast("given", models.TextField()))  # most hand in nothing
    columns = ("subject_id", "move", "to", "at", "handed_in", "by")
    for pk, move, to, at, handed_in, by in read.values_list(*columns).iterator():
        given = json.loads(handed_in) if handed_in != "{}" else NOTHING
        # what was written down later was not asked for
        yield Happening(about, pk, move, to, at.astimezone(zone).date(), on, given, by)
