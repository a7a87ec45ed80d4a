"""The loops over votes with numpy and scipy alone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.spatial import KDTree

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Columns = NDArray[np.int32]
Values = NDArray[np.int8]

DIGIT = 1 << 16
"""numpy sorts integers of 16 bits by counting, in linear time and stably; longer ones it compares."""
BLOCK = 4_000_000
"""Votes worked on at once, so that what is made for each vote stays small beside the votes."""


def sort_log(rows: Columns, columns: Columns, values: Values, n: int, m: int) -> tuple[Ints, Columns, Values]:
    """The log by participant, then statement, of which the last vote counts: starts, columns, values."""
    order = _by_digits(columns, m, None)
    order = _by_digits(rows, n, order)
    rows, columns, values = rows[order], columns[order], values[order]
    last = np.ones(len(rows), bool)
    last[:-1] = (rows[1:] != rows[:-1]) | (columns[1:] != columns[:-1])
    if not last.all():
        rows, columns, values = rows[last], columns[last], values[last]
    starts = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=n))]).astype(np.int64)
    return starts, columns, values


def _by_digits(keys: Columns, size: int, order: NDArray[np.intp] | None) -> NDArray[np.intp]:
    """A stable order by the key, after `order`."""
    shift = 0
    while order is None or size >> shift:
        digit = (keys if order is None else keys[order]) >> shift
        ranked = np.argsort((digit & (DIGIT - 1)).astype(np.uint16), kind="stable")
        order = ranked if order is None else order[ranked]
        shift += 16
    return order


def tally(
    starts: Ints, columns: Columns, values: Values, label: Ints, labels: int, m: int
) -> NDArray[np.int64]:
    """Agreed, disagreed and seen per label and statement, shape (labels, 3, m)."""
    counted = np.zeros((3, labels * m), np.int64)
    for first, last in blocks(starts):
        votes = slice(starts[first], starts[last])
        of = np.repeat(label[first:last], np.diff(starts[first : last + 1]))
        known = of >= 0
        cell, value = of[known] * m + columns[votes][known], values[votes][known]
        counted[0] += np.bincount(cell[value == 1], minlength=labels * m)
        counted[1] += np.bincount(cell[value == -1], minlength=labels * m)
        counted[2] += np.bincount(cell, minlength=labels * m)
    return counted.reshape(3, labels, m).transpose(1, 0, 2)


def blocks(starts: Ints) -> list[tuple[int, int]]:
    """Ranges of participants with at most `BLOCK` votes together (or one participant)."""
    found, first, n = [], 0, len(starts) - 1
    while first < n:
        last = int(np.searchsorted(starts, starts[first] + BLOCK, side="right")) - 1
        last = min(max(last, first + 1), n)
        found.append((first, last))
        first = last
    return found


# The published Polis algorithm: principal axes, projection, k-means

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


def _centred(starts: Ints, columns: Columns, values: Values, centre: Floats) -> Iterator[csr_matrix]:
    """The rows of X, block by block."""
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
