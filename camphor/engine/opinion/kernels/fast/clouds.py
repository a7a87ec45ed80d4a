"""A step of EM over clouds of ideal points; compiled, as in `plain`."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from camphor.engine.opinion.kernels.arrays import Floats
from camphor.engine.opinion.kernels.fast.compiling import alone
from camphor.engine.opinion.kernels.fast.solving import factor, invert_factor

NEGLIGIBLE = 1e-13
"""A membership below this moves no digit that is kept."""


def cloud_step(
    pull: Floats, precision: Floats, weight: Floats, share: Floats, mean: Floats, covariance: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """A step of EM over clouds; as in `plain`."""
    own = np.linalg.inv(covariance)
    drawn = np.einsum("kde,ke->kd", own, mean)
    constant = np.einsum("kd,kd->k", mean, drawn) + np.linalg.slogdet(covariance)[1]
    likelihood, size, first, second = _steps_of(pull.shape[1])(
        pull, precision, weight, np.log(share) - 0.5 * constant, own, drawn
    )
    return likelihood, size, first, second


@cache
def _steps_of(d: int) -> Callable[..., tuple[Floats, Floats, Floats, Floats]]:
    """The loop for ideal points of d dimensions, which is a constant to the compiler: twice as fast."""

    def _cloud_step(
        pull: Floats, precision: Floats, weight: Floats, base: Floats, own: Floats, drawn: Floats
    ) -> tuple[Floats, Floats, Floats, Floats]:
        n, clouds = len(pull), len(own)
        likelihood, size = np.empty(n), np.zeros(clouds)
        first, second = np.zeros((clouds, d)), np.zeros((clouds, d, d))
        whole, z, at, log = np.empty((clouds, d, d)), np.empty((clouds, d)), np.empty(d), np.empty(clouds)
        for i in range(n):
            top = -np.inf
            for k in range(clouds):
                for r in range(d):
                    for s in range(r + 1):
                        whole[k, r, s] = own[k, r, s] + precision[i, r, s]
                half, square = factor(whole[k], d), 0.0
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
                invert_factor(whole[k], d)
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

    return alone(_cloud_step)
