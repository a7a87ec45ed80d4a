"""Everything that writes to activities."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from camphor.activities.models import Activity, Attendance, Point
from camphor.bodies.models import Body, Venue
from camphor.people.actor import Actor, digest
from camphor.people.models import Person
from camphor.trail import linking
from camphor.trail.models import Entry
from camphor.trail.moves import Door, Effect


@dataclass(frozen=True)
class Guest:
    """Somebody to be invited, or who came without an invitation."""

    name: str
    part: str
    person: Person | None = None
    body: Body | None = None


@dataclass(frozen=True)
class Written:
    """A point of the minutes as it shall read; without words it is taken out."""

    point: int
    kind: str
    speaker: Attendance | None
    text: str


EFFECTS: dict[str, Effect] = {}
"""What moves bring about; entered below."""
make = Door(EFFECTS)


def plan(
    *,
    title: str,
    starts_at: datetime,
    body: Body,
    venue: Venue | None,
    by: Actor,
    at: datetime,
    kind: str = "session",
    within: bool = False,
) -> Activity:
    """Plan an activity; its door code goes into the QR code at the door."""
    activity = Activity(
        kind=kind, title=title, body=body, venue=venue, starts_at=starts_at, door_code=secrets.token_hex(6)
    )
    make(activity, "plan", by=by, at=at, within=within)
    return activity


def _seat(activity: Activity, guest: Guest, **more: Any) -> Attendance:
    if guest.person:
        seat, _new = Attendance.objects.update_or_create(
            activity=activity,
            person=guest.person,
            defaults={"name": guest.name, "part": guest.part, "body": guest.body, **more},
        )
        return seat
    return Attendance.objects.create(
        activity=activity, name=guest.name, part=guest.part, body=guest.body, **more
    )


def _invite(
    activity: Activity,
    *,
    by: Actor,
    at: datetime,
    entry: Entry,
    invited: Sequence[Guest],
    short_notice: str = "",
) -> None:
    for guest in invited:
        _seat(activity, guest, invited_at=at)


def _attend(
    activity: Activity,
    *,
    by: Actor,
    at: datetime,
    entry: Entry,
    came: Sequence[Attendance],
    walk_ins: Sequence[Guest] = (),
) -> None:
    activity.attendances.filter(pk__in=[seat.pk for seat in came], came_at=None).update(came_at=at)
    for guest in walk_ins:
        _seat(activity, guest, came_at=at)


def _check_in(
    activity: Activity, *, by: Actor, at: datetime, entry: Entry, name: str, part: str, code: str = ""
) -> None:
    """Somebody scanned the code at the door; a person with an account takes the seat kept for him."""
    if by.person:
        _seat(activity, Guest(name, part, by.person), came_at=at, by_code=True)
        return
    kept = activity.attendances.filter(person=None, code_digest="", came_at=None, name=name).first()
    if kept:  # invited by name, so that she is not counted twice
        kept.came_at, kept.by_code, kept.code_digest = at, True, digest(code)
        kept.save(update_fields=["came_at", "by_code", "code_digest"])
        return
    Attendance.objects.get_or_create(
        activity=activity,
        code_digest=digest(code),
        defaults={"name": name, "part": part, "came_at": at, "by_code": True},
    )


def _note(
    activity: Activity,
    *,
    by: Actor,
    at: datetime,
    entry: Entry,
    point_kind: str,
    text: str,
    speaker: Attendance | None = None,
) -> None:
    last = activity.points.last()
    Point.objects.create(
        activity=activity, place=last.place + 1 if last else 1, kind=point_kind, speaker=speaker, text=text
    )


def _revise(activity: Activity, *, by: Actor, at: datetime, entry: Entry, written: Sequence[Written]) -> None:
    """The points as they shall read; one without words is taken out."""
    points = {point.pk: point for point in activity.points.all()}
    for line in written:
        point = points.get(line.point)
        if point and line.text:
            point.kind, point.speaker, point.text = line.kind, line.speaker, line.text
            point.save(update_fields=["kind", "speaker", "text"])
        elif point:
            point.delete()


def _agree(activity: Activity, *, by: Actor, at: datetime, entry: Entry) -> None:
    own = activity.attendances.exclude(came_at=None).held_by(by.keys)
    own.filter(confirmed_at=None).update(confirmed_at=at, objected_at=None, objection="")


def _object(activity: Activity, *, by: Actor, at: datetime, entry: Entry, text: str) -> None:
    own = activity.attendances.exclude(came_at=None).held_by(by.keys)
    own.filter(confirmed_at=None).update(objected_at=at, objection=text)


def _agree_on_paper(
    activity: Activity, *, by: Actor, at: datetime, entry: Entry, confirmed: Sequence[Attendance]
) -> None:
    seats = activity.attendances.filter(pk__in=[seat.pk for seat in confirmed], confirmed_at=None)
    seats.exclude(came_at=None).update(confirmed_at=at, on_paper=True)


def _amend(activity: Activity, *, by: Actor, at: datetime, entry: Entry, reason_text: str) -> None:
    """What is amended must be confirmed anew."""
    activity.attendances.update(confirmed_at=None, on_paper=False, objected_at=None, objection="")


EFFECTS.update(
    {
        "invite": _invite,
        "attend": _attend,
        "check_in": _check_in,
        "note": _note,
        "revise": _revise,
        "agree": _agree,
        "object": _object,
        "agree_on_paper": _agree_on_paper,
        "amend": _amend,
        **linking.MOVES,
    }
)
