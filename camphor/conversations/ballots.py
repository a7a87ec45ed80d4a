"""Ballots and their counting: the one place where a vote is checked and written, many at a time."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import NamedTuple

from django.db import IntegrityError, connection, transaction
from django.db.models import Count
from django.db.models.functions import Now

from camphor.conversations import newcomers
from camphor.conversations.composed import Adding, Reading
from camphor.conversations.models import Conversation, Statement, Vote, counts

NEVER = datetime.max.replace(tzinfo=UTC)
"""What the clock says of conversations that do not exist."""
KEY = re.compile(r"[0-9A-Za-z_-]{1,32}")
"""The shape of the key that a ballot bears; the page makes one of 32 hexadecimal digits."""


class Outcome(Enum):
    """What became of a ballot."""

    RECORDED = "recorded"  # on disk, now or by an earlier sending of the same ballot
    JOINED = "joined"  # the same, as the first vote of its participant, who has no others
    CLOSED = "closed"
    NOT_SHOWN = "not_shown"
    USED = "used"  # the same key was recorded with another statement or choice

    @property
    def counts(self) -> bool:
        """The vote is on disk."""
        return self in (Outcome.RECORDED, Outcome.JOINED)


class Ballot(NamedTuple):
    """One vote as it was sent: by whom (the digest of a cookie), on what, how, and under which key."""

    conversation: int
    digest: str
    statement: int
    value: int
    key: str


@dataclass(frozen=True)
class _Rules:
    """What the database says in this moment of the conversations and statements of a batch."""

    open: dict[int, datetime]  # the moment of the vote, by conversation; closed ones are missing
    shown: dict[int, int]  # the conversation of each statement that is shown

    def refusal(self, ballot: Ballot) -> Outcome | None:
        if ballot.conversation not in self.open:
            return Outcome.CLOSED
        if self.shown.get(ballot.statement) != ballot.conversation:
            return Outcome.NOT_SHOWN
        return None


def record(ballots: Sequence[Ballot], *, at: datetime | None = None) -> list[Outcome]:
    """Write the ballots that count in one transaction, in their order, and say what became of each.

    They are on disk when this returns, unless the caller has a transaction of its own. A ballot that does not
    count leaves its neighbours alone. `at`: when the votes were cast; the database's clock without it.
    """
    known = newcomers.Known(private=connection.in_atomic_block)
    try:
        with transaction.atomic():
            rules = _rules(ballots, at)
            outcomes = [rules.refusal(ballot) for ballot in ballots]
            counting = [ballot for ballot, refused in zip(ballots, outcomes, strict=True) if refused is None]
            wanted = {(ballot.conversation, ballot.digest) for ballot in counting}
            people, new = newcomers.join(wanted, since=rules.open, known=known)
            rows = [_row(ballot, people, rules.open) for ballot in counting]
            written = iter(_first_of_all(counting, _write(rows), new))
            before = _recorded_before([ballot for ballot, no in zip(ballots, outcomes, strict=True) if no])
    except IntegrityError:
        newcomers.forget()  # somebody may have been known who is there no more
        raise
    known.keep(people)
    return [
        (Outcome.RECORDED if ballot in before else refused) if refused else next(written)
        for ballot, refused in zip(ballots, outcomes, strict=True)
    ]


_LOCKED = Reading(
    lambda wanted: (
        Conversation.objects.filter(wanted)
        .order_by("pk")
        .select_for_update(no_key=True)  # where there is no such thing the whole transaction is the lock
        .values_list("pk", "state", "opens_at", "closes_at")
    )
)
_NOW = Reading(lambda wanted: Conversation.objects.filter(wanted).order_by().values_list(Now()))
_SHOWN = Reading(
    lambda wanted: Statement.objects.filter(wanted).shown().order_by().values_list("pk", "conversation")
)
_HOW_MANY_SHOWN = Reading(
    lambda wanted: (
        Statement.objects.filter(wanted)
        .shown()
        .order_by()
        .values_list("conversation")
        .annotate(shown=Count("pk"))
        .annotate(now=Now())
    )
)


def _rules(ballots: Sequence[Ballot], at: datetime | None) -> _Rules:
    """The conversations that are open, locked until the end of the transaction, and their statements.

    While they are locked nobody closes them, and the votes of each are numbered in the order in which they
    are committed, whichever process writes them. They are locked in one order, so that no two wait for each
    other. The clock is read after the wait.
    """
    wanted = {ballot.conversation for ballot in ballots}
    locked = _LOCKED.rows(wanted)
    shown, now = _shown({ballot.statement for ballot in ballots}, wanted)
    is_open: dict[int, datetime] = {}
    for pk, state, opens_at, closes_at in locked:
        if counts(state, opens_at, closes_at, at or now):
            is_open[pk] = at or now
    return _Rules(is_open, shown)


def _shown(statements: set[int], conversations: set[int]) -> tuple[dict[int, int], datetime]:
    """The conversation of each statement that is shown, and the database's clock, in one question as a rule.

    Where all are shown in one conversation, as they mostly are, a count tells it.
    """
    if len(conversations) == 1:
        for conversation, number, now in _HOW_MANY_SHOWN.rows(statements):
            if {conversation} == conversations and number == len(statements):
                return dict.fromkeys(statements, conversation), now
    shown = {pk: conversation for pk, conversation in _SHOWN.rows(statements)}
    clock = [now for (now,) in _NOW.rows(conversations)]
    return shown, clock[0] if clock else NEVER


Row = tuple[int, int, int, int, datetime, str]
_VOTES = Adding(Vote, ("conversation", "participant", "statement", "value", "at", "key"))


def _recorded_before(refused: Sequence[Ballot]) -> set[Ballot]:
    """Of ballots that do not count any more, those that did when they were first sent, and got no answer."""
    if not refused:
        return set()
    found = Vote.objects.filter(
        participant__conversation__in={ballot.conversation for ballot in refused},
        participant__digest__in={ballot.digest for ballot in refused},
        key__in={ballot.key for ballot in refused},
    )
    columns = "conversation", "participant__digest", "statement", "value", "key"
    return {Ballot(*row) for row in found.values_list(*columns)}


def _first_of_all(
    ballots: Sequence[Ballot], outcomes: Sequence[Outcome], new: set[newcomers.Who]
) -> list[Outcome]:
    """Tell the first vote of each of those who have just become participants."""
    if not new:
        return [*outcomes]
    told: list[Outcome] = []
    left = set(new)
    for ballot, outcome in zip(ballots, outcomes, strict=True):
        who = ballot.conversation, ballot.digest
        joined = who in left and outcome is Outcome.RECORDED
        left.discard(who)
        told.append(Outcome.JOINED if joined else outcome)
    return told


def _row(ballot: Ballot, people: Mapping[tuple[int, str], int], at: Mapping[int, datetime]) -> Row:
    pk = ballot.conversation
    return pk, people[pk, ballot.digest], ballot.statement, ballot.value, at[pk], ballot.key


def _write(rows: Sequence[Row]) -> list[Outcome]:
    """Write what is new; where not all was new, read back what is there, since only that is recorded."""
    if not rows or _VOTES.add(rows) == len(rows):
        return [Outcome.RECORDED] * len(rows)
    found = {
        (participant, key): (statement, value)
        for participant, key, statement, value in Vote.objects.filter(
            participant__in={row[1] for row in rows}, key__in={row[5] for row in rows}
        ).values_list("participant", "key", "statement", "value")
    }
    if lost := [row for row in rows if (row[1], row[5]) not in found]:
        raise IntegrityError(f"{len(lost)} votes were passed over, and are not there")
    same = (found[row[1], row[5]] == (row[2], row[3]) for row in rows)
    return [Outcome.RECORDED if each else Outcome.USED for each in same]
