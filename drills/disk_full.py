"""A4: the disk fills up while people vote: votes get 503, pages are still read, and it recovers."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from drills.ground import Ground
from drills.outcome import NotHere, Outcome
from drills.recount import recount
from drills.service import Service
from drills.voters import Crowd

BACK_WITHIN = 10.0
"""Seconds after there is room again until votes must be acknowledged."""


def hold(ground: Ground) -> list[Outcome]:
    with small_disk(ground.folder / "small") as place:
        return [_on(ground, place)]


@contextmanager
def small_disk(place: Path) -> Iterator[Path]:
    """A disk of 32 MB in memory, for as long as the block lasts."""
    place.mkdir()
    if os.geteuid():
        raise NotHere("only root can mount a small disk")
    options = ("-t", "tmpfs", "-o", "size=32m,mode=0755", "tmpfs", str(place))
    done = subprocess.run(["mount", *options], capture_output=True, text=True)
    if done.returncode:
        raise NotHere(f"no small disk can be mounted: {done.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def _on(ground: Ground, place: Path) -> Outcome:
    outcome = Outcome("A4 disk full, SQLite")
    address, town = ground.sqlite(place)
    service = Service(address).start()
    crowd = Crowd(service.port, town, voters=8, enough=10**9).begin()
    ballast = place / "ballast"
    try:
        time.sleep(1)
        for _ in range(1 if ground.short else 10):
            _fill(ballast)
            time.sleep(1.5)  # what had room has used it, everything else is refused
            _while_full(outcome, service, crowd, f"/talk/{town.conversation}/statements/")
            ballast.unlink()
            _recovery(outcome, crowd)
    finally:
        crowd.stop()
        service.stop()
    if wrong := {status for status in crowd.refused if status not in ("503", "no answer")}:
        outcome.faults.append(f"answers other than 503 while the disk was full: {sorted(wrong)}")
    return recount(outcome, crowd, address)


def _fill(ballast: Path) -> None:
    """Write until not a byte fits."""
    with ballast.open("wb", buffering=0) as target:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    target.write(bytes(size))
            except OSError:
                continue


def _while_full(outcome: Outcome, service: Service, crowd: Crowd, page: str) -> None:
    before, refused = crowd.acknowledged, crowd.refused["503"]
    for path in ("/", page, "/healthz"):
        if (status := service.status(path)) != 200:
            outcome.faults.append(f"{path} answers {status} while the disk is full")
    if (status := service.status("/readyz")) != 503:
        outcome.faults.append(f"/readyz answers {status} while the disk is full")
    time.sleep(0.5)
    if crowd.refused["503"] == refused:
        outcome.faults.append("no vote was refused while the disk was full")
    outcome.notes.append(f"{crowd.acknowledged - before} votes found room while the disk was full")


def _recovery(outcome: Outcome, crowd: Crowd) -> None:
    begun, before = time.monotonic(), crowd.acknowledged
    while crowd.acknowledged == before and time.monotonic() < begun + 3 * BACK_WITHIN:
        time.sleep(0.01)
    seconds = time.monotonic() - begun
    if seconds > BACK_WITHIN:
        outcome.faults.append(f"{seconds:.1f} s until a vote was acknowledged again")
    outcome.notes.append(f"votes acknowledged again {seconds:.1f} s after there was room")
    time.sleep(0.5)
