"""Who passes on what: a logistic model with a term for each participant and each statement.

logit P(i passes on j) = r_i + s_j, with r_i ~ N(0, 1) and s_j ~ N(mean, 1): some people pass on much, some
statements are hard. It is fitted by Newton steps, of statements and participants in turn.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from camphor.engine.opinion.votes import Floats, Votes

STEPS = 5
"""Rounds of Newton steps; the rates then move by less than 0.001."""
LONGEST_STEP = 1.5
"""A Newton step from far away is cut to this, in logits, so that it cannot run off."""


def chance_of_passing(votes: Votes) -> Floats:
    """The probability that each participant passes on each statement, shape (n, m)."""
    rows, passed = votes.rows, (votes.values == 0).astype(float)
    share = (float(passed.sum()) + 0.5) / (len(passed) + 5.0)
    middle = float(np.log(share / (1 - share)))
    reluctant, hard = np.zeros(len(votes.participants)), np.full(len(votes.statements), middle)
    for _round in range(STEPS):
        likely = _logistic(reluctant[rows] + hard[votes.columns])
        hard = _stepped(hard, middle, likely, passed, votes.columns)
        likely = _logistic(reluctant[rows] + hard[votes.columns])
        reluctant = _stepped(reluctant, 0.0, likely, passed, rows)
    return _logistic(reluctant[:, None] + hard[None, :])


def _logistic(value: Floats) -> Floats:
    result: Floats = 1 / (1 + np.exp(-value))
    return result


def _stepped(value: Floats, prior: float, likely: Floats, passed: Floats, index: NDArray[np.int32]) -> Floats:
    """One Newton step of each value, under N(prior, 1)."""
    slope = np.bincount(index, weights=passed - likely, minlength=len(value)) - (value - prior)
    curve = np.bincount(index, weights=likely * (1 - likely), minlength=len(value)) + 1
    result: Floats = value + np.clip(slope / curve, -LONGEST_STEP, LONGEST_STEP)
    return result
