"""Small symmetric systems."""

from __future__ import annotations

import numpy as np
from numba import njit

from camphor.engine.opinion.kernels.arrays import Floats
from camphor.engine.opinion.kernels.fast.compiling import AS_NUMPY, REGROUPED


@njit(cache=True, fastmath=REGROUPED, error_model=AS_NUMPY)
def factor(whole: Floats, d: int) -> float:
    """The Cholesky factor in the lower triangle, in place; returns half the log determinant."""
    root = 1.0
    for r in range(d):
        for s in range(r):
            whole[r, r] -= whole[r, s] * whole[r, s]
        whole[r, r] = np.sqrt(whole[r, r])
        root *= whole[r, r]
        for t in range(r + 1, d):
            for s in range(r):
                whole[t, r] -= whole[t, s] * whole[r, s]
            whole[t, r] /= whole[r, r]
    half: float = np.log(root)
    return half


@njit(cache=True, fastmath=REGROUPED, error_model=AS_NUMPY)
def invert_factor(whole: Floats, d: int) -> None:
    """The inverse of a lower triangle, in place."""
    for r in range(d):
        whole[r, r] = 1.0 / whole[r, r]
        for t in range(r + 1, d):
            total = 0.0
            for s in range(r, t):
                total -= whole[t, s] * whole[s, r]
            whole[t, r] = total / whole[t, t]


@njit(cache=True, fastmath=REGROUPED, error_model=AS_NUMPY)
def solve(
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
