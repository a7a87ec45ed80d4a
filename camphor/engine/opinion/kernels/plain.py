"""The loops over votes with numpy and scipy alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Columns = NDArray[np.int32]
Values = NDArray[np.int8]

DIGIT = 1 << 16
"""numpy sorts integers of 16 bits by counting, in linear time and stably; longer ones it compares."""
BLOCK = 4_000_000
"""Votes worked on at once, so that what is made for each vote stays small beside the votes."""


def sort_log(rows: Columns, columns: Columns, values: Values, n: int, m: int) -> tuple[Ints, Columns, Values]:
    """The log by participant, then statement, of which the last vote counts: starts, columns, values."""
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


def tally(
    starts: Ints, columns: Columns, values: Values, label: Ints, labels: int, m: int
) -> NDArray[np.int64]:
    """Agreed, disagreed and seen per label and statement, shape (labels, 3, m)."""
    counted = np.zeros((3, labels * m), np.int64)
    for first, last in blocks(starts):
        votes = slice(starts[first], starts[last])
        of = np.repeat(label[first:last], np.diff(starts[first : last + 1]))
        known = of >= 0
        cell, value = of[known] * m + columns[votes][known], values[votes][known]
        counted[0] += np.bincount(cell[value == 1], minlength=labels * m)
        counted[1] += np.bincount(cell[value == -1], minlength=labels * m)
        counted[2] += np.bincount(cell, minlength=labels * m)
    return counted.reshape(3, labels, m).transpose(1, 0, 2)


def blocks(starts: Ints, most: int = BLOCK) -> list[tuple[int, int]]:
    """Ranges of participants with at most so many votes together (or one participant)."""
    found, first, n = [], 0, len(starts) - 1
    while first < n:
        last = int(np.searchsorted(starts, starts[first] + most, side="right")) - 1
        last = min(max(last, first + 1), n)
        found.append((first, last))
        first = last
    return found


# The model


FITTED_AT_ONCE = 200_000
"""Votes of one sweep worked on at once: some twenty numbers are gathered for each."""


def sweep(
    starts: Ints, columns: Columns, values: Values, moments: Floats, people: Floats, lean: float, sums: bool
) -> tuple[Floats, Floats]:
    """One step of variational EM over participants; see `camphor.engine.opinion.model`.

    moments: E[t t'] packed, shape (m, c). people: E[p p'] packed, shape (n, c). Returns the new moments of
    the participants and, where asked for, the sums per statement Σ_i 2 l_ij E[p p'] and Σ_i y_ij/2 E[p],
    shape (m, c + q), with l_ij = tanh(x/2)/(4x) at x² = E[(t_j · p_i)²] under the moments that were given.
    """
    from scipy.sparse import csr_array

    (m, c), n = moments.shape, len(starts) - 1
    q = int(np.sqrt(2 * c))
    row, column = np.triu_indices(q)
    twice = np.where(row == column, 1.0, 2.0)
    renewed = np.empty((n, c))
    total = np.zeros((m, c + q)) if sums else np.zeros((0, c + q))
    for first, last in blocks(starts, FITTED_AT_ONCE):
        votes = slice(starts[first], starts[last])
        cast = values[votes] != 0
        kept = np.concatenate([[0], np.cumsum(cast)])[starts[first : last + 1] - starts[first]]
        what, half = columns[votes][cast], values[votes][cast] * 0.5
        of = np.repeat(np.arange(last - first), np.diff(kept))
        now = people[first:last]
        x = np.sqrt(np.einsum("vc,vc,c->v", moments[what], now[of], twice))
        weight = np.tanh(x / 2) / (2 * np.maximum(x, 1e-9))
        curved = csr_array((weight, what, kept), shape=(last - first, m))
        pulled = csr_array((half, what, kept), shape=(last - first, m))
        mean_theta = moments[:, (row == 1) | ((column == 1) & (row == 0))]
        newer = _solved(curved @ moments, pulled @ mean_theta, lean, q)
        renewed[first:last] = newer
        if sums:
            total[:, :c] += curved.T @ newer
            total[:, c:] += pulled.T @ newer[:, :q]
    return renewed, total


def _solved(second: Floats, first: Floats, lean: float, q: int) -> Floats:
    """The moments of participants, packed, from Σ 2 l E[t t'] packed and Σ y/2 E[t]."""
    row, column = np.triu_indices(q)
    whole = np.zeros((len(second), q, q))
    whole[:, row, column] = second
    whole[:, column, row] = second
    precision = whole[:, 1:, 1:] + np.diag([1 / lean, *[1.0] * (q - 2)])
    covariance = np.linalg.inv(precision)
    value = (covariance @ (first[:, 1:] - whole[:, 1:, 0])[:, :, None])[:, :, 0]
    point = np.column_stack([np.ones(len(value)), value])
    moment = point[:, :, None] * point[:, None, :]
    moment[:, 1:, 1:] += covariance
    packed: Floats = moment[:, row, column]
    return packed


# Clouds of ideal points


def cloud_likelihood(pull: Floats, precision: Floats, mean: Floats, covariance: Floats) -> Floats:
    """The log likelihood of each participant in each cloud, shape (n, k); see `mixture`."""
    found = np.empty((len(pull), len(mean)))
    for k, (middle, spread) in enumerate(zip(mean, covariance, strict=True)):
        own = np.linalg.inv(spread)
        whole, drawn = own + precision, own @ middle + pull
        at = np.linalg.solve(whole, drawn[:, :, None])[:, :, 0]
        constant = middle @ own @ middle + np.linalg.slogdet(spread)[1]
        found[:, k] = 0.5 * ((drawn * at).sum(axis=1) - constant - np.linalg.slogdet(whole)[1])
    return found


def cloud_step(
    pull: Floats, precision: Floats, weight: Floats, share: Floats, mean: Floats, covariance: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """A step of EM over clouds: the log likelihood of each participant, shape (n,); of each cloud the size,
    Σ r E[u] and Σ r E[u u'], where u is given the votes and the cloud."""
    log = cloud_likelihood(pull, precision, mean, covariance) + np.log(share)
    top = log.max(axis=1, initial=-np.inf, keepdims=True)
    part = np.exp(log - top)
    whole = part.sum(axis=1, keepdims=True)
    membership = part / whole * weight[:, None]
    first, second = np.zeros_like(mean), np.zeros_like(covariance)
    for k in range(len(mean)):
        own, r = np.linalg.inv(covariance[k]), membership[:, k]
        left = np.linalg.inv(own + precision)
        at = (left @ (own @ mean[k] + pull)[:, :, None])[:, :, 0]
        first[k] = r @ at
        second[k] = np.einsum("n,nd,ne->de", r, at, at) + np.einsum("n,nde->de", r, left)
    return (top + np.log(whole))[:, 0], membership.sum(axis=0), first, second


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
    """The log likelihood of each participant in each cloud, shape (n, k), and the spot, shape (n, 2)."""
    n, q = len(starts) - 1, int(np.sqrt(2 * len(prior)))
    likelihood, spot = np.zeros((n, len(mean))), np.zeros((n, 2))
    row, column = np.triu_indices(q)
    for first, last in blocks(starts, FITTED_AT_ONCE):
        votes, part = slice(starts[first], starts[last]), starts[first : last + 1] - starts[first]
        people = np.tile(prior, (last - first, 1))
        for _sweep in range(sweeps):
            people, _sums = sweep(part, columns[votes], values[votes], moments, people, lean, False)
        full = np.zeros((last - first, q, q))
        full[:, row, column] = people
        full[:, column, row] = people
        middle = full[:, 0, 2:]
        known = np.linalg.inv(full[:, 2:, 2:] - middle[:, :, None] * middle[:, None, :])
        pull = (known @ middle[:, :, None])[:, :, 0]
        likelihood[first:last] = cloud_likelihood(pull, known - np.eye(q - 2), mean, covariance)
        spot[first:last] = middle[:, :2]
    return likelihood, spot
