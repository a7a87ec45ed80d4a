"""A conversation to vote on in a fresh database: python -m benchmarks._talk make STATEMENTS, or … count."""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from camphor.bodies.models import Body

VOTERS = 400
"""People who have voted before, so that there is a map and the next card is drawn as in real life."""
CONSULTATIONS = 60
"""Running ones, of which a page lists twelve."""
WEEK = timedelta(days=7)
CARDS = 12
"""As many as a participant answers."""


def make(statements: int) -> dict[str, object]:
    """A body, an open conversation with its statements, voters in two camps, and their map."""
    from django.core.management import call_command
    from django.utils import timezone

    from camphor.bodies.actions import found
    from camphor.conversations import actions, maps
    from camphor.conversations.ballots import Ballot, record
    from camphor.people.actor import Actor, digest
    from camphor.people.models import Membership, Person

    call_command("migrate", verbosity=0)
    at = timezone.now()
    hall = found(name="樟树议事厅", slug="bench", kind="platform", since=at.date())
    clerk = Person.objects.create(username="bench", name="Mei")
    Membership.objects.create(person=clerk, body=hall, role="clerk", since=at.date())
    seeds = [f"第 {n} 种看法：先把要紧的事办好" for n in range(1, statements + 1)]
    talk = actions.prepare(title="电梯怎么装？", text="", body=hall, seeds=seeds, by=Actor(clerk), at=at)
    actions.make(talk, "open", by=Actor(clerk), at=at)
    keys, rng = list(talk.statements.values_list("pk", flat=True)), Random(1)  # noqa: S311
    ballots = [
        Ballot(talk.pk, digest(f"voter {one}"), keys[place], _value(one, place, rng), f"{place}")
        for one in range(VOTERS)
        for place in rng.sample(range(statements), CARDS)
    ]
    record(ballots, at=at)
    maps.current(talk, at=at, wait=True)
    _consult(hall, at)
    return {"pk": talk.pk, "statements": keys, "votes": len(ballots)}


def _consult(hall: Body, at: datetime) -> None:
    """Consultations for the list of them, each with the stages of its method."""
    from camphor.consultations.models import Consultation, Stage
    from camphor.rules.consultations import METHODS

    method, on = next(iter(METHODS.values())), at.date()
    made = Consultation.objects.bulk_create(
        Consultation(
            title=f"第 {n} 场协商：老楼怎么装电梯", body=hall, method=method.name, method_label=method.label,
            drafted_at=at, state="running",
        )
        for n in range(CONSULTATIONS)
    )  # fmt: skip
    Stage.objects.bulk_create(
        Stage(
            consultation=one, place=place, kind=step.kind, label=step.label,
            opens_on=on + place * WEEK, closes_on=on + (place + 1) * WEEK,
        )
        for one in made
        for place, step in enumerate(method.steps, 1)
    )  # fmt: skip


def _value(one: int, place: int, rng: Random) -> int:
    agrees = 0.8 if one % 2 == place % 2 or place % 3 == 0 else 0.25
    return 1 if rng.random() < agrees else rng.choice((-1, -1, -1, 0))


def count() -> dict[str, object]:
    """How many votes there are, how many people, and how many votes are there twice under one key."""
    from django.db.models import Count

    from camphor.conversations.models import Participant, Vote

    doubled = Vote.objects.values("participant", "key").annotate(n=Count("pk")).filter(n__gt=1).count()
    return {"votes": Vote.objects.count(), "people": Participant.objects.count(), "doubled": doubled}


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "camphor.site.settings"
    import django

    django.setup()
    print(json.dumps(make(int(sys.argv[2])) if sys.argv[1] == "make" else count()))
