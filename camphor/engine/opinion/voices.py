"""Statements that speak for a group, for all, or divide."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from camphor.engine.opinion.votes import Floats

Z90, Z95 = 1.2816, 1.6449
"""One-sided normal quantiles, as Polis tests with."""
MOST_SPEAKING = 5
"""Statements named for a group; more are not read."""
SHARED_BY = 0.6
"""Called shared only where at least so many of every group agree (or disagree): a label, not a rank."""
FEWEST_HEARD = 3
"""Votes that a group must have cast on a statement before a label is given."""


@dataclass(frozen=True, eq=False)
class Tally:
    """Votes per group and statement, each of shape (g, m)."""

    agreed: Floats
    disagreed: Floats
    seen: Floats

    @property
    def agree_rate(self) -> Floats:
        """Probability of agreement with one vote each way added (Laplace)."""
        return (self.agreed + 1) / (self.seen + 2)

    @property
    def disagree_rate(self) -> Floats:
        return (self.disagreed + 1) / (self.seen + 2)


@dataclass(frozen=True)
class Speaking:
    """A statement that speaks for a group, and the side on which it does."""

    statement: int  # its position among the statements
    agrees: bool
    strength: float


def one_proportion_z(successes: Floats, seen: Floats) -> Floats:
    """How surely more than half say so: 2 sqrt(n+1) ((s+1)/(n+1) - 1/2) (Polis, prop-test)."""
    result: Floats = 2 * np.sqrt(seen + 1) * ((successes + 1) / (seen + 1) - 0.5)
    return result


def two_proportion_z(successes: Floats, seen: Floats, others: Floats, others_seen: Floats) -> Floats:
    """How surely this group says so more than the others (Polis, two-prop-test); 0 where all say so."""
    first, second = (successes + 1) / (seen + 1), (others + 1) / (others_seen + 1)
    pooled = (successes + others + 2) / (seen + others_seen + 2)
    spread = np.sqrt(np.maximum(pooled * (1 - pooled), 0) * (1 / (seen + 1) + 1 / (others_seen + 1)))
    result: Floats = np.where(spread > 0, (first - second) / np.where(spread > 0, spread, 1), 0.0)
    return result


def group_consensus(tally: Tally) -> tuple[Floats, Floats]:
    """Group-informed consensus to agree and to disagree, each of shape (m,): the product over groups."""
    return tally.agree_rate.prod(axis=0), tally.disagree_rate.prod(axis=0)


def speaking(tally: Tally) -> list[list[Speaking]]:
    """For each group the statements that set it apart, strongest first (Polis, repness)."""
    return [_speaking_for(tally, group) for group in range(len(tally.seen))]


def _speaking_for(tally: Tally, group: int) -> list[Speaking]:
    sides = []
    for count in (tally.agreed, tally.disagreed):
        mine, mine_seen = count[group], tally.seen[group]
        others, others_seen = count.sum(axis=0) - mine, tally.seen.sum(axis=0) - mine_seen
        rate = (mine + 1) / (mine_seen + 2)
        ratio = rate / ((others + 1) / (others_seen + 2))
        sure = one_proportion_z(mine, mine_seen)
        apart = two_proportion_z(mine, mine_seen, others, others_seen)
        sides.append((rate, ratio, sure, apart))
    agree, disagree = sides
    alone = len(tally.seen) == 1
    chosen = []
    for statement in np.flatnonzero(tally.seen[group] > 0):
        agrees = (
            bool(agree[3][statement] > disagree[3][statement])
            if not alone
            else bool(agree[0][statement] >= disagree[0][statement])
        )
        side = agree if agrees else disagree
        likely, times, surely, unlike = (float(part[statement]) for part in side)
        if surely > Z90 and (alone or unlike > Z90):
            strength = likely * surely if alone else likely * times * surely * unlike
            chosen.append(Speaking(int(statement), agrees, strength))
    return sorted(chosen, key=lambda one: (-one.strength, one.statement))[:MOST_SPEAKING]


def shared(tally: Tally) -> list[Speaking]:
    """The statements that at least 60 % of every group agree with, or disagree with, surest first."""
    if not len(tally.seen):
        return []
    heard = (tally.seen >= FEWEST_HEARD).all(axis=0)
    agree, disagree = group_consensus(tally)
    found = []
    for count, strength, agrees in ((tally.agreed, agree, True), (tally.disagreed, disagree, False)):
        share = count / np.maximum(tally.seen, 1)
        for statement in np.flatnonzero(heard & (share >= SHARED_BY).all(axis=0)):
            found.append(Speaking(int(statement), agrees, float(strength[statement])))
    return sorted(found, key=lambda one: (-one.strength, one.statement))


def dividing(tally: Tally) -> list[int]:
    """The statements on which two groups differ most, where the difference is more than chance."""
    if len(tally.seen) < 2:
        return []
    rate = np.where(tally.seen >= FEWEST_HEARD, tally.agree_rate, np.nan)
    found: list[tuple[float, int]] = []
    for statement in np.flatnonzero((~np.isnan(rate)).sum(axis=0) >= 2):
        column = rate[:, statement]
        high, low = int(np.nanargmax(column)), int(np.nanargmin(column))
        apart = two_proportion_z(
            tally.agreed[high, [statement]],
            tally.seen[high, [statement]],
            tally.agreed[low, [statement]],
            tally.seen[low, [statement]],
        )
        gap = float(column[high] - column[low])
        if apart[0] > Z95 and column[high] > 0.5 > column[low]:
            found.append((gap, int(statement)))
    return [statement for _gap, statement in sorted(found, key=lambda one: (-one[0], one[1]))]
