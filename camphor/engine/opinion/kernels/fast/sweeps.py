"""A sweep of variational EM, and participants placed; compiled, as in `plain`."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
from numba import prange

from camphor.engine.opinion.kernels.arrays import Columns, Floats, Ints, Values
from camphor.engine.opinion.kernels.fast.compiling import compiled
from camphor.engine.opinion.kernels.fast.log import FEW_VOTES
from camphor.engine.opinion.kernels.fast.solving import factor, solve


def sweep(
    starts: Ints, columns: Columns, values: Values, moments: Floats, people: Floats, lean: float, sums: bool
) -> tuple[Floats, Floats]:
    """One step of variational EM over participants; as in `plain`."""
    chunks = CHUNKS if len(columns) > FEW_VOTES else 1
    bounds = np.searchsorted(starts, np.linspace(0, starts[-1], chunks + 1)[1:-1])
    edges = np.concatenate([[0], bounds, [len(starts) - 1]]).astype(np.int64)
    side_by_side, alone = _sweep_of(int(np.sqrt(2 * moments.shape[1])))
    run = side_by_side if chunks > 1 else alone
    renewed, total = run(starts, columns, values, moments, people, lean, sums, edges)
    return renewed, total.sum(axis=0)


CHUNKS = 8
"""Parts of the participants that are worked on side by side, of equally many votes."""


@cache
def _sweep_of(q: int) -> tuple[Callable[..., tuple[Floats, Floats]], Callable[..., tuple[Floats, Floats]]]:
    """The loop for moments of q rows, which is a constant to the compiler: side by side, and alone."""
    c = q * (q + 1) // 2

    def _sweep_source(
        starts: Ints,
        columns: Columns,
        values: Values,
        moments: Floats,
        people: Floats,
        lean: float,
        sums: bool,
        edges: Ints,
    ) -> tuple[Floats, Floats]:
        m = len(moments)
        chunks = len(edges) - 1
        renewed = np.empty((len(starts) - 1, c))
        total = np.zeros((chunks, m if sums else 0, c + q))
        for chunk in prange(chunks):
            second, first = np.empty(c), np.empty(q)
            factor, value = np.empty((q, q)), np.empty(q)
            weight = np.empty(m)
            twice = np.full(c, 2.0)
            k = 0
            for r in range(q):
                twice[k] = 1.0
                k += q - r
            now = np.empty(c)
            for i in range(edges[chunk], edges[chunk + 1]):
                second[:] = 0.0
                first[:] = 0.0
                for k in range(c):
                    now[k] = people[i, k] * twice[k]
                for vote in range(starts[i], starts[i + 1]):
                    if values[vote] == 0:
                        continue
                    j = columns[vote]
                    square = 0.0
                    for k in range(c):
                        square += moments[j, k] * now[k]
                    x = np.sqrt(square)
                    curve = (1.0 - 2.0 / (1.0 + np.exp(x))) / (2.0 * x) if x > 1e-9 else 0.25
                    weight[j] = curve
                    half = 0.5 * values[vote]
                    for k in range(c):
                        second[k] += curve * moments[j, k]
                    first[0] += half * moments[j, 1]
                    for k in range(1, q):
                        first[k] += half * moments[j, q + k - 1]
                solve(second, first, lean, q, factor, value, renewed[i])
                if sums:
                    for vote in range(starts[i], starts[i + 1]):
                        if values[vote] == 0:
                            continue
                        j = columns[vote]
                        half = 0.5 * values[vote]
                        for k in range(c):
                            total[chunk, j, k] += weight[j] * renewed[i, k]
                        for k in range(q):
                            total[chunk, j, c + k] += half * renewed[i, k]
        return renewed, total

    return compiled(_sweep_source)


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
    chunks = CHUNKS if len(columns) > FEW_VOTES else 1
    bounds = np.searchsorted(starts, np.linspace(0, starts[-1], chunks + 1)[1:-1])
    edges = np.concatenate([[0], bounds, [len(starts) - 1]]).astype(np.int64)
    side_by_side, alone = _locate_of(q)
    run = side_by_side if chunks > 1 else alone
    likelihood, spot = run(
        starts, columns, values, moments, curve, twice, prior, lean, sweeps, own, drawn, constant, edges
    )
    return likelihood, spot


@cache
def _locate_of(q: int) -> tuple[Callable[..., tuple[Floats, Floats]], Callable[..., tuple[Floats, Floats]]]:
    """The loop for moments of q rows, which is a constant to the compiler: side by side, and alone."""
    c, d = q * (q + 1) // 2, q - 2

    def _locate_source(
        starts: Ints,
        columns: Columns,
        values: Values,
        moments: Floats,
        curve: Floats,
        twice: Floats,
        prior: Floats,
        lean: float,
        sweeps: int,
        own: Floats,
        drawn: Floats,
        constant: Floats,
        edges: Ints,
    ) -> tuple[Floats, Floats]:
        n, clouds = len(starts) - 1, len(own)
        likelihood, spot = np.zeros((n, clouds)), np.zeros((n, 2))
        for chunk in prange(len(edges) - 1):
            second, first, now = np.empty(c), np.empty(q), np.empty(c)
            work, value = np.empty((q, q)), np.empty(q)
            whole, z = np.empty((d, d)), np.empty(d)
            precision, pull = np.empty((d, d)), np.empty(d)
            moment = np.empty(c)
            for i in range(edges[chunk], edges[chunk + 1]):
                moment[:] = prior
                second[:] = 0.0
                first[:] = 0.0
                for turn in range(sweeps):
                    second[:] = 0.0
                    first[:] = 0.0
                    for k in range(c):
                        now[k] = moment[k] * twice[k]
                    for vote in range(starts[i], starts[i + 1]):
                        if values[vote] == 0:
                            continue
                        j = columns[vote]
                        if turn == 0:
                            weight = curve[j]
                        else:
                            square = 0.0
                            for k in range(c):
                                square += moments[j, k] * now[k]
                            x = np.sqrt(square)
                            weight = (1.0 - 2.0 / (1.0 + np.exp(x))) / (2.0 * x) if x > 1e-9 else 0.25
                        half = 0.5 * values[vote]
                        for k in range(c):
                            second[k] += weight * moments[j, k]
                        first[0] += half * moments[j, 1]
                        for k in range(1, q):
                            first[k] += half * moments[j, q + k - 1]
                    solve(second, first, lean, q, work, value, moment)
                # what the votes say of u alone: a is taken out of the joint precision (its Schur complement)
                lead = second[q] + 1.0 / lean
                pulled = first[1] - second[1]
                k = 2 * q - 1
                for r in range(d):
                    along = second[q + 1 + r]
                    pull[r] = first[r + 2] - second[r + 2] - along * pulled / lead
                    for s in range(r, d):
                        precision[s, r] = second[k] - along * second[q + 1 + s] / lead
                        k += 1
                for cloud in range(clouds):
                    for r in range(d):
                        for s in range(r + 1):
                            whole[r, s] = own[cloud, r, s] + precision[r, s]
                    half_log = factor(whole, d)
                    square = 0.0
                    for r in range(d):
                        z[r] = drawn[cloud, r] + pull[r]
                        for s in range(r):
                            z[r] -= whole[r, s] * z[s]
                        z[r] /= whole[r, r]
                        square += z[r] * z[r]
                    likelihood[i, cloud] = 0.5 * (square - constant[cloud]) - half_log
                spot[i, 0] = moment[2]
                spot[i, 1] = moment[3]
        return likelihood, spot

    return compiled(_locate_source)
