"""Who passes on what: a logistic model with a term for each participant and each statement.

logit P(i passes on j) = r_i + s_j, with r_i ~ N(0, 1) and s_j ~ N(mean, 1): some people pass on much, some
statements are hard. It is fitted by Newton steps, of statements and participants in turn.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from camphor.engine.opinion.votes import Floats, Ints, Votes

STEPS = 3
"""Rounds of Newton steps; the rates of a statement are then within 0.004, most chances within 0.002."""
LONGEST_STEP = 1.5
"""A Newton step from far away is cut to this, in logits, so that it cannot run off."""


def chance_of_passing(votes: Votes) -> Floats:
    """The probability that each participant passes on each statement, shape (n, m)."""
    n, m = votes.shape
    rows, columns = votes.rows.astype(np.intp), votes.columns.astype(np.intp)  # as they are counted by
    passed = votes.values == 0
    share = (float(passed.sum()) + 0.5) / (len(passed) + 5.0)
    middle = float(np.log(share / (1 - share)))
    by_row, by_column = np.bincount(rows[passed], minlength=n), np.bincount(columns[passed], minlength=m)
    reluctant = np.log((by_row + 1) / (votes.cast * share + 1))
    hard = middle + np.log((by_column + 1) / (np.bincount(columns, minlength=m) * share + 1))
    for _round in range(STEPS):
        likely = _likely(np.exp(reluctant)[rows], np.exp(hard)[columns])
        hard = _stepped(hard, middle, by_column, likely, columns)
        likely = _likely(np.exp(reluctant)[rows], np.exp(hard)[columns])
        reluctant = _stepped(reluctant, 0.0, by_row, likely, rows)
        # votes tell of sums of the two alone; how these are shared out, the priors do
        shift = (float((hard - middle).sum()) - float(reluctant.sum())) / (n + m)
        reluctant, hard = reluctant + shift, hard - shift
    return _likely(np.exp(reluctant)[:, None], np.exp(hard))


def _likely(one: Floats, other: Floats) -> Floats:
    """The probability at these odds, of a participant times of a statement."""
    odds = one * other
    odds /= odds + 1
    return odds


def _stepped(value: Floats, prior: float, passed: Ints, likely: Floats, index: NDArray[np.intp]) -> Floats:
    """One Newton step of each value, under N(prior, 1); passed: how often each did."""
    expected = np.bincount(index, weights=likely, minlength=len(value))
    likely *= likely
    slope = passed - expected - (value - prior)
    curve = expected - np.bincount(index, weights=likely, minlength=len(value)) + 1
    result: Floats = value + np.clip(slope / curve, -LONGEST_STEP, LONGEST_STEP)
    return result
