"""Ideal points: a model of who agrees with what, also where nobody was asked.

logit P(i agrees with j, given no pass) = b_j + a_i + w_j · u_i

u_i ~ N(0, I) is where participant i stands in d dimensions, a_i ~ N(0, s_a²) how readily he agrees at all,
b_j ~ N(m_b, s_b²) how welcome statement j is, w_j ~ N(0, I) how it sorts people. It is fitted by variational
EM with the bound of Jaakkola and Jordan (2000); as ideal points in Clinton, Jackman and Rivers (2004), and by
EM for many voters in Imai, Lo and Olmsted (2016). The prior variance of w is fixed: learnt in mean field, it
collapses to zero on sparse votes.

Both sides have one shape: with t_j = (b_j, 1, w_j) and p_i = (1, a_i, u_i) the logit is t_j · p_i, and all
that one side needs of the other is its second moment, a symmetric matrix of d + 2 rows, here stored as its
upper triangle, row by row.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from camphor.engine.opinion.kernels import kernels
from camphor.engine.opinion.sampling import chosen
from camphor.engine.opinion.votes import Floats, Ints, Votes

DIMENSIONS = 6
"""Votes are hardly predicted better than with four; but five camps span four, and people within a camp differ
too: with four dimensions in all, five camps were found at half the likeness to the truth."""
ITERATIONS = 12
"""Sweeps of EM at the most; from the start below, later ones move the predictions by under 1 %."""
SETTLED = 2e-3
"""EM ends where the mean loading moves by less than this between sweeps, in units of its prior."""
LEAST_LEAN, MOST_LEAN = 1e-3, 0.25
"""The variance of a. Without the upper bound a camp that agrees with everything and one that agrees with
nothing pass for two ways of answering instead of two opinions; real votes are predicted no better without."""
TO_START = 5_000
"""Participants whose principal axes the fit begins with: it only has to begin near."""
START_SCALE = 0.8
"""Loadings to begin with, as multiples of the principal axes; too small a start is left only slowly."""
DENSE_LIMIT = 250
"""Up to so many statements all eigenvectors of their covariance are found sooner than the first few."""
SCORING_SWEEPS = 4
"""Sweeps that place a participant when the statements are known: one from the prior, three that refine."""


@cache
def packed(q: int) -> tuple[Ints, Ints]:
    """Row and column of each entry of an upper triangle of q rows, as it is stored; not to be written to."""
    row, column = np.triu_indices(q)
    row.flags.writeable = column.flags.writeable = False
    return row, column


@dataclass(frozen=True, eq=False)
class Model:
    """What was learnt about the statements.

    moments: E[t t'] of each statement, packed, shape (m, (d + 2)(d + 3) / 2).
    lean: the variance of a. welcome: mean and variance of b.
    """

    moments: Floats
    lean: float
    welcome: tuple[float, float]
    dimensions: int

    @property
    def offset(self) -> Floats:
        """b_j, posterior mean, shape (m,)."""
        return np.asarray(self.moments[:, 1])

    @property
    def loading(self) -> Floats:
        """w_j, posterior mean, shape (m, d)."""
        q = self.dimensions + 2
        return np.ascontiguousarray(self.moments[:, q + 1 : 2 * q - 1])

    def prior(self) -> Floats:
        """E[p p'] of somebody who has not voted, packed."""
        row, column = packed(self.dimensions + 2)
        alone = np.where(row == column, 1.0, 0.0)
        alone[self.dimensions + 2] = self.lean
        return alone

    def agreement(self, people: Floats) -> Floats:
        """The probability that each participant agrees with each statement unless he passes, shape (n, m).

        people: E[p p'], packed. What is not known of either side draws it to one half (MacKay 1992).
        """
        q = self.dimensions + 2
        row, column = packed(q)
        likely: Floats = people[:, :q] @ self.moments[:, (row == 1) | ((column == 1) & (row == 0))].T
        doubt = (people * np.where(row == column, 1.0, 2.0)) @ self.moments.T
        doubt -= likely**2
        np.maximum(doubt, 0.0, out=doubt)
        doubt *= np.pi / 8
        doubt += 1
        likely /= -np.sqrt(doubt, out=doubt)
        np.exp(likely, out=likely)
        likely += 1
        return np.reciprocal(likely, out=likely)

    def place(self, votes: Votes, *, sweeps: int = SCORING_SWEEPS) -> Floats:
        """E[p p'] of each participant, packed, given the statements; shape (n, (d + 2)(d + 3) / 2)."""
        people = np.tile(self.prior(), (len(votes.participants), 1))
        for _sweep in range(sweeps):
            people, _sums = kernels().sweep(
                votes.starts, votes.columns, votes.values, self.moments, people, self.lean, False
            )
        return people


def points_of(people: Floats, dimensions: int) -> tuple[Floats, Floats]:
    """The ideal points of participants, mean of shape (n, d) and covariance of shape (n, d, d)."""
    full = full_of(people, dimensions + 2)
    mean = full[:, 0, 2:]
    covariance: Floats = full[:, 2:, 2:] - mean[:, :, None] * mean[:, None, :]
    return mean, covariance


def packed_of(full: Floats) -> Floats:
    """The upper triangles of symmetric matrices, shape (…, q (q + 1) / 2)."""
    row, column = packed(full.shape[-1])
    return np.ascontiguousarray(full[..., row, column])


def full_of(triangle: Floats, q: int) -> Floats:
    """The symmetric matrices of these upper triangles, shape (…, q, q)."""
    row, column = packed(q)
    whole = np.zeros((*triangle.shape[:-1], q, q))
    whole[..., row, column] = triangle
    whole[..., column, row] = triangle
    return whole


def fit(votes: Votes, *, dimensions: int = DIMENSIONS, before: Model | None = None) -> tuple[Model, Floats]:
    """The model of these votes, and E[p p'] of each participant, packed.

    With `before`, the fit goes on from there. Sweeps are linear in the votes.
    """
    model = before or _start(votes, dimensions)
    people = np.tile(model.prior(), (len(votes.participants), 1))
    for _sweep in range(ITERATIONS):
        people, sums = kernels().sweep(
            votes.starts, votes.columns, votes.values, model.moments, people, model.lean, True
        )
        newer = _renewed(model, people, sums, votes)
        moved = float(np.abs(newer.loading - model.loading).mean()) if len(sums) else 0.0
        model = newer
        if moved < SETTLED:
            break
    return model, people


def _start(votes: Votes, dimensions: int) -> Model:
    """Loadings along the principal axes of the votes, and offsets by how welcome each statement is."""
    agreed, disagreed, _seen = votes.counts()
    rate = (agreed + 0.5) / (agreed + disagreed + 1)
    offset = np.log(rate / (1 - rate))
    m = len(votes.statements)
    first = votes.of_participants(chosen(votes.participants, TO_START))
    loading = np.sqrt(m) * START_SCALE * principal_axes(first, dimensions).T
    theta = np.column_stack([offset, np.ones(m), loading])
    moments = packed_of(theta[:, :, None] * theta[:, None, :])
    return Model(moments, 0.25, (float(offset.mean()) if m else 0.0, 1.0), dimensions)


def _renewed(model: Model, people: Floats, sums: Floats, votes: Votes) -> Model:
    """The M step: each statement given the participants, and the three variances.

    sums: per statement Σ_i 2 l_ij E[p p'] packed, then Σ_i y_ij/2 E[p]; shape (m, (d+2)(d+3)/2 + d + 2).
    """
    d = model.dimensions
    q = d + 2
    second, first = full_of(sums[:, : q * (q + 1) // 2], q), sums[:, q * (q + 1) // 2 :]
    free = np.array([0, *range(2, q)])
    mean, spread = model.welcome
    prior = np.diag([1 / spread, *[1.0] * d])
    precision = second[:, free[:, None], free] + prior
    pull = first[:, free] - second[:, free, 1]
    pull[:, 0] += mean / spread
    covariance = np.linalg.inv(precision)
    value = (covariance @ pull[:, :, None])[:, :, 0]
    theta = np.ones((len(sums), q))
    theta[:, free] = value
    moments = theta[:, :, None] * theta[:, None, :]
    moments[:, free[:, None], free] += covariance
    lean = float(people[:, q].mean()) if len(people) else model.lean  # E[a a] stands first in row 1
    offset, welcome = value[:, 0], model.welcome
    if len(sums):
        welcome = float(offset.mean()), float(max(offset.var() + covariance[:, 0, 0].mean(), 0.05))
    return Model(packed_of(moments), min(max(lean, LEAST_LEAN), MOST_LEAN), welcome, d)


def principal_axes(votes: Votes, k: int) -> Floats:
    """The k axes of greatest variance of the votes for and against, centred, missing ones at the mean.

    Shape (k, m), orthonormal; zero where there are not so many.
    """
    from scipy.sparse import csr_array  # only where a map is drawn
    from scipy.sparse.linalg import LinearOperator, eigsh

    n, m = votes.shape
    axes = np.zeros((k, m))
    agreed, disagreed, _seen = votes.counts()
    centre = (agreed - disagreed) / np.maximum(agreed + disagreed, 1)
    deviation = np.where(votes.values != 0, votes.values - centre[votes.columns], 0.0)
    matrix = csr_array((deviation, votes.columns, votes.starts), shape=(n, m))
    total = float(deviation @ deviation)
    if total < 1e-9:
        return axes
    if m <= DENSE_LIMIT:
        dense = matrix.toarray()
        values, vectors = np.linalg.eigh(dense.T @ dense)
    else:
        turned = matrix.T.tocsr()
        scatter = LinearOperator((m, m), matvec=lambda x: turned @ (matrix @ x), dtype=float)
        values, vectors = eigsh(scatter, k=k, v0=np.ones(m), tol=1e-4)
    for axis, which in enumerate(np.argsort(values)[::-1][:k]):
        if values[which] > 1e-9 * total:
            axes[axis] = vectors[:, which]
    return axes
