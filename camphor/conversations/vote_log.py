"""The log of votes of a conversation, kept in memory so that only new votes are read for the next map."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from camphor.conversations.models import Conversation, Vote
from camphor.engine.opinion import Votes

CHUNK = 20_000
"""Votes taken from the database at once."""
UNSETTLED = 2_000
"""So many of the newest keys are read again each time: a vote may be committed after one with a later key."""
MOST_LOGS = 4
MOST_VOTES = 8_000_000
"""Kept in a process at the most, for some 200 MB; the log asked for longest ago goes first."""

COLUMNS = ("pk", "participant", "statement", "value")
TYPES = (np.int64, np.int64, np.int64, np.int8)


@dataclass(eq=False)
class VoteLog:
    """The votes of one conversation in the order of their keys; read and renewed under `lock`."""

    columns: list[NDArray[Any]] = field(default_factory=lambda: [np.zeros(0, kind) for kind in TYPES])
    length: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def renew(self, conversation: Conversation) -> None:
        """Read what is new; all of it where the log in the database is not the one that was read before."""
        keys = self.columns[0][: self.length]
        settled = int(np.searchsorted(keys, int(keys[-1]) - UNSETTLED, side="right")) if len(keys) else 0
        last = int(keys[settled - 1]) if settled else 0
        before = Vote.objects.filter(conversation=conversation, pk__lte=last)
        if settled and before.count() != settled:  # votes were deleted, or the file was restored
            settled, last = 0, 0
        self.length = settled
        rows = (
            Vote.objects.filter(conversation=conversation, pk__gt=last).order_by("pk").values_list(*COLUMNS)
        )
        unread = rows.iterator(chunk_size=CHUNK)
        while chunk := list(islice(unread, CHUNK)):
            self._append(chunk)

    def _append(self, chunk: list[tuple[Any, ...]]) -> None:
        wanted = self.length + len(chunk)
        if wanted > len(self.columns[0]):
            room = max(wanted, 3 * self.length // 2)
            self.columns = [_grown(column, self.length, room) for column in self.columns]
        for column, values in zip(self.columns, zip(*chunk, strict=True), strict=True):
            column[self.length : wanted] = values
        self.length = wanted

    def votes(self) -> Votes:
        """The last vote of each participant on each statement."""
        who, what, how = (column[: self.length] for column in self.columns[1:])
        return Votes.from_log(who, what, how)


def _grown(column: NDArray[Any], length: int, room: int) -> NDArray[Any]:
    wider = np.zeros(room, column.dtype)
    wider[:length] = column[:length]
    return wider


_logs: OrderedDict[int, VoteLog] = OrderedDict()
_guard = threading.Lock()


def votes_of(conversation: Conversation, *, keep: bool) -> Votes:
    """The votes as they stand; `keep` leaves the log in memory for the next time."""
    log = _kept(conversation.pk) if keep else VoteLog()
    with log.lock:
        log.renew(conversation)
        votes = log.votes()
    if keep:
        _forget_oldest()
    return votes


def _kept(pk: int) -> VoteLog:
    with _guard:
        log = _logs.setdefault(pk, VoteLog())
        _logs.move_to_end(pk)
        return log


def _forget_oldest() -> None:
    with _guard:
        while _logs and (
            len(_logs) > MOST_LOGS or sum(len(log.columns[0]) for log in _logs.values()) > MOST_VOTES
        ):
            _logs.popitem(last=False)


def forget() -> None:
    """Keep nothing any more."""
    with _guard:
        _logs.clear()
