"""Which statements all share, which divide, and which speak for a group: labels, not ranks.

A label needs a threshold that is met in every group it speaks of, and a margin: the probability that it
holds. Each tells how many changed votes would take it away, with the groups and the model left as they are.
The probabilities are log-concave in the votes of a group, so the fewest are those of one group alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from camphor.engine.opinion.rates import Rates, above_half
from camphor.engine.opinion.votes import Bools, Floats, Ints

SHARED_BY = 0.6
"""Shared: at least so many of every group are on the same side, by the best estimate …"""
SURE = 0.9
"""… and with this probability it is more than half in all of them."""
WIDE_GAP = 0.2
"""Divides: the shares of two groups differ by so much, one surely above and one surely below a half."""
FEWEST_HEARD = 3
"""Votes that a group must have cast on a statement itself before it is given a label."""
MOST_SPEAKING = 5
"""Statements named for a group; more are not read."""
APART = 1.2816
"""Standard deviations by which a group must differ from all others: one-sided 90 %."""


@dataclass(frozen=True)
class Label:
    """A statement by its position, the side, the groups it speaks of, how sure it is, and its margin."""

    statement: int
    agrees: bool
    groups: tuple[int, ...]
    sure: float
    strength: float
    flips: int


def shared(sides: tuple[Rates, Rates]) -> list[Label]:
    """What every group says alike; first the statement whose most hesitant group is the least so.

    sides: the rates of agreeing and of disagreeing, shape (g, m).
    """
    found: list[Label] = []
    groups = len(sides[0].seen)
    for agrees, rates in zip((True, False), sides, strict=True):
        if not groups:
            break
        least, sure = rates.mean.min(axis=0), rates.above_half().prod(axis=0)
        heard = (rates.seen >= FEWEST_HEARD).all(axis=0)
        chosen = np.flatnonzero(heard & (least >= SHARED_BY) & (sure >= SURE))
        flips = np.full(len(chosen), np.inf)
        for group in range(groups):
            flips = np.minimum(flips, _until_not_shared(rates, group, chosen, sure[chosen]))
        found += [
            Label(int(j), agrees, tuple(range(groups)), float(sure[j]), float(least[j]), _whole(flip))
            for j, flip in zip(chosen, flips, strict=True)
        ]
    return sorted(found, key=lambda label: (-label.strength, label.statement))


def _until_not_shared(rates: Rates, group: int, chosen: Ints, sure: Floats) -> Floats:
    alpha, beta = rates.alpha[group, chosen], rates.beta[group, chosen]
    others = sure / above_half(alpha, beta)

    def holds(k: Floats) -> Bools:
        sure_enough = others * above_half(np.maximum(alpha - k, 1e-9), beta + k) >= SURE
        many: Bools = (alpha - k) / (alpha + beta) >= SHARED_BY
        return many & sure_enough

    return _first_failing(holds, rates.on[group, chosen])


def dividing(sides: tuple[Rates, Rates]) -> list[Label]:
    """Where more than half of one group are on a side and of another are not; the widest gap first.

    A label names the two groups that differ most.
    """
    found: list[Label] = []
    if len(sides[0].seen) < 2:
        return found
    for agrees, rates in zip((True, False), sides, strict=True):
        mean = np.where(rates.seen >= FEWEST_HEARD, rates.mean, np.nan)
        asked = (~np.isnan(mean)).sum(axis=0) >= 2
        mean = np.where(asked, mean, 0.5)
        each = np.arange(mean.shape[1])
        pro, con = np.nanargmax(mean, axis=0), np.nanargmin(mean, axis=0)
        above = rates.above_half()
        gap = rates.mean[pro, each] - rates.mean[con, each]
        sure = above[pro, each] * (1 - above[con, each])
        chosen = np.flatnonzero(asked & (gap >= WIDE_GAP) & (sure >= SURE))
        flips = _until_closed(rates, chosen, pro[chosen], con[chosen])
        found += [
            Label(int(j), agrees, (int(pro[j]), int(con[j])), float(sure[j]), float(gap[j]), _whole(flip))
            for j, flip in zip(chosen, flips, strict=True)
        ]
    strongest: dict[int, Label] = {}
    for label in sorted(found, key=lambda label: (-label.strength, label.statement)):
        strongest.setdefault(label.statement, label)  # the other side of the same division says no more
    return list(strongest.values())


def _until_closed(rates: Rates, chosen: Ints, pro: Ints, con: Ints) -> Floats:
    alpha, beta = rates.alpha, rates.beta
    least, left = alpha[pro, chosen], beta[pro, chosen]
    most, right = alpha[con, chosen], beta[con, chosen]

    def holds(lost: Floats, won: Floats) -> Bools:
        first, second = np.maximum(least - lost, 1e-9), most + np.minimum(won, right)
        wide: Bools = first / (least + left) - second / (most + right) >= WIDE_GAP
        sure = above_half(first, left + lost) * (1 - above_half(second, np.maximum(right - won, 1e-9)))
        return wide & (sure >= SURE)

    none = np.zeros(len(chosen))
    lost = _first_failing(lambda k: holds(k, none), rates.on[pro, chosen])
    won = _first_failing(lambda k: holds(none, k), (rates.seen - rates.on)[con, chosen])
    return np.minimum(lost, won)


def speaking(sides: tuple[Rates, Rates]) -> list[list[Label]]:
    """For each group the statements that set it apart from all others, the surest difference first."""
    groups = len(sides[0].seen)
    if groups < 2:
        return [[] for _group in range(groups)]
    return [_speaking_for(sides, group) for group in range(groups)]


def _speaking_for(sides: tuple[Rates, Rates], group: int) -> list[Label]:
    found: list[Label] = []
    others = [other for other in range(len(sides[0].seen)) if other != group]
    for agrees, rates in zip((True, False), sides, strict=True):
        own = rates.of([group])
        rest, spread = rates.of(others).mean[0], rates.of(others).variance[0]
        sure = own.above_half()[0]
        apart = (own.mean[0] - rest) / np.sqrt(own.variance[0] + spread)
        chosen = np.flatnonzero((own.seen[0] >= FEWEST_HEARD) & (sure >= SURE) & (apart > APART))
        strength = own.mean[0] - rest - APART * np.sqrt(own.variance[0] + spread)
        chosen = chosen[np.lexsort((chosen, -strength[chosen]))][:MOST_SPEAKING]
        alpha, beta = own.alpha[0, chosen], own.beta[0, chosen]
        holds = partial(_speaks, alpha, beta, rest[chosen], spread[chosen])
        flips = _first_failing(holds, own.on[0, chosen])
        found += [
            Label(int(j), agrees, (group,), float(sure[j]), float(strength[j]), _whole(flip))
            for j, flip in zip(chosen, flips, strict=True)
        ]
    return sorted(found, key=lambda label: (-label.strength, label.statement))[:MOST_SPEAKING]


def _speaks(alpha: Floats, beta: Floats, rest: Floats, spread: Floats, k: Floats) -> Bools:
    """Whether the group still speaks so, and apart from the rest, when k of its votes have changed."""
    left, whole = np.maximum(alpha - k, 1e-9), alpha + beta
    mean = left / whole
    far: Bools = (mean - rest) / np.sqrt(mean * (1 - mean) / (whole + 1) + spread) > APART
    return far & (above_half(left, beta + k) >= SURE)


def _first_failing(holds: Callable[[Floats], Bools], limit: Floats) -> Floats:
    """The smallest whole k, each from 1, at which `holds` fails; infinite where it holds up to the limit."""
    low, high = np.zeros(len(limit)), np.floor(limit) + 1
    while (high - low > 1).any():
        middle = np.floor((low + high) / 2)
        held = holds(middle)
        low, high = np.where(held, middle, low), np.where(held, high, middle)
    return np.where(high > np.floor(limit), np.inf, high)


def _whole(flips: float) -> int:
    """As many votes as there are, where no number of them takes the label away."""
    return int(flips) if np.isfinite(flips) else 1_000_000
