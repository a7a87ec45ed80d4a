"""The loops over votes, compiled by numba; the same results as in `plain`."""

from __future__ import annotations

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Columns = NDArray[np.int32]
Values = NDArray[np.int8]

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


# The model


MOST_ROWS = 16
"""Rows of the largest matrix that is solved on the stack of a thread: ideal points of 14 dimensions."""


def sweep(
    starts: Ints, columns: Columns, values: Values, moments: Floats, people: Floats, lean: float, sums: bool
) -> tuple[Floats, Floats]:
    """One step of variational EM over participants; as in `plain`."""
    chunks = CHUNKS if len(columns) > FEW_VOTES else 1
    run = _sweep if chunks > 1 else _sweep_alone
    bounds = np.searchsorted(starts, np.linspace(0, starts[-1], chunks + 1)[1:-1])
    edges = np.concatenate([[0], bounds, [len(starts) - 1]]).astype(np.int64)
    q = int(np.sqrt(2 * moments.shape[1]))
    renewed, total = run(starts, columns, values, moments, people, lean, sums, edges, q)
    return renewed, total.sum(axis=0)


CHUNKS = 8
"""Parts of the participants that are worked on side by side, of equally many votes."""


def _sweep_source(
    starts: Ints,
    columns: Columns,
    values: Values,
    moments: Floats,
    people: Floats,
    lean: float,
    sums: bool,
    edges: Ints,
    q: int,
) -> tuple[Floats, Floats]:
    m, c = moments.shape
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
            _solve(second, first, lean, q, factor, value, renewed[i])
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


@njit(cache=True)
def _solve(
    second: Floats, first: Floats, lean: float, q: int, factor: Floats, value: Floats, out: Floats
) -> None:
    """The moment of one participant: the inverse of the precision by its Cholesky factor, in place."""
    d = q - 1
    k = q
    for r in range(d):  # the precision of (a, u), from the packed triangle without its first row
        for s in range(r, d):
            factor[s, r] = second[k]
            k += 1
    factor[0, 0] += 1.0 / lean
    for r in range(1, d):
        factor[r, r] += 1.0
    for r in range(d):
        for s in range(r):
            factor[r, r] -= factor[r, s] * factor[r, s]
        factor[r, r] = np.sqrt(factor[r, r])
        for t in range(r + 1, d):
            for s in range(r):
                factor[t, r] -= factor[t, s] * factor[r, s]
            factor[t, r] /= factor[r, r]
    for r in range(d):  # the inverse of the factor, over it
        factor[r, r] = 1.0 / factor[r, r]
        for t in range(r + 1, d):
            s_sum = 0.0
            for s in range(r, t):
                s_sum -= factor[t, s] * factor[s, r]
            factor[t, r] = s_sum / factor[t, t]
    for r in range(d):
        value[r] = 0.0
    for t in range(d):
        z = 0.0
        for s in range(t + 1):
            z += factor[t, s] * (first[s + 1] - second[s + 1])
        for s in range(t + 1):
            value[s] += factor[t, s] * z
    out[0] = 1.0
    for r in range(d):
        out[r + 1] = value[r]
    k = q
    for r in range(d):
        for s in range(r, d):
            covariance = 0.0
            for t in range(s, d):
                covariance += factor[t, r] * factor[t, s]
            out[k] = covariance + value[r] * value[s]
            k += 1


_sweep = njit(_sweep_source, parallel=True, cache=True)
_sweep_alone = njit(_sweep_source, cache=True)


# Clouds of ideal points


@njit(cache=True)
def _factor(whole: Floats, d: int) -> float:
    """The Cholesky factor in the lower triangle, in place; returns half the log determinant."""
    half = 0.0
    for r in range(d):
        for s in range(r):
            whole[r, r] -= whole[r, s] * whole[r, s]
        whole[r, r] = np.sqrt(whole[r, r])
        half += np.log(whole[r, r])
        for t in range(r + 1, d):
            for s in range(r):
                whole[t, r] -= whole[t, s] * whole[r, s]
            whole[t, r] /= whole[r, r]
    return half


@njit(cache=True)
def _invert_factor(whole: Floats, d: int) -> None:
    """The inverse of a lower triangle, in place."""
    for r in range(d):
        whole[r, r] = 1.0 / whole[r, r]
        for t in range(r + 1, d):
            total = 0.0
            for s in range(r, t):
                total -= whole[t, s] * whole[s, r]
            whole[t, r] = total / whole[t, t]


def cloud_step(
    pull: Floats, precision: Floats, weight: Floats, share: Floats, mean: Floats, covariance: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """A step of EM over clouds; as in `plain`."""
    own = np.linalg.inv(covariance)
    drawn = np.einsum("kde,ke->kd", own, mean)
    constant = np.einsum("kd,kd->k", mean, drawn) + np.linalg.slogdet(covariance)[1]
    likelihood, size, first, second = _cloud_step(
        pull, precision, weight, np.log(share) - 0.5 * constant, own, drawn
    )
    return likelihood, size, first, second


@njit(cache=True)
def _cloud_step(
    pull: Floats, precision: Floats, weight: Floats, base: Floats, own: Floats, drawn: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    (n, d), clouds = pull.shape, len(own)
    likelihood, size = np.empty(n), np.zeros(clouds)
    first, second = np.zeros((clouds, d)), np.zeros((clouds, d, d))
    whole, z, at, log = np.empty((clouds, d, d)), np.empty((clouds, d)), np.empty(d), np.empty(clouds)
    for i in range(n):
        top = -np.inf
        for k in range(clouds):
            for r in range(d):
                for s in range(r + 1):
                    whole[k, r, s] = own[k, r, s] + precision[i, r, s]
            half, square = _factor(whole[k], d), 0.0
            for r in range(d):
                z[k, r] = drawn[k, r] + pull[i, r]
                for s in range(r):
                    z[k, r] -= whole[k, r, s] * z[k, s]
                z[k, r] /= whole[k, r, r]
                square += z[k, r] * z[k, r]
            log[k] = 0.5 * square - half + base[k]
            top = max(top, log[k])
        total = 0.0
        for k in range(clouds):
            log[k] = np.exp(log[k] - top)
            total += log[k]
        likelihood[i] = top + np.log(total)
        for k in range(clouds):
            member = log[k] / total * weight[i]
            size[k] += member
            if member < NEGLIGIBLE:
                continue
            _invert_factor(whole[k], d)
            for r in range(d):
                at[r] = 0.0
                for s in range(r, d):
                    at[r] += whole[k, s, r] * z[k, s]
                first[k, r] += member * at[r]
            for r in range(d):
                for s in range(r + 1):
                    covariance = 0.0
                    for t in range(r, d):
                        covariance += whole[k, t, r] * whole[k, t, s]
                    second[k, r, s] += member * (covariance + at[r] * at[s])
    for k in range(clouds):
        for r in range(d):
            for s in range(r):
                second[k, s, r] = second[k, r, s]
    return likelihood, size, first, second


NEGLIGIBLE = 1e-13
"""A membership below this moves no digit that is kept."""


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
    run = _locate if chunks > 1 else _locate_alone
    likelihood, spot = run(
        starts, columns, values, moments, curve, twice, prior, lean, sweeps, own, drawn, constant, edges, q
    )
    return likelihood, spot


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
    q: int,
) -> tuple[Floats, Floats]:
    n, clouds, c, d = len(starts) - 1, len(own), moments.shape[1], q - 2
    likelihood, spot = np.zeros((n, clouds)), np.zeros((n, 2))
    for chunk in prange(len(edges) - 1):
        second, first, now = np.empty(c), np.empty(q), np.empty(c)
        factor, value = np.empty((q, q)), np.empty(q)
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
                _solve(second, first, lean, q, factor, value, moment)
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
                half_log = _factor(whole, d)
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


_locate = njit(_locate_source, parallel=True, cache=True)
_locate_alone = njit(_locate_source, cache=True)
