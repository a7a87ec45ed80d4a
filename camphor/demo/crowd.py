"""Voters whose camps are known: what the map of the demo should find."""

from __future__ import annotations

from datetime import datetime
from random import Random

from camphor.conversations.ballots import Ballot, record
from camphor.conversations.models import Conversation
from camphor.people.actor import digest

VOTED = 0.85
"""Share of statements that somebody votes on before he stops."""
SURE, UNSURE = 0.86, 0.14
"""How likely a member of a camp is to agree with what it stands for, and with what it is against."""


def vote(conversation: Conversation, people: int, *, camps: str, at: datetime, seed: int) -> None:
    """Let so many people vote, in two camps; `camps` tells for each statement which of them agrees."""
    rng = Random(seed)  # noqa: S311 - a demo that is the same each time
    statements = list(conversation.statements.shown().order_by("number"))
    ballots: list[Ballot] = []
    for one in range(people):
        camp = "A" if rng.random() < 0.62 else "B"
        voter = digest(f"{seed}:{one}", of="crowd")
        for place, (statement, stance) in enumerate(zip(statements, camps, strict=True)):
            if rng.random() > VOTED:
                continue
            agrees = 0.5 if stance == "?" else SURE if stance in ("=", camp) else UNSURE
            roll = rng.random()
            value = 1 if roll < agrees else 0 if roll > 0.95 else -1
            ballots.append(Ballot(conversation.pk, voter, statement.pk, value, f"{place}"))
    record(ballots, at=at)
