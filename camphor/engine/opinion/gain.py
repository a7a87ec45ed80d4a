"""What one more vote would tell: of a participant's ideal point, of a statement, and of its labels.

With the logit of the model, b_j + a + w_j · u, and normal beliefs about both sides, one vote is worth a
normal observation of the logit with precision k: the expected curvature of the logistic likelihood. Each
belief then shrinks by one rank, and the logarithm of the determinant of its covariance tells by how much (the
D-optimal choice of adaptive tests: Segall 1996; Mulder and van der Linden 2009). O(d²) for each statement.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import erf

import numpy as np

from camphor.engine.opinion.labels import SHARED_BY
from camphor.engine.opinion.model import SCORING_SWEEPS
from camphor.engine.opinion.votes import Floats, Ints

LOGISTIC_VARIANCE = 8 / np.pi
"""The normal density of this variance has the height ¼ of the logistic curve's slope (MacKay 1992)."""
DOUBTED_AS = 2.0
"""Votes on each side that a group's share is thought to have before it votes: half, and most unsure."""


@dataclass(frozen=True, eq=False)
class Statements:
    """Beliefs about statements: mean and variance of (b, w), each of shape (k, d + 1); no covariances."""

    mean: Floats
    variance: Floats

    def at(self, which: Ints) -> Statements:
        return Statements(self.mean[which], self.variance[which])


@dataclass(frozen=True, eq=False)
class Person:
    """The belief about (a, u) of a participant: mean, shape (d + 1,), and covariance, (d + 1, d + 1)."""

    mean: Floats
    covariance: Floats

    @classmethod
    def from_votes(cls, statements: Statements, values: Floats, lean: float) -> Person:
        """From votes for (1) and against (-1) on these statements, shape (k,); lean: the variance of a.

        The variational posterior of the model (Jaakkola and Jordan 2000).
        """
        d = statements.mean.shape[1] - 1
        prior = np.diag([1 / lean, *[1.0] * d])
        person = cls(np.zeros(d + 1), np.diag([lean, *[1.0] * d]))
        if not len(values):
            return person
        slope = _slopes(statements)
        for _sweep in range(SCORING_SWEEPS):
            logit, doubt = _logit(statements, slope, person)
            x = np.sqrt(np.maximum(logit**2 + doubt, 1e-12))
            weight = np.tanh(x / 2) / (2 * x)
            precision = prior + (slope.T * weight) @ slope
            precision[range(1, d + 1), range(1, d + 1)] += weight @ statements.variance[:, 1:]
            pull = (values / 2 - weight * statements.mean[:, 0]) @ slope
            covariance = np.linalg.inv(precision)
            person = cls(covariance @ pull, covariance)
        return person


def _slopes(statements: Statements) -> Floats:
    """How the logit moves with (a, u): (1, w), shape (k, d + 1)."""
    slope = statements.mean.copy()
    slope[:, 0] = 1.0
    return slope


def _logit(statements: Statements, slope: Floats, person: Person) -> tuple[Floats, Floats]:
    """Mean and variance of the logit of this person on each statement, shape (k,)."""
    spread = person.mean[1:] ** 2 + np.diagonal(person.covariance)[1:]
    own = ((slope @ person.covariance) * slope).sum(axis=1)
    doubt = own + statements.variance[:, 0] + statements.variance[:, 1:] @ spread
    return statements.mean[:, 0] + slope @ person.mean, doubt


def curvature(logit: Floats, doubt: Floats) -> Floats:
    """E[p (1 - p)] of a logit with this mean and variance; exact to 0.012 for any of them.

    The slope of the logistic curve is taken as a normal density: near ¼ where the answer is open, near 0
    where it is known before.
    """
    width = LOGISTIC_VARIANCE + doubt
    expected: Floats = np.exp(-(logit**2) / (2 * width)) / np.sqrt(2 * np.pi * width)
    return expected


def gains(statements: Statements, person: Person) -> tuple[Floats, Floats]:
    """By how much a vote on each statement shrinks what is unsure, in nats, two arrays of shape (k,).

    First of the ideal point u: ½ log(|C| / |C'|), with C the covariance of u before and C' after the vote, a
    being unknown too. Then of the statement's (b, w), likewise.
    """
    slope = _slopes(statements)
    logit, doubt = _logit(statements, slope, person)
    moved = slope @ person.covariance
    own = (moved * slope).sum(axis=1)
    theirs = statements.variance[:, 0] + statements.variance[:, 1:] @ person.mean[1:] ** 2
    whole = 1 / np.maximum(curvature(logit, doubt), 1e-12) + own + theirs
    across = moved[:, 1:]
    reach = ((across @ np.linalg.inv(person.covariance[1:, 1:])) * across).sum(axis=1)
    return -0.5 * np.log1p(-reach / whole), -0.5 * np.log1p(-theirs / whole)


def undecided(groups: Ints) -> Floats:
    """How open it is whether a statement is shared by all groups, shape (m,), 0 (settled) to 1 (even).

    4 P (1 - P), with P the probability that at least 60 % of every group take this side, the more open of
    the two sides; each share of a group is taken as normal about (A + 2)/(S + 4). groups: agreed, disagreed
    and seen of each group, shape (g, 3, m).
    """
    found = np.zeros(groups.shape[2])
    if not len(groups):
        return found
    agreed, disagreed, seen = (groups[:, k].astype(float) for k in range(3))
    for side in (agreed, disagreed):
        size = seen + 2 * DOUBTED_AS
        rate = (side + DOUBTED_AS) / size
        z = (rate - SHARED_BY) / np.sqrt(rate * (1 - rate) / size)
        holds = (0.5 * (1 + _erf(z / np.sqrt(2)))).prod(axis=0)
        found = np.maximum(found, 4 * holds * (1 - holds))
    return found


_erf = np.vectorize(erf, otypes=[float])
