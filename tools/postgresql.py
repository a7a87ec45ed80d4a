"""A PostgreSQL cluster of our own for the length of a test, in a temporary folder; standard library only."""

from __future__ import annotations

import contextlib
import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

DEBIAN = "/usr/lib/postgresql/*/bin/initdb"
"""Where Debian puts the server's programs, which are not on the path."""
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
"""Without the care for power cuts, which costs time and which a throw-away cluster does not need."""
PATIENCE = 60
"""Seconds until a start is given up: long even for a slow machine."""


class NoServer(Exception):
    """There is no PostgreSQL here, or it does not start."""


def initdb() -> Path | None:
    """The program that makes a cluster, the newest on this machine; the server's others lie beside it."""
    found = sorted(map(Path, glob.glob(DEBIAN)), key=lambda path: float(path.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1] if found else Path(on_path).resolve() if on_path else None


@contextlib.contextmanager
def cluster(*, durable: bool = False) -> Iterator[str]:
    """The address of a fresh cluster that lives as long as the block; durable on request."""
    maker = initdb()
    if not maker:
        raise NoServer("no PostgreSQL server here: install it (on Debian: apt-get install postgresql)")
    user = owner()
    with tempfile.TemporaryDirectory(prefix="camphor-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        os.chown(folder, user.pw_uid, user.pw_gid)
        as_owner(user, folder, maker, "-D", "data", "-U", "camphor", "-A", "trust", "-E", "UTF8")
        care = () if durable else QUICK
        with _running(maker.parent, folder, user, care) as port:
            yield f"postgres://camphor@127.0.0.1:{port}/camphor"


def owner() -> pwd.struct_passwd:
    """Who runs the server: we do, unless we are root, whom it refuses."""
    names = {user.pw_name: user for user in pwd.getpwall()}
    return pwd.getpwuid(os.geteuid()) if os.geteuid() else names.get("postgres") or names["nobody"]


def as_owner(user: pwd.struct_passwd, folder: Path, maker: Path, *options: str) -> None:
    command = [str(maker), *options, "--no-locale", "--no-sync"]
    done = subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        user=user.pw_uid,
        group=user.pw_gid,
        extra_groups=no_groups(),
    )
    if done.returncode:
        raise NoServer(f"initdb failed: {done.stderr.strip()}")


def no_groups() -> list[int] | None:
    """Root's groups are laid down with root's name; others may not change theirs, and need not."""
    return None if os.geteuid() else []


@contextlib.contextmanager
def _running(programs: Path, folder: Path, user: pwd.struct_passwd, care: tuple[str, ...]) -> Iterator[int]:
    """Run the cluster of the folder on a free port of this machine."""
    port = free_port()
    where = ("listen_addresses=127.0.0.1", f"port={port}", f"unix_socket_directories={folder}")
    options = [word for setting in (*care, *where) for word in ("-c", setting)]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [programs / "postgres", "-D", folder / "data", *options],
            cwd=folder,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl+C reaches the tests first, then us
            user=user.pw_uid,
            group=user.pw_gid,
            extra_groups=no_groups(),
        )
    try:
        _wait(programs / "pg_isready", port, process, folder / "log")
        yield port
    finally:
        process.send_signal(signal.SIGINT)  # a fast shutdown: clients are cut off
        process.wait(PATIENCE)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(program: Path, port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the server answers."""
    deadline = time.monotonic() + PATIENCE
    while subprocess.run([program, "-q", "-h", "127.0.0.1", "-p", str(port)]).returncode:
        if process.poll() is not None or time.monotonic() > deadline:
            raise NoServer(f"PostgreSQL does not start: {log.read_text().strip()}")
        time.sleep(0.2)


def create(address: str) -> None:
    """Make the database that the address names, on the server that it names."""
    maker = initdb()
    if not maker:
        raise NoServer("no PostgreSQL server here")
    server, name = address.rsplit("/", 1)
    command = [str(maker.parent / "psql"), "-q", f"{server}/postgres", "-c", f'CREATE DATABASE "{name}"']
    subprocess.run(command, check=True)
