"""Hands: the votes of those who are voting now, kept in memory so that their next card needs no database.

Where several processes serve, each reads once a second what was recorded since, by itself and by the others,
and plays it into the hands that it keeps. The votes of a conversation are numbered in the order of their
commits, so that nothing comes after with a lower number.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from time import monotonic
from typing import Any

from django.db import connection
from django.db.models import Max

from camphor.conversations import readers
from camphor.conversations.ballots import Ballot
from camphor.conversations.composed import Asking
from camphor.conversations.models import Participant, Vote

ALONE = 60.0
"""Seconds until somebody's votes are read again on SQLite: one process serves, which knows its own votes."""
BESIDE_OTHERS = 5.0
"""Seconds for which a hand does without what others recorded: so long an old deck is dealt from as well."""
LOST = 60.0
"""Seconds after which what was recorded since is not read any more, and the hands are read anew."""
MOST_SINCE = 20_000
"""Votes that are read at once; where there are more, the hands are read anew as well."""
MOST_HANDS = 10_000
"""Kept in a process at the most, for some 30 MB; the one asked for longest ago goes first."""


@dataclass(eq=False, slots=True)
class _Followed:
    """How far the votes of a conversation were read, when, and how often."""

    last: int
    read_at: float
    times: int = 0


@dataclass(eq=False, slots=True)
class _Hand:
    """Somebody's votes, which are replaced and never changed, since others may be reading them."""

    votes: Mapping[int, int]
    read_at: float
    followed: _Followed | None = None  # by which it is kept up to date

    def is_good(self, followed: _Followed | None, at: float) -> bool:
        """It is as new as anybody needs it."""
        if followed is None:
            return at - self.read_at < (ALONE if _is_alone() else 0)
        return self.followed is followed and at - followed.read_at < BESIDE_OTHERS


_hands: OrderedDict[tuple[int, str], _Hand] = OrderedDict()
_followed: dict[int, _Followed] = {}
_guard = threading.Lock()

_HAND = Asking(
    lambda conversation, digest: (
        Vote.objects.filter(participant__conversation=conversation, participant__digest=digest)
        .order_by("pk")
        .values_list("statement", "value")
    ),
    -1,
    "digest",
)
_SINCE = Asking(
    lambda conversation, last: (
        Vote.objects.filter(conversation=conversation, pk__gt=last)
        .order_by("pk")
        .values_list("pk", "participant__digest", "statement", "value")[:MOST_SINCE]
    ),
    -1,
    -2,
)


def votes_of(participant: Participant | None) -> dict[int, int]:
    """The last vote on each statement, as the database has it."""
    if participant is None:
        return {}
    return dict(participant.votes.order_by("pk").values_list("statement", "value"))


def votes(conversation: int, digest: str) -> Mapping[int, int]:
    """The last vote on each statement of who holds this digest; what this process has recorded is there."""
    if readers.is_private():
        return _fetch(conversation, digest)
    key, asked_at = (conversation, digest), monotonic()
    known, followed = _hands.get(key), _followed.get(conversation)
    if known and known.is_good(followed, asked_at):
        return known.votes
    before = known.votes if known else None
    times = followed.times if followed else 0
    found: Mapping[int, int] = readers.read(lambda: _fetch(conversation, digest))
    with _guard:
        meanwhile = _hands.get(key)
        if meanwhile and meanwhile.votes is not before:  # a vote was recorded while we read
            found = {**found, **meanwhile.votes}
        if followed is None or followed.times == times:  # else it lacks what was played into others
            _put(key, _Hand(found, asked_at, followed))
    return found


Moment = tuple[_Followed | None, int]
"""How far the votes of a conversation were read at some time, and how often."""


def moment(conversation: int) -> Moment:
    """This moment, as whoever sends a vote remembers it."""
    followed = _followed.get(conversation)
    return followed, followed.times if followed else 0


def play(ballot: Ballot, *, joined_after: Moment | None = None) -> None:
    """Add a vote that was recorded. `joined_after`: when it was sent, if it is the first of its participant.

    Then all of the hand is known, and need not be read.
    """
    key, hand = (ballot.conversation, ballot.digest), {ballot.statement: ballot.value}
    with _guard:
        if joined_after and key not in _hands and joined_after == moment(ballot.conversation):
            _put(key, _Hand(hand, monotonic(), joined_after[0]))
        else:  # what was played into others meanwhile may be lacking
            _play(key, ballot.statement, ballot.value)


def catch_up(conversation: int) -> None:
    """Play what was recorded since the last time; called by whoever renews the deck, which is each second."""
    if _is_alone():
        return
    begun, followed = monotonic(), _followed.get(conversation)
    rows: list[list[Any]] = []
    if followed and begun - followed.read_at < LOST:
        rows = _SINCE.rows(conversation, followed.last)
    if followed is None or begun - followed.read_at >= LOST or len(rows) == MOST_SINCE:
        _followed[conversation] = _Followed(_newest(conversation), begun)
        return
    with _guard:
        for _pk, digest, statement, value in rows:
            if (conversation, digest) in _hands:
                _play((conversation, digest), statement, value)
        followed.last, followed.read_at = rows[-1][0] if rows else followed.last, begun
        followed.times += 1


def leave(conversation: int) -> None:
    """Follow it no more: nobody deals from it."""
    _followed.pop(conversation, None)


@cache
def _is_alone() -> bool:
    return connection.vendor == "sqlite"


def _newest(conversation: int) -> int:
    return Vote.objects.filter(conversation=conversation).aggregate(pk=Max("pk"))["pk"] or 0


def _play(key: tuple[int, str], statement: int, value: int) -> None:
    known = _hands.get(key)
    if known is None:
        _put(key, _Hand({statement: value}, float("-inf")))
        return
    if known.votes.get(statement) != value:
        known.votes = {**known.votes, statement: value}
    _hands.move_to_end(key)


def _put(key: tuple[int, str], hand: _Hand) -> None:
    _hands[key] = hand
    _hands.move_to_end(key)
    while len(_hands) > MOST_HANDS:
        _hands.popitem(last=False)


def _fetch(conversation: int, digest: str) -> dict[int, int]:
    return {statement: value for statement, value in _HAND.rows(conversation, digest)}


def forget() -> None:
    """Keep no hand any more."""
    with _guard:
        _hands.clear()
        _followed.clear()
