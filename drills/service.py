"""The web service as it is deployed, to be killed and revived."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from camphor.site import serving
from drills.clusters import children_of
from tools import postgresql

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 150
"""Seconds until a start is given up: on a machine with ten times its work it takes a minute, and the
service is not at fault. Drills that promise less say so in their count."""


def environment(database: str, **more: str) -> dict[str, str]:
    """The settings of a service of the drills."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("CAMPHOR_")}
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": "camphor.site.settings",
        "CAMPHOR_SECRET_KEY": "known to all: only for drills",
        "CAMPHOR_DATABASE_URL": database,
        "CAMPHOR_PLAIN_STATIC": "1",
        **more,
    }


def manage(database: str, *words: str) -> str:
    """Run a command of manage.py on a database."""
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=environment(database),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)}: {done.stderr.strip()[-2000:]}")
    return done.stdout


def _kill(*processes: int) -> None:
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


class Service:
    """A running web service on a free port."""

    def __init__(
        self, database: str, *, workers: int | None = None, under: tuple[str, ...] = (), **more: str
    ) -> None:
        self.environment = environment(database, **more)
        self.workers, self.under = workers or serving.workers_for(database), under
        self.port = postgresql.free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.log = Path(os.environ.get("CAMPHOR_DRILL_LOG", os.devnull))

    def start(self) -> Service:
        server = serving.command(self.port, workers=self.workers)
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [*self.under, *server],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            self.wait()
        except RuntimeError:
            self.kill_all()
            raise
        return self

    def wait(self) -> float:
        """Wait until it answers; how many seconds that took."""
        begun = time.monotonic()
        while time.monotonic() < begun + PATIENCE:
            if self.status("/healthz") == 200:
                return time.monotonic() - begun
            time.sleep(0.1)
        raise RuntimeError("the service does not answer")

    def status(self, path: str) -> int:
        """The status of a page; 0 where there is no answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except OSError:
            return 0
        except http.client.HTTPException:
            return 0
        finally:
            connection.close()

    def kill_worker(self) -> None:
        """kill -9 of one web process; its parent starts another."""
        for below, others in self._below().items():
            if not others:
                _kill(below)
                return

    def kill_writer(self) -> None:
        """kill -9 of the process that writes votes; its keeper starts another. Raises RuntimeError if not."""
        for keeper, others in self._below().items():
            if others:
                _kill(*others)
                self._wait_for_writer(keeper)

    @staticmethod
    def _wait_for_writer(keeper: int) -> None:
        deadline = time.monotonic() + PATIENCE
        while not children_of(keeper):
            if time.monotonic() > deadline:
                raise RuntimeError("no writer has taken the place of the one that was killed")
            time.sleep(0.05)

    def kill_writer_for_good(self) -> None:
        """kill -9 of the keeper and the writer: from now on the web processes write."""
        for keeper, others in self._below().items():
            if others:
                _kill(keeper, *others)

    def _below(self) -> dict[int, list[int]]:
        """The processes that the first one started, each with those that it started."""
        assert self.process
        return {child: children_of(child) for child in children_of(self.process.pid)}

    def kill_first(self) -> None:
        """kill -9 of the first process alone, then of what it left behind, as a supervisor does."""
        assert self.process
        self.process.kill()
        self.process.wait(PATIENCE)
        time.sleep(0.2)
        self.kill_all()

    def kill_all(self) -> None:
        """kill -9 of every process at once."""
        assert self.process
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(PATIENCE)
        if self.process:
            self.kill_all()
