"""Hands: the votes of those who are voting now, kept in memory so that their next card needs no database."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic

from django.db import connection

from camphor.conversations import readers
from camphor.conversations.ballots import Ballot
from camphor.conversations.models import Participant, Vote

KEPT_FOR = {"sqlite": 60.0}
"""Seconds until somebody's votes are read again. SQLite serves one process, which knows its own votes."""
BESIDE_OTHERS = 2.0
"""Where several processes serve: another one may have written a vote."""
MOST_HANDS = 10_000
"""Kept in a process at the most, for some 30 MB; the one asked for longest ago goes first."""


@dataclass(frozen=True, slots=True)
class _Hand:
    votes: Mapping[int, int]
    read_at: float


_hands: OrderedDict[tuple[int, str], _Hand] = OrderedDict()
_guard = threading.Lock()


def votes_of(participant: Participant | None) -> dict[int, int]:
    """The last vote on each statement, as the database has it."""
    if participant is None:
        return {}
    return dict(participant.votes.order_by("pk").values_list("statement", "value"))


def votes(conversation: int, digest: str) -> Mapping[int, int]:
    """The last vote on each statement of who holds this digest; what this process has recorded is there."""
    if readers.is_private():
        return _fetch(conversation, digest)
    key = (conversation, digest)
    known, asked_at = _hands.get(key), monotonic()
    if known and asked_at - known.read_at < KEPT_FOR.get(connection.vendor, BESIDE_OTHERS):
        return known.votes
    found: Mapping[int, int] = readers.read(lambda: _fetch(conversation, digest))
    with _guard:
        meanwhile = _hands.get(key)
        if meanwhile and meanwhile is not known:  # a vote was recorded while we read
            found = {**found, **meanwhile.votes}
        _put(key, _Hand(found, asked_at))
    return found


def play(ballot: Ballot) -> None:
    """Add a vote that was recorded."""
    key = (ballot.conversation, ballot.digest)
    with _guard:
        known = _hands.get(key, _Hand({}, float("-inf")))
        _put(key, _Hand({**known.votes, ballot.statement: ballot.value}, known.read_at))


def _put(key: tuple[int, str], hand: _Hand) -> None:
    _hands[key] = hand
    _hands.move_to_end(key)
    while len(_hands) > MOST_HANDS:
        _hands.popitem(last=False)


def _fetch(conversation: int, digest: str) -> dict[int, int]:
    rows = Vote.objects.filter(participant__conversation=conversation, participant__digest=digest)
    return dict(rows.order_by("pk").values_list("statement", "value"))


def forget() -> None:
    """Keep no hand any more."""
    with _guard:
        _hands.clear()
