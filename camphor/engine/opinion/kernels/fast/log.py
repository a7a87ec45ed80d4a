"""The log of votes, sorted and counted; compiled, as in `plain`."""

from __future__ import annotations

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from camphor.engine.opinion.kernels.arrays import Columns, Groups, Ints, Values
from camphor.engine.opinion.kernels.fast.compiling import compiled
from camphor.engine.opinion.kernels.plain.log import sort_log as plain_sort_log

FEW_VOTES = 200_000
"""Below this, waking a second thread takes longer than it saves."""
PARTS = 4
"""Parts of the log that are put into buckets side by side."""
PACKED_BITS = 30
"""Bits for a participant within his bucket and a statement; two more hold the vote."""
MOST_ROW_BITS = 12
"""Buckets of 4,096 participants: at 50 votes each they fill a megabyte, and 250 of them hold a million."""


def sort_log(rows: Columns, columns: Columns, values: Values, n: int, m: int) -> tuple[Ints, Columns, Values]:
    """The log by participant, then statement, of which the last vote counts: starts, columns, values."""
    column_bits = max(m - 1, 1).bit_length()
    row_bits = min(PACKED_BITS - column_bits, MOST_ROW_BITS)
    if row_bits < 1:  # over half a billion statements
        return plain_sort_log(rows, columns, values, n, m)
    parts = PARTS if len(rows) > FEW_VOTES else 1
    fill = _fill if parts > 1 else _fill_alone
    settle = _settle if parts > 1 else _settle_alone
    starts, columns, values = fill(rows, columns, values, n, parts, row_bits, column_bits)
    cuts = np.searchsorted(starts, np.linspace(0, starts[-1], parts + 1)[1:-1])
    edges = np.concatenate([[0], cuts, [n]]).astype(np.int64)
    kept = settle(starts, columns, values, edges, m)
    if kept.sum() < len(columns):
        starts, columns, values = _squeeze(starts, columns, values, kept)
    return starts, columns, values


def _fill_source(
    rows: Columns, columns: Columns, values: Values, n: int, parts: int, row_bits: int, column_bits: int
) -> tuple[Ints, Columns, Values]:
    """A counting sort by row, stable, in two passes: into buckets of 2^row_bits rows, then within each.

    The votes of a bucket, packed into 32 bits each, stay in the cache while they are sorted.
    """
    v, buckets = len(rows), (n >> row_bits) + 1
    counted = np.zeros((parts, buckets), np.int64)
    for part in prange(parts):
        for vote in range(v * part // parts, v * (part + 1) // parts):
            counted[part, rows[vote] >> row_bits] += 1
    first = np.zeros((parts + 1, buckets), np.int64)
    place = 0
    for bucket in range(buckets):
        for part in range(parts):
            first[part, bucket] = place
            place += counted[part, bucket]
        first[parts, bucket] = place
    packed = np.empty(v, np.uint32)
    low_row = (1 << row_bits) - 1
    for part in prange(parts):
        after = first[part].copy()
        for vote in range(v * part // parts, v * (part + 1) // parts):
            row = rows[vote]
            bucket = row >> row_bits
            packed[after[bucket]] = (
                ((row & low_row) << (column_bits + 2)) | (columns[vote] << 2) | (values[vote] + 1)
            )
            after[bucket] += 1
    starts = np.zeros(n + 1, np.int64)
    sorted_columns, sorted_values = np.empty(v, np.int32), np.empty(v, np.int8)
    low_column = (1 << column_bits) - 1
    for bucket in prange(buckets):
        after = np.zeros((1 << row_bits) + 1, np.int64)
        after[0] = first[0, bucket]
        for k in range(first[0, bucket], first[parts, bucket]):
            after[(packed[k] >> (column_bits + 2)) + 1] += 1
        for row in range(1 << row_bits):
            after[row + 1] += after[row]
            if (bucket << row_bits) + row < n:
                starts[(bucket << row_bits) + row + 1] = after[row + 1]
        for k in range(first[0, bucket], first[parts, bucket]):
            vote = packed[k]
            row = vote >> (column_bits + 2)
            sorted_columns[after[row]] = (vote >> 2) & low_column
            sorted_values[after[row]] = np.int8(vote & 3) - 1
            after[row] += 1
    return starts, sorted_columns, sorted_values


def _settle_source(starts: Ints, columns: Columns, values: Values, edges: Ints, m: int) -> Ints:
    """Sort each row by column in its place, keep the last of equal ones, and tell how many are kept.

    A row marks its columns in a bitmap, which is then read in order: linear, and equal ones fall together.
    """
    n = len(starts) - 1
    kept = np.zeros(n, np.int64)
    for part in prange(len(edges) - 1):
        marked = np.zeros(m // 64 + 1, np.uint64)
        told = np.zeros(m, np.int8)
        for row in range(edges[part], edges[part + 1]):
            low, high = m, -1
            for vote in range(starts[row], starts[row + 1]):
                column = columns[vote]
                marked[column >> 6] |= np.uint64(1) << np.uint64(column & 63)
                told[column] = values[vote]
                low, high = min(low, column), max(high, column)
            place = starts[row]
            for word in range(low >> 6, (high >> 6) + 1):
                bits = marked[word]
                marked[word] = 0
                while bits:
                    column = (word << 6) + _lowest_bit(bits)
                    bits &= bits - np.uint64(1)
                    columns[place] = column
                    values[place] = told[column]
                    place += 1
            kept[row] = place - starts[row]
    return kept


DE_BRUIJN = np.uint64(0x03F79D71B4CB0A89)
BIT_OF = np.zeros(64, np.int64)
for _bit in range(64):
    BIT_OF[(int(DE_BRUIJN) << _bit & 0xFFFFFFFFFFFFFFFF) >> 58] = _bit


@njit(cache=True)
def _lowest_bit(bits: int) -> int:
    """The place of the lowest bit that is set, by multiplication (Leiserson, Prokop and Randall 1998)."""
    place: int = BIT_OF[((bits & (~bits + np.uint64(1))) * DE_BRUIJN) >> np.uint64(58)]
    return place


_fill, _fill_alone = compiled(_fill_source)
_settle, _settle_alone = compiled(_settle_source)


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
def tally(columns: Columns, values: Values, label: Groups, labels: int, m: int) -> NDArray[np.int64]:
    """Agreed, disagreed and seen per label and statement; as in `plain`."""
    counted = np.zeros((labels, 3, m), np.int64)
    for vote in range(len(values)):
        g = label[vote]
        if g < 0:
            continue
        counted[g, 2, columns[vote]] += 1
        if values[vote] == 1:
            counted[g, 0, columns[vote]] += 1
        elif values[vote] == -1:
            counted[g, 1, columns[vote]] += 1
    return counted
