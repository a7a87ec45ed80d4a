"""SQLite: copied while it is written to, and laid back in one transaction."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connections

from camphor.site.backups.census import Census, beside, census

PATIENCE = 60
"""Seconds to wait for a lock: longer than the service itself waits."""
MEMBER = "database.sqlite3"


class Damaged(Exception):
    """SQLite finds the copy broken."""


def dump(folder: Path) -> tuple[Path, Census]:
    """A checked copy in this folder, and what it holds.

    All pages are copied in one step: in small steps every vote in between would begin it anew.
    """
    connections["default"].ensure_connection()  # makes the file where there is none
    copy = folder / MEMBER
    with closing(_open(_file())) as source, closing(_open(copy)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")  # one file, whatever the original keeps beside it
    check(copy)
    with beside(str(copy)) as alias:
        return copy, census(alias)


def check(file: Path) -> None:
    with closing(_open(file)) as connection:
        found = connection.execute("PRAGMA integrity_check").fetchone()[0]
    if found != "ok":
        raise Damaged(str(found))


def load(file: Path) -> None:
    """Lay the copy over the database; a process that has it open sees the old or the new, nothing between."""
    check(file)
    connections["default"].close()
    Path(_file()).parent.mkdir(parents=True, exist_ok=True)
    with closing(_open(file)) as source, closing(_open(_file())) as target:
        target.execute("PRAGMA synchronous=EXTRA")
        source.backup(target)


@contextmanager
def trial(file: Path) -> Iterator[str]:
    """The alias of the copy itself, checked."""
    check(file)
    with beside(str(file)) as alias:
        yield alias


def staging() -> str:
    """Copies wait beside the database, where there is room for one."""
    return str(Path(_file()).parent) if Path(_file()).parent.is_dir() else tempfile.gettempdir()


def _file() -> str:
    return str(connections["default"].settings_dict["NAME"])


def _open(file: str | Path) -> sqlite3.Connection:
    return sqlite3.connect(file, timeout=PATIENCE)
