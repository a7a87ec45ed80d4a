"""Who voted what: a log of votes as a sparse matrix."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from camphor.engine.opinion.kernels import kernels

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MOST_SPARSE = 4
"""Ids that fill at least one in so many of the places they span are looked up in a table, others searched."""


class BadVote(ValueError):
    """A log that cannot be read: a vote that is none of -1, 0 and 1, an id that is no whole number,
    or columns of unequal length."""


@dataclass(frozen=True, eq=False)
class Votes:
    """The last vote of each participant on each statement; what is missing was never cast.

    participants: ids, shape (n,), ascending. statements: ids, shape (m,), ascending.
    starts: shape (n + 1,); the votes of participant i are those from starts[i] up to starts[i + 1].
    columns: the position of the statement of each vote, shape (v,), ascending for each participant.
    values: shape (v,), in {-1, 0, 1}.
    """

    participants: Ints
    statements: Ints
    starts: Ints
    columns: NDArray[np.int32]
    values: NDArray[np.int8]

    @classmethod
    def from_log(
        cls,
        participants: Sequence[int] | NDArray[Any],
        statements: Sequence[int] | NDArray[Any],
        values: Sequence[int] | NDArray[Any],
    ) -> Votes:
        """Read a log in the order of time, three columns of length v; the last vote counts.

        Raises BadVote. The time is linear in v where ids are dense; memory is some 20 bytes a vote.
        """
        who, what = _ids(participants, "participant"), _ids(statements, "statement")
        how = _values(values)
        if not len(who) == len(what) == len(how):
            raise BadVote("the three columns differ in length")
        people, rows = _positions(who)
        numbers, columns = _positions(what)
        starts, columns, how = kernels().sort_log(rows, columns, how, len(people), len(numbers))
        return cls(people, numbers, starts, columns, how)

    @classmethod
    def nobody(cls) -> Votes:
        """No votes on no statements."""
        return cls.from_log((), (), ())

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.participants), len(self.statements)

    @cached_property
    def cast(self) -> Ints:
        """How many statements each participant voted on, shape (n,)."""
        return np.diff(self.starts)

    @property
    def rows(self) -> NDArray[np.int32]:
        """The position of the participant of each vote, shape (v,); made anew each time."""
        return np.repeat(np.arange(len(self.participants), dtype=np.int32), self.cast)

    def of_statements(self, keep: Bools) -> Votes:
        """The same participants with these statements alone; keep: shape (m,)."""
        place = np.cumsum(keep, dtype=np.int32) - np.int32(1)
        kept = keep[self.columns]
        before = np.concatenate([[0], np.cumsum(kept)])
        return Votes(
            self.participants,
            self.statements[keep],
            before[self.starts],
            place[self.columns[kept]],
            self.values[kept],
        )

    def of_participants(self, chosen: Ints) -> Votes:
        """These participants alone, with all statements; chosen: ascending positions, shape (k,)."""
        length = self.cast[chosen]
        starts = np.concatenate([[0], np.cumsum(length)]).astype(np.int64)
        place = np.arange(starts[-1]) + np.repeat(self.starts[chosen] - starts[:-1], length)
        return Votes(
            self.participants[chosen], self.statements, starts, self.columns[place], self.values[place]
        )

    def without(self, hidden: Collection[int]) -> Votes:
        """The same participants, with these statements and all votes on them left out."""
        if not len(hidden):
            return self
        return self.of_statements(~np.isin(self.statements, list(hidden)))

    def counts(self) -> tuple[Ints, Ints, Ints]:
        """Agreed, disagreed and seen of each statement, each of shape (m,)."""
        nobody = np.zeros(len(self.participants), np.int64)
        agreed, disagreed, seen = self.tally(nobody, 1)
        return agreed[0], disagreed[0], seen[0]

    def tally(self, label: Ints, labels: int) -> tuple[Ints, Ints, Ints]:
        """Agreed, disagreed and seen per label and statement, each of shape (labels, m).

        label: shape (n,), the label of each participant; those with -1 are left out.
        """
        of = np.repeat(label.astype(np.int8), self.cast)
        counted = kernels().tally(self.columns, self.values, of, labels, len(self.statements))
        return counted[:, 0], counted[:, 1], counted[:, 2]


def _ids(column: ArrayLike, name: str) -> NDArray[Any]:
    """The column as signed integers of 16 bits or more."""
    ids = np.asarray(column)
    if not ids.size:
        return ids.reshape(-1).astype(np.int64)
    if ids.ndim != 1 or ids.dtype.kind not in "iuf":
        raise BadVote(f"the {name} of a vote is a whole number of at most 64 bits")
    if ids.dtype.kind == "f":
        whole = np.isfinite(ids) & (ids == np.rint(ids)) & (np.abs(ids) < 2.0**53)
        if not whole.all():
            raise BadVote(f"the {name} of a vote is a whole number, and {ids[~whole][0]} is none")
    if ids.dtype.kind == "u" and int(ids.max()) > np.iinfo(np.int64).max:
        raise BadVote(f"the {name} of a vote is a whole number of at most 64 bits")
    if ids.dtype in (np.int16, np.int32, np.int64):
        return ids
    return ids.astype(np.int32 if ids.dtype.itemsize < 4 else np.int64)


def _values(column: ArrayLike) -> NDArray[np.int8]:
    how = np.asarray(column)
    if not how.size:
        return np.zeros(0, np.int8)
    told = "a vote is 1 (agree), 0 (pass) or -1 (disagree)"
    if how.ndim != 1 or how.dtype.kind not in "iuf":
        raise BadVote(told)
    in_range = (how >= -1) & (how <= 1)
    if how.dtype.kind == "f":
        in_range &= how == np.rint(how)
    if not in_range.all():
        raise BadVote(f"{told}, and {how[~in_range][0]} is none of them")
    return how.astype(np.int8)


def _positions(ids: NDArray[Any]) -> tuple[Ints, NDArray[Any]]:
    """The different ids, ascending, and the position among them of each, shape (v,)."""
    if not len(ids):
        return np.zeros(0, np.int64), np.zeros(0, np.int32)
    low, high = int(ids.min()), int(ids.max())
    span = high - low + 1  # in Python's integers, which do not overflow
    if span > MOST_SPARSE * len(ids) + 1024:
        known, place = np.unique(ids, return_inverse=True)
        return known.astype(np.int64), place.astype(np.int32)
    shifted = ids if low == 0 else ids.astype(np.int64) - low
    present = np.zeros(span, bool)
    present[shifted] = True
    if present.all() and shifted.dtype.itemsize <= 4:  # then they are positions already
        return np.arange(low, high + 1, dtype=np.int64), shifted
    table = np.cumsum(present, dtype=np.int32) - np.int32(1)
    return np.flatnonzero(present) + low, table[shifted]
