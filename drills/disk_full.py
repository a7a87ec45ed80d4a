"""A4: the disk fills up while people vote: votes get 503, pages are still read, and it recovers."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from drills.clusters import Cluster
from drills.ground import Ground
from drills.outcome import NotHere, Outcome
from drills.recount import recount
from drills.service import Service
from drills.town import Town
from drills.voters import Crowd

BACK_WITHIN = 10.0
"""Seconds after there is room again until votes must be acknowledged."""
ROOM = {"SQLite": 32, "PostgreSQL": 220}
"""Megabytes of the disk: for the town, and for the journal of a cluster."""


def hold(ground: Ground) -> list[Outcome]:
    found = []
    for kind in ground.kinds:
        with small_disk(ground.folder / f"small-{kind}", ROOM[kind]) as place:
            found.append(_on_sqlite(ground, place) if kind == "SQLite" else _on_postgresql(ground, place))
    return found


@contextmanager
def small_disk(place: Path, room: int) -> Iterator[Path]:
    """A disk of so many megabytes in memory, for as long as the block lasts."""
    place.mkdir()
    if os.geteuid():
        raise NotHere("only root can mount a small disk")
    options = ("-t", "tmpfs", "-o", f"size={room}m,mode=0755", "tmpfs", str(place))
    done = subprocess.run(["mount", *options], capture_output=True, text=True)
    if done.returncode:
        raise NotHere(f"no small disk can be mounted: {done.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def _on_sqlite(ground: Ground, place: Path) -> Outcome:
    """The service and its database on the same disk: it must not call itself ready."""
    address, town = ground.sqlite(place)
    return _on(Outcome("A4 disk full, SQLite"), address, town, place, short=ground.short, ready=503)


def _on_postgresql(ground: Ground, place: Path) -> Outcome:
    """A cluster with its journal on a disk of its own, of which the service knows nothing."""
    address, town = ground.postgresql()
    cluster = Cluster(place, max_wal_size="64MB", min_wal_size="32MB")
    cluster.copy_of(ground.cluster).start()
    try:
        address = cluster.address_of(address.rpartition("/")[2])
        return _on(Outcome("A4 disk full, PostgreSQL"), address, town, place, short=ground.short, ready=200)
    finally:
        cluster.stop()


def _on(outcome: Outcome, address: str, town: Town, place: Path, *, short: bool, ready: int) -> Outcome:
    """Fill the disk and make room again, once or often. `ready`: what /readyz answers while it is full."""
    pages = {path: 200 for path in ("/", f"/talk/{town.conversation}/statements/", "/healthz")}
    service = Service(address).start()
    crowd = Crowd(service.port, town, voters=8, enough=10**9).begin()
    ballast = place / "ballast"
    try:
        time.sleep(1)
        for _ in range(1 if short else 10):
            _fill(ballast)
            time.sleep(1.5)  # what had room has used it, everything else is refused
            _while_full(outcome, service, crowd, {**pages, "/readyz": ready})
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


def _while_full(outcome: Outcome, service: Service, crowd: Crowd, pages: dict[str, int]) -> None:
    """The pages answer with the status that they should have, and votes are refused."""
    before, refused = crowd.acknowledged, crowd.refused["503"]
    for path, wanted in pages.items():
        if (status := service.status(path)) != wanted:
            outcome.faults.append(f"{path} answers {status} while the disk is full")
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
