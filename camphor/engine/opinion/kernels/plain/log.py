"""The log of votes, sorted and counted."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from camphor.engine.opinion.kernels.arrays import Columns, Groups, Ints, Values

Result = TypeVar("Result")

DIGIT = 1 << 16
"""numpy sorts integers of 16 bits by counting, in linear time and stably; longer ones it compares."""
BLOCK = 4_000_000
"""Votes worked on at once, so that what is made for each vote stays small beside the votes."""


def sort_log(rows: Columns, columns: Columns, values: Values, n: int, m: int) -> tuple[Ints, Columns, Values]:
    """The log by participant, then statement, of which the last vote counts: starts, columns, values."""
    columns = columns.astype(np.int32, copy=False)
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


def tally(columns: Columns, values: Values, label: Groups, labels: int, m: int) -> NDArray[np.int64]:
    """Agreed, disagreed and seen per label and statement, shape (labels, 3, m).

    label: of each vote, shape (v,); those with -1 are left out.
    """
    counted = np.zeros((3, labels * m), np.int64)
    for first in range(0, len(values), BLOCK):
        votes = slice(first, first + BLOCK)
        known = label[votes] >= 0
        cell = label[votes][known].astype(np.int64) * m + columns[votes][known]
        value = values[votes][known]
        counted[0] += np.bincount(cell[value == 1], minlength=labels * m)
        counted[1] += np.bincount(cell[value == -1], minlength=labels * m)
        counted[2] += np.bincount(cell, minlength=labels * m)
    return counted.reshape(3, labels, m).transpose(1, 0, 2)


PARTS = 8
"""Parts that are worked on side by side: always so many, so that a sum does not depend on the processors."""


def side_by_side(work: Callable[[list[tuple[int, int]]], Result], starts: Ints, most: int) -> list[Result]:
    """What `work` makes of each part of the participants, given as ranges of at most so many votes; in order.

    Loops inside numpy let other threads run meanwhile.
    """
    ranges = blocks(starts, most)
    if len(ranges) < PARTS:
        return [work(ranges)]
    cuts = [len(ranges) * part // PARTS for part in range(PARTS + 1)]
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return list(threads.map(work, (ranges[a:b] for a, b in pairwise(cuts))))


def blocks(starts: Ints, most: int = BLOCK) -> list[tuple[int, int]]:
    """Ranges of participants with at most so many votes together (or one participant)."""
    found, first, n = [], 0, len(starts) - 1
    while first < n:
        last = int(np.searchsorted(starts, starts[first] + most, side="right")) - 1
        last = min(max(last, first + 1), n)
        found.append((first, last))
        first = last
    return found
