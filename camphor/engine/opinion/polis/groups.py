"""Groups: k-means on the centres of base clusters, with the number of groups chosen by silhouette."""

from __future__ import annotations

import numpy as np

from camphor.engine.opinion.polis.k_means import Clustering, first_distinct, k_means
from camphor.engine.opinion.votes import Floats, Ints

MOST_GROUPS = 5
BASES_PER_GROUP = 12
"""One group more may be tried for every twelve base clusters, from 2 up to 5 (published)."""
STEPS = 21
"""The published default; the configured hundred never reaches it."""


def most_groups(bases: int) -> int:
    """The greatest number of groups that is tried for so many base clusters."""
    return min(MOST_GROUPS, 2 + bases // BASES_PER_GROUP)


def clusterings(centres: Floats, sizes: Ints) -> dict[int, Clustering]:
    """The base clusters in k groups for each k that is tried, from a cold start.

    centres: shape (b, 2), by id. sizes: members of each, shape (b,), their weight.
    """
    if not len(centres):
        return {}
    weights = sizes.astype(float)
    return {
        k: k_means(centres, weights, first_distinct(centres, k), STEPS)
        for k in range(2, most_groups(len(centres)) + 1)
    }


def silhouette(points: Floats, label: Ints) -> float:
    """The mean over points of (b - a) / max(a, b), a the mean distance to the own group, b to the nearest
    other (Rousseeuw 1987), unweighted; 0 for a point alone in its group, and where there is one group.

    points: shape (p, 2). label: shape (p,), from 0 without gaps.
    """
    k = int(label.max(initial=-1)) + 1
    if k < 2:
        return 0.0
    apart = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    member = np.eye(k)[label]
    sizes = member.sum(axis=0)
    total = apart @ member
    own = np.arange(len(points)), label
    a = total[own] / np.maximum(sizes[label] - 1, 1)
    means = total / sizes
    means[own] = np.inf
    b = means.min(axis=1)
    widest = np.maximum(a, b)
    width = np.divide(b - a, widest, out=np.zeros(len(points)), where=(widest > 0) & (sizes[label] > 1))
    return float(width.mean())


def best_number(silhouettes: dict[int, float]) -> int:
    """The number of groups with the greatest silhouette; of equal ones the greater number."""
    return max(silhouettes, key=lambda k: (silhouettes[k], k))
