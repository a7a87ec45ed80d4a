"""Which statement to show next."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from random import Random

import numpy as np

from camphor.engine.opinion.votes import Floats

NEW_BONUS = 8.0
"""A statement without votes comes up to nine times as often (squared: 81 times), as in Polis."""
BONUS_HALVES_IN = 5.0
"""Votes in which the bonus of a new statement halves, as in Polis."""


def priorities(agreed: Floats, passed: Floats, seen: Floats, extremity: Floats) -> Floats:
    """How much a vote on each statement would tell, shape (m,) (Polis, comment priority).

    ((1 - p)(1 + E) a (1 + 8 · 2^(-S/5)))², with a and p the smoothed rates of agreeing and passing, E the
    extremity, and S the votes so far: what many pass on is shown less, what is new is shown more.
    """
    agree, passing = (agreed + 1) / (seen + 2), (passed + 1) / (seen + 2)
    importance = (1 - passing) * (1 + extremity) * agree
    result: Floats = (importance * (1 + NEW_BONUS * 2 ** (-seen / BONUS_HALVES_IN))) ** 2
    return result


def choose_statement(priority: Mapping[int, float], *, voted: Collection[int], rng: Random) -> int | None:
    """Draw the next statement, each with a chance in proportion to its priority; None when all are done."""
    left = [(statement, weight) for statement, weight in priority.items() if statement not in voted]
    if not left:
        return None
    statements, weights = zip(*left, strict=True)
    chosen: int = rng.choices(statements, weights=np.maximum(weights, 1e-9).tolist())[0]
    return chosen
