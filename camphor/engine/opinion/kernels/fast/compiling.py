"""A loop compiled twice: for many votes, side by side on all processors, and for few, alone."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any, cast

from numba import njit

REGROUPED = {"contract", "reassoc", "nsz"}
"""Sums may be regrouped, so that they run several numbers wide; the last digits differ from `plain`."""
AS_NUMPY = "numpy"
"""A division by zero is infinite and no exception: a loop that may raise runs one number at a time."""


def compiled(loop: Callable[..., Any]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """The loop with its `prange` run side by side, and in order.

    numba's cache on disk knows a function by its name and by what it closes over, so that the second needs a
    name of its own.
    """
    side_by_side: Callable[..., Any] = njit(
        loop, parallel=True, cache=True, fastmath=REGROUPED, error_model=AS_NUMPY
    )
    return side_by_side, alone(loop)


def alone(loop: Callable[..., Any]) -> Callable[..., Any]:
    """The loop run in order; other threads run meanwhile."""
    given = cast(FunctionType, loop)
    name = f"{given.__name__}_alone"
    own = FunctionType(given.__code__, given.__globals__, name, given.__defaults__, given.__closure__)
    own.__module__, own.__qualname__ = given.__module__, f"{given.__qualname__}_alone"
    in_order: Callable[..., Any] = njit(own, cache=True, nogil=True, fastmath=REGROUPED, error_model=AS_NUMPY)
    return in_order
