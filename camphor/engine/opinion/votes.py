"""Who voted what: a log of votes as a sparse matrix."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class BadVote(ValueError):
    """A vote that is neither 1 (agree), 0 (pass) nor -1 (disagree), or columns of unequal length."""


@dataclass(frozen=True, eq=False)
class Votes:
    """The last vote of each participant on each statement; what is missing was never cast.

    participants: ids, shape (n,), ascending. statements: ids, shape (m,), ascending.
    rows, columns: positions in these, shape (v,), sorted by row, then column.
    values: shape (v,), in {-1, 0, 1}.
    """

    participants: Ints
    statements: Ints
    rows: Ints
    columns: Ints
    values: NDArray[np.int8]

    @classmethod
    def from_log(
        cls,
        participants: Sequence[int] | Ints,
        statements: Sequence[int] | Ints,
        values: Sequence[int] | NDArray[Any],
    ) -> Votes:
        """Read a log in the order of time, three columns of length v; the last vote counts."""
        who, what, how = (np.asarray(column) for column in (participants, statements, values))
        if not len(who) == len(what) == len(how):
            raise BadVote("the three columns differ in length")
        if len(how) and not np.isin(how, (-1, 0, 1)).all():
            raise BadVote("a vote is 1 (agree), 0 (pass) or -1 (disagree)")
        ids, rows = np.unique(who.astype(np.int64), return_inverse=True)
        numbers, columns = np.unique(what.astype(np.int64), return_inverse=True)
        cell = rows * max(len(numbers), 1) + columns
        _cells, from_end = np.unique(cell[::-1], return_index=True)
        last = len(cell) - 1 - from_end
        return cls(ids, numbers, rows[last], columns[last], how[last].astype(np.int8))

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.participants), len(self.statements)

    @property
    def cast(self) -> Ints:
        """How many statements each participant voted on, shape (n,)."""
        return np.bincount(self.rows, minlength=len(self.participants))

    def without(self, hidden: Collection[int]) -> Votes:
        """The same participants, with these statements and all votes on them left out."""
        keep = ~np.isin(self.statements, list(hidden))
        place = np.cumsum(keep) - 1
        kept = keep[self.columns]
        return Votes(
            self.participants,
            self.statements[keep],
            self.rows[kept],
            place[self.columns[kept]],
            self.values[kept],
        )

    def tally(self, label: Ints, labels: int) -> tuple[Floats, Floats, Floats]:
        """Agreed, disagreed and seen per label and statement, each of shape (labels, m).

        label: shape (n,), the label of each participant; those with -1 are left out.
        """
        m = len(self.statements)
        counted = label[self.rows] >= 0
        cell = label[self.rows[counted]] * m + self.columns[counted]
        value = self.values[counted]

        def count(chosen: NDArray[np.bool_]) -> Floats:
            return np.bincount(cell[chosen], minlength=labels * m).reshape(labels, m).astype(float)

        return count(value == 1), count(value == -1), count(np.ones(len(value), bool))
