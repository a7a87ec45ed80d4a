"""A step of EM over clouds of ideal points; compiled, as in `plain`.

Many participants are worked on at once, each in a lane of its own: the roots and quotients of one wait for
one another, those of different lanes do not.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
from numba import njit

from camphor.engine.opinion.kernels.arrays import Floats
from camphor.engine.opinion.kernels.fast.compiling import alone
from camphor.engine.opinion.kernels.fast.curving import decay

LANES = 64
"""Participants at once. Loops over fewer are unrolled, then run one number at a time, a third as fast."""


def cloud_step(
    pull: Floats, precision: Floats, weight: Floats, share: Floats, mean: Floats, covariance: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """A step of EM over clouds; as in `plain`."""
    own, drawn, base = known_clouds(mean, covariance, share)
    likelihood, size, first, second = _steps_of(pull.shape[1])(pull, precision, weight, base, own, drawn)
    return likelihood, size, first, second


def known_clouds(mean: Floats, covariance: Floats, share: Floats) -> tuple[Floats, Floats, Floats]:
    """Of each cloud V⁻¹, V⁻¹ m and log share − ½ (m' V⁻¹ m + log|V|)."""
    own = np.asarray(np.linalg.inv(covariance), np.float64)
    drawn = np.einsum("kde,ke->kd", own, mean)
    constant = np.einsum("kd,kd->k", mean, drawn) + np.linalg.slogdet(covariance)[1]
    return own, drawn, np.log(share) - 0.5 * constant


@cache
def _steps_of(d: int) -> Callable[..., tuple[Floats, Floats, Floats, Floats]]:
    """The loop for ideal points of d dimensions, which is a constant to the compiler: twice as fast."""

    def _cloud_step(
        pull: Floats, precision: Floats, weight: Floats, base: Floats, own: Floats, drawn: Floats
    ) -> tuple[Floats, Floats, Floats, Floats]:
        n, clouds = len(pull), len(own)
        likelihood, size = np.empty(n), np.zeros(clouds)
        first, second = np.zeros((clouds, d)), np.zeros((clouds, d, d))
        known, pulled, heavy = np.empty((d, d, LANES)), np.empty((d, LANES)), np.empty(LANES)
        root, z = np.empty((clouds, d, d, LANES)), np.empty((clouds, d, LANES))
        log, part = np.empty((clouds, LANES)), np.empty((clouds, LANES))
        top, total, at = np.empty(LANES), np.empty(LANES), np.empty((d, LANES))
        for begin in range(0, n, LANES):
            end = min(begin + LANES, n)
            _load(begin, end, pull, precision, weight, known, pulled, heavy, d)
            for k in range(clouds):
                _fit(known, pulled, own[k], drawn[k], base[k], root[k], z[k], log[k], part[k], d)
            _share_out(log, part, heavy, top, total)
            for i in range(begin, end):
                likelihood[i] = top[i - begin] + np.log(total[i - begin])
            for k in range(clouds):
                size[k] += part[k].sum()
                _add(root[k], z[k], part[k], at, first[k], second[k], d)
        for k in range(clouds):
            for r in range(d):
                for s in range(r):
                    second[k, s, r] = second[k, r, s]
        return likelihood, size, first, second

    return alone(_cloud_step)


@njit(inline="always")
def _load(
    begin: int,
    end: int,
    pull: Floats,
    precision: Floats,
    weight: Floats,
    known: Floats,
    pulled: Floats,
    heavy: Floats,
    d: int,
) -> None:
    """These participants, each in a lane; lanes that are left over hold the first, with no weight."""
    for lane in range(LANES):
        inside = begin + lane < end
        i = begin + lane if inside else begin
        heavy[lane] = weight[i] if inside else 0.0
        for r in range(d):
            pulled[r, lane] = pull[i, r]
            for s in range(r + 1):
                known[r, s, lane] = precision[i, r, s]


@njit(inline="always")
def _fit(
    known: Floats,
    pulled: Floats,
    own: Floats,
    drawn: Floats,
    base: float,
    root: Floats,
    z: Floats,
    log: Floats,
    part: Floats,
    d: int,
) -> None:
    """A = V⁻¹ + L of each lane by its Cholesky factor `root`, its diagonal inverted; z = root⁻¹ c.

    log: ½ z'z and what is the same for everybody; part: |A|^-½.
    """
    part[:] = 1.0
    log[:] = base
    for r in range(d):
        for t in range(r, d):
            for lane in range(LANES):
                root[t, r, lane] = own[t, r] + known[t, r, lane]
            for s in range(r):
                for lane in range(LANES):
                    root[t, r, lane] -= root[t, s, lane] * root[r, s, lane]
        for lane in range(LANES):
            root[r, r, lane] = 1.0 / np.sqrt(root[r, r, lane])
            part[lane] *= root[r, r, lane]
            z[r, lane] = drawn[r] + pulled[r, lane]
        for t in range(r + 1, d):
            for lane in range(LANES):
                root[t, r, lane] *= root[r, r, lane]
        for s in range(r):
            for lane in range(LANES):
                z[r, lane] -= root[r, s, lane] * z[s, lane]
        for lane in range(LANES):
            z[r, lane] *= root[r, r, lane]
            log[lane] += 0.5 * z[r, lane] * z[r, lane]


@njit(inline="always")
def _share_out(log: Floats, part: Floats, heavy: Floats, top: Floats, total: Floats) -> None:
    """`part`: the membership of each lane in each cloud, times its weight; the likelihood is e^top total."""
    clouds = len(log)
    top[:] = log[0]
    total[:] = 0.0
    for k in range(1, clouds):
        for lane in range(LANES):
            top[lane] = log[k, lane] if log[k, lane] > top[lane] else top[lane]
    for k in range(clouds):
        for lane in range(LANES):
            part[k, lane] *= decay(top[lane] - log[k, lane])
            total[lane] += part[k, lane]
    for k in range(clouds):
        for lane in range(LANES):
            part[k, lane] *= heavy[lane] / total[lane]


@njit(inline="always")
def _add(root: Floats, z: Floats, member: Floats, at: Floats, first: Floats, second: Floats, d: int) -> None:
    """Add Σ r E[u] and the lower triangle of Σ r E[u u'] over the lanes; `root` becomes its inverse."""
    for r in range(d):
        for t in range(r + 1, d):
            at[0] = 0.0
            for s in range(r, t):
                for lane in range(LANES):
                    at[0, lane] -= root[t, s, lane] * root[s, r, lane]
            for lane in range(LANES):
                root[t, r, lane] = at[0, lane] * root[t, t, lane]
    for r in range(d):
        at[r] = 0.0
        for s in range(r, d):
            for lane in range(LANES):
                at[r, lane] += root[s, r, lane] * z[s, lane]
        mean = 0.0
        for lane in range(LANES):
            mean += member[lane] * at[r, lane]
        first[r] += mean
    for r in range(d):
        for s in range(r + 1):
            whole = 0.0
            for lane in range(LANES):
                whole += member[lane] * at[r, lane] * at[s, lane]
            for t in range(r, d):
                for lane in range(LANES):
                    whole += member[lane] * root[t, r, lane] * root[t, s, lane]
            second[r, s] += whole
