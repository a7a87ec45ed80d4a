"""A1: kill -9 of every process in turn while people vote; nothing acknowledged is lost or counted twice."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from drills.ground import Ground
from drills.outcome import Outcome
from drills.recount import recount
from drills.service import Service
from drills.voters import Crowd

VOTERS = 32
READY_WITHIN = 10.0
"""Seconds until the service must answer again."""


@dataclass(frozen=True)
class Scale:
    """How long the drill is: votes that must be acknowledged, rounds of killing, seconds at most."""

    votes: int
    rounds: int
    seconds: float


SHORT = Scale(votes=3_000, rounds=6, seconds=60)
LONG = Scale(votes=100_000, rounds=200, seconds=2400)


def hold(ground: Ground) -> list[Outcome]:
    """Hold it on each database."""
    return [on(ground, kind) for kind in ground.kinds]


def on(ground: Ground, kind: str, scale: Scale | None = None) -> Outcome:
    """Let people vote on this database until enough is acknowledged, and kill meanwhile."""
    scale = scale or (SHORT if ground.short else LONG)
    address, town = ground.database(kind)
    outcome = Outcome(f"A1 kill -9, {kind}")
    service = Service(address).start()
    crowd = Crowd(service.port, town, voters=VOTERS, enough=scale.votes).begin()
    victims: dict[str, Callable[[], None]] = {
        "a web process": service.kill_worker,
        "the writer": service.kill_writer,
        "the writer for good": service.kill_writer_for_good,
        "the first process": service.kill_first,
        "all at once": service.kill_all,
    }
    if kind == "PostgreSQL":
        victims["the database"] = ground.cluster.kill
    took: list[float] = []
    try:
        for seconds in _rounds(ground, service, crowd, victims, scale):
            took.append(seconds)
        crowd.wait(max(5.0, scale.seconds))
    except RuntimeError as fault:  # what was acknowledged until then is counted all the same
        outcome.faults.append(f"broke off: {fault}")
    finally:
        crowd.stop()
        service.stop()
    slowest = max(took, default=0.0)
    if slowest > READY_WITHIN:
        outcome.faults.append(f"{slowest:.1f} s until the service answered again")
    if crowd.acknowledged < scale.votes:
        outcome.faults.append(f"only {crowd.acknowledged} of {scale.votes} votes within {scale.seconds} s")
    outcome.notes.append(
        f"{len(took)} times killed ({', '.join(victims)}); ready again within {slowest:.1f} s"
    )
    return recount(outcome, crowd, address)


def _rounds(
    ground: Ground, service: Service, crowd: Crowd, victims: dict[str, Callable[[], None]], scale: Scale
) -> Iterator[float]:
    """Kill in turn, spread over the votes; the seconds until it answered again, each time."""
    dice = random.Random(1)
    deadline = time.monotonic() + scale.seconds
    names = list(victims)
    for turn in range(scale.rounds):
        mark = scale.votes * (turn + dice.random()) / scale.rounds
        while crowd.acknowledged < mark and time.monotonic() < deadline and not crowd.finished:
            time.sleep(0.002)
        if crowd.finished or time.monotonic() > deadline:
            break
        name = names[turn % len(names)]
        victims[name]()
        begun = time.monotonic()
        if name == "the database":
            ground.cluster.start()
        elif name in ("the first process", "all at once"):
            service.start()
        service.wait()
        yield time.monotonic() - begun
