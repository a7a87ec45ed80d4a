"""The writer as a process of its own, and the process that replaces it when it dies.

Requests and transactions would take turns at one interpreter; apart from each other they work side by side.
Both are forked from the first process of the service, which has read all of the program, and share it.
"""

from __future__ import annotations

import contextlib
import logging
import os
import select
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from django.db import connection

from camphor.conversations import writer
from camphor.conversations.ballots import record
from camphor.conversations.lines import Entrance
from camphor.conversations.writer import DRAIN
from camphor.conversations.writing import Record, serve

PAUSE = 0.1
"""Seconds between the end of a writer and the next one, twice as long after each that dies soon."""
LONGEST_PAUSE = 5.0
LONGEST_STATEMENT = 6.0
"""Seconds; nobody waits for a vote that long."""

log = logging.getLogger(__name__)


def begin(record: Record = record) -> int:
    """Begin the keeper and the writer, which end when this process and all that it forks are gone.

    Gives the number of the keeper's process. No thread may run yet, and no connection to a database be open.
    """
    entrance = Entrance()
    keeper = os.fork()
    if keeper == 0:
        _call_itself("camphor-keeper")
        _never_return(_keep, entrance, record)
    entrance.leave_inside()
    writer.works_elsewhere(entrance)
    return keeper


def _keep(entrance: Entrance, record: Record) -> None:
    """See that there is a writer until one has ended well."""
    entrance.leave_outside()
    for end in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(end, signal.SIG_IGN)  # it ends after those who vote through it
    begun, pause = 0.0, PAUSE
    while (status := _write(entrance, record)) != 0:
        log.error("the process that writes votes has died (status %s) and is replaced", status)
        pause = PAUSE if time.monotonic() - begun > LONGEST_PAUSE else min(2 * pause, LONGEST_PAUSE)
        time.sleep(pause)
        begun = time.monotonic()


def _write(entrance: Entrance, record: Record) -> int | None:
    """Have a process write, and give the status with which it ended; none where it could not begin."""
    try:
        writing = os.fork()
    except OSError:
        return None
    if writing == 0:
        _call_itself("camphor-writer")
        _bound()
        _never_return(serve, entrance, record)
    return _ended(writing, entrance)


def _ended(writing: int, entrance: Entrance) -> int:
    """Wait for its end, which comes soon after all who vote through it are gone, come what may."""
    ends, left = select.poll(), None
    ends.register(entrance, 0)  # nothing but that the last outer end is gone
    while True:
        process, status = os.waitpid(writing, os.WNOHANG)
        if process:
            return status
        if left is None:
            left = time.monotonic() if ends.poll(PAUSE * 1000) else None
        elif time.monotonic() > left + DRAIN:
            os.kill(writing, signal.SIGKILL)
            os.waitpid(writing, 0)
            return 0
        else:
            time.sleep(PAUSE)


def _bound() -> None:
    """On PostgreSQL a statement ends with an error before long: all votes of this machine wait for it."""
    if connection.vendor == "postgresql":
        limit = int(LONGEST_STATEMENT * 1000)
        connection.settings_dict["OPTIONS"]["options"] = (
            f"-c statement_timeout={limit} -c lock_timeout={limit}"
        )


def _call_itself(name: str) -> None:
    """The name of this process, as `ps -o comm` and `top` tell it on Linux."""
    with contextlib.suppress(OSError):
        Path("/proc/self/comm").write_text(name)


def _never_return(work: Callable[[Entrance, Record], None], entrance: Entrance, record: Record) -> NoReturn:
    """Do the work and end this process, and nothing of what the one before it has to do at its end."""
    status = 1
    try:
        try:
            work(entrance, record)
            status = 0
        except BaseException:
            log.exception("votes are not written any more by process %d", os.getpid())
        sys.stderr.flush()
    finally:
        os._exit(status)
