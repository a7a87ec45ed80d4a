"""The loops over votes: compiled where numba is installed (the extra `fast`), with numpy and scipy elsewhere.

Both give the same results, to rounding in the order of sums. `CAMPHOR_KERNELS` may name one: `plain` or
`fast`.
"""

from __future__ import annotations

import os
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType


@cache
def kernels() -> ModuleType:
    """The fastest kernels that this installation has."""
    chosen = os.environ.get("CAMPHOR_KERNELS", "")
    if chosen not in ("", "plain", "fast"):
        raise ValueError(f"CAMPHOR_KERNELS is plain or fast, and not {chosen!r}")
    if not chosen:
        chosen = "fast" if find_spec("numba") else "plain"
    return import_module(f"{__name__}.{chosen}")
