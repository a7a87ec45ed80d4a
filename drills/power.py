"""A2: the power fails at any moment; states in which SQLite's files may be found are opened and counted."""

from __future__ import annotations

import random
import shutil
import sqlite3
import time
from pathlib import Path

from drills.ground import Ground
from drills.lost_power import Disk, steps, strace
from drills.outcome import NotHere, Outcome
from drills.service import Service
from drills.voters import Crowd


def hold(ground: Ground) -> list[Outcome]:
    """Let people vote while strace writes down what reaches the disk, then fail the power in many ways."""
    if not shutil.which("strace"):
        raise NotHere("no strace here (on Debian: apt-get install strace)")
    votes, states = (40, 300) if ground.short else (400, 10_000)
    place = ground.folder / "power"
    place.mkdir()
    address, town = ground.sqlite(place)
    database = Path(address.removeprefix("sqlite:///"))
    before = {str(database): database.read_bytes()}
    log = ground.folder / "strace.log"
    service = Service(address, workers=2, under=strace(log, place, database)).start()
    crowd = Crowd(service.port, town, voters=4, enough=votes).begin()
    try:
        crowd.wait(120)
    finally:
        crowd.stop()
        service.kill_all()  # a tracer asked to end would wait for what it traces
    time.sleep(0.2)
    outcome = Outcome("A2 loss of power, SQLite")
    return [_judge(outcome, log, Disk(place, before), _acknowledged(crowd), states, ground.folder / "found")]


def _acknowledged(crowd: Crowd) -> list[tuple[float, str]]:
    ballots = [ballot for voter in crowd.voters for ballot in voter.journal]
    return sorted((ballot.acknowledged_at, ballot.key) for ballot in ballots if ballot.acknowledged_at)


def _judge(
    outcome: Outcome, log: Path, disk: Disk, known: list[tuple[float, str]], states: int, found: Path
) -> Outcome:
    """Fail the power equally often after every call; whoever had an answer by then must find the vote."""
    dice, calls = random.Random(2), list(steps(log))
    found.mkdir()
    broken = 0
    for number, step in enumerate(calls):
        disk.take(step)
        until = calls[number + 1].at if number + 1 < len(calls) else float("inf")
        promised = {key for at, key in known if at < until}
        share = (number + 1) * states // len(calls) - number * states // len(calls)
        for _ in range(share):
            outcome.tried += 1
            keys = _open(found, disk.after_power_loss(dice))
            if keys is None:
                broken += 1
                continue
            outcome.acknowledged += len(promised)
            outcome.found += len(promised & keys)
            outcome.lost += len(promised - keys)
    if broken:
        outcome.faults.append(f"{broken} states in which the file is damaged")
    outcome.notes.append(
        f"{len(known)} votes acknowledged, {len(calls)} calls that change the disk, {outcome.tried} states "
        "opened; the columns add up the votes of all states"
    )
    outcome.notes.append("simulated from strace: unsynced sectors, sizes and names lost in any part")
    return outcome


def _open(folder: Path, files: dict[str, bytes]) -> set[str] | None:
    """The votes that SQLite finds after its own recovery; none if the file is damaged."""
    for old in folder.iterdir():
        old.unlink()
    for name, data in files.items():
        (folder / Path(name).name).write_bytes(data)
    (database,) = (path for path in folder.iterdir() if path.suffix == ".sqlite3")
    connection = sqlite3.connect(database)
    try:
        if connection.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            return None
        return {row[0] for row in connection.execute("SELECT key FROM conversations_vote")}
    except sqlite3.DatabaseError:
        return None
    finally:
        connection.close()
