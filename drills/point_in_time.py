"""A11: PostgreSQL restored to a random second from a base backup and the archive of its log."""

from __future__ import annotations

import os
import random
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

from drills.clusters import Cluster
from drills.ground import Ground, built_in
from drills.outcome import Outcome
from drills.recount import rows_of
from drills.service import Service, manage
from drills.voters import Crowd


def hold(ground: Ground) -> list[Outcome]:
    archive = ground.folder / "archive"
    archive.mkdir()
    primary = ground.another(
        "archived",
        wal_level="replica",
        archive_mode="on",
        archive_command=f"test ! -f {archive}/%f && cp %p {archive}/%f",
    ).make()
    archive.chmod(0o777)  # the owner of the cluster writes there; the folder above is ours alone
    primary.start()
    primary.query("CREATE DATABASE camphor", "postgres")
    manage(primary.address, "migrate", "--verbosity", "0")
    town = built_in(primary.address, 0)
    base = primary.folder / "base"
    source = f"host=127.0.0.1 port={primary.port} user=camphor"
    primary.run("pg_basebackup", "-D", base, "-d", source, "-c", "fast")
    service = Service(primary.address).start()
    begun = time.time()
    crowd = Crowd(service.port, town, voters=4, enough=10**9).begin()
    try:
        time.sleep(2 if ground.short else 30)
    finally:
        crowd.stop()
        service.stop()
    ended = time.time()
    _wait_for_archive(primary)
    times = 1 if ground.short else 30
    dice = random.Random(int(begun))
    return [
        _restore(ground, base, archive, crowd, dice.uniform(begun + 0.5, ended - 0.2), turn)
        for turn in range(times)
    ]


def _wait_for_archive(primary: Cluster) -> None:
    """Close the segment that is being written, and wait until it is in the archive."""
    wanted = str(primary.query("SELECT pg_walfile_name(pg_current_wal_lsn())")[0][0])
    primary.query("SELECT pg_switch_wal()")
    deadline = time.monotonic() + 30
    while str(primary.query("SELECT last_archived_wal FROM pg_stat_archiver")[0][0]) < wanted:
        if time.monotonic() > deadline:
            raise RuntimeError("the log does not reach the archive")
        time.sleep(0.2)


def _restore(ground: Ground, base: Path, archive: Path, crowd: Crowd, second: float, turn: int) -> Outcome:
    """A new cluster as it stood at that second, held against the journals."""
    moment = datetime.fromtimestamp(second, UTC)
    outcome = Outcome(f"A11 restored to {moment:%H:%M:%S.%f}"[:34].rstrip())
    restored = ground.another(
        f"restored{turn}",
        restore_command=f"cp {archive}/%f %p",
        recovery_target_time=f"{moment:%Y-%m-%d %H:%M:%S.%f+00}",
        recovery_target_action="promote",
    )
    _lay(base, restored)
    (restored.data / "recovery.signal").touch()
    begun = time.monotonic()
    restored.start()
    while restored.query("SELECT pg_is_in_recovery()") != [(False,)]:
        if time.monotonic() > begun + 60:
            raise RuntimeError("the recovery does not end")
        time.sleep(0.1)
    outcome.notes.append(f"restored in {time.monotonic() - begun:.1f} s")
    keys = [row[0] for row in rows_of(restored.address)]
    restored.stop()
    ballots = [ballot for voter in crowd.voters for ballot in voter.journal]
    before = {one.key for one in ballots if one.acknowledged_at and one.acknowledged_at <= second}
    outcome.tried, outcome.acknowledged = len(ballots), len(before)
    outcome.found, outcome.lost = len(before & set(keys)), len(before - set(keys))
    outcome.doubled = len(keys) - len(set(keys))
    if early := {one.key for one in ballots if one.sent_at > second} & set(keys):
        outcome.faults.append(f"{len(early)} votes that were cast later")
    return outcome


def _lay(base: Path, restored: Cluster) -> None:
    """Lay the base backup down, owned by who runs the cluster."""
    shutil.copytree(base, restored.data)
    for path in (restored.data, *restored.data.rglob("*")):
        os.chown(path, restored.user.pw_uid, restored.user.pw_gid)
    restored.data.chmod(0o700)
