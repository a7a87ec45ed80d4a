"""Everything that writes to conversations, their statements and votes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from camphor.bodies.models import Body
from camphor.conversations.ballots import Ballot, Outcome, record
from camphor.conversations.models import Conversation, Participant, Statement
from camphor.people.actor import Actor
from camphor.trail import linking
from camphor.trail.models import Entry
from camphor.trail.moves import Door, Effect


class VotingClosed(Exception):
    """Votes do not count now."""


class NotShown(Exception):
    """The statement is not one that is voted on."""


class KeyUsed(Exception):
    """Another vote was recorded under this key."""


REFUSALS: dict[Outcome, type[Exception]] = {
    Outcome.CLOSED: VotingClosed,
    Outcome.NOT_SHOWN: NotShown,
    Outcome.USED: KeyUsed,
}


EFFECTS: dict[tuple[type, str], Effect] = {}
"""What moves bring about; entered below."""
make = Door(EFFECTS, lambda thing, name: (type(thing), name))


@transaction.atomic
def prepare(
    *,
    title: str,
    text: str,
    body: Body,
    seeds: Sequence[str],
    by: Actor,
    at: datetime,
    closes_at: datetime | None = None,
    within: bool = False,
) -> Conversation:
    """Prepare a conversation with its seed statements."""
    conversation = Conversation(title=title, text=text, body=body, opens_at=at, closes_at=closes_at)
    make(conversation, "prepare", by=by, at=at, within=within)
    for seed in seeds:
        statement = _new_statement(conversation, seed, at=at, seed=True)
        make(statement, "seed", by=by, at=at, within=within)
    return conversation


@transaction.atomic
def say(
    conversation: Conversation, text: str, *, participant: Participant, by: Actor, at: datetime
) -> Statement:
    """A participant writes a statement of his own; somebody reads it before it is shown."""
    if not conversation.is_open(at) or not conversation.statements_allowed:
        raise VotingClosed
    same = conversation.statements.filter(text=text, author=participant).first()
    if same:
        return same  # sent twice
    statement = _new_statement(conversation, text, at=at, author=participant)
    make(statement, "say", by=by, at=at)
    return statement


def _new_statement(conversation: Conversation, text: str, *, at: datetime, **more: Any) -> Statement:
    Conversation.objects.select_for_update().get(pk=conversation.pk)  # numbers are given one by one
    last = conversation.statements.aggregate(last=Max("number"))["last"]
    number = 1 if last is None else last + 1
    return Statement(conversation=conversation, number=number, text=text, said_at=at, **more)


def join(conversation: Conversation, digest: str, *, at: datetime) -> Participant:
    """The participant whom this cookie stands for; two requests at once make one participant."""
    participant, _new = Participant.objects.get_or_create(
        conversation=conversation, digest=digest, defaults={"since": at}
    )
    return participant


def vote(
    conversation: Conversation,
    *,
    participant: Participant,
    statement: Statement,
    value: int,
    key: str,
    at: datetime,
) -> None:
    """Record one vote as cast at that moment, here and now; votes of the public come by `writer.cast`."""
    ballot = Ballot(conversation.pk, participant.digest, statement.pk, value, key)
    [outcome] = record([ballot], at=at)
    if not outcome.counts:
        raise REFUSALS[outcome]


def _reject(
    statement: Statement, *, by: Actor, at: datetime, entry: Entry, statement_reason: str, remark: str = ""
) -> None:
    statement.reason, statement.remark = statement_reason, remark
    statement.save(update_fields=["reason", "remark"])


def _close(conversation: Conversation, *, by: Actor, at: datetime, entry: Entry) -> None:
    conversation.closes_at = at
    conversation.save(update_fields=["closes_at"])


def _open(conversation: Conversation, *, by: Actor, at: datetime, entry: Entry) -> None:
    if conversation.closes_at and conversation.closes_at <= at:
        conversation.closes_at = None
        conversation.save(update_fields=["closes_at"])


EFFECTS[(Statement, "reject")] = _reject
EFFECTS[(Conversation, "close")] = _close
EFFECTS[(Conversation, "open")] = _open
EFFECTS.update({(Conversation, name): effect for name, effect in linking.MOVES.items()})
