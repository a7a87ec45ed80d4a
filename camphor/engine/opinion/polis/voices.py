"""What each group stands for against the others, and what everybody agrees or disagrees with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from camphor.engine.opinion.polis.counts import Counts
from camphor.engine.opinion.votes import Bools, Floats, Ints

Z90 = 1.2816
"""One-sided 90 % of the normal distribution (published)."""
MOST_SHOWN = 5
"""Statements of a group, and of each kind of consensus (published)."""


@dataclass(frozen=True)
class Voice:
    """A statement that a group stands for: `success` of `trials` who saw it agree (or disagree).

    p_success = (success + 1) / (trials + 2); p_test: z of a rate above one half; repness: p_success over
    that of all others; repness_test: z of the two rates.
    """

    statement: int
    agrees: bool
    success: int
    trials: int
    p_success: float
    p_test: float
    repness: float
    repness_test: float
    best_agree: bool = False

    @property
    def metric(self) -> float:
        """What voices are ordered by; the published engine rounds the test to 32 bits first."""
        return self.repness * float(np.float32(self.repness_test)) * self.p_success * self.p_test


@dataclass(frozen=True)
class Shared:
    """A statement on which most of all participants are of one mind."""

    statement: int
    success: int
    trials: int
    p_success: float
    p_test: float


@dataclass(frozen=True, eq=False)
class Evidence:
    """For each group and statement, each of shape (k, m): pa, pat, ra, rat of agreeing and pd, pdt, rd,
    rdt of disagreeing, p the rate, t its test, r the ratio to all others, and rt the test of that."""

    pa: Floats
    pat: Floats
    ra: Floats
    rat: Floats
    pd: Floats
    pdt: Floats
    rd: Floats
    rdt: Floats


def one_proportion(success: Ints, trials: Ints) -> Floats:
    """z of a rate above one half: 2 sqrt(S + 1) ((A + 1) / (S + 1) - 1/2)."""
    return np.asarray(2 * np.sqrt(trials + 1.0) * ((success + 1.0) / (trials + 1.0) - 0.5))


def two_proportions(success: Ints, trials: Ints, others: Ints, other_trials: Ints) -> Floats:
    """z of the difference of two rates, one added to each count; 0 where all of both succeed."""
    s, n, t, k = success + 1.0, trials + 1.0, others + 1.0, other_trials + 1.0
    pooled = (s + t) / (n + k)
    spread = np.sqrt(np.maximum(pooled * (1 - pooled), 0) * (1 / n + 1 / k))
    z: Floats = np.divide(s / n - t / k, spread, out=np.zeros(np.shape(spread)), where=spread > 0)
    return z


def weigh(counts: Counts) -> Evidence:
    """The evidence for every group and statement against all others in groups."""
    seen = counts.seen
    other_seen = seen.sum(axis=0) - seen

    def of(success: Ints) -> tuple[Floats, Floats, Floats, Floats]:
        others = success.sum(axis=0) - success
        p = (success + 1.0) / (seen + 2.0)
        ratio = p / ((others + 1.0) / (other_seen + 2.0))
        return p, one_proportion(success, seen), ratio, two_proportions(success, seen, others, other_seen)

    return Evidence(*of(counts.agreed), *of(counts.disagreed))


def representative(counts: Counts, statements: Ints, out: Bools) -> tuple[tuple[Voice, ...], ...]:
    """At most five statements that each group stands for, those it agrees with first.

    statements: ids, shape (m,), in the order of columns. out: shape (m,), those that are never named.
    """
    evidence = weigh(counts)
    columns = np.flatnonzero(~out).tolist()
    return tuple(
        _voices_of(_Group(counts, evidence, statements, g), columns) for g in range(len(counts.seen))
    )


class _Group:
    """One group's evidence as plain numbers, which a loop reads faster than arrays."""

    def __init__(self, counts: Counts, evidence: Evidence, statements: Ints, g: int) -> None:
        self.statements: list[int] = statements.tolist()
        self.agreed: list[int] = counts.agreed[g].tolist()
        self.disagreed: list[int] = counts.disagreed[g].tolist()
        self.seen: list[int] = counts.seen[g].tolist()
        self.agree: list[tuple[float, float, float, float]] = _rows(
            evidence.pa, evidence.pat, evidence.ra, evidence.rat, g
        )
        self.disagree: list[tuple[float, float, float, float]] = _rows(
            evidence.pd, evidence.pdt, evidence.rd, evidence.rdt, g
        )

    def sufficient(self, j: int) -> bool:
        """Whether the statement passes both tests in one direction."""
        _pa, pat, _ra, rat = self.agree[j]
        _pd, pdt, _rd, rdt = self.disagree[j]
        return (rat > Z90 and pat > Z90) or (rdt > Z90 and pdt > Z90)

    def better_agreed(self, j: int, best: int | None) -> bool:
        """Whether the group agrees with j better than with the best so far."""
        if not self.agreed[j] and not self.disagreed[j]:
            return False
        pa, pat, ra, rat = self.agree[j]
        if best is None:
            return pat > Z90 or (ra > 1 and pa > 0.5)
        best_pa, best_pat, best_ra, best_rat = self.agree[best]
        if best_ra > 1:
            return ra * rat * pa * pat > best_ra * best_rat * best_pa * best_pat
        return pa * pat > best_pa * best_pat

    def voice(self, j: int, best_agree: bool = False) -> Voice:
        agrees = self.agree[j][3] > self.disagree[j][3]
        p, p_test, ratio, ratio_test = self.agree[j] if agrees else self.disagree[j]
        success = self.agreed[j] if agrees else self.disagreed[j]
        return Voice(
            self.statements[j], agrees, success, self.seen[j], p, p_test, ratio, ratio_test, best_agree
        )


def _rows(
    p: Floats, p_test: Floats, ratio: Floats, ratio_test: Floats, g: int
) -> list[tuple[float, float, float, float]]:
    return list(zip(*(part[g].tolist() for part in (p, p_test, ratio, ratio_test)), strict=True))


def _voices_of(group: _Group, columns: Sequence[int]) -> tuple[Voice, ...]:
    enough: list[int] = []
    best: Voice | None = None
    best_agree: int | None = None
    for j in columns:
        if group.sufficient(j):
            enough.append(j)
        elif not enough:
            strongest = max(group.agree[j][3], group.disagree[j][3])
            if best is None or strongest > float(np.float32(best.repness_test)):
                best = group.voice(j)
        if group.better_agreed(j, best_agree):
            best_agree = j
    head = [] if best_agree is None else [group.voice(best_agree, best_agree=True)]
    if not enough:
        return tuple(head or ([best] if best else []))
    others = [group.voice(j) for j in enough if j != best_agree]
    shown = (head + sorted(others, key=lambda voice: -voice.metric))[:MOST_SHOWN]
    return tuple(sorted(shown, key=lambda voice: not voice.agrees))


def shared(votes: Counts, statements: Ints, out: Bools) -> tuple[tuple[Shared, ...], tuple[Shared, ...]]:
    """The statements that all participants agree with, and disagree with, at most five of each.

    votes: of all as one group, shape (1, m). Those with a rate above one half and its z above 1.2816,
    by the product of both, descending.
    """
    return _shared(votes.agreed[0], votes.seen[0], statements, out), _shared(
        votes.disagreed[0], votes.seen[0], statements, out
    )


def _shared(success: Ints, seen: Ints, statements: Ints, out: Bools) -> tuple[Shared, ...]:
    p, test = (success + 1.0) / (seen + 2.0), one_proportion(success, seen)
    good = np.flatnonzero((p > 0.5) & (test > Z90) & ~out)
    best = good[np.argsort(-(p * test)[good], kind="stable")][:MOST_SHOWN]
    return tuple(
        Shared(int(statements[j]), int(success[j]), int(seen[j]), float(p[j]), float(test[j])) for j in best
    )
