"""Which statement a participant sees next."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from random import Random

import numpy as np

from camphor.conversations import snapshots
from camphor.conversations.models import Conversation, Participant, Statement, Vote
from camphor.engine.opinion import choose_statement, priorities


def next_statement(
    conversation: Conversation, participant: Participant | None, *, rng: Random
) -> Statement | None:
    """The statement whose vote would tell most, among those this participant has not voted on."""
    shown = {statement.pk: statement for statement in conversation.statements.shown()}
    voted = voted_on(participant)
    chosen = choose_statement(_weights(conversation, list(shown)), voted=voted, rng=rng)
    return shown[chosen] if chosen is not None else None


def voted_on(participant: Participant | None) -> set[int]:
    if participant is None:
        return set()
    return set(Vote.objects.filter(participant=participant).values_list("statement", flat=True))


def _weights(conversation: Conversation, shown: list[int]) -> dict[int, float]:
    """The priorities of the newest map; by the votes alone for a statement that is not on it."""
    newest = snapshots.newest(conversation)
    drawn = newest.map.priority() if newest else {}
    missing = [statement for statement in shown if statement not in drawn]
    if missing:
        drawn |= dict(zip(missing, _by_votes_alone(missing), strict=True))
    return {statement: drawn[statement] for statement in shown}


def _by_votes_alone(statements: list[int]) -> list[float]:
    cast: Counter[tuple[int, int]] = Counter(
        Vote.objects.filter(statement__in=statements).values_list("statement", "value")
    )
    agreed, passed, opposed = (
        np.array([float(cast[statement, value]) for statement in statements]) for value in (1, 0, -1)
    )
    flat = np.zeros(len(statements))
    weights: list[float] = priorities(agreed, passed, agreed + passed + opposed, flat).tolist()
    return weights


def seeded(participant: Participant | None, at: datetime) -> Random:
    """A draw that differs from card to card."""
    return Random(f"{participant.pk if participant else 0}:{at.timestamp()}")  # noqa: S311 - not a secret
