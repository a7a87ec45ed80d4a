"""A sweep of variational EM, and participants placed; compiled, as in `plain`."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
from numba import njit, prange

from camphor.engine.opinion.kernels.arrays import Columns, Floats, Ints, Values
from camphor.engine.opinion.kernels.fast.compiling import compiled
from camphor.engine.opinion.kernels.fast.curving import curvature
from camphor.engine.opinion.kernels.fast.log import FEW_VOTES
from camphor.engine.opinion.kernels.fast.solving import factor, invert_factor, solve

CHUNKS = 8
"""Parts of the participants that are worked on side by side, of equally many votes."""

Loop = Callable[..., tuple[Floats, Floats]]


def sweep(
    starts: Ints, columns: Columns, values: Values, moments: Floats, people: Floats, lean: float, sums: bool
) -> tuple[Floats, Floats]:
    """One step of variational EM over participants; as in `plain`."""
    edges = chunk_edges(starts)
    q = int(np.sqrt(2 * moments.shape[1]))
    side_by_side, alone = _sweep_of(q)
    run = side_by_side if len(edges) > 2 else alone
    renewed, total = run(starts, columns, values, moments, people, lean, sums, edges)
    return renewed, total.sum(axis=0)[:, : moments.shape[1] + q]


def chunk_edges(starts: Ints) -> Ints:
    """Where the chunks of participants begin, and where the last ends; few votes are one chunk."""
    if starts[-1] <= FEW_VOTES:
        return np.array([0, len(starts) - 1])
    cuts = np.searchsorted(starts, np.linspace(0, starts[-1], CHUNKS + 1)[1:-1])
    return np.concatenate([[0], cuts, [len(starts) - 1]]).astype(np.int64)


@cache
def _sweep_of(q: int) -> tuple[Loop, Loop]:
    """The loop for moments of q rows, which is a constant to the compiler: side by side, and alone."""
    c = q * (q + 1) // 2

    def _sweep(
        starts: Ints,
        columns: Columns,
        values: Values,
        moments: Floats,
        people: Floats,
        lean: float,
        sums: bool,
        edges: Ints,
    ) -> tuple[Floats, Floats]:
        m, chunks = len(moments), len(edges) - 1
        renewed = np.empty((len(starts) - 1, c))
        total = np.zeros((chunks, m if sums else 0, _in_fours(c + q)))
        for chunk in prange(chunks):
            second, first, now = np.empty(c), np.empty(q), np.empty(c)
            work, value, weight = np.empty((q, q)), np.empty(q), np.empty(m)
            twice, sides = twice_in(c, q), np.zeros((2, _in_fours(c + q)))
            for i in range(edges[chunk], edges[chunk + 1]):
                for k in range(c):
                    now[k] = people[i, k] * twice[k]
                votes = starts[i], starts[i + 1]
                weigh(votes, columns, values, moments, now, weight, c)
                gather(votes, columns, moments, weight, second, c)
                pulled(votes, columns, values, moments, first, q)
                solve(second, first, lean, q, work, value, renewed[i])
                if sums:
                    _scatter(votes, columns, values, weight, renewed[i], sides, total[chunk], c, q)
        return renewed, total

    return compiled(_sweep)


@njit(inline="always")
def twice_in(c: int, q: int) -> Floats:
    """How often each entry of a packed triangle stands in the whole matrix."""
    twice = np.full(c, 2.0)
    k = 0
    for r in range(q):
        twice[k] = 1.0
        k += q - r
    return twice


@njit(inline="always")
def weigh(
    votes: tuple[int, int],
    columns: Columns,
    values: Values,
    moments: Floats,
    now: Floats,
    weight: Floats,
    c: int,
) -> None:
    """2 l_ij of each of these votes, 0 of a pass; now: E[p p'] packed, each entry as often as it stands."""
    low, high = votes
    for vote in range(low, high):
        j, square = np.uint32(columns[vote]), 0.0
        for k in range(c):
            square += moments[j, k] * now[k]
        weight[vote - low] = square
    for vote in range(high - low):
        weight[vote] = curvature(weight[vote]) * abs(values[low + vote])


@njit(inline="always")
def gather(
    votes: tuple[int, int], columns: Columns, moments: Floats, weight: Floats, second: Floats, c: int
) -> None:
    """Σ 2 l_ij E[t t'] of these votes.

    Two votes at a time, since the sum is written to memory each time; and four entries read before any is
    written, since the compiler cannot know that what is written is not what is read next.
    """
    low, high = votes
    even, fours = high - (high - low) % 2, c - c % 4
    second[:] = 0.0
    for vote in range(low, even, 2):
        i, j = np.uint32(columns[vote]), np.uint32(columns[vote + 1])
        one, other = weight[vote - low], weight[vote + 1 - low]
        for k in range(0, fours, 4):
            s0 = second[k] + one * moments[i, k] + other * moments[j, k]
            s1 = second[k + 1] + one * moments[i, k + 1] + other * moments[j, k + 1]
            s2 = second[k + 2] + one * moments[i, k + 2] + other * moments[j, k + 2]
            s3 = second[k + 3] + one * moments[i, k + 3] + other * moments[j, k + 3]
            second[k], second[k + 1], second[k + 2], second[k + 3] = s0, s1, s2, s3
        for k in range(fours, c):
            second[k] += one * moments[i, k] + other * moments[j, k]
    if even < high:
        j, one = np.uint32(columns[even]), weight[even - low]
        for k in range(c):
            second[k] += one * moments[j, k]


@njit(inline="always")
def pulled(
    votes: tuple[int, int], columns: Columns, values: Values, moments: Floats, first: Floats, q: int
) -> None:
    """Σ y_ij/2 E[t] of these votes."""
    first[:] = 0.0
    for vote in range(votes[0], votes[1]):
        j, half = np.uint32(columns[vote]), 0.5 * values[vote]
        first[0] += half * moments[j, 1]
        for k in range(1, q):
            first[k] += half * moments[j, q + k - 1]


@njit(inline="always")
def _scatter(
    votes: tuple[int, int],
    columns: Columns,
    values: Values,
    weight: Floats,
    moment: Floats,
    sides: Floats,
    total: Floats,
    c: int,
    q: int,
) -> None:
    """The same sums of each statement, over its participants, four entries at a time as in `gather`.

    sides: shape (2, total.shape[1]), room for what the weight and what the vote is multiplied with.
    """
    for k in range(c):
        sides[0, k] = moment[k]
    for k in range(q):
        sides[1, c + k] = moment[k]
    for vote in range(votes[0], votes[1]):
        j, half, curved = np.uint32(columns[vote]), 0.5 * values[vote], weight[vote - votes[0]]
        for k in range(0, _in_fours(c + q), 4):
            s0 = total[j, k] + curved * sides[0, k] + half * sides[1, k]
            s1 = total[j, k + 1] + curved * sides[0, k + 1] + half * sides[1, k + 1]
            s2 = total[j, k + 2] + curved * sides[0, k + 2] + half * sides[1, k + 2]
            s3 = total[j, k + 3] + curved * sides[0, k + 3] + half * sides[1, k + 3]
            total[j, k], total[j, k + 1], total[j, k + 2], total[j, k + 3] = s0, s1, s2, s3


@njit(inline="always")
def _in_fours(number: int) -> int:
    """The next multiple of four."""
    return (number + 3) // 4 * 4


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
    """The log likelihood of each participant in each cloud, and the spot; as in `plain`."""
    edges = chunk_edges(starts)
    side_by_side, alone = _locate_of(int(np.sqrt(2 * len(prior))))
    run = side_by_side if len(edges) > 2 else alone
    likelihood, spot = run(starts, columns, values, moments, prior, lean, sweeps, mean, covariance, edges)
    return likelihood, spot


@cache
def _locate_of(q: int) -> tuple[Loop, Loop]:
    """The loop for moments of q rows, which is a constant to the compiler: side by side, and alone."""
    c, d = q * (q + 1) // 2, q - 2

    def _locate(
        starts: Ints,
        columns: Columns,
        values: Values,
        moments: Floats,
        prior: Floats,
        lean: float,
        sweeps: int,
        mean: Floats,
        covariance: Floats,
        edges: Ints,
    ) -> tuple[Floats, Floats]:
        n, own = len(starts) - 1, np.empty_like(covariance)
        drawn, constant = np.empty_like(mean), np.empty(len(mean))
        _known_clouds(mean, covariance, own, drawn, constant, d)
        likelihood, spot = np.zeros((n, len(own))), np.zeros((n, 2))
        for chunk in prange(len(edges) - 1):
            second, first, now, moment = np.empty(c), np.empty(q), np.empty(c), np.empty(c)
            work, value, weight = np.empty((q, q)), np.empty(q), np.empty(len(moments))
            precision, pull, whole, z = np.empty((d, d)), np.empty(d), np.empty((d, d)), np.empty(d)
            twice = twice_in(c, q)
            for i in range(edges[chunk], edges[chunk + 1]):
                votes = starts[i], starts[i + 1]
                moment[:] = prior
                settle(
                    votes, columns, values, moments, lean, sweeps,
                    second, first, now, twice, work, value, weight, moment, c, q,
                )  # fmt: skip
                _alone(second, first, lean, precision, pull, q)
                for cloud in range(len(own)):
                    fits = _fit(own[cloud], drawn[cloud], precision, pull, whole, z, d)
                    likelihood[i, cloud] = fits - 0.5 * constant[cloud]
                spot[i, 0], spot[i, 1] = moment[2], moment[3]
        return likelihood, spot

    return compiled(_locate)


@njit(inline="always")
def settle(
    votes: tuple[int, int],
    columns: Columns,
    values: Values,
    moments: Floats,
    lean: float,
    sweeps: int,
    second: Floats,
    first: Floats,
    now: Floats,
    twice: Floats,
    work: Floats,
    value: Floats,
    weight: Floats,
    moment: Floats,
    c: int,
    q: int,
) -> None:
    """Place one participant: his sums in `second` and `first`, the weight of each vote, and his moment."""
    pulled(votes, columns, values, moments, first, q)
    for _turn in range(sweeps):
        for k in range(c):
            now[k] = moment[k] * twice[k]
        weigh(votes, columns, values, moments, now, weight, c)
        gather(votes, columns, moments, weight, second, c)
        solve(second, first, lean, q, work, value, moment)


@njit(inline="always")
def _known_clouds(
    mean: Floats, covariance: Floats, own: Floats, drawn: Floats, constant: Floats, d: int
) -> None:
    """Of each cloud V⁻¹, V⁻¹ m and m' V⁻¹ m + log|V|."""
    root, z = np.empty((d, d)), np.empty(d)
    for cloud in range(len(mean)):
        root[:] = covariance[cloud]
        constant[cloud] = 2 * factor(root, d)
        invert_factor(root, d)
        for r in range(d):
            z[r] = 0.0
            for s in range(r + 1):
                z[r] += root[r, s] * mean[cloud, s]
            constant[cloud] += z[r] * z[r]
        for r in range(d):
            drawn[cloud, r] = 0.0
            for t in range(r, d):
                drawn[cloud, r] += root[t, r] * z[t]
            for s in range(r + 1):
                own[cloud, r, s] = 0.0
                for t in range(r, d):
                    own[cloud, r, s] += root[t, r] * root[t, s]
                own[cloud, s, r] = own[cloud, r, s]


@njit(inline="always")
def _alone(second: Floats, first: Floats, lean: float, precision: Floats, pull: Floats, q: int) -> None:
    """What the votes say of u alone: a is taken out of the joint precision (its Schur complement)."""
    lead, pulled = second[q] + 1.0 / lean, first[1] - second[1]
    k = 2 * q - 1
    for r in range(q - 2):
        along = second[q + 1 + r]
        pull[r] = first[r + 2] - second[r + 2] - along * pulled / lead
        for s in range(r, q - 2):
            precision[s, r] = second[k] - along * second[q + 1 + s] / lead
            k += 1


@njit(inline="always")
def _fit(
    own: Floats, drawn: Floats, precision: Floats, pull: Floats, whole: Floats, z: Floats, d: int
) -> float:
    """½ (c' A⁻¹ c − log|A|) of one participant in one cloud."""
    for r in range(d):
        for s in range(r + 1):
            whole[r, s] = own[r, s] + precision[r, s]
    half_log, square = factor(whole, d), 0.0
    for r in range(d):
        z[r] = drawn[r] + pull[r]
        for s in range(r):
            z[r] -= whole[r, s] * z[s]
        z[r] /= whole[r, r]
        square += z[r] * z[r]
    fits: float = 0.5 * square - half_log
    return fits
