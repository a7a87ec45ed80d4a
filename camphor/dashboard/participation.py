"""Sessions, attendances and members as rows of figures, as they were known on a day.

Members are counted and never listed: who did what stands on a member's own page, and no page ranks them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils import timezone

from camphor.activities.models import Activity, Attendance
from camphor.bodies.models import Body, Term
from camphor.matters.models import Backing, Matter
from camphor.matters.recorded import end_of, happenings_of
from camphor.people.models import Membership
from camphor.rules.activities import FLOW
from camphor.rules.figures import MEMBER
from camphor.rules.happenings import MATTER, NOT_YET, Happening, Row, known
from camphor.rules.matters import BEHIND

BACKING, ACTIVITY = "backing", "activity"
FACTS = {"proposal": "proposed", "opinion": "reported"}
"""What a member has done who stands behind a matter of this kind."""

Did = dict[int, list[tuple[date, str]]]
"""What each person did, and when."""


@dataclass(frozen=True)
class Seat:
    """A member in office, counted once in the committee that he sits in."""

    person: int
    body: int
    term: int | None
    since: date  # from when on what he does counts


def taking_part(bodies: models.QuerySet[Body], *, on: date) -> list[Row]:
    """The sessions and attendances of these bodies and their members in office, in nine queries."""
    bodies = bodies.order_by()
    sessions = _sessions(bodies, on)
    came = _attendances(sessions, on)
    did = _raised(bodies, on)
    for _row, person, day in came:
        if person:
            did.setdefault(person, []).append((day, "came"))
    members = [_member(seat, did.get(seat.person, []), on) for seat in _seats(bodies, on)]
    return [*sessions.values(), *(row for row, _person, _day in came), *members]


def _sessions(bodies: models.QuerySet[Body], on: date) -> dict[int, Row]:
    """The sessions whose attendance was taken by then, by key."""
    held = Activity.objects.filter(body__in=bodies.values("pk")).order_by()
    stories = known(happenings_of(ACTIVITY, Activity, held, on), on)
    ran = [pk for (_about, pk), story in stories.items() if any(one.to == "held" for one in story)]
    found = {}
    for one in Activity.objects.filter(pk__in=ran):
        day = timezone.localdate(one.starts_at)
        if day <= on:
            shown = stories[ACTIVITY, one.pk][-1].to in FLOW.public_states()
            found[one.pk] = Row(
                unit="session", key=str(one.pk), matter=one.pk, kind=one.kind, body=one.body_id,
                year=day.year, public=shown, words={"activity": one.kind},
            )  # fmt: skip
    return found


def _attendances(sessions: dict[int, Row], on: date) -> list[tuple[Row, int | None, date]]:
    """Who had come to these sessions, with the account and the day, where there is an account."""
    seats = Attendance.objects.filter(activity__in=sessions, came_at__lt=end_of(on)).order_by()
    found: list[tuple[Row, int | None, date]] = []
    for pk, activity, person, part, came_at in seats.values_list(
        "pk", "activity", "person", "part", "came_at"
    ):
        held = sessions[activity]
        row = Row(
            unit="attendance", key=str(pk), matter=activity, kind=held.kind, body=held.body, year=held.year,
            public=held.public, words={"part": part},
        )  # fmt: skip
        found.append((row, person, timezone.localdate(came_at)))
    return found


def _raised(bodies: models.QuerySet[Body], on: date) -> Did:
    """Who stood behind proposals and opinion reports that were received by then, and since when."""
    matters = Matter.objects.filter(body__in=bodies.values("pk"), kind__in=FACTS).order_by()
    authors = {pk: (kind, author) for pk, kind, author in matters.values_list("pk", "kind", "author")}
    backings = Backing.objects.filter(matter__in=matters.values("pk")).order_by()
    stories = known(happenings_of(MATTER, Matter, matters, on), on)
    signed = known(happenings_of(BACKING, Backing, backings, on), on)
    received = {pk: day for (_about, pk), story in stories.items() if (day := _received_on(story))}
    did: Did = {}
    for pk, day in received.items():
        kind, author = authors[pk]
        if author:
            did.setdefault(author, []).append((day, FACTS[kind]))
    for pk, matter, person in backings.values_list("pk", "matter", "person"):
        story = signed.get((BACKING, pk))
        if matter in received and story and story[-1].to in BEHIND:
            did.setdefault(person, []).append((received[matter], FACTS[authors[matter][0]]))
    return did


def _received_on(story: Iterable[Happening]) -> date | None:
    return next((one.on for one in story if one.to not in NOT_YET), None)


def _seats(bodies: models.QuerySet[Body], on: date) -> list[Seat]:
    """The members in office on the day, each once in every committee; a part counts for the whole."""
    terms = {term.body_id: term for term in Term.objects.in_force(on).filter(body__in=bodies.values("pk"))}
    paths = dict(bodies.values_list("path", "pk"))
    held = Membership.objects.in_force(on).filter(role="member", body__in=bodies.values("pk"))
    found: dict[tuple[int, int], Seat] = {}
    for person, path in held.order_by("pk").values_list("person", "body__path"):
        body = paths.get(path.split("/")[0] + "/", paths[path])
        term = terms.get(body)
        since = term.since if term else date(on.year, 1, 1)
        found.setdefault((person, body), Seat(person, body, term.pk if term else None, since))
    return list(found.values())


def _member(seat: Seat, did: list[tuple[date, str]], on: date) -> Row:
    facts = {fact for day, fact in did if seat.since <= day <= on}
    return Row(
        unit=MEMBER, key=f"{seat.person}-{seat.body}", matter=0, kind=MEMBER, body=seat.body, year=on.year,
        term=seat.term, facts=frozenset(facts | {"active"} if facts else facts),
    )  # fmt: skip
