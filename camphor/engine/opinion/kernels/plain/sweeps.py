"""A sweep of variational EM, and participants placed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from camphor.engine.opinion.kernels.arrays import Columns, Floats, Ints, Values
from camphor.engine.opinion.kernels.plain.clouds import cloud_likelihood
from camphor.engine.opinion.kernels.plain.log import blocks

if TYPE_CHECKING:
    from scipy.sparse import csr_array

FITTED_AT_ONCE = 200_000
"""Votes of one sweep worked on at once: some twenty numbers are gathered for each."""


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
    total = np.zeros((m, c + q)) if sums else np.zeros((0, c + q))
    for first, last in blocks(starts, FITTED_AT_ONCE):
        votes, part = slice(starts[first], starts[last]), starts[first : last + 1] - starts[first]
        curved, pulled = weighed(part, columns[votes], values[votes], moments, people[first:last])
        newer = _solved(*gathered(curved, pulled, moments), lean, q)
        renewed[first:last] = newer
        if sums:
            total[:, :c] += curved.T @ newer
            total[:, c:] += pulled.T @ newer[:, :q]
    return renewed, total


def weighed(
    starts: Ints, columns: Columns, values: Values, moments: Floats, people: Floats
) -> tuple[csr_array, csr_array]:
    """2 l_ij and y_ij/2 of each vote that is no pass, as matrices of participants and statements."""
    from scipy.sparse import csr_array

    row, column = np.triu_indices(int(np.sqrt(2 * moments.shape[1])))
    cast = values != 0
    kept = np.concatenate([[0], np.cumsum(cast)])[starts]
    what, of = columns[cast], np.repeat(np.arange(len(people)), np.diff(kept))
    twice = np.where(row == column, 1.0, 2.0)
    x = np.sqrt(np.einsum("vc,vc,c->v", moments[what], people[of], twice))
    weight, shape = np.tanh(x / 2) / (2 * np.maximum(x, 1e-9)), (len(people), len(moments))
    half = values[cast] * 0.5
    return csr_array((weight, what, kept), shape=shape), csr_array((half, what, kept), shape=shape)


def gathered(curved: csr_array, pulled: csr_array, moments: Floats) -> tuple[Floats, Floats]:
    """Of each participant Σ 2 l_ij E[t t'], packed, and Σ y_ij/2 E[t]."""
    row, column = np.triu_indices(int(np.sqrt(2 * moments.shape[1])))
    return curved @ moments, pulled @ moments[:, (row == 1) | ((column == 1) & (row == 0))]


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
    for first, last in blocks(starts, FITTED_AT_ONCE):
        votes, part = slice(starts[first], starts[last]), starts[first : last + 1] - starts[first]
        people = np.tile(prior, (last - first, 1))
        for _sweep in range(sweeps):
            people, _sums = sweep(part, columns[votes], values[votes], moments, people, lean, False)
        whole = full(people, q)
        middle = whole[:, 0, 2:]
        known = np.linalg.inv(whole[:, 2:, 2:] - middle[:, :, None] * middle[:, None, :])
        pull = (known @ middle[:, :, None])[:, :, 0]
        likelihood[first:last] = cloud_likelihood(pull, known - np.eye(q - 2), mean, covariance)
        spot[first:last] = middle[:, :2]
    return likelihood, spot
