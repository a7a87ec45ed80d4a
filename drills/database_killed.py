"""A5: PostgreSQL is killed again and again while people vote; the web service is left alone and recovers."""

from __future__ import annotations

import time

from drills.ground import Ground
from drills.outcome import Outcome
from drills.recount import recount
from drills.service import Service
from drills.voters import Crowd

BRIEFLY, LONG = 0.5, 40.0
"""Seconds that the database is away: just met, and so long that the pauses between tries would grow."""
BACK_WITHIN = 15.0
"""Seconds after the kill until votes must be acknowledged again."""


def hold(ground: Ground) -> list[Outcome]:
    times = 2 if ground.short else 20
    address, town = ground.postgresql()
    outcome = Outcome(f"A5 PostgreSQL killed {times} times")
    service = Service(address).start()
    crowd = Crowd(service.port, town, voters=8, enough=10**9).begin()
    slowest = 0.0
    try:
        for turn in range(times):
            time.sleep(0.3 + 0.7 * (turn % 3))
            ground.cluster.kill()
            time.sleep(LONG if turn % 5 == 4 else BRIEFLY)
            begun, before = time.monotonic(), crowd.acknowledged
            ground.cluster.start()
            while crowd.acknowledged == before and time.monotonic() < begun + 2 * BACK_WITHIN:
                time.sleep(0.01)
            slowest = max(slowest, time.monotonic() - begun)
    finally:
        crowd.stop()
        service.stop()
    if slowest > BACK_WITHIN:
        outcome.faults.append(f"{slowest:.1f} s until a vote was acknowledged again")
    if wrong := {status for status in crowd.refused if status not in ("503", "no answer")}:
        outcome.faults.append(f"answers other than 503 while the database was away: {sorted(wrong)}")
    outcome.notes.append(f"votes acknowledged again within {slowest:.1f} s of the start of the database")
    return [recount(outcome, crowd, address)]
