"""Which group each vote is counted in: the one in which the other votes of the same participant put him.

Who agrees is put more readily where people agree. Counted there, his vote would overstate what sets a group
apart; counted where the rest of his votes put him, it does not (leave one out).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from camphor.engine.opinion.kernels.arrays import Columns, Floats, Groups, Ints, Values
from camphor.engine.opinion.kernels.plain.log import side_by_side
from camphor.engine.opinion.kernels.plain.sweeps import FITTED_AT_ONCE, halves, placed

if TYPE_CHECKING:
    from scipy.sparse import csr_array


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
    """The group of each vote, shape (v,), and -1 for none, by the rule of `scoring.place`.

    share and group: of each cloud, shape (k,). told_from: how surely the other votes must tell the group.
    """
    found = np.empty(len(values), np.int8)

    def told(ranges: list[tuple[int, int]]) -> None:
        for first, last in ranges:
            votes, part = slice(starts[first], starts[last]), starts[first : last + 1] - starts[first]
            half = halves(part, columns[votes], values[votes], len(moments))
            placing = placed(half, moments, prior, lean, sweeps)
            log = _without(part, columns[votes], values[votes], moments, placing, lean, mean, covariance)
            found[votes] = labels_of(log, share, group, told_from)

    side_by_side(told, starts, FITTED_AT_ONCE)
    return found


def labels_of(log: Floats, share: Floats, group: Ints, told_from: float) -> Groups:
    """The most probable group of each row, where it is told also if all groups are taken to be alike in size.

    log: the log likelihood in each cloud, shape (v, k).
    """
    member = group[:, None] == np.arange(group.max() + 1)
    whole = log + np.log(share)
    chance = np.exp(whole - whole.max(axis=1, initial=-np.inf, keepdims=True)) @ member
    alike = chance / (share @ member)
    best = chance.argmax(axis=1)
    told = alike[np.arange(len(best)), best] >= told_from * alike.sum(axis=1)
    return np.where(told, best, -1).astype(np.int8)


def _without(
    starts: Ints,
    columns: Columns,
    values: Values,
    moments: Floats,
    placing: tuple[csr_array, Floats, Floats],
    lean: float,
    mean: Floats,
    covariance: Floats,
) -> Floats:
    """The log likelihood in each cloud of the other votes of the participant of each vote, shape (v, k).

    What a vote says of p = (a, u) is a normal of precision τ t t' and pull κ t, with t = (1, w); to take it
    away is a change of rank one (Sherman and Morrison 1950).
    """
    q = int(np.sqrt(2 * moments.shape[1]))
    curved, whole, first = placing
    precision, pull = whole[:, 1:, 1:], first[:, 1:] - whole[:, 0, 1:]
    precision[:, 0, 0] += 1 / lean
    tau, t = np.zeros(len(values)), moments[columns, q : 2 * q - 1]
    tau[values != 0] = curved.data
    kappa = 0.5 * values - tau * moments[columns, 1]
    of = np.repeat(np.arange(len(first)), np.diff(starts))
    row, column = np.triu_indices(q - 1)
    square = t[:, row] * t[:, column] * np.where(row == column, 1.0, 2.0)
    return np.column_stack(
        [
            _of_cloud(precision, pull, one, spread, of, t, square, tau, kappa)
            for one, spread in zip(mean, covariance, strict=True)
        ]
    )


def _of_cloud(
    precision: Floats,
    pull: Floats,
    middle: Floats,
    spread: Floats,
    of: Ints,
    t: Floats,
    square: Floats,
    tau: Floats,
    kappa: Floats,
) -> Floats:
    """The same in one cloud; square: t t', packed, with what stands twice counted twice."""
    own = np.zeros(precision.shape[1:])
    own[1:, 1:] = np.linalg.inv(spread)
    whole, drawn = precision + own, pull + own @ np.append(0.0, middle)
    left = np.linalg.inv(whole)
    at = (left @ drawn[:, :, None])[:, :, 0]
    log = 0.5 * (
        (drawn * at).sum(axis=1)
        - np.linalg.slogdet(whole)[1]
        - middle @ own[1:, 1:] @ middle
        - np.linalg.slogdet(spread)[1]
    )
    row, column = np.triu_indices(t.shape[1])
    s, here = np.einsum("vc,vc->v", square, left[:, row, column][of]), np.einsum("vd,vd->v", t, at[of])
    less = 1 - tau * s
    gone = tau * (here - kappa * s) ** 2 / less - 2 * kappa * here + kappa**2 * s - np.log(less)
    result: Floats = log[of] + 0.5 * gone
    return result
