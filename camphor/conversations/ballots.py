"""Ballots and their counting: the one place where a vote is checked and written, many at a time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import cache

from django.db import IntegrityError, connection, transaction
from django.db.models.constants import OnConflict
from django.db.models.functions import Now
from django.db.models.sql import InsertQuery

from camphor.conversations import newcomers
from camphor.conversations.models import Conversation, Statement, Vote
from camphor.rules.conversations import STATEMENT

KEY = re.compile(r"[0-9A-Za-z_-]{1,32}")
"""The shape of the key that a ballot bears; the page makes one of 32 hexadecimal digits."""


class Outcome(Enum):
    """What became of a ballot."""

    RECORDED = "recorded"  # on disk, now or by an earlier sending of the same ballot
    CLOSED = "closed"
    NOT_SHOWN = "not_shown"
    USED = "used"  # the same key was recorded with another statement or choice


@dataclass(frozen=True, slots=True)
class Ballot:
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
            people = newcomers.join(wanted, since=rules.open, known=known)
            rows = [_row(ballot, people, rules.open) for ballot in counting]
            written = iter(_write(rows))
    except IntegrityError:
        newcomers.forget()  # somebody may have been known who is there no more
        raise
    known.keep(people)
    return [outcome or next(written) for outcome in outcomes]


def _rules(ballots: Iterable[Ballot], at: datetime | None) -> _Rules:
    """The conversations that are open, locked until the end of the transaction, and their statements.

    While they are locked nobody closes them, and the votes of each are numbered in the order in which they
    are committed, whichever process writes them. They are locked in one order, so that no two wait for each
    other. The clock is read after the wait.
    """
    wanted = sorted({ballot.conversation for ballot in ballots})
    rows = Conversation.objects.filter(pk__in=wanted)
    if connection.features.has_select_for_update:  # elsewhere the whole transaction is the lock
        list(rows.order_by("pk").select_for_update(no_key=True).values_list("pk"))
    moments = [(row, at or vars(row)["now"]) for row in rows.order_by().annotate(now=Now())]
    is_open = {row.pk: moment for row, moment in moments if row.is_open(moment)}
    statements = Statement.objects.filter(
        pk__in={ballot.statement for ballot in ballots}, state__in=STATEMENT.public_states()
    )
    return _Rules(is_open, dict(statements.order_by().values_list("pk", "conversation")))


Row = tuple[int, int, int, int, datetime, str]
"""The columns of a vote, in the order of COLUMNS."""
COLUMNS = ("conversation", "participant", "statement", "value", "at", "key")


def _row(ballot: Ballot, people: Mapping[tuple[int, str], int], at: Mapping[int, datetime]) -> Row:
    pk = ballot.conversation
    return pk, people[pk, ballot.digest], ballot.statement, ballot.value, at[pk], ballot.key


def _write(rows: Sequence[Row]) -> list[Outcome]:
    """Write what is new; where not all was new, read back what is there, since only that is recorded."""
    if not rows or _insert(rows) == len(rows):
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


def _insert(rows: Sequence[Row]) -> int:
    """Add the rows whose key is new, in their order, and say how many they were.

    The same statement as `bulk_create(ignore_conflicts=True)`, which Django composes; here once for all
    batches, since to compose it anew takes ten times as long as to carry it out, and tells no number of rows.
    """
    sql, at_once = _statement(connection.vendor)
    with connection.cursor() as cursor:
        if at_once:
            cursor.execute(sql, [list(column) for column in zip(*rows, strict=True)])
        else:
            adapt = connection.ops.adapt_datetimefield_value
            cursor.executemany(sql, [(*row[:4], adapt(row[4]), row[5]) for row in rows])
        return int(cursor.rowcount)


@cache
def _statement(vendor: str) -> tuple[str, bool]:
    """The statement, and whether it takes all rows at once, a list for each column."""
    query = InsertQuery(Vote, on_conflict=OnConflict.IGNORE)
    by_name = {field.name: field for field in Vote._meta.concrete_fields}
    fields = [by_name[name] for name in COLUMNS]
    at_once = vendor == "postgresql"
    sample = Vote(conversation_id=0, participant_id=0, statement_id=0, value=0, at=datetime.now(UTC), key="")
    query.insert_values(fields, [sample] * (2 if at_once else 1))
    [(sql, _parameters)] = query.get_compiler(connection=connection).as_sql()
    return sql, at_once
