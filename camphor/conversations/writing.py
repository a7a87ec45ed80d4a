"""The work of the writer: all ballots that wait are written in one transaction, and all who wait are told.

A vote is acknowledged when the transaction that holds it is on disk, and never before. One commit serves all
who came while the last one was under way, so that a disk which commits a thousand times a second writes many
thousand votes.
"""

from __future__ import annotations

import logging
import selectors
from collections import defaultdict
from collections.abc import Callable, Sequence
from time import monotonic
from typing import NamedTuple

from django.db import DatabaseError, connection

from camphor.conversations.ballots import Ballot, Outcome, record
from camphor.conversations.lines import Ended, Entrance, Line, Words, message
from camphor.conversations.readers import CUT_OFF

MOST_IN_BATCH = 128
"""Ballots in a transaction at the most: a long one would hold up other processes and the close."""

log = logging.getLogger(__name__)

Record = Callable[[Sequence[Ballot]], list[Outcome]]


class _Asked(NamedTuple):
    """A ballot that has come over a line, and is not to be written after that moment."""

    line: Line
    until: float
    ballot: Ballot


def serve(entrance: Entrance, record: Record = record) -> None:
    """Write batch after batch, until nobody is left who could send one; what was sent before is written."""
    lines = selectors.DefaultSelector()
    lines.register(entrance, selectors.EVENT_READ)
    try:
        ending = False
        while (ready := lines.select(0 if ending else None)) or not ending:
            waiting: list[_Asked] = []
            for key, _events in ready:
                try:
                    if isinstance(key.fileobj, Line):
                        waiting += _taken(key.fileobj)
                    else:
                        for line in entrance.handed_in():
                            lines.register(line, selectors.EVENT_READ)
                except Ended:
                    lines.unregister(key.fileobj)
                    ending = ending or key.fileobj is entrance
            for place in range(0, len(waiting), MOST_IN_BATCH):
                _serve(waiting[place : place + MOST_IN_BATCH], record)
    finally:
        _leave(lines)


def _leave(lines: selectors.BaseSelector) -> None:
    """Let all who wait for something find their line ended."""
    left = [key.fileobj for key in lines.get_map().values()]
    lines.close()
    for line in left:
        if isinstance(line, Line):
            line.close()


def _taken(line: Line) -> list[_Asked]:
    """What has come over the line. Raises Ended where its other end is gone."""
    return [_Asked(line, until, Ballot(*ballot)) for asked in line.messages() for until, *ballot in asked]


def _serve(batch: Sequence[_Asked], record: Record) -> None:
    """Write what somebody still waits for, and tell what became of each, over each line in its order."""
    told: dict[Line, Words] = defaultdict(list)
    for asked, outcome in zip(batch, written(batch, record), strict=True):
        told[asked.line].append(outcome.value if outcome else None)
    for line, words in told.items():
        try:
            line.send(message(words))
        except Ended:
            line.give_up()  # who asked is gone, or takes nothing any more; a key counts once


def written(batch: Sequence[_Asked], record: Record) -> list[Outcome | None]:
    """What became of each ballot, and is on disk; nothing where it could not be written in time."""
    now = monotonic()
    wanted = [asked for asked in batch if asked.until > now]
    if not wanted:
        return [None] * len(batch)
    outcomes: list[Outcome | None]
    try:
        outcomes = [*_twice([asked.ballot for asked in wanted], record)]
    except CUT_OFF as error:  # of the database, not of a ballot
        log.error("%d votes could not be written: %s", len(wanted), error)
        outcomes = [None] * len(wanted)
    except Exception as error:
        outcomes = _one_by_one(wanted, record, error)
    in_order = iter(outcomes)
    return [next(in_order) if asked.until > now else None for asked in batch]


def _twice(ballots: Sequence[Ballot], record: Record) -> list[Outcome]:
    """Once more over a fresh connection, since the old one may have ended; a key counts once."""
    try:
        return record(ballots)
    except CUT_OFF:
        connection.close()
    try:
        return record(ballots)
    except DatabaseError:
        connection.close()
        raise


def _one_by_one(wanted: Sequence[_Asked], record: Record, error: Exception) -> list[Outcome | None]:
    """Where one ballot spoils the transaction, its neighbours are written without it, while there is time."""
    log.warning("a batch of %d votes was refused (%s) and is written one by one", len(wanted), error)
    outcomes: list[Outcome | None] = []
    for asked in wanted:
        try:
            outcomes += _twice([asked.ballot], record) if asked.until > monotonic() else [None]
        except CUT_OFF as away:
            log.error("%d votes could not be written: %s", len(wanted) - len(outcomes), away)
            return outcomes + [None] * (len(wanted) - len(outcomes))
        except Exception:
            log.exception("a vote could not be written")
            outcomes.append(None)
    return outcomes
