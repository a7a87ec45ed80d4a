"""A6: the primary is killed under load, its synchronous standby takes over, and the web service follows."""

from __future__ import annotations

import time

from drills.clusters import Cluster
from drills.ground import Ground, built_in
from drills.outcome import Outcome
from drills.recount import recount
from drills.service import Service, manage
from drills.town import Town
from drills.voters import Crowd

OVER_WITHIN = 60.0
"""Seconds from the kill until votes must be acknowledged again."""


def hold(ground: Ground) -> list[Outcome]:
    return [_once(ground, turn) for turn in range(1 if ground.short else 5)]


def pair(ground: Ground, turn: int) -> tuple[Cluster, Cluster, Town]:
    """A primary with the town in it, and a standby without which it acknowledges nothing."""
    primary = ground.another(f"primary{turn}", wal_level="replica", synchronous_commit="on").make().start()
    primary.query("CREATE DATABASE camphor", "postgres")
    manage(primary.address, "migrate", "--verbosity", "0")
    town = built_in(primary.address, 0)
    standby = ground.another(f"standby{turn}").copy_of(primary, "-R").start()
    primary.query("ALTER SYSTEM SET synchronous_standby_names = '*'")
    primary.query("SELECT pg_reload_conf()")
    deadline = time.monotonic() + 30
    while primary.query("SELECT sync_state FROM pg_stat_replication") != [("sync",)]:
        if time.monotonic() > deadline:
            raise RuntimeError("the standby does not become synchronous")
        time.sleep(0.1)
    return primary, standby, town


def _once(ground: Ground, turn: int) -> Outcome:
    outcome = Outcome("A6 switch-over to a standby")
    primary, standby, town = pair(ground, turn)
    both = f"postgres://camphor@127.0.0.1:{primary.port},127.0.0.1:{standby.port}/camphor"
    service = Service(both).start()
    crowd = Crowd(service.port, town, voters=8, enough=10**9).begin()
    try:
        time.sleep(1.5 if ground.short else 10)
        primary.kill()
        begun, before = time.monotonic(), crowd.acknowledged
        standby.run("pg_ctl", "promote", "-D", standby.data, "-w")
        promoted = time.monotonic() - begun
        while crowd.acknowledged <= before + 8 and time.monotonic() < begun + 2 * OVER_WITHIN:
            time.sleep(0.01)
        over = time.monotonic() - begun
        time.sleep(0.5)
    finally:
        crowd.stop()
        service.stop()
    if over > OVER_WITHIN:
        outcome.faults.append(f"{over:.1f} s until votes were acknowledged again")
    if wrong := {status for status in crowd.refused if status not in ("503", "no answer")}:
        outcome.faults.append(f"answers other than 503 meanwhile: {sorted(wrong)}")
    outcome.notes.append(f"promoted in {promoted:.1f} s, votes again {over:.1f} s after the kill")
    recount(outcome, crowd, standby.address)
    standby.stop()
    return outcome
