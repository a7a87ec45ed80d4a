"""The cells of a column of text as numbers: names as codes, votes as sides, times as milliseconds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

import numpy as np
from numpy.typing import NDArray

SIDES = {
    1: ("1", "agree", "yes", "赞成", "同意", "支持"),
    -1: ("-1", "−1", "disagree", "no", "反对", "不同意", "不赞成"),
    0: ("0", "pass", "unsure", "neutral", "skip", "略过", "跳过", "不好说", "弃权"),
}
"""How a vote may be written, in numbers or in words."""
ABSENT, BAD = 8, 9
"""Beside -1, 0 and 1: an empty cell, and a cell that is no vote."""
EARLIEST = int(np.iinfo(np.int64).min)
"""The time of a vote without one."""
TENS = 10 ** np.arange(1, 19, dtype=np.int64)
"""From each of these on, a whole number has a digit more."""
DENSE = 4
"""Numbers that fill one in so many of those they span are looked up in a table, others are sorted."""


class BadCell(ValueError):
    """A cell cannot be read; place: which of the cells that were given."""

    def __init__(self, place: int, reason: str) -> None:
        super().__init__(reason)
        self.place, self.reason = place, reason


@dataclass(frozen=True, eq=False)
class Column:
    """Cells as positions among the different values.

    codes: shape (rows,). values: the different cells, without space around them, in order of appearance, or
    ascending where all are whole numbers.
    """

    codes: NDArray[np.int32]
    values: tuple[str, ...]

    def first(self, value: int) -> int:
        """The first row with the value at this position."""
        return int(np.flatnonzero(self.codes == value)[0])


class Names:
    """Gathers a column of names; cells that differ in the space around them alone are one name.

    While all are whole numbers they are kept as such: a table of a hundred thousand names does not stay in
    the processor's cache, and looking each cell up in it takes seven times as long (measured).
    """

    def __init__(self) -> None:
        self._numbers: list[NDArray[np.int64]] = []
        self._known: defaultdict[str, int] = defaultdict(count().__next__)
        self._codes: list[NDArray[np.int32]] = []

    def add(self, cells: Sequence[str]) -> None:
        if not self._codes:
            numbers = _whole_numbers(cells)
            if numbers is not None:
                self._numbers.append(numbers)
                return
            for earlier in self._numbers:
                self._code([str(number) for number in earlier.tolist()])
            self._numbers.clear()
        self._code(cells)

    def _code(self, cells: Sequence[str]) -> None:
        self._codes.append(np.fromiter(map(self._known.__getitem__, cells), np.int32, len(cells)))

    def column(self) -> Column:
        if self._numbers:
            known, codes = _positions(np.concatenate(self._numbers))
            return Column(codes, tuple(map(str, known.tolist())))
        codes = np.concatenate(self._codes) if self._codes else np.zeros(0, np.int32)
        bare = [value.strip() for value in self._known]
        different = dict.fromkeys(bare)
        if len(different) < len(bare):
            place = {value: position for position, value in enumerate(different)}
            codes = np.array([place[value] for value in bare], np.int32)[codes]
        return Column(codes, tuple(different))


def _whole_numbers(cells: Sequence[str]) -> NDArray[np.int64] | None:
    """The cells as whole numbers of 64 bits; None where str() would not write one of them the same."""
    try:
        numbers = np.fromiter(map(int, cells), np.int64, len(cells))
    except (ValueError, OverflowError):
        return None
    # Of all ways to write a number, str() has the shortest in ASCII: equal length in all is equality.
    signs, digits = int((numbers < 0).sum()), int((np.searchsorted(TENS, np.abs(numbers), "right") + 1).sum())
    together = "".join(cells)
    return numbers if len(together) == signs + digits and together.isascii() else None


def _positions(numbers: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """The different numbers, ascending, and the position of each among them."""
    low, span = int(numbers.min()), int(numbers.max()) - int(numbers.min()) + 1
    if span > DENSE * len(numbers):
        known, codes = np.unique(numbers, return_inverse=True)
        return known, codes.astype(np.int32)
    there = np.zeros(span, bool)
    there[numbers - low] = True
    return np.flatnonzero(there) + low, (np.cumsum(there, dtype=np.int32) - np.int32(1))[numbers - low]


class Sides(dict[str, int]):
    """The side of a vote by how it is written, found once for each way of writing."""

    def __init__(self) -> None:
        super().__init__({word: side for side, words in SIDES.items() for word in words} | {"": ABSENT})

    def __missing__(self, cell: str) -> int:
        side = self.get(bare := cell.strip().casefold())
        if side is None:
            try:
                number = float(bare)
            except ValueError:
                number = BAD
            side = int(number) if number in (-1, 0, 1) else BAD
        self[cell] = side
        return side

    def read(self, cells: Sequence[str]) -> NDArray[np.int8]:
        """-1, 0 and 1, `ABSENT` or `BAD` of each cell."""
        return np.fromiter(map(self.__getitem__, cells), np.int8, len(cells))


class Cast:
    """Gathers a column of votes, none of them absent."""

    def __init__(self, name: str) -> None:
        self._name, self._sides = name, Sides()
        self._read: list[NDArray[np.int8]] = []

    def add(self, cells: Sequence[str]) -> None:
        sides = self._sides.read(cells)
        if len(faults := np.flatnonzero(sides > 1)):
            place = int(faults[0])
            raise BadCell(place, no_vote(self._name, cells[place]))
        self._read.append(sides)

    def column(self) -> NDArray[np.int8]:
        return np.concatenate(self._read) if self._read else np.zeros(0, np.int8)


class Moments:
    """Gathers a column of times: whole numbers of any unit, or dates as ISO 8601 writes them."""

    def __init__(self, name: str) -> None:
        self._name, self._kind = name, ""
        self._read: list[NDArray[np.int64]] = []

    def add(self, cells: Sequence[str]) -> None:
        try:
            if self._kind == "date":
                raise ValueError
            moments = np.fromiter(map(int, cells), np.int64, len(cells))
            self._kind = "number"
        except (ValueError, OverflowError):
            one_by_one = (self._moment(place, cell.strip()) for place, cell in enumerate(cells))
            moments = np.fromiter(one_by_one, np.int64, len(cells))
        self._read.append(moments)

    def _moment(self, place: int, cell: str) -> int:
        if not cell:
            return EARLIEST
        moment, kind = _number(cell), "number"
        if moment is None:
            moment, kind = _date(cell), "date"
        if moment is None:
            raise BadCell(place, f"{self._name} is {cell!r}, neither a whole number of 64 bits nor a date")
        if self._kind not in ("", kind):
            raise BadCell(place, f"{self._name} is {cell!r}, a {kind}, after it was a {self._kind} before")
        self._kind = kind
        return moment

    def column(self) -> NDArray[np.int64]:
        return np.concatenate(self._read) if self._read else np.zeros(0, np.int64)


def no_vote(name: str, cell: str) -> str:
    """Why this cell of a column is refused."""
    return f"{name} is {cell!r}, not -1, 0 or 1" if cell.strip() else f"{name} is empty"


def _number(cell: str) -> int | None:
    try:
        number = int(cell)
    except ValueError:
        return None
    return number if abs(number) < 2**63 else None


def _date(cell: str) -> int | None:
    """Milliseconds since 1970; a date without a zone is taken as UTC."""
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        return None
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return round(zoned.timestamp() * 1000)
