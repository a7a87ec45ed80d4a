"""The line of an event loop to the writer: many requests wait at once, and none of them keeps a thread."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from time import monotonic

from camphor.conversations.ballots import Ballot, Outcome
from camphor.conversations.lines import A_MOMENT, Ended, Line, NotWritten, asking, outcome_of

MOST_WAITING = 96
"""Votes of the loop under way at once: at 3,000 a second the last of them waits for 30 milliseconds."""
FOR_A_PLACE = 0.25
"""Seconds that a ballot waits for a place among them: a burst passes in them, a flood does not."""
PATIENCE = 5.0
"""Seconds until a waiting request is told to come again: somebody with a phone in hand waits no longer."""
STALLED = 1.0
"""Seconds without an answer after which the database is taken to hang, and nobody waits for a place."""
LOOKED_AFTER = 0.25
"""Seconds between two looks at who waits too long: a timer for each would cost too much."""


class _Waiting:
    """A ballot, until when it is waited for, and whether it was sent for the second time."""

    __slots__ = ("again", "ballot", "future", "until")

    def __init__(self, ballot: Ballot, future: asyncio.Future[Outcome | None], until: float) -> None:
        self.ballot, self.future, self.until, self.again = ballot, future, until, False

    def settle(self, outcome: Outcome | None) -> None:
        if not self.future.done():  # else nobody waits any more
            self.future.set_result(outcome)


class Post:
    """Sends the ballots of a loop, and hands out what comes back.

    connect: gives a line to the writer; may raise NotWritten.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, connect: Callable[[], Line]) -> None:
        self._loop, self._connect = loop, connect
        self._places = asyncio.Semaphore(MOST_WAITING)
        self._line: Line | None = None
        self._gathered: list[_Waiting] = []  # in this turn of the loop; they go in one message
        self._sent: deque[_Waiting] = deque()  # those without an answer, in their order
        self._looking = False

    async def awaited(self, ballot: Ballot) -> Outcome:
        """Have it written; its outcome is on disk when this returns. Raises NotWritten."""
        if self._places.locked():
            await self._wait_for_place()
        else:
            await self._places.acquire()
        try:
            outcome = await self._put(ballot)
        finally:
            self._places.release()
        if outcome is None:
            raise NotWritten("the database has not answered in time, or could not write it")
        return outcome

    def close(self) -> None:
        """Give up the line, and all who wait for what comes over it."""
        self._hang_up()
        self._settle([*self._sent, *self._gathered])
        self._sent.clear()
        self._gathered.clear()

    async def _wait_for_place(self) -> None:
        try:
            await asyncio.wait_for(self._places.acquire(), 0 if self._stalled() else FOR_A_PLACE)
        except TimeoutError:
            raise NotWritten("too many votes are waiting") from None

    def _stalled(self) -> bool:
        return bool(self._sent) and monotonic() > self._sent[0].until - PATIENCE + STALLED

    def _put(self, ballot: Ballot) -> asyncio.Future[Outcome | None]:
        """Gather it with its neighbours."""
        if not self._gathered:
            self._loop.call_soon(self._send)
        waiting = _Waiting(ballot, self._loop.create_future(), monotonic() + PATIENCE)
        self._gathered.append(waiting)
        if not self._looking:
            self._looking = True
            self._loop.call_later(LOOKED_AFTER, self._look)
        return waiting.future

    def _send(self) -> None:
        """Send what is gathered, over a new line where there is none."""
        gathered, self._gathered = self._gathered, []
        if not gathered:
            return
        try:
            line = self._line or self._begin()
        except Exception as error:  # whatever it is, nobody may wait for ever
            self._settle(gathered)
            if not isinstance(error, NotWritten):
                raise
            return
        self._sent.extend(gathered)
        try:
            line.send(asking((waiting.until, waiting.ballot) for waiting in gathered))
        except Ended:
            self._begin_anew()

    def _begin(self) -> Line:
        line = self._connect()
        self._loop.add_reader(line.fileno(), self._take, line)
        self._line = line
        return line

    def _hang_up(self) -> None:
        line, self._line = self._line, None
        if line and not self._loop.is_closed():
            self._loop.remove_reader(line.fileno())
        if line:
            line.close()

    def _take(self, line: Line) -> None:
        """Hand out what has come; answers are in the order of what was asked."""
        try:
            messages = line.messages()
        except Ended:
            self._begin_anew()
            return
        for told in messages:
            for outcome in told:
                self._sent.popleft().settle(outcome_of(outcome))

    def _begin_anew(self) -> None:
        """Once more over a new line what was not answered; by its key a ballot counts once."""
        self._hang_up()
        left, self._sent = self._sent, deque()
        self._settle([waiting for waiting in left if waiting.again])
        again = [waiting for waiting in left if not waiting.future.done()]
        for waiting in again:
            waiting.again = True
        self._gathered = again + self._gathered
        self._loop.call_later(A_MOMENT, self._send)

    def _look(self) -> None:
        """Tell those whose time is up; they keep their place in the order of what was asked."""
        now = monotonic()
        for waiting in self._sent:
            if waiting.until > now:
                break
            waiting.settle(None)
        self._looking = bool(self._sent or self._gathered)
        if self._looking:
            self._loop.call_later(LOOKED_AFTER, self._look)

    @staticmethod
    def _settle(waiting: Sequence[_Waiting]) -> None:
        for one in waiting:
            one.settle(None)
