"""k-means in the plane as the published algorithm runs it: start, ties, empty clusters and stop are part
of the result."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from camphor.engine.opinion.kernels import kernels
from camphor.engine.opinion.votes import Floats, Ints

STILL = 0.01
"""Steps end when no centre moves this far (published)."""


@dataclass(frozen=True, eq=False)
class Clustering:
    """label: the cluster of each point, shape (p,), a position in the others. centres: shape (k, 2).
    ids: shape (k,), ascending, the rank of creation; some are missing where a cluster became empty."""

    label: Ints
    centres: Floats
    ids: Ints


def first_distinct(points: Floats, k: int) -> Floats:
    """The first k different points in the order of rows, shape (at most k, 2)."""
    known: dict[tuple[float, float], None] = {}
    for first in range(0, len(points), 1000):
        for x, y in (points[first : first + 1000] + 0.0).tolist():  # adding 0 makes -0 equal to 0
            known.setdefault((x, y))
            if len(known) == k:
                return np.array(list(known))
    return np.array(list(known)).reshape(-1, 2)


def k_means(points: Floats, weights: Floats, start: Floats, steps: int) -> Clustering:
    """Lloyd's steps from `start`, at most `steps` of them.

    points: shape (p, 2). weights: shape (p,), what each counts in a mean. start: shape (k, 2), k >= 1.
    A point as near to two centres goes to the later one; a cluster without points is dropped; the steps
    end when the sorted old and new centres, paired as far as both go, are all less than 0.01 apart.
    """
    centres, ids = start, np.arange(len(start))
    label = np.zeros(len(points), np.int64)
    for _step in range(steps):
        label, sums = kernels().nearest_centres(points, weights, centres, label)
        filled = sums[:, 3] > 0
        if not filled.all():
            label = (np.cumsum(filled) - 1)[label]
        before, centres, ids = centres, sums[filled, :2] / sums[filled, 2:3], ids[filled]
        if _still(before, centres):
            break
    return Clustering(label, centres, ids)


def _still(before: Floats, after: Floats) -> bool:
    pairs = min(len(before), len(after))
    moved = _sorted(before)[:pairs] - _sorted(after)[:pairs]
    return bool((np.hypot(moved[:, 0], moved[:, 1]) < STILL).all())


def _sorted(centres: Floats) -> Floats:
    return centres[np.lexsort((centres[:, 1], centres[:, 0]))]
