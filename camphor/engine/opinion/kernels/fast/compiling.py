"""A loop compiled twice: for many votes, side by side on all processors, and for few, alone."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any, cast

from numba import njit

REGROUPED = {"contract", "reassoc", "nsz"}
"""Sums may be regrouped, so that they run several numbers wide; the last digits differ from `plain`."""


def compiled(source: Callable[..., Any]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """The loop with its `prange` run side by side, and in order.

    numba's cache on disk knows a function by its name, so that the second needs a name of its own.
    """
    loop = cast(FunctionType, source)
    alone = FunctionType(loop.__code__, loop.__globals__, f"{loop.__name__}_alone")
    alone.__module__, alone.__qualname__ = loop.__module__, f"{loop.__qualname__}_alone"
    side_by_side: Callable[..., Any] = njit(loop, parallel=True, cache=True, fastmath=REGROUPED)
    return side_by_side, njit(alone, cache=True, fastmath=REGROUPED)
