"""Decks: conversations kept in memory with the statements that are voted on, from which cards are dealt.

A deck may be a moment old and is thrown away without harm: the database decides whether a vote counts.
Whoever has a transaction of his own reads what is in it, and keeps nothing.
"""

from __future__ import annotations

import json
import threading
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import accumulate
from time import monotonic

from django.utils import timezone

from camphor.conversations import hands, readers, snapshots
from camphor.conversations.models import Conversation
from camphor.engine.opinion import Routing
from camphor.kit.chance import fraction
from camphor.people.actor import NOBODY

KEPT_FOR = 1.0
"""Seconds until a deck is read again: so long a statement that was taken down may still be dealt."""
STALE = 5.0
"""Seconds after which nobody is dealt from an old deck while another request reads the new one."""
COUNTED_FOR = 10.0
"""Seconds until people are counted again, which looks at each participant."""
MOST_DECKS = 64
"""Kept in a process at the most, the one asked for longest ago goes first."""
MOST_CHANCES = 4_000
"""Draws worked out for the same votes, above all the first card, which is dealt to many; some 10 MB."""


@dataclass(frozen=True)
class Card:
    """A statement as it is dealt."""

    pk: int
    text: str
    seed: bool

    @cached_property
    def in_json(self) -> str:
        """As a program gets it."""
        return json.dumps({"id": self.pk, "text": self.text, "seed": self.seed}, ensure_ascii=False)


Chances = dict[tuple[tuple[int, int], ...], tuple[list[int], list[float]]]
"""By the votes: the statements left, and the sums of their chances up to each of them."""


@dataclass(frozen=True, eq=False)
class Deck:
    """A conversation with the statements that are voted on, and what the newest map knows of them."""

    conversation: Conversation
    cards: dict[int, Card]
    map: int | None
    routing: Routing
    people: int
    counted_at: float
    read_at: float
    chances: Chances = field(default_factory=dict)

    def is_open(self, at: datetime) -> bool:
        return self.conversation.is_open(at)

    def answered(self, votes: Mapping[int, int]) -> int:
        """How many of its cards these votes answer."""
        return len(self.cards.keys() & votes.keys())

    def deal(self, votes: Mapping[int, int]) -> Card | None:
        """Draw the next card for who cast these votes, by what a vote would tell; none where all are done."""
        left, reached = self._chances(votes)
        if not left:
            return None
        place = bisect_right(reached, fraction() * reached[-1])  # nobody can tell which card comes next
        return self.cards[left[min(place, len(left) - 1)]]

    def _chances(self, votes: Mapping[int, int]) -> tuple[list[int], list[float]]:
        told = tuple(sorted(votes.items()))
        if known := self.chances.get(told):
            return known
        left, chance = self.routing.chances(votes, candidates=self.cards)
        if len(self.chances) >= MOST_CHANCES:
            self.chances.clear()
        self.chances[told] = fresh = left.tolist(), list(accumulate(chance.tolist()))
        return fresh


_decks: OrderedDict[int, Deck] = OrderedDict()
_reading: dict[int, threading.Lock] = {}
_guard = threading.Lock()


def public(pk: int) -> Deck | None:
    """The deck of a conversation that everybody may see; none where there is no such conversation."""
    if readers.is_private():
        return _fetch(pk, None)
    known, now = _decks.get(pk), monotonic()
    if known and now - known.read_at < KEPT_FOR:
        return known
    with _guard:
        lock = _reading.setdefault(pk, threading.Lock())
    if known and now - known.read_at < STALE:
        if not lock.acquire(blocking=False):
            return known  # somebody reads the new one already
    else:
        readers.need_thread()
        lock.acquire()
    try:
        return _renewed(pk)
    finally:
        lock.release()


def kept(pk: int) -> Deck | None:
    """The deck as it was last read, without asking the database."""
    return _decks.get(pk)


def _renewed(pk: int) -> Deck | None:
    before = _decks.get(pk)
    if before and monotonic() - before.read_at < KEPT_FOR:
        return before  # read while we waited
    deck = readers.read(lambda: _caught_up(pk, before))
    with _guard:
        if deck is None:
            _decks.pop(pk, None)
            _reading.pop(pk, None)
            hands.leave(pk)
            return None
        _decks[pk] = deck
        _decks.move_to_end(pk)
        while len(_decks) > MOST_DECKS:
            oldest, _deck = _decks.popitem(last=False)
            _reading.pop(oldest, None)
            hands.leave(oldest)
    return deck


def _caught_up(pk: int, before: Deck | None) -> Deck | None:
    """The deck, and the hands of those to whom it is dealt."""
    deck = _fetch(pk, before)
    if deck is not None:
        hands.catch_up(pk)
    return deck


def _fetch(pk: int, before: Deck | None) -> Deck | None:
    seen = Conversation.objects.visible_to(NOBODY, on=timezone.localdate())
    conversation = seen.filter(pk=pk).first()
    return read(conversation, before=before) if conversation else None


def read(conversation: Conversation, *, before: Deck | None = None) -> Deck:
    """The deck as the database has it, whoever may see it; what has not changed is taken from before."""
    now = monotonic()
    shown = conversation.statements.shown().values_list("pk", "text", "seed")
    cards = {pk: Card(pk, text, seed) for pk, text, seed in shown}
    newest = snapshots.newest(conversation)
    drawn = newest.pk if newest else None
    same_map = before is not None and before.map == drawn
    if before and same_map:
        routing = before.routing
    else:
        known = newest.map.memory.get("routing") if newest else None
        routing = Routing.from_json(known) if known else Routing.without_map()
    counted = before is not None and now - before.counted_at < COUNTED_FOR
    return Deck(
        conversation=conversation,
        cards=cards,
        map=drawn,
        routing=routing,
        people=before.people if before and counted else conversation.participants.voted().count(),
        counted_at=before.counted_at if before and counted else now,
        read_at=now,
        chances=before.chances if before and same_map and before.cards.keys() == cards.keys() else {},
    )


def forget() -> None:
    """Keep no deck any more."""
    with _guard:
        _decks.clear()
        _reading.clear()
