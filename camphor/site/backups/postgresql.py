"""PostgreSQL: dumped from one snapshot by pg_dump, laid back in one transaction by pg_restore and psql."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import DatabaseError, connection, transaction

from camphor.site.backups.census import Census, beside, census

MEMBER = "database.dump"
CLEAR = b"DROP SCHEMA public CASCADE;\nCREATE SCHEMA public;\n"


class NoClient(Exception):
    """A client program of PostgreSQL is not installed."""


class Failed(Exception):
    """A program of PostgreSQL, or the server, refused; the message says what it said."""


def dump(folder: Path) -> tuple[Path, Census]:
    """A dump in this folder, and what it holds: both of the same moment."""
    file = folder / MEMBER
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        counted = census()
        _run(
            "pg_dump",
            "--format=custom",
            f"--snapshot={snapshot}",
            "--no-owner",
            "--no-privileges",
            "-f",
            file,
        )
    return file, counted


def load(file: Path) -> None:
    """Put the dump in the place of everything in the database, all or nothing."""
    connection.close()
    _load(file, str(connection.settings_dict["NAME"]))


@contextmanager
def trial(file: Path) -> Iterator[str]:
    """The alias of a database made for this restore, dropped afterwards."""
    name = f"camphor_trial_{secrets.token_hex(4)}"
    quoted = connection.ops.quote_name(name)
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {quoted}")
    except DatabaseError as refused:
        raise Failed(
            f"no database for the trial: {refused} (ALTER ROLE … CREATEDB gives the right)"
        ) from refused
    try:
        _load(file, name)
        with beside(name) as alias:
            yield alias
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {quoted}")


def staging() -> str:
    """Dumps wait where temporary files do; TMPDIR names another place."""
    return tempfile.gettempdir()


def _load(file: Path, database: str) -> None:
    """Stream the dump as SQL into one transaction."""
    environment = _environment(database)
    reader = subprocess.Popen(  # noqa: S603 - a program that PostgreSQL ships, and our own file
        [_program("pg_restore"), "--no-owner", "--no-privileges", "-f", "-", str(file)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    writer = subprocess.Popen(  # noqa: S603
        [_program("psql"), "-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", "-f", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environment,
    )
    assert reader.stdout and writer.stdin  # noqa: S101 - pipes were asked for
    try:
        writer.stdin.write(CLEAR)
        shutil.copyfileobj(reader.stdout, writer.stdin)
        whole = reader.wait() == 0
        if not whole:
            writer.kill()  # before the end of its input, so that nothing is committed
        writer.stdin.close()
    except BrokenPipeError:  # psql has stopped, and says why
        whole = True
    said = writer.stderr.read().decode() if writer.stderr else ""
    if not whole:
        raise Failed(f"pg_restore: {reader.stderr.read().decode().strip() if reader.stderr else ''}")
    if writer.wait():
        raise Failed(f"psql: {said.strip()}")


def _run(program: str, *options: object) -> None:
    done = subprocess.run(  # noqa: S603 - a program that PostgreSQL ships, with options written down here
        [_program(program), *map(str, options)], env=_environment(), capture_output=True, text=True
    )
    if done.returncode:
        raise Failed(f"{program}: {done.stderr.strip()}")


def _program(name: str) -> str:
    found = shutil.which(name)
    if not found:
        raise NoClient(f"{name} is not installed (on Debian: apt-get install postgresql-client)")
    return found


def _environment(database: str | None = None) -> dict[str, str]:
    """How the programs reach the database; by the environment, as other users can read a command's words."""
    chosen = connection.settings_dict
    named = {
        "PGHOST": chosen["HOST"],
        "PGPORT": chosen["PORT"],
        "PGUSER": chosen["USER"],
        "PGPASSWORD": chosen["PASSWORD"],
        "PGDATABASE": database or chosen["NAME"],
        "PGTARGETSESSIONATTRS": chosen["OPTIONS"].get("target_session_attrs", ""),
    }
    return {**os.environ, **{key: str(value) for key, value in named.items() if value}}
