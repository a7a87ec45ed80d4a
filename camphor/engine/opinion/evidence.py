"""How many groups there are, one included, and how sure that is.

Two things must speak for groups. The votes must be explained better by several clouds than by one, by the
Bayesian information criterion; and between two clouds there must be fewer people than within them: a cloud
inside another, or the two ends of a skewed crowd, are no groups. Clouds without a valley between them are
therefore taken together (modality along the ridgeline: Ray and Lindsay 2005; merging: Hennig 2010).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest

import numpy as np

from camphor.engine.opinion.mixture import ALL_ALIKE, SHRUNK_BY, Fit, Known, Mixture, fit_mixtures
from camphor.engine.opinion.votes import Floats, Ints

SEPARATE_BELOW = 0.1
"""Groups are separate where the density between them is under a tenth of the thinner one's peak. Crowds that
are skewed or spread evenly mostly stay above it, and planted camps far below (docs/opinion-map.md)."""
RIDGE_STEPS = 41
"""Points at which the density is looked at between two clouds."""
DRAWS = 4000
"""Draws of the criterion under resampling of participants: chances are known to about 0.01."""
ONE_UNLESS = 0.2
"""Groups are claimed only where one is no more probable than this: who claims them has to show them."""
STAY = 0.2
"""A number of groups that was there before stays until another is more probable by this much."""
SIDE_BY_SIDE = 2
"""Threads that search, and that try for them: as many as there are searches."""


@dataclass(frozen=True, eq=False)
class Clouds:
    """The clouds that were chosen, and what speaks for them.

    group: of each cloud, shape (k,). separate: groups, and not only two regions of a continuum.
    chances: of 1, 2, … groups. valley: between the two closest groups.
    """

    mixture: Mixture
    group: Ints
    separate: bool
    chances: Floats
    valley: float

    @property
    def groups(self) -> int:
        return int(self.group.max()) + 1


def weigh(known: Known, *, groups_before: int | None = None) -> Clouds:
    """Find the clouds in these points; `groups_before` is how many groups the last map had (1: none).

    Clouds of one shape are tried beside clouds of their own shapes: they cost far fewer parameters, and so
    are seen in fewer votes. The two searches know nothing of each other, and run side by side, as do the
    starts that each tries.
    """
    with ThreadPoolExecutor(SIDE_BY_SIDE) as searching, ThreadPoolExecutor(SIDE_BY_SIDE) as trying:
        search = partial(fit_mixtures, known, run=trying.map)
        own, same = searching.map(lambda by: search(shrunk_by=by), (SHRUNK_BY, ALL_ALIKE))
    fits = _better(own, same)
    parts = [groups_of(fit.mixture) for fit in fits]
    chances = _chances(fits, parts, known.weight)
    count = _decided(chances, groups_before)
    if count == 1:
        return regions(known, chances, fits[0].mixture)
    fitting = [k for k, part in enumerate(parts) if part.max() + 1 == count]
    best = min(fitting, key=lambda k: fits[k].criterion)
    mixture, group = fits[best].mixture, parts[best]
    return Clouds(mixture, group, True, chances, _closest(mixture, group))


def _better(first: list[Fit], second: list[Fit]) -> list[Fit]:
    """Of each number of clouds the fit with the better criterion."""
    pairs = zip_longest(first, second)
    return [min((fit for fit in pair if fit), key=lambda fit: fit.criterion) for pair in pairs]


def _decided(chances: Floats, before: int | None) -> int:
    """How many groups; one unless it is improbable enough, and what was there before as long as it may be."""
    was_split = before is not None and 1 < before <= len(chances)
    if chances[0] > ONE_UNLESS + (STAY if was_split else 0):
        return 1
    best = int(chances[1:].argmax()) + 2 if len(chances) > 1 else 1
    if before is not None and was_split and chances[before - 1] > chances[best - 1] - STAY:
        return before
    return best


def alone(known: Known, clouds: Clouds) -> Clouds:
    """One cloud of everybody, where these clouds do not tell people apart."""
    one = fit_mixtures(known, most=1)[0].mixture
    return Clouds(one, np.zeros(1, np.int64), False, clouds.chances, 1.0)


def regions(known: Known, chances: Floats, one: Mixture | None = None) -> Clouds:
    """The two parts of a crowd without groups, to read it by; one: the cloud of all, where it is known."""
    mixture = fit_mixtures(known.evened(), least=2, most=2, shrunk_by=ALL_ALIKE, one=one)[-1].mixture
    group = np.arange(mixture.size)
    return Clouds(mixture, group, False, chances, _closest(mixture, group))


def _chances(fits: list[Fit], parts: list[Ints], weight: Floats) -> Floats:
    """The probability of each number of groups, were other participants of the same kind asked.

    The criterion is a sum over participants, so under resampling it is normal, with the covariance of that
    sum: no second fit is needed, and the order of participants does not matter.
    """
    criterion = np.array([fit.criterion for fit in fits])
    groups = np.array([part.max() + 1 for part in parts])
    terms = -2 * np.column_stack([fit.likelihood for fit in fits])
    terms = terms - np.average(terms, axis=0, weights=np.maximum(weight, 1e-12))
    covariance = (terms * weight[:, None]).T @ terms
    values, vectors = np.linalg.eigh(covariance)
    noise = np.random.default_rng(20180923).normal(size=(DRAWS, len(fits)))  # any fixed seed
    drawn = criterion + noise * np.sqrt(np.maximum(values, 0)) @ vectors.T
    won = groups[drawn.argmin(axis=1)] - 1
    return np.bincount(won, minlength=int(groups.max())) / DRAWS


def groups_of(mixture: Mixture) -> Ints:
    """The group of each cloud: clouds without a valley between them are in one."""
    clouds = mixture.size
    group, between = np.arange(clouds), valleys(mixture)
    for a in range(clouds):
        for b in range(a):
            if between[a, b] > SEPARATE_BELOW:
                group[group == group[a]] = group[b]
    return np.unique(group, return_inverse=True)[1].astype(np.int64)


def _closest(mixture: Mixture, group: Ints) -> float:
    apart = group[:, None] != group
    return float(valleys(mixture)[apart].max()) if apart.any() else 1.0


def valleys(mixture: Mixture) -> Floats:
    """Of each two clouds the lowest density between them as a share of the lower of the two peaks beside it,
    shape (k, k); 1: no valley.

    It is looked for along the ridgeline, on which all peaks of the two together lie.
    """
    found = np.ones((mixture.size, mixture.size))
    one, other = np.tril_indices(mixture.size, -1)
    inverse = np.asarray(np.linalg.inv(mixture.covariance), np.float64)
    toward = np.einsum("kde,ke->kd", inverse, mixture.mean)
    height = mixture.share * np.sqrt(np.linalg.det(inverse))
    part = np.linspace(0, 1, RIDGE_STEPS)[:, None]
    shape = part[:, :, None]
    for a, b in zip(one, other, strict=True):
        precision = (1 - shape) * inverse[a] + shape * inverse[b]
        drawn = (1 - part) * toward[a] + part * toward[b]
        ridge = np.linalg.solve(precision, drawn[:, :, None])[:, :, 0]
        density = np.zeros(RIDGE_STEPS)
        for cloud in (a, b):
            away = ridge - mixture.mean[cloud]
            density += height[cloud] * np.exp(-0.5 * ((away @ inverse[cloud]) * away).sum(axis=1))
        left, right = np.maximum.accumulate(density), np.maximum.accumulate(density[::-1])[::-1]
        found[a, b] = found[b, a] = (density / np.maximum(np.minimum(left, right), 1e-300)).min()
    return found
