"""The writer of votes as all who have ballots see it: a process of its own in the service, else a thread.

Whichever it is, it is asked in the same way (`lines`) and works in the same way (`writing`).
"""

from __future__ import annotations

import asyncio
import atexit
import logging
import os
import threading
from time import monotonic, sleep

from django.db import connection

from camphor.conversations.ballots import Ballot, Outcome, record
from camphor.conversations.lines import A_MOMENT, Ended, Entrance, Line, NotWritten, asking, outcome_of
from camphor.conversations.posts import PATIENCE, Post
from camphor.conversations.readers import is_private
from camphor.conversations.writing import Record, serve

DRAIN = 10.0
"""Seconds that the end of the process waits for what was sent to be written."""

log = logging.getLogger(__name__)


class Writer:
    """The way of this process to its writer. `entrance`: of one elsewhere; without it a thread begins."""

    def __init__(self, record: Record = record, entrance: Entrance | None = None) -> None:
        self._record, self._entrance = record, entrance
        self._guard = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closing = False
        self._of_thread = threading.local()
        self._posts: dict[asyncio.AbstractEventLoop, Post] = {}

    def cast(self, ballot: Ballot) -> Outcome:
        """Have the ballot written; its outcome is on disk when this returns. Raises NotWritten."""
        until = monotonic() + PATIENCE
        try:
            try:
                outcome = self._asked(ballot, until)
            except Ended:  # once more over a new line; by its key a ballot counts once
                sleep(A_MOMENT)
                outcome = self._asked(ballot, until)
        except (Ended, TimeoutError):
            raise NotWritten("the database has not answered in time") from None
        if outcome is None:
            raise NotWritten("the vote could not be written")
        return outcome

    async def awaited(self, ballot: Ballot) -> Outcome:
        """The same for a request of the event loop, of which many wait at once."""
        loop = asyncio.get_running_loop()
        return await (self._posts.get(loop) or self._post(loop)).awaited(ballot)

    def _post(self, loop: asyncio.AbstractEventLoop) -> Post:
        """A post for this loop, in place of those of loops that have ended."""
        for other in [other for other in self._posts if other.is_closed()]:
            self._posts.pop(other).close()
        post = self._posts[loop] = Post(loop, self._line)
        return post

    def close(self) -> None:
        """Take nothing more; a thread writes what was sent, and ends."""
        with self._guard:
            self._closing, entrance, thread = True, self._entrance, self._thread
        if thread and entrance:
            entrance.leave_outside()
            thread.join(DRAIN)

    def _asked(self, ballot: Ballot, until: float) -> Outcome | None:
        """What the writer says, over the line that this thread keeps. Raises Ended, TimeoutError."""
        line: Line = vars(self._of_thread).pop("line", None) or self._line()  # kept when all was said on it
        line.send(asking([(until, ballot)]), until=until)
        told: list[list[str | None]] = []
        while not told:
            told = line.messages(until=until)
        self._of_thread.line = line
        return outcome_of(told[0][0])

    def _line(self) -> Line:
        """A new line. A process that is gone for good gives way to a thread of this one."""
        with self._guard:
            if self._closing:
                raise NotWritten("the service is ending")
            try:
                try:
                    return (self._entrance or self._begin()).line()
                except Ended:
                    log.error("the process that writes votes is gone: this one writes them itself")
                    return self._begin().line()
            except (Ended, OSError, RuntimeError) as error:  # no room for a socket, or for a thread
                raise NotWritten("there is no way to the writer just now") from error

    def _begin(self) -> Entrance:
        """Let a thread of this process be the writer."""
        entrance = Entrance()
        run = threading.Thread(target=self._run, args=(entrance,), name="writer of votes", daemon=True)
        run.start()
        self._entrance, self._thread = entrance, run
        return entrance

    def _run(self, entrance: Entrance) -> None:
        """Write until nobody is left; where that breaks down, begin anew: who waited asks again."""
        working = True
        while working:
            working = False
            try:
                serve(entrance, self._record)
            except BaseException:
                log.exception("the writer of votes has died and is replaced")
                sleep(A_MOMENT)
                working = True
            finally:
                connection.close()


_writer: Writer | None = None
_elsewhere: Entrance | None = None
_guard = threading.Lock()


def cast(ballot: Ballot) -> Outcome:
    """Have the ballot written by the writer of this process; raises NotWritten.

    Within a transaction of the caller it is written there, and is as durable as that transaction becomes.
    """
    if connection.in_atomic_block:
        return record([ballot])[0]
    return _of_this_process().cast(ballot)


async def awaited(ballot: Ballot) -> Outcome:
    """The same for a request of the event loop."""
    return cast(ballot) if is_private() else await _of_this_process().awaited(ballot)


def works_elsewhere(entrance: Entrance) -> None:
    """From now on the writer of this process, and of those that it forks, is behind that entrance."""
    global _elsewhere, _writer
    _elsewhere, _writer = entrance, None


def close() -> None:
    """Have written what was sent; the next ballot begins anew."""
    global _writer
    with _guard:
        ending, _writer = _writer, None
    if ending:
        ending.close()


def _of_this_process() -> Writer:
    global _writer
    if _writer is None:
        with _guard:
            if _writer is None:
                _writer = Writer(entrance=_elsewhere)
    return _writer


def _begin_anew() -> None:
    """Threads do not outlive a fork, nor does what they held."""
    global _writer, _guard
    _writer, _guard = None, threading.Lock()


os.register_at_fork(after_in_child=_begin_anew)
atexit.register(close)
