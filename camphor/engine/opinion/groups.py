"""Participants in groups: k-means on the plane, as many groups as the silhouette supports, or one."""

from __future__ import annotations

import numpy as np

from camphor.engine.opinion.votes import Floats, Ints

MOST_GROUPS = 5
"""As in Polis; more groups than that nobody can keep apart on a page."""
WEAKEST_SILHOUETTE = 0.25
"""Below this there is no substantial structure (Kaufman and Rousseeuw 1990, table 4): one group."""
SILHOUETTE_SAMPLE = 1500
"""Silhouettes compare every pair; so many participants, evenly drawn, give the mean to about 0.01."""
STEPS = 60
"""Lloyd's steps; on real conversations they settle within 20."""


def split(points: Floats, *, most: int = MOST_GROUPS) -> tuple[Ints, float]:
    """The group of each point, shape (p,), the largest first, and the mean silhouette of the split.

    points: shape (p, 2). One group, with silhouette 0, where no split stands out.
    """
    together = np.zeros(len(points), np.int64)
    best, best_score = together, WEAKEST_SILHOUETTE
    for k in range(2, min(most, len(np.unique(points, axis=0))) + 1):
        label = _k_means(points, k)
        if np.bincount(label, minlength=k).min() < 2:
            continue  # somebody alone is no group
        score = silhouette(points, label)
        if score > best_score:
            best, best_score = label, score
    if best is together:
        return together, 0.0
    return _largest_first(best), best_score


def silhouette(points: Floats, label: Ints) -> float:
    """The mean silhouette (Rousseeuw 1987), over an even sample where there are many points."""
    order = np.lexsort(points.T)
    chosen = order[np.linspace(0, len(points) - 1, min(len(points), SILHOUETTE_SAMPLE)).astype(int)]
    points, label = points[chosen], label[chosen]
    groups = np.unique(label)
    if len(groups) < 2:
        return 0.0
    far = np.sqrt(((points[:, None, :] - points[None, :, :]) ** 2).sum(axis=2))
    mean = np.column_stack([far[:, label == g].sum(axis=1) for g in groups])
    size = np.array([(label == g).sum() for g in groups])
    own = np.searchsorted(groups, label)
    each = np.arange(len(points))
    inside = mean[each, own] / np.maximum(size[own] - 1, 1)
    outside = mean / size
    outside[each, own] = np.inf
    nearest = outside.min(axis=1)
    width = (nearest - inside) / np.maximum(np.maximum(nearest, inside), 1e-12)
    width[size[own] == 1] = 0
    return float(width.mean())


def steady(label: Ints, ids: Ints, before: dict[int, int]) -> Ints:
    """The same groups, each with the number that most of its members had before.

    label: shape (p,). ids: the participants' ids, shape (p,). before: id to its group on the last map.
    """
    groups = int(label.max()) + 1 if len(label) else 0
    earlier = np.array([before.get(int(one), -1) for one in ids])
    shared = [
        (int(((label == new) & (earlier == old)).sum()), new, old)
        for new in range(groups)
        for old in range(groups)
    ]
    renamed: dict[int, int] = {}
    for _count, new, old in sorted(shared, reverse=True):
        if new not in renamed and old not in renamed.values():
            renamed[new] = old
    return np.array([renamed[int(one)] for one in label], np.int64)


def _k_means(points: Floats, k: int) -> Ints:
    centres = _spread(points, k)
    label = np.full(len(points), -1)
    for _step in range(STEPS):
        far = ((points[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2)
        nearest = far.argmin(axis=1)
        if (nearest == label).all():
            break
        label = nearest
        size = np.bincount(label, minlength=k)
        for axis in range(points.shape[1]):
            total = np.bincount(label, weights=points[:, axis], minlength=k)
            centres[:, axis] = np.where(size > 0, total / np.maximum(size, 1), centres[:, axis])
    return label.astype(np.int64)


def _spread(points: Floats, k: int) -> Floats:
    """Centres to begin with: along the first axis at even quantiles, so that no outlier is chosen.

    It depends on the cloud alone and not on the order of its points.
    """
    order = np.lexsort((points[:, 1], points[:, 0]))
    places = ((np.arange(k) + 0.5) / k * len(points)).astype(int)
    parts = np.array_split(order, k)
    first: Floats = points[order[places]].copy()
    first[:, 1] = [np.median(points[part, 1]) for part in parts]
    return first


def _largest_first(label: Ints) -> Ints:
    size = np.bincount(label)
    rank = np.empty(len(size), np.int64)
    rank[np.argsort(-size, kind="stable")] = np.arange(len(size))
    ranked: Ints = rank[label]
    return ranked
