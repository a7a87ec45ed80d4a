"""From positions to groups, anew or from where an earlier map ended."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from camphor.engine.opinion.polis import base as bases
from camphor.engine.opinion.polis import groups
from camphor.engine.opinion.polis.k_means import Clustering
from camphor.engine.opinion.polis.warm import NONE, warm_k_means
from camphor.engine.opinion.votes import Bools, Floats, Ints, Votes

PATIENCE = 4
"""The number of groups changes when a new one was best so many times in a row (published)."""


@dataclass(frozen=True, eq=False)
class Grouping:
    """clustered: rows of those in conversation, by arrival, (p,). base: their base clusters.
    sizes: members of each base cluster, (b,). tried: groups of base clusters by their number.
    silhouettes: of each. best: the number with the greatest, `run` times in a row. k: the number shown."""

    in_conv: Bools
    clustered: Ints
    base: Clustering
    sizes: Ints
    tried: dict[int, Clustering]
    silhouettes: dict[int, float]
    best: int
    run: int
    k: int

    @property
    def groups(self) -> Clustering:
        """The groups that are shown."""
        return self.tried[self.k] if self.tried else Clustering(*_NOTHING)

    def of_everybody(self, label: Ints) -> Ints:
        """The labels of those in conversation among all participants, shape (n,), -1 elsewhere."""
        everywhere = np.full(len(self.in_conv), NONE, np.int64)
        everywhere[self.clustered] = label
        return everywhere


_NOTHING = np.zeros(0, np.int64), np.zeros((0, 2)), np.zeros(0, np.int64)


@dataclass(frozen=True, eq=False)
class Earlier:
    """A grouping and the ids of the participants, shape (n,), that it was of."""

    participants: Ints
    grouping: Grouping


def find_groups(votes: Votes, positions: Floats, order: Ints, earlier: Earlier | None = None) -> Grouping:
    """Who is in conversation, their base clusters and groups.

    positions: shape (n, 2). order: rows by arrival, shape (n,). earlier: where to go on from; a cold start
    without.
    """
    known = np.full(len(votes.participants), NONE, np.int64)
    if earlier is not None:
        known[np.searchsorted(votes.participants, earlier.participants)] = np.arange(
            len(earlier.participants)
        )
    was_in = _looked_up(known, earlier.grouping.in_conv.astype(np.int64)) == 1 if earlier else None
    in_conv = bases.in_conversation(votes, order, was_in)
    clustered = order[in_conv[order]]
    points = positions[clustered]
    if earlier is None or not len(points):
        base = bases.base_clusters(points)
    else:
        was = earlier.grouping
        before = _looked_up(known, was.of_everybody(was.base.ids[was.base.label]))[clustered]
        base = warm_k_means(points, np.ones(len(points)), before, bases.CLUSTERS, bases.STEPS)
    sizes = np.bincount(base.label, minlength=len(base.ids))
    tried = _groups(base, sizes, earlier.grouping if earlier else None)
    silhouettes = {k: groups.silhouette(base.centres, found.label) for k, found in tried.items()}
    best, run, k = _smoothed(silhouettes, earlier.grouping if earlier else None)
    return Grouping(in_conv, clustered, base, sizes, tried, silhouettes, best, run, k)


def _looked_up(known: Ints, values: Ints) -> Ints:
    """values[known], -1 where unknown."""
    return np.where(known == NONE, NONE, values[known])


def _groups(base: Clustering, sizes: Ints, was: Grouping | None) -> dict[int, Clustering]:
    if was is None:
        return groups.clusterings(base.centres, sizes)
    tried = groups.clusterings(base.centres, sizes)
    for k in tried.keys() & was.tried.keys():
        group_of = dict(
            zip(was.base.ids.tolist(), was.tried[k].ids[was.tried[k].label].tolist(), strict=True)
        )
        before = np.array([group_of.get(one, NONE) for one in base.ids.tolist()])
        tried[k] = warm_k_means(base.centres, sizes.astype(float), before, k, groups.STEPS)
    return tried


def _smoothed(silhouettes: dict[int, float], was: Grouping | None) -> tuple[int, int, int]:
    """The best number of groups, how many times in a row it was best, and the number to show."""
    if not silhouettes:
        return 0, 0, 0
    best = groups.best_number(silhouettes)
    run = was.run + 1 if was is not None and was.best == best else 1
    keeps = was is not None and was.k in silhouettes and run < PATIENCE
    return best, run, was.k if was is not None and keeps else best
