"""Some participants chosen from many, by their ids alone, so that any machine chooses the same."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from camphor.engine.opinion.votes import Ints


def chosen(participants: Ints, size: int) -> Ints:
    """Positions of so many participants, ascending: those whose ids are scattered lowest."""
    if len(participants) <= size:
        return np.arange(len(participants))
    lowest = np.argpartition(scattered(participants), size)[:size]
    return np.sort(lowest)


def scattered(ids: Ints) -> NDArray[np.uint64]:
    """A number for each id that has nothing to do with its order (splitmix64: Steele and others 2014)."""
    mixed = ids.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return mixed ^ (mixed >> np.uint64(31))
