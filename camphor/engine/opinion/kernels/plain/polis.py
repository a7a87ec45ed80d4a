"""The published Polis algorithm: principal axes, projection, k-means."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from camphor.engine.opinion.kernels.arrays import Columns, Floats, Ints, Values
from camphor.engine.opinion.kernels.plain.log import blocks

FEW_DISTANCES = 4_000_000
"""Up to so many distances are all computed; beyond, a tree over the centres is searched."""


def gram_times(starts: Ints, columns: Columns, values: Values, centre: Floats, block: Floats) -> Floats:
    """X'X times a block of shape (m, 4), X the votes less the centre of their statement."""
    total = np.zeros_like(block)
    for rows in _centred(starts, columns, values, centre):
        total += rows.T @ (rows @ block)
    return total


def project(starts: Ints, columns: Columns, values: Values, centre: Floats, axes: Floats) -> Floats:
    """X times axes of shape (m, 2), shape (n, 2)."""
    parts = [rows @ axes for rows in _centred(starts, columns, values, centre)]
    return np.concatenate(parts) if parts else np.zeros((0, 2))


def _centred(starts: Ints, columns: Columns, values: Values, centre: Floats) -> Iterator[Any]:
    """The rows of X, block by block, as sparse matrices."""
    from scipy.sparse import csr_matrix  # only where a map is drawn

    for first, last in blocks(starts):
        votes = slice(starts[first], starts[last])
        data = values[votes] - centre[columns[votes]]
        inside = (starts[first : last + 1] - starts[first]).astype(np.int32)
        yield csr_matrix((data, columns[votes], inside), shape=(last - first, len(centre)))


def nearest_centres(points: Floats, weights: Floats, centres: Floats, guess: Ints) -> tuple[Ints, Floats]:
    """The nearest centre of each point, of equally near ones the last, shape (n,); and of each centre the
    weighted sum of its points, their weight and their number, shape (k, 4). A guess is of no use here."""
    k = len(centres)
    if len(points) * k <= FEW_DISTANCES:
        label = _nearest(points, centres)
    else:
        from scipy.spatial import KDTree

        apart, near = KDTree(centres).query(points, k=min(2, k), workers=-1)
        label = near.reshape(len(points), -1)[:, 0].astype(np.int64)
        tied = np.flatnonzero(apart[:, 0] == apart[:, 1]) if k > 1 else np.zeros(0, np.int64)
        label[tied] = _nearest(points[tied], centres)
    sums = [np.bincount(label, weights * points[:, axis], k) for axis in (0, 1)]
    sums += [np.bincount(label, weights, k), np.bincount(label, minlength=k).astype(float)]
    return label, np.stack(sums, axis=1)


def _nearest(points: Floats, centres: Floats) -> Ints:
    x, y = (points[:, axis, None] - centres[None, ::-1, axis] for axis in (0, 1))
    first = np.argmin(np.sqrt(x * x + y * y), axis=1)
    return np.asarray(len(centres) - 1 - first, dtype=np.int64)
