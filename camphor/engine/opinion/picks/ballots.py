"""Who agrees with what, as probabilities: what a proportional list is chosen from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from camphor.engine.opinion.votes import Floats, Votes

TIE = 1e-9
"""Two scores that differ by less, relatively, are equal: rounding stays below 1e-12, so that no order of
participants decides. With ten places gains are multiples of 1/2520 of a participant: up to 400,000 of them no
two different gains are that near."""


@dataclass(frozen=True, eq=False)
class Ballots:
    """How likely each participant agrees with each statement, and for how many he stands.

    agree: shape (n, m), in [0, 1]; 0 and 1 alone are approval ballots. weights: shape (n,), not negative.
    """

    agree: Floats
    weights: Floats

    @classmethod
    def of(cls, agree: ArrayLike, weights: ArrayLike | None = None) -> Ballots:
        """Check the numbers; without weights everybody counts once. Raises ValueError."""
        matrix = np.asarray(agree, np.float64)
        if matrix.ndim != 2:
            raise ValueError(f"approvals have a row for each participant, not the shape {matrix.shape}")
        if matrix.size and not (matrix.min() >= 0 and matrix.max() <= 1):  # of NaN neither holds
            raise ValueError("an approval is a probability between 0 and 1, and some are not")
        each = np.ones(len(matrix)) if weights is None else np.asarray(weights, np.float64)
        if each.shape != (len(matrix),):
            raise ValueError(f"{len(matrix)} participants have as many weights, not the shape {each.shape}")
        if not (np.isfinite(each) & (each >= 0)).all():
            raise ValueError("a weight is a finite number that is not negative")
        if len(each) and not each.sum() > 0:
            raise ValueError("all weights are zero: nobody is there to be represented")
        return cls(matrix, each)

    @property
    def shape(self) -> tuple[int, int]:
        return self.agree.shape[0], self.agree.shape[1]

    @cached_property
    def total(self) -> float:
        """For how many all participants stand together."""
        return float(self.weights.sum())

    def of_statements(self, chosen: NDArray[np.int64]) -> Ballots:
        """The same participants with these statements alone."""
        return Ballots(self.agree[:, chosen], self.weights)


def approvals_of(votes: Votes, completed: ArrayLike | None = None) -> Floats:
    """The approvals of exact votes, shape (n, m): 1 where agreed, 0 where disagreed or passed.

    completed: shape (n, m), the probabilities of agreement of a model, taken where a vote is missing.
    Without it a missing vote is no approval: every guarantee then speaks of agreements that were cast, and a
    statement that few have seen has little weight. Memory is 8 n m bytes: draw a sample first
    (`Votes.of_participants`) where many took part. Raises ValueError where shapes differ.
    """
    if completed is None:
        agree = np.zeros(votes.shape)
    else:
        agree = np.array(completed, np.float64)
        if agree.shape != votes.shape:
            raise ValueError(f"the completed votes have the shape {agree.shape}, the votes {votes.shape}")
    agree[votes.rows, votes.columns] = votes.values == 1
    return agree


def number_agreed(agree: Floats) -> Floats:
    """The distribution of the number of these statements that each participant agrees with.

    agree: shape (n, c). Returns shape (n, c + 1): the Poisson-binomial distribution, by convolution; the
    agreements of one participant are independent given his probabilities.
    """
    people, many = agree.shape
    likely = np.zeros((people, many + 1))
    likely[:, 0] = 1.0
    for place in range(many):
        yes = agree[:, place, None]
        likely[:, 1 : place + 2] = likely[:, 1 : place + 2] * (1 - yes) + likely[:, : place + 1] * yes
        likely[:, 0] *= 1 - yes[:, 0]
    return likely


def checked_places(k: int) -> int:
    """The number of statements asked for. Raises ValueError unless it is a positive whole number."""
    if isinstance(k, bool) or not isinstance(k, int | np.integer) or k < 1:
        raise ValueError(f"a list has at least one place, and {k!r} is no such number")
    return int(k)
