"""The published Polis algorithm: principal axes, projection, k-means; compiled, as in `plain`."""

from __future__ import annotations

import numpy as np
from numba import prange

from camphor.engine.opinion.kernels.arrays import Columns, Floats, Ints, Values
from camphor.engine.opinion.kernels.fast.compiling import compiled

SHARES = 8
"""Shares of the rows that are summed apart and then together: always so many, so that the sum does not
depend on the number of processors."""
FEW_TO_SHARE = 1_000_000
"""Votes, below which a second thread that must wait for a processor costs more than one saves."""
FEW_POINTS = 50_000
"""The same for points."""


def gram_times(starts: Ints, columns: Columns, values: Values, centre: Floats, block: Floats) -> Floats:
    """X'X times a block of shape (m, 4), X the votes less the centre of their statement."""
    shares = SHARES if len(columns) > FEW_TO_SHARE else 1
    times = _gram_times if shares > 1 else _gram_times_alone
    bounds = np.searchsorted(starts, np.arange(shares + 1) * len(columns) // shares)
    bounds[0], bounds[-1] = 0, len(starts) - 1
    total: Floats = times(starts, columns, values, centre, block, bounds).sum(axis=0)
    return total


def _gram_times_source(
    starts: Ints, columns: Columns, values: Values, centre: Floats, block: Floats, bounds: Ints
) -> Floats:
    """Positions are unsigned, so that none counts from the end, and sums are all read before any is written:
    the four columns are then worked on at once, twice as fast."""
    shares = len(bounds) - 1
    total = np.zeros((shares, len(centre), 4))
    for share in prange(shares):
        own = np.zeros((len(centre), 4))
        for row in range(bounds[share], bounds[share + 1]):
            a, b, c, d = 0.0, 0.0, 0.0, 0.0
            for vote in range(starts[row], starts[row + 1]):
                j = np.uint32(columns[vote])
                x = values[vote] - centre[j]
                a += x * block[j, 0]
                b += x * block[j, 1]
                c += x * block[j, 2]
                d += x * block[j, 3]
            for vote in range(starts[row], starts[row + 1]):
                j = np.uint32(columns[vote])
                x = values[vote] - centre[j]
                s0, s1 = own[j, 0] + x * a, own[j, 1] + x * b
                s2, s3 = own[j, 2] + x * c, own[j, 3] + x * d
                own[j, 0], own[j, 1], own[j, 2], own[j, 3] = s0, s1, s2, s3
        total[share] = own
    return total


def project(starts: Ints, columns: Columns, values: Values, centre: Floats, axes: Floats) -> Floats:
    """X times axes of shape (m, 2), shape (n, 2)."""
    run = _project if len(columns) > FEW_TO_SHARE else _project_alone
    placed: Floats = run(starts, columns, values, centre, axes)
    return placed


def _project_source(starts: Ints, columns: Columns, values: Values, centre: Floats, axes: Floats) -> Floats:
    placed = np.empty((len(starts) - 1, 2))
    for row in prange(len(starts) - 1):
        x, y = 0.0, 0.0
        for vote in range(starts[row], starts[row + 1]):
            j = np.uint32(columns[vote])
            away = values[vote] - centre[j]
            x += away * axes[j, 0]
            y += away * axes[j, 1]
        placed[row, 0] = x
        placed[row, 1] = y
    return placed


def nearest_centres(points: Floats, weights: Floats, centres: Floats, guess: Ints) -> tuple[Ints, Floats]:
    """The nearest centre of each point, of equally near ones the last, shape (n,); and of each centre the
    weighted sum of its points, their weight and their number, shape (k, 4). guess: shape (n,), a centre
    that may be near; the nearer it is, the sooner the nearest is found."""
    shares = SHARES if len(points) > FEW_POINTS else 1
    run = _nearest_centres if shares > 1 else _nearest_centres_alone
    apart = np.hypot(centres[:, None, 0] - centres[None, :, 0], centres[:, None, 1] - centres[None, :, 1])
    near = np.argsort(apart, axis=1)
    by_rank = np.take_along_axis(apart, near, 1)
    label, sums = run(points, weights, centres, guess, near.astype(np.uint32), by_rank, shares)
    return label, sums.sum(axis=0)


def _nearest_centres_source(
    points: Floats, weights: Floats, centres: Floats, guess: Ints, near: Ints, apart: Floats, shares: int
) -> tuple[Ints, Floats]:
    """near: the centres by their distance from each, shape (k, k), and apart: those distances.

    A centre can be as near as the nearest found only if it is at most the distances of both to the point
    away from the guess (the triangle inequality), so that most are never looked at.
    """
    n, k = len(points), len(centres)
    label = np.empty(n, np.int64)
    sums = np.zeros((shares, k, 4))
    for share in prange(shares):
        own = np.zeros((k, 4))
        for point in range(n * share // shares, n * (share + 1) // shares):
            x, y, found = points[point, 0], points[point, 1], np.uint32(guess[point])
            first = found
            across, along = x - centres[first, 0], y - centres[first, 1]
            to_guess = np.sqrt(across * across + along * along)
            nearest = to_guess
            for rank in range(k):
                if apart[first, rank] > (to_guess + nearest) * (1 + 1e-12):
                    break
                here = near[first, rank]
                across, along = x - centres[here, 0], y - centres[here, 1]
                distance = np.sqrt(across * across + along * along)
                if distance < nearest or (distance == nearest and here > found):
                    nearest, found = distance, here
            label[point] = found
            weight = weights[point]
            own[found, 0] += weight * x
            own[found, 1] += weight * y
            own[found, 2] += weight
            own[found, 3] += 1
        sums[share] = own
    return label, sums


_gram_times, _gram_times_alone = compiled(_gram_times_source)
_project, _project_alone = compiled(_project_source)
_nearest_centres, _nearest_centres_alone = compiled(_nearest_centres_source)
