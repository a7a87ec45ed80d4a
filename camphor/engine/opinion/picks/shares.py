"""The method of equal shares: everybody has the same purse, and supporters buy statements together."""

from __future__ import annotations

import numpy as np

from camphor.engine.opinion.picks.ballots import TIE, Ballots, checked_places
from camphor.engine.opinion.picks.thiele import sequential_pav
from camphor.engine.opinion.votes import Bools, Floats, Ints

BLOCK = 16
"""Statements priced together: enough to keep the processor busy, few enough to price little in vain."""
STEPS = 200
"""Newton's steps for a price; each fixes one who pays all he has, and fewer than ten are usual."""


def equal_shares(ballots: Ballots, k: int) -> tuple[list[int], int]:
    """At most k statements, and how many of them were bought by equal shares (the first ones).

    A statement costs 1, everybody has k/n. In turn the statement is bought whose supporters pay the least for
    what they get: the smallest r with Σ_i w_i min(purse_i, r p_ij) = 1; each pays min(purse_i, r p_ij). For
    approval ballots this is Rule X (Peters and Skowron 2020), for probabilities the method for additive
    utilities (Peters, Pierczyński and Skowron 2021). Equal prices go to the statement that comes first. What
    the purses leave open is completed by sequential PAV, given what was bought.

    Guarantees: for approval ballots EJR+, hence EJR and justified representation, whatever the completion
    (Peters and Skowron 2020; Brill and Peters 2023), and the part that was bought is priceable; for
    probabilities EJR up to one statement, of expected agreements. Arithmetic is in doubles; prices within a
    relative 1e-9 are equal.
    """
    checked_places(k)
    purse = np.full(len(ballots.agree), k / ballots.total if ballots.total else 0.0)
    with np.errstate(divide="ignore"):
        prices = 1 / (ballots.weights @ ballots.agree)  # what it is where nobody's purse is too small
    chosen: list[int] = []
    while len(chosen) < min(k, ballots.shape[1]):
        statement = _cheapest(ballots, purse, prices)
        if statement < 0:
            break
        chosen.append(statement)
        purse -= np.minimum(purse, prices[statement] * ballots.agree[:, statement])
        purse[purse < TIE * k / ballots.total] = 0.0
        prices[statement] = np.inf
    return sequential_pav(ballots, k, first=chosen), len(chosen)


def _cheapest(ballots: Ballots, purse: Floats, prices: Floats) -> int:
    """The first statement of the lowest price, or -1 where none can be paid.

    prices: shape (m,), at most what each costs now, as purses only shrink; brought up to date in place as far
    as needed.
    """
    order = np.argsort(prices, kind="stable")
    best = np.inf
    for start in range(0, int(np.isfinite(prices).sum()), BLOCK):
        block: Ints = order[start : start + BLOCK]
        if prices[block[0]] > best * (1 + TIE):
            break
        block = block[np.isfinite(prices[block])]
        prices[block] = _price(ballots.agree[:, block], ballots.weights, purse, prices[block], best)
        best = min(best, float(prices[block].min()))
    return int(np.flatnonzero(prices <= best * (1 + TIE))[0]) if np.isfinite(best) else -1


def _price(agree: Floats, weights: Floats, purse: Floats, low: Floats, best: float) -> Floats:
    """The smallest r with Σ_i w_i min(purse_i, r p_ij) = 1 for each statement, shape (b,); infinite without.

    agree: shape (n, b). low: shape (b,), below the price. best: a price that somebody offers; of what costs
    more a bound from below is enough. The sum is concave and piecewise linear in r, so Newton's steps from
    below rise to the root and reach it after finitely many.
    """
    has = weights * purse
    rate = low.copy()
    rate[has @ (agree > 0) < 1 - TIE] = np.inf
    moving: Ints = np.flatnonzero(np.isfinite(rate))
    for _step in range(STEPS):
        part = agree[:, moving]
        spent: Bools = part * rate[moving] >= purse[:, None]
        slope = weights @ np.where(spent, 0.0, part)
        left = 1 - has @ spent
        better = np.where(slope > 0, left / np.where(slope > 0, slope, 1.0), rate[moving])
        rising = better > rate[moving] * (1 + 1e-14)
        rate[moving] = np.maximum(better, rate[moving])
        moving = moving[rising & (rate[moving] <= best * (1 + TIE))]
        if not len(moving):
            break
    return rate
