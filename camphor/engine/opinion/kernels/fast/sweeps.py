"""A sweep of variational EM, and participants placed; compiled, as in `plain`."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
from numba import njit, prange

from camphor.engine.opinion.kernels.arrays import Columns, Floats, Ints, Values
from camphor.engine.opinion.kernels.fast.compiling import compiled
from camphor.engine.opinion.kernels.fast.log import FEW_VOTES
from camphor.engine.opinion.kernels.fast.solving import factor, solve

CHUNKS = 8
"""Parts of the participants that are worked on side by side, of equally many votes."""

Loop = Callable[..., tuple[Floats, Floats]]


def sweep(
    starts: Ints, columns: Columns, values: Values, moments: Floats, people: Floats, lean: float, sums: bool
) -> tuple[Floats, Floats]:
    """One step of variational EM over participants; as in `plain`."""
    edges = _edges(starts)
    side_by_side, alone = _sweep_of(int(np.sqrt(2 * moments.shape[1])))
    run = side_by_side if len(edges) > 2 else alone
    renewed, total = run(starts, columns, values, moments, people, lean, sums, edges)
    return renewed, total.sum(axis=0)


def _edges(starts: Ints) -> Ints:
    """Where the chunks of participants begin, and where the last ends; few votes are one chunk."""
    chunks = CHUNKS if starts[-1] > FEW_VOTES else 1
    cuts = np.searchsorted(starts, np.linspace(0, starts[-1], chunks + 1)[1:-1])
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
        total = np.zeros((chunks, m if sums else 0, c + q))
        for chunk in prange(chunks):
            second, first, now = np.empty(c), np.empty(q), np.empty(c)
            work, value, weight = np.empty((q, q)), np.empty(q), np.empty(m)
            twice = _twice(c, q)
            for i in range(edges[chunk], edges[chunk + 1]):
                for k in range(c):
                    now[k] = people[i, k] * twice[k]
                votes = starts[i], starts[i + 1]
                _gather(votes, columns, values, moments, now, weight, False, second, first, c, q)
                solve(second, first, lean, q, work, value, renewed[i])
                if sums:
                    _scatter(votes, columns, values, weight, renewed[i], total[chunk], c, q)
        return renewed, total

    return compiled(_sweep)


@njit(inline="always")
def _twice(c: int, q: int) -> Floats:
    """How often each entry of a packed triangle stands in the whole matrix."""
    twice = np.full(c, 2.0)
    k = 0
    for r in range(q):
        twice[k] = 1.0
        k += q - r
    return twice


@njit(inline="always")
def _gather(
    votes: tuple[int, int],
    columns: Columns,
    values: Values,
    moments: Floats,
    now: Floats,
    weight: Floats,
    known: bool,
    second: Floats,
    first: Floats,
    c: int,
    q: int,
) -> None:
    """Σ 2 l_ij E[t t'] and Σ y_ij/2 E[t] of these votes; weight: 2 l_ij by statement, given where `known`."""
    second[:] = 0.0
    first[:] = 0.0
    for vote in range(votes[0], votes[1]):
        if values[vote] == 0:
            continue
        j = columns[vote]
        if not known:
            square = 0.0
            for k in range(c):
                square += moments[j, k] * now[k]
            x = np.sqrt(square)
            weight[j] = (1.0 - 2.0 / (1.0 + np.exp(x))) / (2.0 * x) if x > 1e-9 else 0.25
        half = 0.5 * values[vote]
        for k in range(c):
            second[k] += weight[j] * moments[j, k]
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
    total: Floats,
    c: int,
    q: int,
) -> None:
    """The same sums of each statement, over its participants."""
    for vote in range(votes[0], votes[1]):
        if values[vote] == 0:
            continue
        j = columns[vote]
        half = 0.5 * values[vote]
        for k in range(c):
            total[j, k] += weight[j] * moment[k]
        for k in range(q):
            total[j, c + k] += half * moment[k]


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
    q = int(np.sqrt(2 * len(prior)))
    twice = np.where(np.equal(*np.triu_indices(q)), 1.0, 2.0)
    at_first = np.sqrt(moments @ (prior * twice))
    curve = np.tanh(at_first / 2) / (2 * np.maximum(at_first, 1e-9))
    own = np.linalg.inv(covariance)
    drawn = np.einsum("kde,ke->kd", own, mean)
    constant = np.einsum("kd,kd->k", mean, drawn) + np.linalg.slogdet(covariance)[1]
    edges = _edges(starts)
    side_by_side, alone = _locate_of(q)
    run = side_by_side if len(edges) > 2 else alone
    likelihood, spot = run(
        starts, columns, values, moments, curve, prior, lean, sweeps, own, drawn, constant, edges
    )
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
        curve: Floats,
        prior: Floats,
        lean: float,
        sweeps: int,
        own: Floats,
        drawn: Floats,
        constant: Floats,
        edges: Ints,
    ) -> tuple[Floats, Floats]:
        n = len(starts) - 1
        likelihood, spot = np.zeros((n, len(own))), np.zeros((n, 2))
        for chunk in prange(len(edges) - 1):
            second, first, now, moment = np.empty(c), np.empty(q), np.empty(c), np.empty(c)
            work, value, weight = np.empty((q, q)), np.empty(q), np.empty(len(moments))
            precision, pull, whole, z = np.empty((d, d)), np.empty(d), np.empty((d, d)), np.empty(d)
            twice = _twice(c, q)
            for i in range(edges[chunk], edges[chunk + 1]):
                votes = starts[i], starts[i + 1]
                moment[:] = prior
                _gather(votes, columns, values, moments, now, curve, True, second, first, c, q)
                for _turn in range(1, sweeps):
                    solve(second, first, lean, q, work, value, moment)
                    for k in range(c):
                        now[k] = moment[k] * twice[k]
                    _gather(votes, columns, values, moments, now, weight, False, second, first, c, q)
                solve(second, first, lean, q, work, value, moment)
                _alone(second, first, lean, precision, pull, q)
                for cloud in range(len(own)):
                    fits = _fit(own[cloud], drawn[cloud], precision, pull, whole, z, d)
                    likelihood[i, cloud] = fits - 0.5 * constant[cloud]
                spot[i, 0], spot[i, 1] = moment[2], moment[3]
        return likelihood, spot

    return compiled(_locate)


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
