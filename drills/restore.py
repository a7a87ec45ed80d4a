"""A11: backups made under load, damaged in every way, restored elsewhere, and held against the journals."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

from drills.ground import Ground
from drills.outcome import Outcome
from drills.recount import rows_of
from drills.service import ROOT, Service, environment
from drills.voters import Crowd

PASSPHRASE = "under the camphor tree"


def hold(ground: Ground) -> list[Outcome]:
    return [_on(ground, kind) for kind in ground.kinds]


def camphor(address: str, *words: str, folder: Path, passphrase: str = PASSPHRASE) -> tuple[int, str]:
    """Run a command as an operator does: its exit code, and what it said."""
    more = {"CAMPHOR_BACKUP_FOLDER": str(folder), "CAMPHOR_BACKUP_PASSPHRASE": passphrase}
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=environment(address, **more),
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


def _on(ground: Ground, kind: str) -> Outcome:
    outcome = Outcome(f"A11 backup and restore, {kind}")
    address, town = ground.database(kind)
    folder = ground.folder / f"backups-{kind.lower()}"
    service = Service(address).start()
    crowd = Crowd(service.port, town, voters=4, enough=10**9).begin()
    try:
        time.sleep(1)
        begun = time.time()
        code, said = camphor(address, "backup", "--encrypt", folder=folder)
        time.sleep(0.5)
    finally:
        crowd.stop()
        service.stop()
    if code:
        outcome.faults.append(f"no backup: {said.strip()[-300:]}")
        return outcome
    (file,) = folder.glob("camphor-*.sealed")
    _refusals(outcome, file, address, folder, flips=3 if ground.short else 100)
    target = _elsewhere(ground, kind)
    code, said = camphor(target, "restore", str(file), folder=folder)
    if code:
        outcome.faults.append(f"not restored: {said.strip()[-300:]}")
        return outcome
    outcome.notes.append(said.strip().splitlines()[-1])
    _count(outcome, crowd, target, begun)
    return outcome


def _elsewhere(ground: Ground, kind: str) -> str:
    if kind == "SQLite":
        return f"sqlite:///{ground.folder / 'restored.sqlite3'}"
    ground.cluster.query("CREATE DATABASE restored", "postgres")
    return ground.cluster.address_of("restored")


def _count(outcome: Outcome, crowd: Crowd, target: str, begun: float) -> None:
    """Whatever was acknowledged before the backup began must be in it."""
    keys = [row[0] for row in rows_of(target)]
    ballots = [ballot for voter in crowd.voters for ballot in voter.journal]
    before = {one.key for one in ballots if one.acknowledged_at and one.acknowledged_at < begun}
    outcome.tried, outcome.acknowledged = len(ballots), len(before)
    outcome.found = len(before & set(keys))
    outcome.lost = len(before - set(keys))
    outcome.doubled = len(keys) - len(set(keys))
    if strange := set(keys) - {ballot.key for ballot in ballots}:
        outcome.faults.append(f"{len(strange)} votes that nobody cast")


def _refusals(outcome: Outcome, file: Path, address: str, folder: Path, *, flips: int) -> None:
    """What must be refused: a living database, a wrong passphrase, and every flipped byte."""
    if camphor(address, "restore", str(file), folder=folder)[0] == 0:
        outcome.faults.append("a living database was overwritten")
    if (
        camphor(address, "restore", "--check", str(file), folder=folder, passphrase="another one, wrong")[0]
        == 0
    ):
        outcome.faults.append("another passphrase opened it")
    whole, dice, noticed = file.read_bytes(), random.Random(3), 0
    for _ in range(flips):
        damaged = bytearray(whole)
        damaged[dice.randrange(len(whole))] ^= 1 << dice.randrange(8)
        file.write_bytes(damaged)
        noticed += camphor(address, "restore", "--check", str(file), folder=folder)[0] != 0
    file.write_bytes(whole)
    if noticed != flips:
        outcome.faults.append(f"{flips - noticed} of {flips} damaged files passed")
    outcome.notes.append(
        f"{noticed} of {flips} flipped bits noticed; living database and wrong passphrase refused"
    )
