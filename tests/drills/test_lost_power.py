"""The disk that loses its power: what it may forget, and what it may not."""

from __future__ import annotations

import random
from pathlib import Path

from drills.lost_power import Disk, Step, steps

PLACE = Path("/srv")
FILE, JOURNAL = "/srv/a.sqlite3", "/srv/a.sqlite3-journal"


def states(disk: Disk, count: int = 200) -> list[dict[str, bytes]]:
    return [disk.after_power_loss(random.Random(number)) for number in range(count)]


def test_a_write_is_safe_after_its_sync_and_not_before() -> None:
    disk = Disk(PLACE, {FILE: b"old!"})
    disk.take(Step(1, "write", FILE, 0, b"new!"))
    assert {state[FILE] for state in states(disk)} == {b"old!", b"new!"}
    disk.take(Step(2, "sync", FILE))
    assert {state[FILE] for state in states(disk)} == {b"new!"}


def test_sectors_of_one_write_are_lost_one_by_one() -> None:
    disk = Disk(PLACE, {FILE: bytes(1024)})
    disk.take(Step(1, "write", FILE, 0, b"x" * 1024))
    found = {(state[FILE][0], state[FILE][512]) for state in states(disk)}
    assert found == {(0, 0), (0, 120), (120, 0), (120, 120)}


def test_a_removed_journal_may_be_back_until_its_folder_is_synced() -> None:
    disk = Disk(PLACE, {FILE: b"", JOURNAL: b"undo"})
    disk.take(Step(1, "remove", JOURNAL))
    assert {JOURNAL in state for state in states(disk)} == {True, False}
    disk.take(Step(2, "sync", str(PLACE)))
    assert {JOURNAL in state for state in states(disk)} == {False}


def test_what_strace_wrote_is_read_also_where_threads_interrupt_each_other(tmp_path: Path) -> None:
    path = "".join(f"\\x{byte:02x}" for byte in FILE.encode())
    log = tmp_path / "log"
    log.write_text(
        f'7 1.5 pwrite64(3<{path}>, "\\x61\\x62", 2, 512 <unfinished ...>\n'
        f"8 1.6 fdatasync(4<{path}>) = 0\n"
        "7 1.7 <... pwrite64 resumed>) = 2\n"
        f'7 1.8 unlink("{path}") = -1 ENOENT\n'
    )
    assert list(steps(log)) == [Step(1.6, "sync", FILE), Step(1.5, "write", FILE, 512, b"ab")]
