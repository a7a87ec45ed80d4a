"""The writer of votes: one thread in each process, which commits all that wait in one transaction.

A vote is acknowledged when the transaction that holds it is on disk, and never before. One commit serves all
who came while the last one was under way, so that a disk which commits a thousand times a second writes many
thousand votes.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import logging
import os
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from time import monotonic

from django.db import DatabaseError, InterfaceError, OperationalError, connection

from camphor.conversations.ballots import Ballot, Outcome, record
from camphor.conversations.readers import is_private

MOST_WAITING = 96
"""Votes of the event loop under way at once: at 3,000 a second the last of them waits for 30 milliseconds.
Those of threads are as few as there are seats for pages."""
MOST_IN_BATCH = 128
"""Ballots in a transaction at the most: a long one would hold up other processes and the close."""
FOR_A_PLACE = 0.25
"""Seconds that a ballot waits for a place in the queue: a burst passes in them, a flood does not."""
PATIENCE = 5.0
"""Seconds until a waiting request is told to come again: somebody with a phone in hand waits no longer."""
STALLED = 1.0
"""Seconds of one transaction after which the database is taken to hang, and nobody waits for a place."""
LOOKED_AFTER = 0.25
"""Seconds between two looks at who waits too long: a timer for each would cost too much."""
DRAIN = 10.0
"""Seconds that the end of the process waits for the queue to empty."""

log = logging.getLogger(__name__)

Record = Callable[[Sequence[Ballot]], list[Outcome]]


class NotWritten(Exception):
    """The vote was not acknowledged, and the same ballot may be sent again without being counted twice."""


class _Waiting:
    """A ballot and who waits for it: a request of the event loop with a future, else a thread with a lock."""

    __slots__ = ("ballot", "done", "error", "future", "given_up", "outcome", "settled")

    def __init__(self, ballot: Ballot, future: asyncio.Future[None] | None = None) -> None:
        self.ballot, self.future = ballot, future
        self.outcome: Outcome | None = None
        self.error: BaseException | None = None
        self.given_up = self.settled = False
        self.done: threading.Lock | None = None  # held until there is an outcome or an error
        if future is None:
            self.done = threading.Lock()
            self.done.acquire()

    def settle(self, outcome: Outcome | None, error: BaseException | None = None) -> None:
        if not self.settled:  # only the writer settles, and the first word holds
            self.settled, self.outcome, self.error = True, outcome, error

    def give_up(self) -> None:
        self.given_up = True
        if self.future and not self.future.done():
            self.future.set_result(None)

    def result(self) -> Outcome:
        """What became of it, once it is settled or given up."""
        if self.outcome is not None:
            return self.outcome
        if self.given_up:
            raise NotWritten("the database has not answered in time")
        raise NotWritten("the vote could not be written") from self.error


def _wake(batch: Sequence[_Waiting]) -> None:
    """Tell all who wait that they are settled; those of an event loop with one word."""
    futures: dict[asyncio.AbstractEventLoop, list[asyncio.Future[None]]] = defaultdict(list)
    for waiting in batch:
        if waiting.done is not None:
            waiting.done.release()
        elif waiting.future is not None:
            futures[waiting.future.get_loop()].append(waiting.future)
    for loop, ripe in futures.items():
        with contextlib.suppress(RuntimeError):  # the loop has ended, and nobody waits any more
            loop.call_soon_threadsafe(_ripen, ripe)


def _ripen(futures: Sequence[asyncio.Future[None]]) -> None:
    for future in futures:
        if not future.done():
            future.set_result(None)


class _Patience:
    """Sends those away who wait too long: one timer for all of a loop, since they wait equally long."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: deque[tuple[float, _Waiting]] = deque()

    def watch(self, waiting: _Waiting, loop: asyncio.AbstractEventLoop) -> None:
        if self._loop is not loop:  # the one before has ended, and nobody waits there any more
            self._loop, self._waiting = loop, deque()
        if not self._waiting:
            loop.call_later(LOOKED_AFTER, self._look, self._waiting)
        self._waiting.append((loop.time() + PATIENCE, waiting))

    def _look(self, queue: deque[tuple[float, _Waiting]]) -> None:
        """Let those go who are served, and those whose time is up; they came in the order of their time."""
        assert self._loop  # noqa: S101 - for the type checker
        now = self._loop.time()
        while queue and (queue[0][1].settled or queue[0][0] <= now):
            late = queue.popleft()[1]
            if not late.settled:
                late.give_up()
        if queue:
            self._loop.call_later(LOOKED_AFTER, self._look, queue)


class Writer:
    """The queue of a process and the thread that empties it."""

    def __init__(self, record: Record = record) -> None:
        self._record = record
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._places = asyncio.Semaphore(MOST_WAITING)
        self._patience = _Patience()
        self._guard = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closing = False
        self._busy_since: float | None = None

    def cast(self, ballot: Ballot) -> Outcome:
        """Have the ballot written; its outcome is on disk when this returns. Raises NotWritten."""
        waiting = _Waiting(ballot)
        self._enqueue(waiting)
        assert waiting.done  # noqa: S101 - for the type checker
        if not waiting.done.acquire(timeout=PATIENCE):
            waiting.give_up()
        return waiting.result()

    async def awaited(self, ballot: Ballot) -> Outcome:
        """The same for a request of the event loop, of which many wait at once."""
        if self._places.locked():
            await self._wait_for_place()
        else:
            await self._places.acquire()
        try:
            loop = asyncio.get_running_loop()
            future = loop.create_future()
            waiting = _Waiting(ballot, future)
            self._enqueue(waiting)
            self._patience.watch(waiting, loop)
            await future
            return waiting.result()
        finally:
            self._places.release()

    async def _wait_for_place(self) -> None:
        try:
            await asyncio.wait_for(self._places.acquire(), 0 if self._stalled() else FOR_A_PLACE)
        except TimeoutError:
            raise NotWritten("too many votes are waiting") from None

    def close(self) -> None:
        """Write what waits, take nothing more, and end the thread."""
        with self._guard:
            self._closing, thread = True, self._thread
            self._queue.put(None)
        if thread:
            thread.join(DRAIN)

    def _stalled(self) -> bool:
        since = self._busy_since
        return since is not None and monotonic() - since > STALLED

    def _enqueue(self, waiting: _Waiting) -> None:
        """Put it into the queue of a writer that lives."""
        with self._guard:
            if self._closing:
                raise NotWritten("the service is ending")
            if self._thread is None:
                self._start()
            self._queue.put(waiting)

    def _start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="writer of votes", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        """Write batch after batch; one that cannot be written ends its requests, not the thread."""
        try:
            while batch := self._next_batch():
                self._busy_since = monotonic()
                try:
                    self._write(batch)
                finally:
                    self._busy_since = None
                    for waiting in batch:
                        waiting.settle(None)  # only where something has broken down
                    _wake(batch)
        except BaseException:
            log.exception("the writer of votes has died and is replaced")
        finally:
            connection.close()
            self._replace()

    def _replace(self) -> None:
        """A thread that died leaves its queue to another one, or to the next ballot where none can start."""
        with self._guard:
            self._thread = None
            if not self._closing:
                self._start()

    def _next_batch(self) -> list[_Waiting]:
        """All that wait, in the order in which they came; nothing when there is to be no more."""
        first = self._queue.get()
        batch = [first] if first else []
        while batch and len(batch) < MOST_IN_BATCH:
            try:
                waiting = self._queue.get_nowait()
            except Empty:
                break
            if waiting is None:
                self._queue.put(None)  # the end comes after what was there before
                break
            batch.append(waiting)
        return batch

    def _write(self, batch: Sequence[_Waiting]) -> None:
        wanted = [waiting for waiting in batch if not waiting.given_up]
        if not wanted:
            return
        try:
            outcomes = self._twice([waiting.ballot for waiting in wanted])
        except (OperationalError, InterfaceError) as error:  # of the database, not of a ballot
            log.error("%d votes could not be written: %s", len(wanted), error)
            for waiting in wanted:
                waiting.settle(None, error)
        except Exception as error:
            self._one_by_one(wanted, error)
        else:
            for waiting, outcome in zip(wanted, outcomes, strict=True):
                waiting.settle(outcome)

    def _twice(self, ballots: Sequence[Ballot]) -> list[Outcome]:
        """Once more over a fresh connection, since the old one may have ended; a key counts once."""
        try:
            return self._record(ballots)
        except (OperationalError, InterfaceError):
            connection.close()
        try:
            return self._record(ballots)
        except DatabaseError:
            connection.close()
            raise

    def _one_by_one(self, wanted: Sequence[_Waiting], error: Exception) -> None:
        """Where one ballot spoils the transaction, its neighbours are written without it."""
        log.warning("a batch of %d votes was refused (%s) and is written one by one", len(wanted), error)
        for waiting in wanted:
            try:
                waiting.settle(self._twice([waiting.ballot])[0])
            except Exception as own:
                log.exception("a vote could not be written")
                waiting.settle(None, own)


_writer: Writer | None = None
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


def close() -> None:
    """Write what waits; the next ballot starts a new writer."""
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
                _writer = Writer()
    return _writer


def _begin_anew() -> None:
    """Threads do not outlive a fork, nor does what they held."""
    global _writer, _guard
    _writer, _guard = None, threading.Lock()


os.register_at_fork(after_in_child=_begin_anew)
atexit.register(close)
