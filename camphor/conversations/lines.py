"""The way of a ballot to the writer, and of its outcome back: lines between who asks and who writes.

A line is a pair of sockets without a name, so that nobody reaches it but the processes that hold its ends.
The writer holds one end of the entrance, and is handed the far end of each new line through it. Messages go
over a line: from those who ask, ballots, each with the moment after which it is not to be written, by the
clock that all processes of a machine share (`time.monotonic`); from the writer, what became of each, in the
same order.
"""

from __future__ import annotations

import contextlib
import marshal
import socket
from collections.abc import Iterable
from time import monotonic
from typing import Any

from camphor.conversations.ballots import Ballot, Outcome

LARGEST_PIECE = 65_536
"""Bytes that are taken from a line at once; a ballot has some 200."""
A_MOMENT = 0.05
"""Seconds until a ballot is sent once more, in which whoever has died is gone altogether."""
HEAD = 4
"""Bytes before each message, which tell its length."""

Words = list[str | None]
"""What became of each ballot, as its outcome names it; nothing where it was not written."""

_OUTCOMES = {outcome.value: outcome for outcome in Outcome}


class NotWritten(Exception):
    """The vote was not acknowledged, and the same ballot may be sent again without being counted twice."""


class Ended(Exception):
    """Whoever held the other end of the line is gone; what he had in hand may be written, or not."""


def message(told: Any) -> bytes:
    """It as it goes over a line. Both ends are of one program, so that Python's own form will do."""
    data = marshal.dumps(told)
    return len(data).to_bytes(HEAD, "big") + data


def asking(ballots: Iterable[tuple[float, Ballot]]) -> bytes:
    """The message that asks for these ballots to be written, each until its moment."""
    return message([(until, *ballot) for until, ballot in ballots])


def outcome_of(told: str | None) -> Outcome | None:
    return _OUTCOMES[told] if told else None


class Line:
    """One end of a line."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self._held = bytearray()  # of a message that has not come whole

    def __del__(self) -> None:
        self._end.close()

    def fileno(self) -> int:
        return self._end.fileno()

    def close(self) -> None:
        self._end.close()

    def give_up(self) -> None:
        """Let both ends find it ended."""
        with contextlib.suppress(OSError):
            self._end.shutdown(socket.SHUT_RDWR)

    def send(self, data: bytes, *, until: float | None = None) -> None:
        """Send it; at once, or by that moment at the latest. Raises Ended where that cannot be done."""
        try:
            self._wait_until(until)
            self._end.sendall(data)
        except OSError as error:  # the time is up, too, and half a message makes a line useless
            raise Ended from error

    def messages(self, *, until: float | None = None) -> list[Any]:
        """What has come, or comes by that moment; maybe no message is whole yet.

        Raises Ended, and TimeoutError where it was waited for.
        """
        try:
            self._wait_until(until)
            piece = self._end.recv(LARGEST_PIECE)
        except (TimeoutError, BlockingIOError):
            if until is not None:
                raise TimeoutError from None
            return []
        except OSError as error:
            raise Ended from error
        if not piece:
            raise Ended
        self._held += piece
        return list(iter(self._first, None))

    def _wait_until(self, moment: float | None) -> None:
        if moment is not None:
            self._end.settimeout(max(moment - monotonic(), 0.001))
        elif self._end.gettimeout() != 0:
            self._end.setblocking(False)

    def _first(self) -> Any:
        """The first message that is held whole, taken out; nothing where there is none."""
        end = HEAD + int.from_bytes(self._held[:HEAD], "big")
        if len(self._held) < max(end, HEAD + 1):
            return None
        whole = marshal.loads(self._held[HEAD:end])  # noqa: S302 - nobody else holds an end of the line
        del self._held[:end]
        return whole


class Entrance:
    """Where lines are handed to the writer."""

    def __init__(self) -> None:
        self._outside, self._inside = socket.socketpair()
        for end in (self._outside, self._inside):
            end.setblocking(False)

    def line(self) -> Line:
        """A new line to the writer.

        Raises Ended where there is no writer any more, and OSError where no line can be had just now: too
        many wait at the entrance, or there is no room for sockets.
        """
        ours, theirs = socket.socketpair()
        line = Line(ours)
        try:
            with theirs:
                socket.send_fds(self._outside, [b"+"], [theirs.fileno()])
        except (BrokenPipeError, ConnectionResetError) as error:
            raise Ended from error
        return line

    def fileno(self) -> int:
        """Of the inner end, at which the writer waits."""
        return self._inside.fileno()

    def handed_in(self) -> list[Line]:
        """The lines that have come. Raises Ended when nobody is left who could hand one in."""
        lines: list[Line] = []
        with contextlib.suppress(BlockingIOError):
            while True:
                told, ends, _flags, _address = socket.recv_fds(self._inside, 1, 1)
                if not (told or lines):
                    raise Ended
                if not told:
                    break
                lines += [Line(socket.socket(fileno=end)) for end in ends]
        return lines

    def leave_outside(self) -> None:
        """Keep the inner end alone, as the writer does: he must see when the last of the others is gone."""
        self._outside.close()

    def leave_inside(self) -> None:
        """Keep the outer end alone, as the others do, who must see when the writer is gone."""
        self._inside.close()
