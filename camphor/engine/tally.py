"""Figures over rows: a part of a whole, parts that add up to it, and how long things took."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

R = TypeVar("R")
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Part(Generic[R]):
    """The rows that are counted and the rest of them: together they are the rows looked at."""

    counted: tuple[R, ...]
    rest: tuple[R, ...]

    @property
    def number(self) -> int:
        return len(self.counted)

    @property
    def whole(self) -> int:
        return len(self.counted) + len(self.rest)

    @property
    def share(self) -> float | None:
        """The counted rows as a share of all, from 0 to 1; none where there is nothing to share."""
        return self.number / self.whole if self.whole else None


def part_of(rows: Iterable[R], counts: Callable[[R], bool]) -> Part[R]:
    """Divide rows into those that count and the rest."""
    counted: list[R] = []
    rest: list[R] = []
    for row in rows:
        (counted if counts(row) else rest).append(row)
    return Part(tuple(counted), tuple(rest))


def grouped(rows: Iterable[R], by: Callable[[R], K]) -> dict[K, list[R]]:
    """Every row under its key, each once, in the order in which the keys were met."""
    groups: dict[K, list[R]] = {}
    for row in rows:
        groups.setdefault(by(row), []).append(row)
    return groups


def percentile(values: Sequence[int], share: float) -> int | None:
    """The smallest value that at least this share of the values does not exceed.

    values: n whole numbers of one unit, in any order. share: above 0, at most 1. Nearest rank, so the result
    is a value that was met; none without values. Source: ISO 3534-1, quantile of a sample.
    """
    if not 0 < share <= 1:
        raise ValueError(f"a share lies above 0 and is at most 1, not {share}")
    if not values:
        return None
    # rounded, so that 0.9 × 10 is the ninth value and not the tenth
    rank = max(1, math.ceil(round(share * len(values), 9)))
    return sorted(values)[rank - 1]
