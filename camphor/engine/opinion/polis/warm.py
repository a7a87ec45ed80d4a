"""k-means that goes on from the clusters of an earlier time, as the running engine does after each batch of
votes: the reason why its groups depend on how a conversation went."""

from __future__ import annotations

import numpy as np

from camphor.engine.opinion.polis.k_means import Clustering, k_means
from camphor.engine.opinion.votes import Floats, Ints

NONE = -1
"""The cluster of a point that was in none before."""
ROUNDING = 1e-13
"""A point so near to a centre, as a share of the greatest coordinate, lies on it: a weighted mean of equal
points differs from them by rounding."""


def warm_k_means(points: Floats, weights: Floats, before: Ints, k: int, steps: int) -> Clustering:
    """k-means from earlier clusters, recentred, split until there are k or no point lies apart.

    points: shape (p, 2). weights: shape (p,). before: shape (p,), the id of the cluster of each point, or -1.
    The clusters keep their ids, and new ones get the next; the result is in the order of ids.
    """
    start, ids = split_until(points, weights, before, k)
    found = k_means(points, weights, start, steps)
    kept = ids[found.ids]
    order = np.argsort(kept)
    return Clustering(np.argsort(order)[found.label], found.centres[order], kept[order])


def split_until(points: Floats, weights: Floats, before: Ints, k: int) -> tuple[Floats, Ints]:
    """Centres and ids to start from: the point farthest from all centres leaves its cluster for a new one,
    until there are k centres, or as many as different points."""
    member = before.copy()
    if (member == NONE).all():
        member[:] = 0
    ids = _merge_equal(points, weights, member)
    possible = min(k, len(np.unique(points, axis=0)))
    while True:
        centres = _centres(points, weights, member, ids)
        if len(ids) >= possible:
            break
        apart = np.hypot(
            points[:, 0, None] - centres[None, :, 0], points[:, 1, None] - centres[None, :, 1]
        ).min(axis=1)
        farthest = len(apart) - 1 - int(np.argmax(apart[::-1]))  # of equally far ones the last
        if apart[farthest] <= ROUNDING * np.abs(points).max():
            break
        new = max(ids) + 1
        member[farthest] = new
        ids = [*(one for one in ids if (member == one).any()), new]
    return centres, np.array(ids)


def _merge_equal(points: Floats, weights: Floats, member: Ints) -> list[int]:
    """The ids, ascending, after clusters with equal centres were merged in `member` (changed in place).

    The larger gives its id, of equally large ones the later, and it stands where the earlier stood.
    """
    ids = [int(one) for one in np.unique(member) if one != NONE]
    centres = _centres(points, weights, member, ids)
    place: dict[tuple[float, float], int] = {}
    kept: list[int] = []
    for one, centre in zip(ids, map(tuple, centres.tolist()), strict=True):
        if centre not in place:
            place[centre] = len(kept)
            kept.append(one)
            continue
        other = kept[place[centre]]
        larger = one if (member == one).sum() >= (member == other).sum() else other
        member[(member == one) | (member == other)] = larger
        kept[place[centre]] = larger
    return kept


def _centres(points: Floats, weights: Floats, member: Ints, ids: list[int]) -> Floats:
    inside = member != NONE
    place = np.zeros(max(ids) + 1, np.int64)
    place[ids] = np.arange(len(ids))
    label = place[member[inside]]
    weight = np.bincount(label, weights[inside], len(ids))
    sums = [np.bincount(label, weights[inside] * points[inside, axis], len(ids)) for axis in (0, 1)]
    return np.stack(sums, axis=1) / weight[:, None]
