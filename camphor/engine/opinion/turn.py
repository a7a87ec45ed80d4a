"""Which statement to show next: what tells most, with a fair hearing for every statement.

A card is drawn, never chosen: nobody can tell which comes next, or bring one about. Statements with few votes
share a part of the cards equally, whatever they say; the others are drawn by what the vote would tell.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np

from camphor.engine.opinion.gain import Person, Statements, gains, undecided
from camphor.engine.opinion.model import Model
from camphor.engine.opinion.votes import Bools, Floats, Ints, Votes

HEARING = 10
"""Votes up to which a statement is new: with them its share of agreement is known to some 15 points."""
FAVOUR = 2.0
"""A new statement is drawn so many times as often as another on average, where there are few of them."""
MOST_NEW = 0.3
"""The share of a participant's cards that new statements get together: a flood of them takes no more."""
WELL_KNOWN = 30
"""Votes from which a statement has its full claim against new ones: before, a map is mostly chance."""
ENOUGH = 12
"""As many as a participant answers: of fewer others, each has but 1/12 of their claim against new ones."""
EVEN = 0.15
"""The share of the other cards that is drawn evenly, so that no statement is ever left out."""
SHARPNESS = 6.0
"""Chances grow with this power of the worth: fewer votes for the same map than with 2 or 4."""
OF_STATEMENT = 1.0
"""What is learnt of the statement against what is learnt of the participant, both in nats."""
OF_LABEL = 1.0
"""A statement whose label is open counts up to that much more on the statement's side."""


@dataclass(frozen=True, eq=False)
class Routing:
    """What is known of each statement when a map is drawn, so that a card can be drawn without the votes.

    statements: ids, ascending, shape (m,). seen: votes on each. passing: the share that passes on each.
    open: how open its label is, 0 to 1. known: beliefs about (b, w). lean: the variance of a.
    """

    statements: Ints
    seen: Ints
    passing: Floats
    open: Floats
    known: Statements
    lean: float

    @classmethod
    def from_map(cls, votes: Votes, model: Model, *, group: Ints | None = None) -> Routing:
        """After a map; group: the group of each participant, shape (n,), -1 for none."""
        labels = int(group.max(initial=-1)) + 1 if group is not None else 0
        groups = np.zeros((0, 3, len(votes.statements)), np.int64)
        if group is not None and labels:
            groups = np.stack(votes.tally(group, labels), axis=1)
        return cls.from_counts(votes.statements, model, np.stack(votes.counts()), groups)

    @classmethod
    def from_counts(cls, statements: Ints, model: Model, everybody: Ints, groups: Ints) -> Routing:
        """From the votes of all, agreed, disagreed and seen, shape (3, m), and of each group, (g, 3, m)."""
        agreed, disagreed, seen = everybody
        passing = (seen - agreed - disagreed + 1) / (seen + 10)  # one in ten votes is a pass, as a rule
        square = _diagonal(model)
        mean = np.column_stack([model.offset, model.loading])
        variance = np.maximum(square - mean**2, 0.0)
        return cls(statements, seen, passing, undecided(groups), Statements(mean, variance), model.lean)

    @classmethod
    def without_map(cls) -> Routing:
        """Before there is a map: every statement is new."""
        nothing = np.zeros(0)
        known = Statements(np.zeros((0, 1)), np.zeros((0, 1)))
        return cls(np.zeros(0, np.int64), np.zeros(0, np.int64), nothing, nothing, known, 1.0)

    def to_json(self) -> dict[str, Any]:
        """As plain JSON, numbers to three decimals."""
        return {
            "statements": self.statements.tolist(),
            "seen": self.seen.tolist(),
            "passing": self.passing.round(3).tolist(),
            "open": self.open.round(3).tolist(),
            "mean": self.known.mean.round(3).tolist(),
            "variance": self.known.variance.round(3).tolist(),
            "lean": self.lean,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Routing:
        """Read what `to_json` wrote."""
        m = len(data["statements"])
        mean, variance = (
            np.array(data[name], float).reshape(m, -1 if m else 1) for name in ("mean", "variance")
        )
        return cls(
            np.array(data["statements"], np.int64),
            np.array(data["seen"], np.int64),
            np.array(data["passing"], float),
            np.array(data["open"], float),
            Statements(mean, variance),
            float(data["lean"]),
        )

    def choose(self, votes: Mapping[int, int], *, candidates: Collection[int], rng: Random) -> int | None:
        """Draw the next statement for who cast these votes (id: -1, 0 or 1); None where all are answered."""
        left, chance = self.chances(votes, candidates=candidates)
        if not len(left):
            return None
        reached = np.cumsum(chance)
        which = np.searchsorted(reached, rng.random() * reached[-1], side="right")
        return int(left[min(int(which), len(left) - 1)])

    def chances(self, votes: Mapping[int, int], *, candidates: Collection[int]) -> tuple[Ints, Floats]:
        """The statements left, ascending, and the chance of each to come next; both of shape (k,)."""
        left = np.array(sorted(set(candidates).difference(votes)), np.int64)
        place, on_map = self._places(left)
        seen = np.zeros(len(left), np.int64)
        seen[on_map] = self.seen[place[on_map]]
        heard = seen >= HEARING
        new = int((~heard).sum())
        share = share_of_new(new, len(left) - new, int((seen >= WELL_KNOWN).sum()))
        chance = np.zeros(len(left))
        chance[~heard] = share / max(new, 1)
        if heard.any():
            worth = self._worth(place[heard], self._person(votes)) ** SHARPNESS
            even = np.full(len(worth), 1 / len(worth))
            total = float(worth.sum())
            told = worth / total if total > 0 else even
            chance[heard] = (1 - share) * (EVEN * even + (1 - EVEN) * told)
        return left, chance

    def _places(self, ids: Ints) -> tuple[Ints, Bools]:
        """The position of each id among the statements of the map, and whether it is there."""
        if not len(self.statements):
            return np.zeros(len(ids), np.int64), np.zeros(len(ids), bool)
        place = np.minimum(np.searchsorted(self.statements, ids), len(self.statements) - 1)
        return place, self.statements[place] == ids

    def _person(self, votes: Mapping[int, int]) -> Person:
        """Where these votes put the participant; votes on what is not on the map tell nothing yet."""
        told = [(statement, value) for statement, value in votes.items() if value]
        ids = np.array([statement for statement, _value in told], np.int64)
        values = np.array([float(value) for _statement, value in told])
        place, on_map = self._places(ids)
        return Person.from_votes(self.known.at(place[on_map]), values[on_map], self.lean)

    def _worth(self, place: Ints, person: Person) -> Floats:
        """What a vote of this person on each of these statements would tell, in nats, shape (k,)."""
        of_person, of_statement = gains(self.known.at(place), person)
        weighed = of_person + OF_STATEMENT * (1 + OF_LABEL * self.open[place]) * of_statement
        worth: Floats = (1 - self.passing[place]) * weighed
        return worth


def share_of_new(new: int, heard: int, known: int) -> float:
    """The share of the cards that new statements get together, equal among themselves.

    FAVOUR times as many as of others; at most MOST_NEW where ENOUGH others are left, all of them well known.
    heard: how many others are left for this participant. known: how many of these have WELL_KNOWN votes.
    """
    if not new or not heard:
        return float(bool(new))
    lacking = 1 - (min(heard / ENOUGH, 1.0) + min(known / ENOUGH, 1.0)) / 2
    most = MOST_NEW + (1 - MOST_NEW) * lacking
    return min(FAVOUR * new / (FAVOUR * new + heard), most)


def _diagonal(model: Model) -> Floats:
    """E[b²] and E[w_k²] of each statement, shape (m, d + 1)."""
    q = model.dimensions + 2
    row, column = np.triu_indices(q)
    kept = np.flatnonzero((row == column) & (row != 1))
    found: Floats = model.moments[:, kept]
    return found
