"""How many groups there are, one included, and how sure that is.

Two things must speak for groups. The votes must be explained better by several clouds than by one, by the
Bayesian information criterion; and between two clouds there must be fewer people than within them: a cloud
inside another, or the two ends of a skewed crowd, are no groups. Clouds without a valley between them are
therefore taken together (modality along the ridgeline: Ray and Lindsay 2005; merging: Hennig 2010).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
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
    are seen in fewer votes. The two searches know nothing of each other, and run side by side.
    """
    with ThreadPoolExecutor(2) as side_by_side:
        own, same = side_by_side.map(lambda by: fit_mixtures(known, shrunk_by=by), (SHRUNK_BY, ALL_ALIKE))
    fits = _better(own, same)
    parts = [groups_of(fit.mixture) for fit in fits]
    chances = _chances(fits, parts, known.weight)
    count = _decided(chances, groups_before)
    if count == 1:
        return regions(known, chances)
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


def regions(known: Known, chances: Floats) -> Clouds:
    """The two parts of a crowd without groups, to read it by."""
    mixture = fit_mixtures(known.evened(), least=2, most=2, shrunk_by=ALL_ALIKE)[-1].mixture
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
    clouds = len(mixture.share)
    group = np.arange(clouds)
    for a in range(clouds):
        for b in range(a):
            if valley(mixture, a, b) > SEPARATE_BELOW:
                group[group == group[a]] = group[b]
    return np.unique(group, return_inverse=True)[1].astype(np.int64)


def _closest(mixture: Mixture, group: Ints) -> float:
    clouds = range(len(group))
    between = [valley(mixture, a, b) for a in clouds for b in range(a) if group[a] != group[b]]
    return max(between, default=1.0)


def valley(mixture: Mixture, a: int, b: int) -> float:
    """The lowest density between two clouds as a share of the lower of the two peaks beside it; 1: no valley.

    It is looked for along the ridgeline, on which all peaks of the two together lie.
    """
    inverse = np.linalg.inv(mixture.covariance[[a, b]])
    part = np.linspace(0, 1, RIDGE_STEPS)[:, None]
    precision = (1 - part)[:, :, None] * inverse[0] + part[:, :, None] * inverse[1]
    drawn = (1 - part) * (inverse[0] @ mixture.mean[a]) + part * (inverse[1] @ mixture.mean[b])
    ridge = np.linalg.solve(precision, drawn[:, :, None])[:, :, 0]
    density = np.zeros(RIDGE_STEPS)
    for cloud, own in zip((a, b), inverse, strict=True):
        away = ridge - mixture.mean[cloud]
        height = mixture.share[cloud] * np.sqrt(np.linalg.det(own))
        density += height * np.exp(-0.5 * np.einsum("sd,de,se->s", away, own, away))
    left, right = np.maximum.accumulate(density), np.maximum.accumulate(density[::-1])[::-1]
    return float((density / np.maximum(np.minimum(left, right), 1e-300)).min())
