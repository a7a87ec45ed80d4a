"""What happened to each matter of an archive, as the trail would tell it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import F
from django.utils import timezone

from benchmarks._archive import BATCH, save
from camphor.matters.models import Assignment, Matter
from camphor.trail.models import Entry

Told = tuple[str, str, int]
"""A move, the state that it led to, and how many days after the matter was raised."""
RAISED: tuple[Told, ...] = (("submit", "submitted", 0),)
ACCEPTED: tuple[Told, ...] = (*RAISED, ("accept", "accepted", 5))
TAKEN_UP: tuple[Told, ...] = (*ACCEPTED, ("take_up", "taken_up", 20))
ANSWERED: tuple[Told, ...] = (*TAKEN_UP, ("answer", "answered", 60))
DRAFTED: tuple[Told, ...] = (("draft", "draft", 0),)
ASSIGNED: tuple[Told, ...] = (*DRAFTED, ("issue", "issued", 3), ("assign", "assigned", 5))
PROMISED: tuple[Told, ...] = (("give", "given", 0),)
PAST: dict[tuple[str, str], tuple[Told, ...]] = {
    ("concern", "submitted"): RAISED,
    ("concern", "accepted"): ACCEPTED,
    ("concern", "taken_up"): TAKEN_UP,
    ("concern", "answered"): ANSWERED,
    ("concern", "rated"): (*ANSWERED, ("rate", "rated", 70)),
    ("concern", "declined"): (*RAISED, ("decline", "declined", 6)),
    ("recommendation", "draft"): DRAFTED,
    ("recommendation", "assigned"): ASSIGNED,
    ("recommendation", "answered"): (*ASSIGNED, ("answer", "answered", 45)),
    ("promise", "given"): PROMISED,
    ("promise", "kept"): (*PROMISED, ("show", "shown", 150), ("confirm", "kept", 160)),
}
GIVEN: dict[str, dict[str, Any]] = {"rate": {"score": "satisfied", "handling": "satisfied"}}
"""What is handed in with a move."""
OPEN = ("submitted", "accepted", "taken_up", "assigned", "given")
DUE = 180
"""Days for which a promise or an answer was given."""


def tell() -> None:
    """Some four entries for each matter, and two for each unit that answered."""
    save(Entry, _of_matters())
    save(Entry, _of_assignments())
    Entry.objects.update(recorded_at=F("at"))  # each was written down when it happened
    _give_days()


def _give_days() -> None:
    """What somebody still owes is due half a year after it was raised, most of it long ago."""
    owed = Matter.objects.filter(state__in=OPEN).only("pk", "raised_at").order_by("pk")
    while some := list(owed.filter(due_on=None)[:BATCH]):
        for matter in some:
            matter.due_on = timezone.localdate(matter.raised_at) + timedelta(days=DUE)
        Matter.objects.bulk_update(some, ["due_on"], batch_size=500)


def _of_matters() -> Iterator[Entry]:
    kind_of_thing = ContentType.objects.get_for_model(Matter)
    rows = Matter.objects.order_by("pk").values_list("pk", "kind", "state", "raised_at")
    for pk, kind, state, at in rows.iterator():
        was = ""
        for move, to, days in PAST[kind, state]:
            given = GIVEN.get(move, {}) | (_until(at) if move == "give" else {})
            yield _entry(kind_of_thing, pk, move, was, to, at + timedelta(days=days), given)
            was = to


def _of_assignments() -> Iterator[Entry]:
    kind_of_thing = ContentType.objects.get_for_model(Assignment)
    for pk, at in Assignment.objects.order_by("pk").values_list("pk", "given_at").iterator():
        yield _entry(kind_of_thing, pk, "give_lead", "", "given", at, _until(at))
        yield _entry(kind_of_thing, pk, "reply", "given", "replied", at + timedelta(days=40), {})


def _until(at: datetime) -> dict[str, Any]:
    return {"due_on": f"{at + timedelta(days=DUE):%F}"}


def _entry(
    subject: ContentType, pk: int, move: str, was: str, to: str, at: datetime, given: dict[str, Any]
) -> Entry:
    return Entry(
        subject_type=subject, subject_id=pk, move=move, was=was, to=to, at=at, given=given, standing="clerk"
    )
