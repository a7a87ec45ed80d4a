"""PostgreSQL clusters as a service runs them, with every care for the disk, to be killed and revived."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

from drills.outcome import NotHere
from tools import postgresql

PATIENCE = 60
"""Seconds until a start or a recovery is given up."""


class Cluster:
    """One cluster in a folder of its own, on a free port of this machine."""

    def __init__(self, folder: Path, **settings: str) -> None:
        maker = postgresql.initdb()
        if not maker:
            raise NotHere("no PostgreSQL server here (on Debian: apt-get install postgresql)")
        self.programs = maker.parent
        self.user = postgresql.owner()
        self.folder = folder
        self.port = postgresql.free_port()
        self.settings = settings
        self.process: subprocess.Popen[bytes] | None = None
        folder.mkdir(exist_ok=True)
        os.chown(folder, self.user.pw_uid, self.user.pw_gid)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def address(self) -> str:
        return self.address_of("camphor")

    def address_of(self, name: str) -> str:
        return f"postgres://camphor@127.0.0.1:{self.port}/{name}"

    def make(self) -> Cluster:
        """Lay down a new, empty cluster."""
        postgresql.as_owner(
            self.user,
            self.folder,
            self.programs / "initdb",
            *("-D", "data", "-U", "camphor", "-A", "trust", "-E", "UTF8"),
        )
        return self

    def run(self, program: str, *options: object, **environment: str) -> str:
        """Run one of the server's programs as its owner."""
        done = subprocess.run(
            [self.programs / program, *map(str, options)],
            cwd=self.folder,
            capture_output=True,
            text=True,
            user=self.user.pw_uid,
            group=self.user.pw_gid,
            extra_groups=postgresql.no_groups(),
            env={**os.environ, **environment},
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr.strip()}")
        return done.stdout

    def copy_of(self, primary: Cluster, *options: str) -> Cluster:
        """Become a base backup of a running cluster."""
        source = f"host=127.0.0.1 port={primary.port} user=camphor"
        self.run("pg_basebackup", "-D", self.data, "-d", source, "-c", "fast", *options)
        return self

    def start(self) -> Cluster:
        """Start, and wait until it answers; a start just after a kill is tried again."""
        deadline = time.monotonic() + PATIENCE
        while True:
            self._launch()
            if self._answers(deadline):
                return self
            if time.monotonic() > deadline:
                raise RuntimeError((self.folder / "log").read_text()[-2000:])
            time.sleep(0.3)  # processes of the killed server still hold its shared memory

    def _launch(self) -> None:
        where = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": str(self.folder),
            "shared_buffers": "64MB",
        }
        options = [
            word for key, value in {**where, **self.settings}.items() for word in ("-c", f"{key}={value}")
        ]
        with (self.folder / "log").open("a") as log:
            self.process = subprocess.Popen(
                [self.programs / "postgres", "-D", self.data, *options],
                cwd=self.folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
                user=self.user.pw_uid,
                group=self.user.pw_gid,
                extra_groups=postgresql.no_groups(),
            )

    def _answers(self, deadline: float) -> bool:
        assert self.process
        while self.process.poll() is None and time.monotonic() < deadline:
            if not subprocess.run(
                [self.programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]
            ).returncode:
                return True
            time.sleep(0.05)
        return False

    def kill(self) -> None:
        """kill -9 of the server and all its processes, which are sessions of their own."""
        assert self.process
        children = children_of(self.process.pid)
        self.process.kill()
        for child in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        self.process.wait(PATIENCE)

    def stop(self) -> None:
        """A fast shutdown: clients are cut off, nothing is lost."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.kill()

    def query(self, sql: str, database: str = "camphor") -> list[tuple[object, ...]]:
        import psycopg

        with psycopg.connect(self.address_of(database), autocommit=True) as connection:
            cursor = connection.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []


def children_of(parent: int) -> list[int]:
    """The processes that this one started."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                if int(fields[1]) == parent and fields[0] != "Z":  # not what has ended and is not buried
                    found.append(int(entry.name))
    return found
