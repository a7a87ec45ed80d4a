"""Participants on two axes, over the gaps in their votes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from camphor.engine.opinion.votes import Floats, Votes

AXES = 2
DENSE_LIMIT = 3000
"""Up to so many statements the exact eigenvectors of their covariance take less than a second."""


@dataclass(frozen=True, eq=False)
class Plane:
    """Two axes through the votes.

    centre: mean vote on each statement, shape (m,). axes: orthonormal rows, shape (2, m).
    share: the share of the variance along each axis, shape (2,). positions: shape (n, 2).
    """

    centre: Floats
    axes: Floats
    share: Floats
    positions: Floats

    @property
    def extremity(self) -> Floats:
        """How far out somebody stands who only agrees with a statement, shape (m,) (Polis: extremity)."""
        m = len(self.centre)
        length: Floats = np.sqrt(m) * np.abs(1 - self.centre) * np.sqrt((self.axes**2).sum(axis=0))
        return length


def place(votes: Votes, *, before: Floats | None = None) -> Plane:
    """Lay two axes through the votes and put every participant on them.

    A missing vote counts as the mean of its statement, so only votes that were cast weigh; a position is
    stretched by sqrt(m / votes cast), since somebody who voted on few statements would else stand near the
    middle (Polis, small & others 2021). The axes are those of greatest variance. Their sign is fixed so
    that the largest coefficient is positive, or so that they agree with `before`, shape (2, m).
    """
    n, m = votes.shape
    seen = np.bincount(votes.columns, minlength=m)
    centre = np.bincount(votes.columns, weights=votes.values, minlength=m) / np.maximum(seen, 1)
    deviation = votes.values - centre[votes.columns]
    axes, share = _axes(votes, deviation)
    axes = _signed(axes, before)
    cast = np.maximum(votes.cast, 1)
    positions = np.column_stack(
        [np.bincount(votes.rows, weights=deviation * axis[votes.columns], minlength=n) for axis in axes]
    )
    stretched: Floats = positions.astype(float) * np.sqrt(m / cast)[:, None]
    return Plane(centre, axes, share, stretched)


def _axes(votes: Votes, deviation: Floats) -> tuple[Floats, Floats]:
    from scipy.sparse import csr_array  # only where a map is drawn
    from scipy.sparse.linalg import eigsh

    n, m = votes.shape
    axes, share = np.zeros((AXES, m)), np.zeros(AXES)
    total = float((deviation**2).sum())
    if total < 1e-12:
        return axes, share
    matrix = csr_array((deviation, (votes.rows, votes.columns)), shape=(n, m))
    scatter = matrix.T @ matrix
    if m <= DENSE_LIMIT:
        values, vectors = np.linalg.eigh(scatter.toarray())
    else:
        values, vectors = eigsh(scatter, k=AXES, v0=np.ones(m))
    for axis, which in enumerate(np.argsort(values)[::-1][:AXES]):
        if values[which] > 1e-9 * total:
            axes[axis], share[axis] = vectors[:, which], values[which] / total
    return axes, share


def _signed(axes: Floats, before: Floats | None) -> Floats:
    if before is not None and before.shape == axes.shape:
        sign = np.sign((axes * before).sum(axis=1))
    else:
        largest = np.abs(axes).argmax(axis=1) if axes.size else np.zeros(AXES, int)
        sign = np.sign(axes[np.arange(AXES), largest]) if axes.size else np.ones(AXES)
    sign[sign == 0] = 1
    signed: Floats = axes * sign[:, None]
    return signed
