"""Proportional approval voting: a statement counts less to those who have one in the list already.

The score of a list W is the sum over participants of 1 + 1/2 + … + 1/X, X the number of statements in W with
which he agrees (Thiele 1895); with probabilities it is the expectation of that sum.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from camphor.engine.opinion.picks.ballots import TIE, Ballots, checked_places
from camphor.engine.opinion.votes import Floats, Ints

LONGEST_LIST = 100
"""Nobody reads a longer one, and the quadrature below is checked up to it."""


def pav_score(ballots: Ballots, chosen: Sequence[int] | Ints) -> float:
    """The expected score of this list, in participants."""
    remaining = _Remaining(ballots, len(chosen))
    score = 0.0
    for statement in chosen:
        score += float(remaining.pull @ ballots.agree[:, statement])
        remaining.add(statement)
    return score


def sequential_pav(ballots: Ballots, k: int, first: Sequence[int] = ()) -> list[int]:
    """At most k statements, each the one that adds most to the score of those before it.

    first: statements that are in the list already. Equal gains go to the statement that comes first. The list
    is shorter than k where nobody agrees with what is left.

    Guarantees: its score is at least 1 - 1/e of the best (the score is monotone and submodular: Nemhauser,
    Wolsey and Fisher 1978). It satisfies justified representation for k <= 5, not always from 6 on
    (Sánchez-Fernández et al. 2017; Aziz et al. 2017 give a case for k = 10): see `pav`.

    Time: one product of a vector with the (n, m) matrix for each place. As gains only fall, fewer columns
    would do (Minoux 1978), but to gather them takes longer than the product. Raises ValueError for k below 1
    or a list of more than LONGEST_LIST.
    """
    places = _places(ballots, k)
    remaining = _Remaining(ballots, places)
    for statement in first:
        remaining.add(statement)
    chosen = list(first)
    while len(chosen) < places:
        gains = remaining.pull @ ballots.agree
        gains[chosen] = 0.0
        if not (best := gains.max()) > 0:
            break
        chosen.append(int(np.flatnonzero(gains >= best * (1 - TIE))[0]))
        remaining.add(chosen[-1])
    return chosen


def pav(ballots: Ballots, k: int) -> list[int]:
    """The sequential list, with statements exchanged as long as that adds at least n/k² to its score.

    Guarantee: the list satisfies EJR+, hence EJR and justified representation (Aziz et al. 2018 for such
    exchanges and EJR, Brill and Peters 2023 for EJR+). The proof needs one unchosen statement, with which a
    coalition of l n/k agrees whose members agree with fewer than l of the list: to add it brings at least
    n/k, and to take out the cheapest of the others then costs at most (n - n/k)/k, n/k² less. The same
    holds for probabilities, with the expected size of the coalition, where agreements are independent given
    the probabilities.

    At most k² (1 + ln k) exchanges, as the score is at most n (1 + ln k); in practice none or few.
    """
    chosen = sequential_pav(ballots, k)
    if len(chosen) < k:
        return chosen  # everything that anybody agrees with is in the list
    least = ballots.total / k**2
    exchanged = False
    while (swap := _best_swap(ballots, chosen, least)) is not None:
        place, statement = swap
        chosen[place] = statement
        exchanged = True
    if not exchanged:
        return chosen
    among = np.sort(np.array(chosen, np.int64))
    return [int(among[place]) for place in sequential_pav(ballots.of_statements(among), k)]


def _places(ballots: Ballots, k: int) -> int:
    places = min(checked_places(k), ballots.shape[1])
    if places > LONGEST_LIST:
        raise ValueError(f"a short list has at most {LONGEST_LIST} places, not {places}")
    return places


class _Remaining:
    """What one more agreement is worth to each participant: E 1/(1 + X), X the number he agrees with already.

    E 1/(1 + X) is the integral over t in (0, 1) of E t^X, the product over the list of 1 - p (1 - t): a
    polynomial in t of the degree of the list's length, which Gauss-Legendre quadrature integrates exactly.
    """

    def __init__(self, ballots: Ballots, places: int) -> None:
        node, share = np.polynomial.legendre.leggauss(places // 2 + 1)
        self.ballots, self.missed, self.share = ballots, (1 - node) / 2, share / 2
        self.product = np.ones((len(ballots.agree), len(node)))

    def add(self, statement: int) -> None:
        self.product *= self._factor(statement)

    def without(self, statement: int) -> Floats:
        """Weight times worth if this statement of the list were not in it, shape (n,)."""
        worth: Floats = self.ballots.weights * ((self.product / self._factor(statement)) @ self.share)
        return worth

    @property
    def pull(self) -> Floats:
        """Weight times worth, shape (n,): what a statement gains from each who agrees."""
        worth: Floats = self.ballots.weights * (self.product @ self.share)
        return worth

    def _factor(self, statement: int) -> Floats:
        factor: Floats = 1 - self.ballots.agree[:, statement, None] * self.missed
        return factor


def _best_swap(ballots: Ballots, chosen: list[int], least: float) -> tuple[int, int] | None:
    """The place in the list and the statement to put there that add most, where that is at least `least`."""
    remaining = _Remaining(ballots, len(chosen))
    for statement in chosen:
        remaining.add(statement)
    pulls = np.column_stack([remaining.without(statement) for statement in chosen])
    gains = ballots.agree.T @ pulls
    better = gains - gains[chosen, np.arange(len(chosen))]
    better[chosen] = -np.inf
    most = better.max()
    if most < least * (1 - TIE):
        return None
    statement, place = np.argwhere(better >= most - TIE * least)[0]
    return int(place), int(statement)
