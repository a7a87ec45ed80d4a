"""EM over clouds of ideal points; compiled, as in `plain`.

Many participants are worked on at once, each in a lane of its own: the roots and quotients of one wait for
one another, those of different lanes do not. Clouds of one shape share what depends on the shape alone.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
from numba import njit

from camphor.engine.opinion.kernels.arrays import Floats
from camphor.engine.opinion.kernels.ending import NARROWEST, NOBODY, SETTLED, WIDEST
from camphor.engine.opinion.kernels.fast.compiling import AS_NUMPY, alone
from camphor.engine.opinion.kernels.fast.curving import decay

LANES = 64
"""Participants at once. Loops over fewer are unrolled, then run one number at a time, a third as fast."""


def fit_clouds(
    pull: Floats,
    precision: Floats,
    weight: Floats,
    share: Floats,
    mean: Floats,
    covariance: Floats,
    shrunk_by: float,
    steps: int,
) -> tuple[Floats, Floats, Floats, Floats]:
    """EM from these clouds on; as in `plain`."""
    alike = bool(np.isinf(shrunk_by))
    run = _fits_of(pull.shape[1], alike)
    clouds = (share.copy(), mean.copy(), np.ascontiguousarray(covariance[:1] if alike else covariance).copy())
    likelihood = run(pull, precision, weight, *clouds, shrunk_by, steps)
    share, mean, covariance = clouds
    return likelihood, share, mean, np.repeat(covariance, len(mean), axis=0) if alike else covariance


def known_clouds(mean: Floats, covariance: Floats, share: Floats) -> tuple[Floats, Floats, Floats]:
    """Of each cloud V⁻¹, V⁻¹ m and log share − ½ (m' V⁻¹ m + log|V|)."""
    own = np.asarray(np.linalg.inv(covariance), np.float64)
    drawn = np.einsum("kde,ke->kd", own, mean)
    constant = np.einsum("kd,kd->k", mean, drawn) + np.linalg.slogdet(covariance)[1]
    return own, drawn, np.log(share) - 0.5 * constant


@cache
def _fits_of(d: int, alike: bool) -> Callable[..., Floats]:
    """The loop for ideal points of d dimensions, and for clouds of one shape or their own: both are constants
    to the compiler, twice as fast."""

    def _fit_clouds(
        pull: Floats,
        precision: Floats,
        weight: Floats,
        share: Floats,
        mean: Floats,
        covariance: Floats,
        shrunk_by: float,
        steps: int,
    ) -> Floats:
        n, clouds, shapes = len(pull), len(mean), len(covariance)
        likelihood = np.zeros(n)
        size, first, second = np.empty(clouds), np.empty((clouds, d)), np.empty((shapes, d, d))
        own, drawn, base = np.empty((shapes, d, d)), np.empty((clouds, d)), np.empty(clouds)
        known, pulled, heavy = np.empty((d, d, LANES)), np.empty((d, LANES)), np.empty(LANES)
        root, det = np.empty((shapes, d, d, LANES)), np.empty((shapes, LANES))
        z, log, part = np.empty((clouds, d, LANES)), np.empty((clouds, LANES)), np.empty((clouds, LANES))
        top, total, at = np.empty(LANES), np.empty(LANES), np.empty((d, LANES))
        people, before = max(weight.sum(), NOBODY), -np.inf
        for s in range(shapes):
            _bounded(covariance[s], own[s], 0.0, np.inf)
        for _step in range(steps):
            _known(share, mean, covariance, own, drawn, base, d)
            size[:], first[:], second[:] = 0.0, 0.0, 0.0
            now = 0.0
            for begin in range(0, n, LANES):
                end = min(begin + LANES, n)
                _load(begin, end, pull, precision, weight, known, pulled, heavy, d)
                for s in range(shapes):
                    _factor(known, own[s], root[s], det[s], d)
                for k in range(clouds):
                    s = 0 if alike else k
                    _stand(root[s], det[s], pulled, drawn[k], base[k], z[k], log[k], part[k], d)
                _share_out(log, part, heavy, top, total)
                for i in range(begin, end):
                    likelihood[i] = top[i - begin] + np.log(total[i - begin])
                    now += likelihood[i] * weight[i]
                for k in range(clouds):
                    s = 0 if alike else k
                    size[k] += part[k].sum()
                    _add_points(root[s], z[k], part[k], at, first[k], second[s], d)
                for s in range(shapes):
                    _add_spread(root[s], heavy if alike else part[s], second[s], d)
            now /= people
            if now - before < SETTLED:
                break
            before = now
            _renew(size, first, second, shrunk_by, share, mean, covariance, own, d)
        return likelihood

    _fit_clouds.__name__ += "_alike" if alike else "_own"
    return alone(_fit_clouds)


@njit(cache=True, error_model=AS_NUMPY)
def _bounded(covariance: Floats, own: Floats, least: float, most: float) -> None:
    """A covariance with its eigenvalues kept within bounds, in place, and its inverse."""
    values, vectors = np.linalg.eigh(covariance)
    for k in range(len(values)):
        values[k] = min(max(values[k], least), most)
    for r in range(len(values)):
        for s in range(len(values)):
            covariance[r, s], own[r, s] = 0.0, 0.0
            for k in range(len(values)):
                both = vectors[r, k] * vectors[s, k]
                covariance[r, s] += both * values[k]
                own[r, s] += both / values[k]


@njit(inline="always")
def _known(
    share: Floats, mean: Floats, covariance: Floats, own: Floats, drawn: Floats, base: Floats, d: int
) -> None:
    """Of each cloud V⁻¹ m and log share − ½ (m' V⁻¹ m + log|V|)."""
    for k in range(len(mean)):
        s = min(k, len(own) - 1)
        base[k] = np.log(share[k]) - 0.5 * np.log(np.linalg.det(covariance[s]))
        for r in range(d):
            drawn[k, r] = 0.0
            for t in range(d):
                drawn[k, r] += own[s, r, t] * mean[k, t]
            base[k] -= 0.5 * drawn[k, r] * mean[k, r]


@njit(inline="always")
def _renew(
    size: Floats,
    first: Floats,
    second: Floats,
    shrunk_by: float,
    share: Floats,
    mean: Floats,
    covariance: Floats,
    own: Floats,
    d: int,
) -> None:
    """The M step, in place."""
    clouds, shapes = len(size), len(covariance)
    whole, pooled = 0.0, np.zeros((d, d))
    for k in range(clouds):
        share[k] = max(size[k], NOBODY)
        whole += share[k]
        for r in range(d):
            mean[k, r] = first[k, r] / share[k]
    for r in range(d):
        for s in range(r + 1):
            for k in range(shapes):
                pooled[r, s] += second[k, r, s]
            for k in range(clouds):
                pooled[r, s] -= size[k] * mean[k, r] * mean[k, s]
            pooled[r, s] /= whole
            for k in range(shapes):
                shrunk = pooled[r, s]
                if shapes == clouds and not np.isinf(shrunk_by):
                    spread = second[k, r, s] / share[k] - mean[k, r] * mean[k, s]
                    shrunk = (size[k] * spread + shrunk_by * shrunk) / (size[k] + shrunk_by)
                covariance[k, r, s], covariance[k, s, r] = shrunk, shrunk
    for k in range(shapes):
        _bounded(covariance[k], own[k], NARROWEST, WIDEST)
    for k in range(clouds):
        share[k] /= whole


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
def _factor(known: Floats, own: Floats, root: Floats, det: Floats, d: int) -> None:
    """Of A = V⁻¹ + L of each lane the inverse of its Cholesky factor, `root`, and |A|^-½."""
    det[:] = 1.0
    for r in range(d):
        for t in range(r, d):
            for lane in range(LANES):
                root[t, r, lane] = own[t, r] + known[t, r, lane]
            for s in range(r):
                for lane in range(LANES):
                    root[t, r, lane] -= root[t, s, lane] * root[r, s, lane]
        for lane in range(LANES):
            root[r, r, lane] = 1.0 / np.sqrt(root[r, r, lane])
            det[lane] *= root[r, r, lane]
        for t in range(r + 1, d):
            for lane in range(LANES):
                root[t, r, lane] *= root[r, r, lane]
    for r in range(d):
        for t in range(r + 1, d):
            for lane in range(LANES):
                whole = 0.0
                for s in range(r, t):
                    whole -= root[t, s, lane] * root[s, r, lane]
                root[t, r, lane] = whole * root[t, t, lane]


@njit(inline="always")
def _stand(
    root: Floats,
    det: Floats,
    pulled: Floats,
    drawn: Floats,
    base: float,
    z: Floats,
    log: Floats,
    part: Floats,
    d: int,
) -> None:
    """z = root c; log: ½ z'z and what is the same for everybody; part: |A|^-½."""
    part[:] = det
    log[:] = base
    for r in range(d):
        z[r] = 0.0
        for s in range(r + 1):
            for lane in range(LANES):
                z[r, lane] += root[r, s, lane] * (drawn[s] + pulled[s, lane])
        for lane in range(LANES):
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
def _add_points(
    root: Floats, z: Floats, member: Floats, at: Floats, first: Floats, second: Floats, d: int
) -> None:
    """Add Σ r E[u], and the lower triangle of Σ r E[u] E[u]', over the lanes."""
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
            second[r, s] += whole


@njit(inline="always")
def _add_spread(root: Floats, member: Floats, second: Floats, d: int) -> None:
    """Add the lower triangle of Σ r A⁻¹ over the lanes."""
    for r in range(d):
        for s in range(r + 1):
            whole = 0.0
            for t in range(r, d):
                for lane in range(LANES):
                    whole += member[lane] * root[t, r, lane] * root[t, s, lane]
            second[r, s] += whole
