"""Exponentials, and the curvature of the logistic bound, in a form that runs several numbers wide."""

from __future__ import annotations

from math import exp, factorial

import numpy as np
from numba import njit

SQUARINGS = 6
FURTHEST = 40.0
"""Beyond this e^-x is nothing beside 1. Below it e^-x is a power: that of e^(-x / 64), squared six times,
which multiplies the rounding of the polynomial by 64, to 1e-14."""
MIDDLE = FURTHEST / 2**SQUARINGS / 2
"""About which the polynomial is Taylor's: with thirteen terms its error is 1e-16."""
_C = tuple(exp(-MIDDLE) * (-1) ** k / factorial(k) for k in range(13))
NEAR = 1e-3
"""Below this square the quotient loses digits, and three terms of its series have an error of 1e-13."""


@njit(inline="always")
def decay(x: float) -> float:
    """e^-x for x from 0 up, to 1e-14 of itself, and at least 4e-18. Without branches or calls."""
    z = (x if x < FURTHEST else FURTHEST) * (1.0 / 2**SQUARINGS) - MIDDLE
    e = _C[12] * z + _C[11]
    e = (e * z + _C[10]) * z + _C[9]
    e = (e * z + _C[8]) * z + _C[7]
    e = (e * z + _C[6]) * z + _C[5]
    e = (e * z + _C[4]) * z + _C[3]
    e = (e * z + _C[2]) * z + _C[1]
    e = e * z + _C[0]
    for _time in range(SQUARINGS):
        e *= e
    power: float = e
    return power


@njit(inline="always")
def curvature(square: float) -> float:
    """tanh(x/2) / (2x) from x², to 1e-12: 2 l of Jaakkola and Jordan (2000). Without branches or calls."""
    near = square < NEAR
    x = np.sqrt(NEAR if near else square)
    e = decay(x)
    series = 0.25 - square / 48 + square * square / 480
    far = (1.0 - e) / ((1.0 + e) * (2.0 * x))
    return series if near else far
