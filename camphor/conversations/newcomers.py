"""Who votes first becomes a participant; who is one already is remembered by the process."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from camphor.conversations.composed import Adding
from camphor.conversations.models import Participant

MOST_REMEMBERED = 20_000
"""Participants whose row a process remembers, in some 8 MB; when there are more it starts anew."""

Who = tuple[int, str]
"""A conversation and the digest that stands for somebody in it."""

_remembered: dict[Who, int] = {}
_guard = threading.Lock()
_PARTICIPANTS = Adding(
    Participant, ("conversation", "digest", "since"), returning=("conversation", "digest", "id")
)


@dataclass(frozen=True)
class Known:
    """What may be taken from memory: nothing in a transaction that others do not see."""

    private: bool

    def rows(self, wanted: set[Who]) -> dict[Who, int]:
        if self.private:
            return {}
        return {who: _remembered[who] for who in wanted if who in _remembered}

    def keep(self, people: Mapping[Who, int]) -> None:
        """Remember rows that are committed; they never change."""
        if self.private:
            return
        with _guard:
            if len(_remembered) + len(people) > MOST_REMEMBERED:
                _remembered.clear()
            _remembered.update(people)


def join(wanted: set[Who], *, since: Mapping[int, datetime], known: Known) -> tuple[dict[Who, int], set[Who]]:
    """The participants by conversation and digest, entered where they are new, and those who are.

    Two at once make one.
    """
    people, new = known.rows(wanted), {}
    if unknown := sorted(wanted - people.keys()):
        rows = [(pk, digest, since[pk]) for pk, digest in unknown]
        new = {(pk, digest): own for pk, digest, own in _PARTICIPANTS.added(rows)}
        people |= new
    if there := wanted - people.keys():  # they were new to this process only
        people |= _there(there)
    return people, set(new)


def _there(wanted: set[Who]) -> dict[Who, int]:
    rows = Participant.objects.filter(
        conversation__in={pk for pk, _digest in wanted}, digest__in={digest for _pk, digest in wanted}
    )
    found = {(pk, digest): own for pk, digest, own in rows.values_list("conversation", "digest", "pk")}
    return {who: found[who] for who in wanted if who in found}


def forget() -> None:
    """Remember nobody any more."""
    with _guard:
        _remembered.clear()
