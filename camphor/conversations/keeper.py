"""The writer as a process of its own, and the process that replaces it when it dies.

Requests and transactions would take turns at one interpreter; apart from each other they work side by side.
Both are forked from the first process of the service, which has read all of the program, and share it.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from camphor.conversations import writer
from camphor.conversations.ballots import record
from camphor.conversations.lines import Entrance
from camphor.conversations.writing import Record, serve

PAUSE = 0.1
"""Seconds between the end of a writer and the next one."""

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
    for end in (signal.SIGTERM, signal.SIGINT):
        signal.signal(end, signal.SIG_IGN)  # it ends after those who vote through it
    ended_well = False
    while not ended_well:
        writing = os.fork()
        if writing == 0:
            _call_itself("camphor-writer")
            _never_return(serve, entrance, record)
        _pid, status = os.waitpid(writing, 0)
        ended_well = status == 0
        if not ended_well:
            log.error("the process that writes votes has died (status %d) and is replaced", status)
            time.sleep(PAUSE)


def _call_itself(name: str) -> None:
    """The name of this process, as `ps -o comm` and `top` tell it on Linux."""
    with contextlib.suppress(OSError):
        Path("/proc/self/comm").write_text(name)


def _never_return(work: Callable[[Entrance, Record], None], entrance: Entrance, record: Record) -> NoReturn:
    """Do the work and end this process, and nothing of what the one before it has to do at its end."""
    status = 1
    try:
        work(entrance, record)
        status = 0
    except BaseException:
        log.exception("votes are not written any more by process %d", os.getpid())
    finally:
        sys.stderr.flush()
        os._exit(status)
