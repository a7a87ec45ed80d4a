"""Which statement a participant sees next."""

from __future__ import annotations

from datetime import datetime
from random import Random

from camphor.conversations import snapshots
from camphor.conversations.models import Conversation, Participant, Statement
from camphor.engine.opinion import Routing


def next_statement(
    conversation: Conversation, participant: Participant | None, *, rng: Random
) -> Statement | None:
    """The statement whose vote would tell most, among those this participant has not voted on."""
    shown = {statement.pk: statement for statement in conversation.statements.shown()}
    chosen = _routing(conversation).choose(votes_of(participant), candidates=shown, rng=rng)
    return shown[chosen] if chosen is not None else None


def _routing(conversation: Conversation) -> Routing:
    """What the newest map knows of each statement; before there is one, all are alike."""
    newest = snapshots.newest(conversation)
    known = newest.map.memory.get("routing") if newest else None
    return Routing.from_json(known) if known else Routing.without_map()


def votes_of(participant: Participant | None) -> dict[int, int]:
    """The last vote on each statement."""
    if participant is None:
        return {}
    return dict(participant.votes.order_by("pk").values_list("statement", "value"))


def voted_on(participant: Participant | None) -> set[int]:
    return set(votes_of(participant))


def seeded(participant: Participant | None, at: datetime) -> Random:
    """A draw that differs from card to card."""
    return Random(f"{participant.pk if participant else 0}:{at.timestamp()}")  # noqa: S311 - not a secret
