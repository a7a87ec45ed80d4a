"""Which group each vote is counted in; compiled, as in `plain`."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
from numba import njit, prange

from camphor.engine.opinion.kernels.arrays import Columns, Floats, Groups, Ints, Values
from camphor.engine.opinion.kernels.fast.clouds import known_clouds
from camphor.engine.opinion.kernels.fast.compiling import compiled
from camphor.engine.opinion.kernels.fast.solving import factor, invert_factor
from camphor.engine.opinion.kernels.fast.sweeps import chunk_edges, settle, twice_in


def labels_without(
    starts: Ints,
    columns: Columns,
    values: Values,
    moments: Floats,
    prior: Floats,
    lean: float,
    sweeps: int,
    mean: Floats,
    covariance: Floats,
    share: Floats,
    group: Ints,
    told_from: float,
) -> Groups:
    """The group of each vote, shape (v,); as in `plain`."""
    own, drawn, base = known_clouds(mean, covariance, share)
    edges = chunk_edges(starts)
    side_by_side, alone = _labels_of(int(np.sqrt(2 * len(prior))))
    run = side_by_side if len(edges) > 2 else alone
    how, sizes = (moments, prior, lean, sweeps), np.bincount(group, weights=share)
    return run(starts, columns, values, *how, own, drawn, base, group, sizes, told_from, edges)


@cache
def _labels_of(q: int) -> tuple[Callable[..., Groups], Callable[..., Groups]]:
    """The loop for moments of q rows, which is a constant to the compiler: side by side, and alone."""
    c, d = q * (q + 1) // 2, q - 1

    def _labels_without(
        starts: Ints,
        columns: Columns,
        values: Values,
        moments: Floats,
        prior: Floats,
        lean: float,
        sweeps: int,
        own: Floats,
        drawn: Floats,
        base: Floats,
        group: Ints,
        sizes: Floats,
        told_from: float,
        edges: Ints,
    ) -> Groups:
        clouds = len(own)
        found = np.empty(len(values), np.int8)
        for chunk in prange(len(edges) - 1):
            second, first, now, moment = np.empty(c), np.empty(q), np.empty(c), np.empty(c)
            work, value, weight = np.empty((q, q)), np.empty(q), np.empty(len(moments))
            root, at = np.empty((clouds, d, d)), np.empty((clouds, d))
            log, rest, chance = np.empty(clouds), np.empty(clouds), np.empty(len(sizes))
            twice = twice_in(c, q)
            for i in range(edges[chunk], edges[chunk + 1]):
                votes = starts[i], starts[i + 1]
                moment[:] = prior
                settle(
                    votes, columns, values, moments, lean, sweeps,
                    second, first, now, twice, work, value, weight, moment, c, q,
                )  # fmt: skip
                for cloud in range(clouds):
                    log[cloud] = base[cloud] + _fitted(
                        own[cloud], drawn[cloud], second, first, lean, root[cloud], at[cloud], q
                    )
                for vote in range(votes[0], votes[1]):
                    moment_of, tau = moments[columns[vote]], weight[vote - votes[0]]
                    _log_without(moment_of, tau, values[vote], log, root, at, rest, q)
                    found[vote] = _told(rest, group, sizes, told_from, chance)
        return found

    return compiled(_labels_without)


@njit(inline="always")
def _fitted(
    own: Floats, drawn: Floats, second: Floats, first: Floats, lean: float, root: Floats, at: Floats, q: int
) -> float:
    """½ (c' A⁻¹ c − log|A|) of p = (a, u) in one cloud; root: the inverse of A's factor, at: A⁻¹ c."""
    d, k = q - 1, q
    for r in range(d):
        for s in range(r, d):
            root[s, r] = second[k]
            k += 1
    root[0, 0] += 1.0 / lean
    for r in range(1, d):
        for s in range(1, r + 1):
            root[r, s] += own[r - 1, s - 1]
    half = factor(root, d)
    invert_factor(root, d)
    square = 0.0
    for r in range(d):
        at[r] = 0.0
    for t in range(d):
        z = 0.0
        for s in range(t + 1):
            middle = drawn[s - 1] if s else 0.0
            z += root[t, s] * (first[s + 1] - second[s + 1] + middle)
        square += z * z
        for s in range(t + 1):
            at[s] += root[t, s] * z
    fits: float = 0.5 * square - half
    return fits


@njit(inline="always")
def _log_without(
    moment: Floats, tau: float, vote: int, log: Floats, root: Floats, at: Floats, rest: Floats, q: int
) -> None:
    """The log likelihood in each cloud, its share included, without this vote; rest: where it is written."""
    kappa = 0.5 * vote - tau * moment[1]
    for cloud in range(len(log)):
        s = here = 0.0
        for r in range(q - 1):
            along = 0.0
            for e in range(r + 1):
                along += root[cloud, r, e] * moment[q + e]
            s += along * along
            here += at[cloud, r] * moment[q + r]
        less = 1.0 - tau * s
        gone = tau * (here - kappa * s) ** 2 / less - 2 * kappa * here + kappa * kappa * s - np.log(less)
        rest[cloud] = log[cloud] + 0.5 * gone


@njit(inline="always")
def _told(log: Floats, group: Ints, sizes: Floats, told_from: float, chance: Floats) -> int:
    """The most probable group, or -1 where it is not told; as `labels_of` in `plain`."""
    top = log.max()
    chance[:] = 0.0
    for cloud in range(len(log)):
        chance[group[cloud]] += np.exp(log[cloud] - top)
    best = int(np.argmax(chance))
    alike = 0.0
    for one in range(len(chance)):
        alike += chance[one] / sizes[one]
    return best if chance[best] / sizes[best] >= told_from * alike else -1
