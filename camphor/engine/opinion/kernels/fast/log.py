"""The log of votes, sorted and counted; compiled, as in `plain`."""

from __future__ import annotations

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from camphor.engine.opinion.kernels.arrays import Columns, Ints, Values

FEW_VOTES = 200_000
"""Below this, waking a second thread takes longer than it saves."""
PARTS = 2
"""Parts of the rows that are filled side by side; each reads the whole log, so more of them cost more."""


def sort_log(rows: Columns, columns: Columns, values: Values, n: int, m: int) -> tuple[Ints, Columns, Values]:
    """The log by participant, then statement, of which the last vote counts: starts, columns, values."""
    parts = PARTS if len(rows) > FEW_VOTES else 1
    fill = _fill if parts > 1 else _fill_alone
    settle = _settle if parts > 1 else _settle_alone
    starts, columns, values = fill(rows, columns, values, n, parts)
    kept = settle(starts, columns, values)
    if kept.sum() < len(columns):
        starts, columns, values = _squeeze(starts, columns, values, kept)
    return starts, columns, values


def _fill_source(
    rows: Columns, columns: Columns, values: Values, n: int, parts: int
) -> tuple[Ints, Columns, Values]:
    """A counting sort by row, stable."""
    starts = np.zeros(n + 1, np.int64)
    for part in prange(parts):
        low, high = n * part // parts, n * (part + 1) // parts
        for row in rows:
            if low <= row < high:
                starts[row + 1] += 1
    for row in range(n):
        starts[row + 1] += starts[row]
    place = starts[:-1].copy()
    sorted_columns = np.empty(len(rows), np.int32)
    sorted_values = np.empty(len(rows), np.int8)
    for part in prange(parts):
        low, high = n * part // parts, n * (part + 1) // parts
        for vote in range(len(rows)):
            row = rows[vote]
            if low <= row < high:
                sorted_columns[place[row]] = columns[vote]
                sorted_values[place[row]] = values[vote]
                place[row] += 1
    return starts, sorted_columns, sorted_values


def _settle_source(starts: Ints, columns: Columns, values: Values) -> Ints:
    """Sort each row by column in its place, keep the last of equal ones, and tell how many are kept."""
    n = len(starts) - 1
    kept = np.zeros(n, np.int64)
    for row in prange(n):
        first, length = starts[row], starts[row + 1] - starts[row]
        key = np.empty(length, np.int64)
        for k in range(length):
            key[k] = (np.int64(columns[first + k]) << 32) | (k << 2) | (values[first + k] + 1)
        key.sort()
        last = -1
        for k in range(length):
            column = key[k] >> 32
            if k == 0 or column != columns[first + last]:
                last += 1
            columns[first + last] = column
            values[first + last] = (key[k] & 3) - 1
        kept[row] = last + 1
    return kept


_fill = njit(_fill_source, parallel=True, cache=True)
_fill_alone = njit(_fill_source, cache=True)
_settle = njit(_settle_source, parallel=True, cache=True)
_settle_alone = njit(_settle_source, cache=True)


@njit(cache=True)
def _squeeze(starts: Ints, columns: Columns, values: Values, kept: Ints) -> tuple[Ints, Columns, Values]:
    """The kept votes of each row, moved together."""
    closer = np.zeros(len(starts), np.int64)
    for row in range(len(kept)):
        closer[row + 1] = closer[row] + kept[row]
    fewer_columns = np.empty(closer[-1], np.int32)
    fewer_values = np.empty(closer[-1], np.int8)
    for row in range(len(kept)):
        for k in range(kept[row]):
            fewer_columns[closer[row] + k] = columns[starts[row] + k]
            fewer_values[closer[row] + k] = values[starts[row] + k]
    return closer, fewer_columns, fewer_values


@njit(cache=True)
def tally(
    starts: Ints, columns: Columns, values: Values, label: Ints, labels: int, m: int
) -> NDArray[np.int64]:
    """Agreed, disagreed and seen per label and statement, shape (labels, 3, m)."""
    counted = np.zeros((labels, 3, m), np.int64)
    for row in range(len(starts) - 1):
        g = label[row]
        if g < 0:
            continue
        for vote in range(starts[row], starts[row + 1]):
            counted[g, 2, columns[vote]] += 1
            if values[vote] == 1:
                counted[g, 0, columns[vote]] += 1
            elif values[vote] == -1:
                counted[g, 1, columns[vote]] += 1
    return counted
