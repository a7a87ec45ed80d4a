"""An archive of matters as large as a city's, in the database of the settings."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

from benchmarks._petitions import Petitions
from camphor.bodies.models import Area, Body, Venue
from camphor.conversations.models import Conversation, Statement
from camphor.matters.models import Assignment, Matter, Reply
from camphor.people.models import Membership, Person

SINCE = date(2020, 1, 1)
FIRST = datetime(2020, 1, 6, 1, tzinfo=UTC)
DAYS = 2400
DISTRICTS, HALLS, DEPARTMENTS = 13, 190, 60
BATCH = 5000
STATES = {
    "concern": ("rated", "answered", "taken_up", "accepted", "submitted", "declined"),
    "recommendation": ("answered", "assigned", "draft"),
    "promise": ("kept", "given"),
}
"""Most are public, as in an archive; a tenth or so is not."""
WEIGHTS = {"concern": (50, 20, 8, 8, 7, 7), "recommendation": (70, 20, 10), "promise": (70, 30)}


def fill(matters: int, seed: int) -> None:
    """So many matters over seven years, an answer to every recommendation, and a tenth as many statements."""
    petitions, dice = Petitions(seed), random.Random(seed)  # noqa: S311 - nothing here is secret
    halls, departments = _bodies()
    save(Matter, _matters(matters, petitions, dice, halls, departments))
    asked = Matter.objects.filter(kind="recommendation").exclude(state="draft").order_by("pk")
    save(
        Assignment,
        (
            Assignment(
                matter_id=pk,
                handler=dice.choice(departments),
                part="lead",
                state="replied",
                given_at=at,
            )
            for pk, at in asked.values_list("pk", "raised_at")
        ),
    )
    save(
        Reply,
        (
            Reply(assignment_id=pk, round=1, text=petitions.reply(), grade="A", at=at + timedelta(days=40))
            for pk, at in Assignment.objects.order_by("pk").values_list("pk", "given_at")
        ),
    )
    talk = Conversation.objects.create(title="大家怎么看", body=halls[0].body, opens_at=FIRST, state="open")
    save(
        Statement,
        (
            Statement(
                conversation=talk,
                number=number,
                text=petitions.statement(),
                state="accepted",
                said_at=FIRST + timedelta(days=dice.randrange(DAYS)),
            )
            for number in range(matters // 10)
        ),
    )


def _bodies() -> tuple[list[Venue], list[Body]]:
    """Halls with a venue each, in districts; departments; and clerks of one hall and of one district."""
    halls = []
    for n in range(DISTRICTS):
        area = Area.objects.create(name=f"第{n + 1}区（虚构）", tier="district", slug=f"d{n}", since=SINCE)
        district = _body(f"第{n + 1}区政协", f"d{n}", "committee_district", area=area)
        for h in range(n, HALLS, DISTRICTS):
            hall = _body(f"第{h + 1}议事堂", f"h{h}", "platform", part_of=district)
            venue = Venue(name=f"议事点{h}", slug=f"v{h}", body=hall, area=area, platform="station")
            venue.type, venue.since = "community", SINCE
            venue.save()
            halls.append(venue)
    departments = [_body(f"第{n + 1}局", f"dep{n}", "department") for n in range(DEPARTMENTS)]
    hall = halls[0].body
    for name, body in (("clerk", hall), ("district", hall.part_of or hall)):
        person = Person.objects.create(username=name, name=name)
        Membership.objects.create(person=person, body=body, role="clerk", since=SINCE)
    return halls, departments


def _body(name: str, slug: str, kind: str, *, part_of: Body | None = None, area: Area | None = None) -> Body:
    path = f"{part_of.path if part_of else ''}{slug}/"
    return Body.objects.create(
        name=name, slug=slug, kind=kind, path=path, part_of=part_of, area=area, since=SINCE
    )


def _matters(
    n: int, petitions: Petitions, dice: random.Random, halls: list[Venue], departments: list[Body]
) -> Iterator[Matter]:
    for k in range(n):
        kind = dice.choices(("concern", "recommendation", "promise"), (70, 15, 15))[0]
        venue = dice.choice(halls)
        yield Matter(
            kind=kind,
            title=petitions.title(),
            text=petitions.text(),
            state=dice.choices(STATES[kind], WEIGHTS[kind])[0],
            body=venue.body,
            venue=venue,
            owed_by=dice.choice(departments) if kind == "promise" else None,
            raised_at=FIRST + timedelta(days=k * DAYS // n),
        )


def save(model: type[Any], rows: Iterable[Any]) -> None:
    """Write the rows in batches, so that memory holds one of them at a time."""
    rest = iter(rows)
    while some := list(islice(rest, BATCH)):
        model._default_manager.bulk_create(some)
