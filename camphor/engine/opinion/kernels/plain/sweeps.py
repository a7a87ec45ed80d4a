"""A sweep of variational EM, and participants placed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from camphor.engine.opinion.kernels.arrays import Columns, Floats, Ints, Values
from camphor.engine.opinion.kernels.plain.clouds import cloud_likelihood
from camphor.engine.opinion.kernels.plain.log import side_by_side

if TYPE_CHECKING:
    from scipy.sparse import csr_array

FITTED_AT_ONCE = 20_000
"""Votes of one sweep worked on at once: what is gathered for them stays in the processor's cache."""


def sweep(
    starts: Ints, columns: Columns, values: Values, moments: Floats, people: Floats, lean: float, sums: bool
) -> tuple[Floats, Floats]:
    """One step of variational EM over participants; see `camphor.engine.opinion.model`.

    moments: E[t t'] packed, shape (m, c). people: E[p p'] packed, shape (n, c). Returns the new moments of
    the participants and, where asked for, the sums per statement Σ_i 2 l_ij E[p p'] and Σ_i y_ij/2 E[p],
    shape (m, c + q), with l_ij = tanh(x/2)/(4x) at x² = E[(t_j · p_i)²] under the moments that were given.
    """
    (m, c), n = moments.shape, len(starts) - 1
    q = int(np.sqrt(2 * c))
    renewed = np.empty((n, c))

    def swept(ranges: list[tuple[int, int]]) -> Floats:
        total = np.zeros((m if sums else 0, c + q))
        for first, last in ranges:
            votes, part = slice(starts[first], starts[last]), starts[first : last + 1] - starts[first]
            half = halves(part, columns[votes], values[votes], m)
            curved = weighed(half, moments, people[first:last])
            newer = _solved(curved @ moments, pulls(half, moments), lean, q)
            renewed[first:last] = newer
            if sums:
                total[:, :c] += curved.T @ newer
                total[:, c:] += half.T @ newer[:, :q]
        return total

    return renewed, np.sum(side_by_side(swept, starts, FITTED_AT_ONCE), axis=0)


def halves(starts: Ints, columns: Columns, values: Values, m: int) -> csr_array:
    """y_ij/2 of each vote that is no pass, participants by statements."""
    from scipy.sparse import csr_array

    cast = values != 0
    kept = np.concatenate([[0], np.cumsum(cast)])[starts]
    return csr_array((values[cast] * 0.5, columns[cast], kept), shape=(len(starts) - 1, m))


def weighed(half: csr_array, moments: Floats, people: Floats) -> csr_array:
    """2 l_ij of the same votes; people: E[p p'] packed, of each, or one row where all are alike."""
    from scipy.sparse import csr_array

    row, column = np.triu_indices(int(np.sqrt(2 * moments.shape[1])))
    now = people * np.where(row == column, 1.0, 2.0)
    if len(people) == 1:
        square = (moments @ now[0])[half.indices]
    else:
        each = np.repeat(now, np.diff(half.indptr), axis=0)
        square = np.einsum("vc,vc->v", moments.take(half.indices, axis=0), each)
    x = np.sqrt(square)
    return csr_array(
        (np.tanh(x / 2) / (2 * np.maximum(x, 1e-9)), half.indices, half.indptr), shape=half.shape
    )


def pulls(half: csr_array, moments: Floats) -> Floats:
    """Σ y_ij/2 E[t] of each participant."""
    row, column = np.triu_indices(int(np.sqrt(2 * moments.shape[1])))
    found: Floats = half @ moments[:, (row == 1) | ((column == 1) & (row == 0))]
    return found


def placed(
    half: csr_array, moments: Floats, prior: Floats, lean: float, sweeps: int
) -> tuple[csr_array, Floats, Floats]:
    """Participants placed by so many sweeps from the prior: 2 l_ij of the last one, the symmetric matrices
    Σ 2 l_ij E[t t'], and Σ y_ij/2 E[t]."""
    q, first = int(np.sqrt(2 * len(prior))), pulls(half, moments)
    curved = weighed(half, moments, prior[None])
    second = curved @ moments
    for _turn in range(1, sweeps):
        curved = weighed(half, moments, _solved(second, first, lean, q))
        second = curved @ moments
    return curved, full(second, q), first


def full(packed: Floats, q: int) -> Floats:
    """The symmetric matrices of these upper triangles, shape (n, q, q)."""
    row, column = np.triu_indices(q)
    whole = np.zeros((len(packed), q, q))
    whole[:, row, column] = packed
    whole[:, column, row] = packed
    return whole


def _solved(second: Floats, first: Floats, lean: float, q: int) -> Floats:
    """The moments of participants, packed, from Σ 2 l E[t t'] packed and Σ y/2 E[t]."""
    row, column = np.triu_indices(q)
    whole = full(second, q)
    precision = whole[:, 1:, 1:] + np.diag([1 / lean, *[1.0] * (q - 2)])
    covariance = np.linalg.inv(precision)
    value = (covariance @ (first[:, 1:] - whole[:, 1:, 0])[:, :, None])[:, :, 0]
    point = np.column_stack([np.ones(len(value)), value])
    moment = point[:, :, None] * point[:, None, :]
    moment[:, 1:, 1:] += covariance
    packed: Floats = moment[:, row, column]
    return packed


def locate(
    starts: Ints,
    columns: Columns,
    values: Values,
    moments: Floats,
    prior: Floats,
    lean: float,
    sweeps: int,
    mean: Floats,
    covariance: Floats,
) -> tuple[Floats, Floats]:
    """The log likelihood of each participant in each cloud, shape (n, k), and the spot, shape (n, 2)."""
    n, q = len(starts) - 1, int(np.sqrt(2 * len(prior)))
    likelihood, spot = np.zeros((n, len(mean))), np.zeros((n, 2))

    def located(ranges: list[tuple[int, int]]) -> None:
        for first, last in ranges:
            votes, part = slice(starts[first], starts[last]), starts[first : last + 1] - starts[first]
            half = halves(part, columns[votes], values[votes], len(moments))
            _curved, second, pull = placed(half, moments, prior, lean, sweeps)
            precision, drawn = _alone(second, pull, lean)
            likelihood[first:last] = cloud_likelihood(drawn, precision, mean, covariance)
            middle = np.linalg.solve(precision + np.eye(q - 2), drawn[:, :, None])
            spot[first:last] = middle[:, :2, 0]

    side_by_side(located, starts, FITTED_AT_ONCE)
    return likelihood, spot


def _alone(second: Floats, first: Floats, lean: float) -> tuple[Floats, Floats]:
    """What the votes say of u alone: a is taken out of the joint precision (its Schur complement)."""
    lead, along = second[:, 1, 1] + 1 / lean, second[:, 1, 2:]
    pulled = (first[:, 1] - second[:, 0, 1]) / lead
    precision = second[:, 2:, 2:] - along[:, :, None] * (along / lead[:, None])[:, None, :]
    return precision, first[:, 2:] - second[:, 0, 2:] - along * pulled[:, None]
