"""Conversations that were held elsewhere, loaded whole or not at all."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models, transaction

from camphor.bodies.models import Body
from camphor.conversations import actions
from camphor.conversations.models import Conversation, Participant, Statement, Vote
from camphor.engine.polis_export import PolisExport
from camphor.people.actor import Actor, digest

BATCH = 2000
"""Rows of one INSERT; SQLite takes at most 32,766 values in one."""
LONGEST_SOURCE = 200
"""Characters that the columns of the source take."""
M = TypeVar("M", bound=models.Model)


class AlreadyThere(Exception):
    """The same conversation was imported before."""


@dataclass(frozen=True)
class Loaded:
    """What was loaded."""

    conversation: Conversation
    statements: int
    rejected: int
    participants: int
    votes: int


@transaction.atomic
def load(
    export: PolisExport,
    *,
    body: Body,
    source: str,
    by: Actor,
    at: datetime,
    closed: bool = False,
    again: bool = False,
) -> Loaded:
    """Load a Polis export as a conversation of a body; all of it, or nothing.

    Rejected statements stay rejected. Statements that nobody had moderated were shown and voted on in
    Polis unless its strict moderation was on, which exports do not tell; so they count as admitted.
    """
    if not again and Conversation.objects.filter(source=source).exists():
        raise AlreadyThere(source)
    conversation = actions.prepare(
        title=export.title[:200], text=export.text, body=body, seeds=(), by=by, at=at, within=True
    )
    moments = [vote.at for vote in export.votes if vote.at]
    conversation.source, conversation.source_url = source[:LONGEST_SOURCE], _address(export.url)
    conversation.opens_at = min([*moments, at])
    conversation.save(update_fields=["source", "source_url", "opens_at"])
    people = _participants(export, conversation, at=at)
    statements = _statements(export, conversation, people, at=at)
    _votes(export, conversation, people, statements, at=at)
    actions.make(conversation, "open", by=by, at=at, within=True)
    if closed:
        actions.make(conversation, "close", by=by, at=at, within=True)
    rejected = sum(statement.state == "rejected" for statement in statements.values())
    return Loaded(conversation, len(statements), rejected, len(people), len(export.votes))


def _address(url: str) -> str:
    """The address where it was held; what is no plain web address is left out."""
    try:
        URLValidator(schemes=("http", "https"))(url)
    except ValidationError:
        return ""
    return url if len(url) <= LONGEST_SOURCE else ""


def _participants(export: PolisExport, conversation: Conversation, *, at: datetime) -> dict[int, Participant]:
    numbers = {vote.participant for vote in export.votes}
    numbers |= {statement.author for statement in export.statements if statement.author is not None}
    rows = [
        Participant(
            conversation=conversation,
            digest=digest(secrets.token_hex(16), of="import"),  # nobody holds a cookie for it
            number=number,
            since=at,
        )
        for number in sorted(numbers)
    ]
    Participant.objects.bulk_create(rows, batch_size=BATCH)
    return {row.number: row for row in rows if row.number is not None}


def _statements(
    export: PolisExport, conversation: Conversation, people: dict[int, Participant], *, at: datetime
) -> dict[int, Statement]:
    rows = [
        Statement(
            conversation=conversation,
            number=statement.id,
            text=statement.text,
            author=people[statement.author] if statement.author is not None else None,
            seed=statement.is_seed,
            state="rejected" if statement.moderation == -1 or statement.is_meta else "accepted",
            reason="imported" if statement.moderation == -1 or statement.is_meta else "",
            said_at=statement.at or at,
        )
        for statement in export.statements
    ]
    Statement.objects.bulk_create(rows, batch_size=BATCH)
    return {row.number: row for row in rows}


def _votes(
    export: PolisExport,
    conversation: Conversation,
    people: dict[int, Participant],
    statements: dict[int, Statement],
    *,
    at: datetime,
) -> None:
    rows = (
        Vote(
            conversation=conversation,
            participant=people[vote.participant],
            statement=statements[vote.statement],
            value=vote.value,
            at=vote.at or at,
        )
        for vote in export.votes
    )
    for batch in _batches(rows):
        Vote.objects.bulk_create(batch)


def _batches(rows: Iterator[M]) -> Iterator[list[M]]:
    while batch := list(islice(rows, BATCH)):
        yield batch
