"""The same groups and statements twice: as who came, and as weighted to the population."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from camphor.engine.opinion.representation.raking import LEAST_EFFECTIVE, effective_size
from camphor.engine.opinion.votes import Floats, Ints, Votes

LEVEL = 0.90
"""Of every interval; as elsewhere on the opinion map."""
EVERYBODY = -1
"""In place of the number of a group: all participants, placed in a group or not."""
TIE = 1e-9
"""A majority exceeds half by more than rounding."""


@dataclass(frozen=True, eq=False)
class Share:
    """Shares and their intervals, in arrays of one shape; one half between 0 and 1 where nobody was asked."""

    share: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, eq=False)
class Standing:
    """How groups and statements stand under one set of weights; g groups, m statements.

    size: shape (g,), of those placed in a group. effective: shape (g + 1,), the effective number of members;
    the last is everybody. agree, disagree: shape (g + 1, m), of those who voted on the statement, passes
    included. seen: shape (g + 1, m), their effective number.
    """

    size: Share
    effective: Floats
    agree: Share
    disagree: Share
    seen: Floats

    @property
    def majority(self) -> Ints:
        """1 where more than half agree, -1 where more than half disagree, else 0; shape (g + 1, m)."""
        agree, disagree = self.agree.share > 0.5 + TIE, self.disagree.share > 0.5 + TIE
        return agree.astype(np.int64) - disagree.astype(np.int64)


@dataclass(frozen=True)
class Turned:
    """A statement whose majority is another when weighted.

    group: its number, or EVERYBODY. came, weighted: 1 a majority agrees, -1 disagrees, 0 neither. firm: the
    whole interval, as weighted, is on the new side; otherwise say that it is open.
    """

    statement: int
    group: int
    came: int
    weighted: int
    firm: bool


@dataclass(frozen=True, eq=False)
class Comparison:
    """As who came, as weighted, and what that changes.

    turned: statements whose majority changes, those of everybody first, then by group and statement. small:
    groups whose effective size, as weighted, is below the floor; EVERYBODY among them if all are too few.
    """

    came: Standing
    weighted: Standing
    turned: tuple[Turned, ...]
    small: tuple[int, ...]


def compare(
    label: ArrayLike,
    weights: ArrayLike,
    votes: Votes,
    *,
    groups: int | None = None,
    level: float = LEVEL,
    least: float = LEAST_EFFECTIVE,
) -> Comparison:
    """The groups and the support of each statement, as who came and as weighted.

    label: shape (n,), the group of each participant of `votes`, 0 … groups - 1, or -1 for none. weights:
    shape (n,), as of `rake`; only their proportions matter.

    A share is Σ w over those who say so / Σ w over those asked; the effective number is Kish's (Σ w)²/Σ w² of
    those asked; the interval is of Beta(s n + 1/2, (1 - s) n + 1/2), n the effective number and s the share
    (Jeffreys; at 0 and 1 it reaches the end: Brown, Cai and DasGupta 2001; with effective counts: Korn and
    Graubard 1998). Time and memory are linear in the votes and in g m. Raises ValueError.
    """
    mine, many = _labels(label, len(votes.participants), groups)
    each = np.asarray(weights, np.float64)
    if each.shape != mine.shape or not (np.isfinite(each) & (each >= 0)).all():
        raise ValueError("every participant has a weight, a finite number that is not negative")
    if len(each) and not each.max() > 0:
        raise ValueError("all weights are zero")
    if not 0 < level < 1:
        raise ValueError(f"the level of an interval is between 0 and 1, not {level}")
    came = _standing(votes, mine, np.ones(len(mine)), many, level)
    weighted = _standing(votes, mine, each / each.max(initial=np.finfo(float).tiny), many, level)
    few = np.roll(weighted.effective < least, 1)
    small = tuple(EVERYBODY if not place else int(place) - 1 for place in np.flatnonzero(few))
    return Comparison(came, weighted, _turned(came, weighted), small)


def _labels(label: ArrayLike, people: int, groups: int | None) -> tuple[Ints, int]:
    mine = np.asarray(label)
    if mine.shape != (people,) or (people and mine.dtype.kind not in "iu"):
        raise ValueError(f"each of the {people} participants has the whole number of a group, or -1")
    many = int(mine.max(initial=-1)) + 1 if groups is None else groups
    if many < 0 or (people and not -1 <= mine.min() <= mine.max() < many):
        raise ValueError(f"groups are numbered from 0 to {many - 1}, and -1 is none")
    return mine.astype(np.int64), many


def _standing(votes: Votes, label: Ints, weights: Floats, groups: int, level: float) -> Standing:
    shape = (groups + 2, votes.shape[1])  # the groups, those in none, everybody
    row = np.where(label < 0, groups, label)
    place = row[votes.rows] * shape[1] + votes.columns
    weight = weights[votes.rows]

    def total(part: Floats) -> Floats:
        table = np.bincount(place, weights=part, minlength=shape[0] * shape[1]).reshape(shape)
        table[-1] = table.sum(axis=0)
        kept: Floats = np.delete(table, groups, axis=0)
        return kept

    asked, squares = total(weight), total(weight**2)
    seen = np.where(squares > 0, asked**2 / np.where(squares > 0, squares, 1.0), 0.0)
    agreed, disagreed = total(weight * (votes.values == 1)), total(weight * (votes.values == -1))
    size = np.bincount(label[label >= 0], weights=weights[label >= 0], minlength=groups).astype(float)
    placed = np.full(groups, effective_size(weights[label >= 0]))
    effective = [effective_size(weights[label == group]) for group in range(groups)]
    return Standing(
        _share(size, np.full(groups, size.sum()), placed, level),
        np.array([*effective, effective_size(weights)]),
        _share(agreed, asked, seen, level),
        _share(disagreed, asked, seen, level),
        seen,
    )


def _share(part: Floats, whole: Floats, effective: Floats, level: float) -> Share:
    from scipy.special import betaincinv

    share = np.where(whole > 0, np.minimum(part / np.where(whole > 0, whole, 1.0), 1.0), 0.5)
    yes, no = share * effective + 0.5, (1 - share) * effective + 0.5
    low, high = betaincinv(yes, no, (1 - level) / 2), betaincinv(yes, no, (1 + level) / 2)
    unasked = effective <= 0
    low = np.where(unasked | (share <= 0), 0.0, np.minimum(low, share))
    high = np.where(unasked | (share >= 1), 1.0, np.maximum(high, share))
    return Share(share, low, high)


def _turned(came: Standing, weighted: Standing) -> tuple[Turned, ...]:
    before, after = came.majority, weighted.majority
    neither = (weighted.agree.high < 0.5) & (weighted.disagree.high < 0.5)
    sure = np.where(
        after > 0, weighted.agree.low > 0.5, np.where(after < 0, weighted.disagree.low > 0.5, neither)
    )
    last = len(before) - 1
    found = [
        Turned(
            int(statement),
            EVERYBODY if row == last else int(row),
            int(before[row, statement]),
            int(after[row, statement]),
            bool(sure[row, statement]),
        )
        for row, statement in np.argwhere(before != after)
    ]
    return tuple(sorted(found, key=lambda one: (one.group, one.statement)))
