"""Which coalitions a list passes over: justified representation, checked and measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from camphor.engine.opinion.picks.ballots import TIE, Ballots, checked_places, number_agreed
from camphor.engine.opinion.votes import Ints


@dataclass(frozen=True)
class Coalition:
    """Participants who agree with one statement that is not in the list, and with fewer than `level` in it.

    share: of all participants. quotas: its size in units of n/k, the number of participants who can claim
    one place. It is passed over where it has at least as many quotas as its level.
    """

    statement: int
    level: int
    share: float
    quotas: float

    @property
    def passed_over(self) -> bool:
        return self.quotas >= self.level * (1 - TIE)


@dataclass(frozen=True)
class Justification:
    """How well a list stands up to coalitions.

    largest: the largest coalition that agrees with a statement while none of its members agrees with one in
    the list; its quotas are the deficit of justified representation. worst: the coalition of any level with
    the most quotas for its level. passed_over: for each statement left out that violates EJR+ its worst
    coalition, worst first.
    """

    largest: Coalition | None
    worst: Coalition | None
    passed_over: tuple[Coalition, ...]

    @property
    def deficit(self) -> float:
        """The quotas of the largest coalition without any agreement in the list; below 1 it is justified."""
        return self.largest.quotas if self.largest else 0.0

    @property
    def is_jr(self) -> bool:
        """Justified representation (Aziz et al. 2017)."""
        return self.largest is None or not self.largest.passed_over

    @property
    def is_ejr_plus(self) -> bool:
        """Extended justified representation, the verifiable form (Brill and Peters 2023); implies EJR."""
        return not self.passed_over


def justification(ballots: Ballots, chosen: Sequence[int] | Ints, k: int) -> Justification:
    """Check the list against every coalition, in polynomial time.

    JR fails where a coalition of n/k agrees with a statement and none of its members with any in the list;
    EJR+ where, for some l, a coalition of l n/k agrees with a statement that is not in the list and all of
    its members with fewer than l in the list. For each statement and level the largest such coalition is
    all supporters with fewer than l, so m times at most |list| + 1 sums decide (Brill and Peters 2023,
    proposition 3). With probabilities the sizes are expectations, Σ_i w_i p_ij P(X_i < l). Ties: the first
    statement, the lowest level. Raises ValueError for k below 1 or a list that is not of these statements.
    """
    checked_places(k)
    places: Ints = np.asarray(chosen, np.int64)
    everything = np.arange(ballots.shape[1])
    if len(np.unique(places)) < len(places) or not np.isin(places, everything).all():
        raise ValueError("the list names each statement at most once, and only statements that there are")
    out: Ints = np.setdiff1d(everything, places)
    if not len(out) or not ballots.total:
        return Justification(None, None, ())
    fewer = np.cumsum(number_agreed(ballots.agree[:, places]), axis=1)[:, :k]
    size = ballots.agree.T[out] @ (fewer * (ballots.weights / ballots.total)[:, None])
    claim = size * k / np.arange(1, size.shape[1] + 1)
    best = np.array([_first_of_the_most(row) for row in claim])

    def coalition(row: int, column: int) -> Coalition:
        share = float(size[row, column])
        return Coalition(int(out[row]), column + 1, share, share * k)

    worst = _first_of_the_most(claim[np.arange(len(out)), best])
    every = [coalition(row, int(best[row])) for row in range(len(out))]
    against = sorted((one for one in every if one.passed_over), key=lambda one: -one.quotas / one.level)
    return Justification(coalition(_first_of_the_most(size[:, 0]), 0), every[worst], tuple(against))


def _first_of_the_most(row: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> int:
    return int(np.flatnonzero(row >= row.max() * (1 - TIE))[0])
