"""The same votes through each engine: ours by both recipes, red-dwarf, and a matrix factorisation."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.util import find_spec
from typing import Any

import numpy as np

from camphor.engine.opinion.drawing import finished
from camphor.engine.opinion.evidence import Clouds, groups_of, regions
from camphor.engine.opinion.learning import Learnt, learn
from camphor.engine.opinion.memory import Memory
from camphor.engine.opinion.mixture import ALL_ALIKE, SHRUNK_BY, Known, fit_mixtures
from camphor.engine.opinion.model import points_of, principal_axes
from camphor.engine.opinion.polis import polis_map
from camphor.engine.opinion.polis.groups import clusterings
from camphor.engine.opinion.polis.recipe import PolisMap
from camphor.engine.opinion.result import OpinionMap
from camphor.engine.opinion.scoring import Placed, place, score
from camphor.engine.opinion.votes import Floats, Ints, Votes

HAS_RED_DWARF = find_spec("reddwarf") is not None


# Ours


@dataclass(frozen=True, eq=False)
class Ours:
    """What the default recipe learnt of all these votes."""

    votes: Votes
    learnt: Learnt

    @classmethod
    def of(cls, votes: Votes) -> Ours:
        return cls(votes, learn(votes))

    @property
    def memory(self) -> Memory:
        return self.learnt.memory

    @cached_property
    def people(self) -> Floats:
        return self.memory.model.place(self.votes)

    @cached_property
    def placed(self) -> Placed:
        return place(self.votes, self.memory)

    @cached_property
    def map(self) -> OpinionMap:
        return finished(self.learnt, score(self.votes, self.memory))

    @property
    def points(self) -> Floats:
        """Posterior means, shape (n, d)."""
        return points_of(self.people, self.memory.model.dimensions)[0]

    @property
    def known(self) -> Known:
        mean, covariance = points_of(self.people, self.memory.model.dimensions)
        return Known.from_points(mean, covariance, np.ones(len(mean)))

    def in_regions(self) -> Placed:
        """Everybody in two, as a map without groups is read."""
        return self._by(regions(self.known, np.ones(1)))

    def in_groups(self, k: int) -> Placed:
        """Everybody by the best mixture that shows k groups, else by the better one of k clouds, whatever the
        evidence says."""
        fits = [
            fit
            for by in (SHRUNK_BY, ALL_ALIKE)
            for fit in fit_mixtures(self.known, least=k, shrunk_by=by)
            if fit.mixture.size >= k
        ]
        parts = [groups_of(fit.mixture) for fit in fits]
        shown = [at for at, part in enumerate(parts) if part.max() + 1 == k]
        of_size = [at for at, fit in enumerate(fits) if fit.mixture.size == k]
        best = min(shown or of_size, key=lambda at: fits[at].criterion)
        group = parts[best] if shown else np.arange(k)
        return self._by(Clouds(fits[best].mixture, group, False, np.ones(1), 1.0))

    def _by(self, clouds: Clouds) -> Placed:
        return place(self.votes, replace(self.memory, clouds=clouds, letters="ABCDEF"[: clouds.groups]))


def least_agreed(drawn: OpinionMap) -> Floats:
    """The rate of agreeing in the group where it is lowest, of each statement."""
    return np.array([min(group.agree.mean for group in row.groups or (row.all,)) for row in drawn.counted])


# Polis


def polis(votes: Votes, order: Ints | None = None) -> PolisMap:
    return polis_map(votes, order=order)


def polis_in(drawn: PolisMap, k: int) -> Ints:
    """The labels, -1 outside, with so many groups whatever the silhouette says; its own if not tried."""
    tried = clusterings(drawn.base_centres, drawn.base_sizes)
    if k not in tried:
        return drawn.group
    of_base = dict(zip(drawn.base_ids.tolist(), tried[k].label.tolist(), strict=True))
    return np.array([of_base.get(one, -1) for one in drawn.base.tolist()])


# red-dwarf


@dataclass(frozen=True, eq=False)
class RedDwarf:
    """label: of each participant, shape (n,), -1 outside. consensus: group-aware, of each statement, (m,)."""

    label: Ints
    consensus: Floats


def rows_of(votes: Votes) -> list[dict[str, int]]:
    """The votes as red-dwarf takes them."""
    who, what = votes.participants[votes.rows].tolist(), votes.statements[votes.columns].tolist()
    return [
        {"participant_id": i, "statement_id": j, "vote": v, "modified": 0}
        for i, j, v in zip(who, what, votes.values.tolist(), strict=True)
    ]


def run_red_dwarf(rows: list[dict[str, int]], **options: Any) -> Any:
    """Its public pipeline, as published."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its dependencies about one another
        from reddwarf.implementations.polis import run_pipeline

        return run_pipeline(votes=rows, random_state=0, **options)


def red_dwarf_labels(found: Any) -> tuple[Ints, Ints]:
    """Ids and labels, -1 outside, from the result of its pipeline."""
    known = found.participants_df["cluster_id"]
    return known.index.to_numpy(int), known.fillna(-1).to_numpy(int)


def red_dwarf(votes: Votes, **options: Any) -> RedDwarf | None:
    """Its groups of these votes; nothing where it stops with an error."""
    try:
        found = run_red_dwarf(rows_of(votes), **options)
    except Exception:
        return None  # it raises what numpy, pandas and scikit-learn raise, for instance on too few people
    ids, known = red_dwarf_labels(found)
    label = np.full(len(votes.participants), -1)
    label[np.searchsorted(votes.participants, ids)] = known
    aware = found.group_aware_consensus["agree"]
    return RedDwarf(label, np.array([aware.get(one, 0.0) for one in votes.statements.tolist()], float))


# Community Notes

PULL, FACTOR_PULL = 0.15, 0.03
"""Regularisation of intercepts and factors, as Community Notes publishes it (means over people and notes)."""
ROUNDS = 20


def factored(votes: Votes) -> Floats:
    """Ratings by mu + i_u + i_n + f_u f_n, as Community Notes models them, of everybody, shape (n, m).

    Ratings are 1, 0.5 and 0; people and statements are solved in turn, each by its own ridge regression.
    """
    n, m = votes.shape
    rows, columns, rating = votes.rows, votes.columns, (votes.values + 1) / 2
    mu, intercept, factor = rating.mean(), np.zeros(n), np.zeros(n)
    of_statement, loading = np.zeros(m), np.sqrt(m) * principal_axes(votes, 1)[0]
    per_person, per_statement = len(rating) / n, len(rating) / m
    for _round in range(ROUNDS):
        rest = rating - mu - of_statement[columns]
        intercept, factor = _regressed(rows, n, rest, loading[columns], per_person)
        rest = rating - mu - intercept[rows]
        of_statement, loading = _regressed(columns, m, rest, factor[rows], per_statement)
        mu = float(
            (rating - intercept[rows] - of_statement[columns] - factor[rows] * loading[columns]).mean()
        )
    found: Floats = mu + intercept[:, None] + of_statement + factor[:, None] * loading
    return found


def _regressed(index: Any, size: int, rest: Floats, factor: Floats, many: float) -> tuple[Floats, Floats]:
    """Intercept and slope of each one's ratings on the other side's factor; many: mean number of ratings."""
    count = np.bincount(index, minlength=size) + PULL * many
    first = np.bincount(index, factor, size)
    second = np.bincount(index, factor**2, size) + FACTOR_PULL * many
    y, xy = np.bincount(index, rest, size), np.bincount(index, rest * factor, size)
    whole = count * second - first**2
    return (second * y - first * xy) / whole, (count * xy - first * y) / whole


# By groups


def by_groups(votes: Votes, label: Ints) -> Floats:
    """The probability of agreeing by one's group, (A + 1) / (A + D + 2), or by all; shape (n, m)."""
    groups = int(label.max(initial=-1)) + 1
    agreed, disagreed, _seen = votes.tally(label, max(groups, 1))
    everybody, against, _seen = votes.counts()
    rate = np.vstack([(agreed + 1) / (agreed + disagreed + 2), (everybody + 1) / (everybody + against + 2)])
    result: Floats = rate[np.where(label < 0, len(rate) - 1, label)]
    return result


def plane_features(votes: Votes, drawn: PolisMap) -> tuple[Floats, Floats]:
    """What Polis's plane says of each vote: the statement's mean, and the position along its loadings."""
    rate = np.broadcast_to(drawn.centre, votes.shape)
    return rate, drawn.positions @ drawn.axes
