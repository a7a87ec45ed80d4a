"""Who is clustered, and the at most one hundred base clusters that groups are made of."""

from __future__ import annotations

import numpy as np

from camphor.engine.opinion.polis.k_means import Clustering, first_distinct, k_means
from camphor.engine.opinion.votes import Bools, Floats, Ints, Votes

ENOUGH_VOTES = 7
"""With so many votes, or all there are, a participant is in the conversation (published)."""
FEWEST = 15
"""If fewer are in, the most active others join up to this number (published)."""
CLUSTERS = 100
STEPS = 101
"""Base clusters at most, and steps at most (published: 100 iterations after the first)."""


def in_conversation(votes: Votes, order: Ints, before: Bools | None = None) -> Bools:
    """Who is clustered, shape (n,).

    order: shape (n,), rows by arrival, which decides between equally active participants.
    before: shape (n,), who was in at an earlier time: once in, always in.
    """
    _n, m = votes.shape
    inside = np.asarray(votes.cast >= min(ENOUGH_VOTES, m))
    if before is not None:
        inside |= before
    lacking = FEWEST - int(inside.sum())
    if lacking > 0:
        outside = order[~inside[order]]
        by_activity = np.argsort(-votes.cast[outside], kind="stable")
        inside[outside[by_activity[:lacking]]] = True
    return inside


def base_clusters(points: Floats) -> Clustering:
    """Base clusters from a cold start; points: positions of those in conversation, by arrival, (p, 2)."""
    if not len(points):
        return Clustering(np.zeros(0, np.int64), np.zeros((0, 2)), np.zeros(0, np.int64))
    return k_means(points, np.ones(len(points)), first_distinct(points, CLUSTERS), STEPS)
