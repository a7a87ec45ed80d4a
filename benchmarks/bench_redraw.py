"""From a vote to the page: how long a new vote takes to be on the map, at 10,000 participants."""

from __future__ import annotations

import os
import threading
import time
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "camphor.site.settings")

BATCH = 20_000
SEED = 20240611
LATE_VOTES = 12


def main() -> None:
    """Fill a database of its own with votes of two planted camps, and take the times."""
    parser = ArgumentParser(prog="x.py bench bench_redraw", description=__doc__)
    parser.add_argument("--participants", type=int, default=10_000)
    parser.add_argument("--statements", type=int, default=200)
    parser.add_argument("--votes", type=int, default=300_000)
    chosen = parser.parse_args()
    _fresh_database()
    conversation = _filled(chosen.participants, chosen.statements, chosen.votes)
    print(f"{chosen.participants:,} participants, {chosen.statements:,} statements, {chosen.votes:,} votes")
    _one_by_one(conversation)
    _watched(conversation)


def _fresh_database() -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    name = settings.DATABASES["default"]["NAME"]
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        for tail in ("", "-wal", "-shm"):
            Path(f"{name}{tail}").unlink(missing_ok=True)
    call_command("migrate", verbosity=0)


def _filled(n: int, m: int, votes: int):  # type: ignore[no-untyped-def]
    """A conversation with so many votes of two camps, at random places."""
    from django.utils import timezone

    from camphor.bodies.models import Body
    from camphor.conversations.models import Conversation, Participant, Statement, Vote

    at = timezone.now()
    body = Body.objects.create(
        name="Bench", slug=f"bench-{at.timestamp():.0f}", kind="platform", since=at.date()
    )
    talk = Conversation.objects.create(title="Bench", body=body, opens_at=at, state="open")
    Participant.objects.bulk_create(
        [Participant(conversation=talk, digest=f"{i:064d}", since=at) for i in range(n)], batch_size=BATCH
    )
    Statement.objects.bulk_create(
        [
            Statement(conversation=talk, number=j + 1, text=f"Statement {j}", state="accepted", said_at=at)
            for j in range(m)
        ]
    )
    people = np.array(talk.participants.order_by("pk").values_list("pk", flat=True))
    what = np.array(talk.statements.order_by("pk").values_list("pk", flat=True))
    rng = np.random.default_rng(SEED)
    point, pull = rng.normal(size=(n, 2)), rng.normal(size=(m, 2))
    point[:, 0] += np.where(np.arange(n) % 2, 1.6, -1.6)
    i, j = rng.integers(0, n, votes), rng.integers(0, m, votes)
    would = rng.random(votes) < 1 / (1 + np.exp(-(point[i] * pull[j]).sum(axis=1)))
    how = np.where(rng.random(votes) < 0.1, 0, np.where(would, 1, -1))
    rows = zip(people[i].tolist(), what[j].tolist(), how.tolist(), strict=True)
    Vote.objects.bulk_create(
        [Vote(conversation=talk, participant_id=a, statement_id=b, value=c, at=at) for a, b, c in rows],
        batch_size=BATCH,
    )
    return talk


def _timed(label: str, work: Callable[[], object], times: int = 3) -> None:
    took = []
    for _time in range(times):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    print(f"{label:<58}{min(took) * 1000:9.1f} ms  (first {took[0] * 1000:.0f}, {times} times)")


def _vote(conversation) -> float:  # type: ignore[no-untyped-def]
    """Cast one vote, and say when it was on disk."""
    from django.utils import timezone

    from camphor.conversations import actions

    someone, statement = conversation.participants.order_by("?")[0], conversation.statements.order_by("?")[0]
    actions.vote(
        conversation, participant=someone, statement=statement, value=1, key=os.urandom(8).hex(),
        at=timezone.now() + timedelta(seconds=1),
    )  # fmt: skip
    return time.perf_counter()


def _one_by_one(conversation) -> None:  # type: ignore[no-untyped-def]
    """The parts of a redraw, each alone."""
    import json

    from django.utils import timezone

    from camphor.conversations import maps, snapshots
    from camphor.conversations.models import MapSnapshot
    from camphor.conversations.vote_log import VoteLog, votes_of
    from camphor.engine.opinion import draw_map, locate

    _timed("the whole log read from the database", lambda: VoteLog().renew(conversation), 1)
    votes_of(conversation, keep=True)
    _timed(
        "the log renewed, and votes sorted",
        lambda: (_vote(conversation), votes_of(conversation, keep=True)),
        5,
    )
    votes = votes_of(conversation, keep=True)
    first = draw_map(votes)
    _timed("the map drawn from the map before", lambda: draw_map(votes, before=first))
    began = time.perf_counter()
    stored = maps.redraw(conversation, at=timezone.now())
    print(f"{'the first map read, drawn and stored':<58}{(time.perf_counter() - began) * 1000:9.1f} ms")
    data = MapSnapshot.objects.values_list("data", flat=True).get(pk=stored.pk)
    print(f"{'a stored map':<58}{len(json.dumps(data)) / 1024:9.1f} KiB")
    snapshots._kept.cache_clear()
    _timed("a stored map read and unpacked (then kept)", lambda: stored.map)
    _timed(
        "the newest map asked for by a page",
        lambda: maps.newest(conversation, at=timezone.now(), wait=False),
        5,
    )
    mine = dict(
        conversation.votes.filter(participant=conversation.participants.first()).values_list(
            "statement", "value"
        )
    )
    _timed("one's own place after one's own vote", lambda: locate(stored.map, mine), 50)


def _watched(conversation) -> None:  # type: ignore[no-untyped-def]
    """From a vote to the map it is on, while somebody looks: the times of some votes at odd moments."""
    from django.utils import timezone

    from camphor.conversations import maps, snapshots

    rng, took = np.random.default_rng(SEED), []
    for _one in range(LATE_VOTES):
        threading.Event().wait(float(rng.random()))
        cast = _vote(conversation)
        wanted = maps.state_of(conversation)[0]
        while (stored := snapshots.newest(conversation)) is None or stored.last_vote < wanted:
            maps.newest(conversation, at=timezone.now(), wait=False)
            threading.Event().wait(0.02)
        took.append(time.perf_counter() - cast)
    label = "from a vote to the stored map, while somebody looks"
    print(f"{label:<58}{np.median(took) * 1000:9.1f} ms  (longest {max(took) * 1000:.0f}, {len(took)} times)")


if __name__ == "__main__":
    main()
