"""The votes in a database, held against the journals of those who cast them."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any, Protocol

from drills.outcome import Outcome
from drills.voters import Ballot, Voter

ROWS = "SELECT key, participant_id, statement_id, value FROM conversations_vote ORDER BY id"

Row = tuple[str, int, int, int]


class Voted(Protocol):
    """Those who voted, and the answers they got that were no acknowledgement."""

    voters: list[Voter]

    @property
    def refused(self) -> Counter[str]: ...


def query(address: str, sql: str) -> list[Any]:
    """Ask a database, after SQLite has looked whether its file is whole."""
    if not address.startswith("sqlite:///"):
        import psycopg

        with psycopg.connect(address) as connection:
            return connection.execute(sql.encode()).fetchall()
    file = sqlite3.connect(address.removeprefix("sqlite:///"), timeout=20)
    try:
        damage = file.execute("PRAGMA integrity_check").fetchone()[0]
        if damage != "ok":
            raise RuntimeError(f"the database is damaged: {damage}")
        return file.execute(sql).fetchall()
    finally:
        file.close()


def rows_of(address: str) -> list[Row]:
    """Every vote in the order in which it was written."""
    return query(address, ROWS)


def recount(outcome: Outcome, crowd: Voted, address: str) -> Outcome:
    """Count what was tried, acknowledged, found, lost and doubled; and that the last vote counts."""
    rows = rows_of(address)
    copies = Counter(row[0] for row in rows)
    journals = [voter.journal for voter in crowd.voters]
    ballots = [ballot for journal in journals for ballot in journal]
    acknowledged = [ballot for ballot in ballots if ballot.acknowledged_at is not None]
    sent = {ballot.key for ballot in ballots}
    outcome.tried += len(ballots)
    outcome.acknowledged += len(acknowledged)
    outcome.found += sum(ballot.key in copies for ballot in acknowledged)
    outcome.lost += sum(ballot.key not in copies for ballot in acknowledged)
    outcome.doubled += sum(count - 1 for count in copies.values())
    if strange := set(copies) - sent:
        outcome.faults.append(f"{len(strange)} votes that nobody cast")
    if wrong := _wrong_last(journals, rows):
        outcome.faults.append(f"{wrong} votes count that were not the last ones")
    extra = len(copies) - outcome.found
    outcome.notes.append(
        f"{extra} written and not yet acknowledged; answers other than an acknowledgement: "
        f"{dict(crowd.refused) or 'none'}"
    )
    return outcome


def _wrong_last(journals: Iterable[list[Ballot]], rows: list[Row]) -> int:
    """How often the vote that counts is neither the last acknowledged nor a later one without an answer."""
    counts: dict[str, dict[int, str]] = defaultdict(dict)
    owner = {key: str(participant) for key, participant, _statement, _value in rows}
    for key, participant, statement, _value in rows:
        counts[str(participant)][statement] = key
    wrong = 0
    for journal in journals:
        known = {owner[ballot.key] for ballot in journal if ballot.key in owner}
        if len(known) > 1:
            wrong += len(known) - 1  # one voter became two participants
        allowed: dict[int, set[str]] = {}
        for ballot in journal:
            if ballot.acknowledged_at is not None:
                allowed[ballot.statement] = {ballot.key}
            else:
                allowed.setdefault(ballot.statement, set()).add(ballot.key)
        mine = counts[next(iter(known))] if known else {}
        wrong += sum(mine[statement] not in keys for statement, keys in allowed.items() if statement in mine)
    return wrong
