"""Groups as a mixture of normal clouds of ideal points, each point known with its own error.

Where participant i stands is known as a normal with precision I + L_i about a mean: L_i is what the votes
said, I the prior. A cloud k with mean m_k and covariance V_k explains the votes with the likelihood

    ½ (c' A⁻¹ c − m' V⁻¹ m + log|V⁻¹| − log|A|),   A = V⁻¹ + L_i,   c = V⁻¹ m + h_i,

with h_i = (I + L_i) mean_i: somebody without votes fits every cloud alike. (Extreme deconvolution: Bovy,
Hogg and Roweis 2011.) How many clouds there are is decided in `evidence`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from camphor.engine.opinion.kernels import kernels
from camphor.engine.opinion.votes import Floats

MOST_CLOUDS = 6
"""More groups than that nobody can keep apart on a page; clouds that overlap are merged below."""
STEPS = 40
"""Steps of EM at the most."""
TRIED = (3, 5)
"""Steps after which the promising ones of several starts are known, and further ones, the best of these."""
PROMISING = 2
"""Starts that are gone on with after the first of these steps."""
TO_TRY = 700
"""Participants on whom starts are tried; which of them is the best shows among so many."""
CUT = 0.8
"""How far apart, in standard deviations to either side, a cloud is cut along an axis."""
SHRUNK_BY = 50.0
"""A cloud's covariance is drawn to that of all clouds as by so many people, so that none collapses."""
ALL_ALIKE = np.inf
"""Drawn as by so many people, all clouds have one covariance: few votes bear no more."""
NEIGHBOURS = 600
"""Participants among whom somebody's neighbours are looked for."""
SAME_SPOT = 0.02
"""Points that are nearer to one another are as good as one."""
CLOSE = 0.05
"""Whom somebody stands close to: the nearest twentieth."""
WORSE_IN_A_ROW = 3
"""The search ends where so many more clouds in a row explain less: two or three of five camps may say less
than one."""
TIED = 1e-6
"""Axes of a cloud that differ by less, as a share, are equally long."""


@dataclass(frozen=True, eq=False)
class Known:
    """What the votes tell of each participant's ideal point.

    pull: h_i, shape (n, d). precision: L_i, shape (n, d, d). weight: of each participant, shape (n,).
    """

    pull: Floats
    precision: Floats
    weight: Floats

    @classmethod
    def from_points(cls, mean: Floats, covariance: Floats, weight: Floats) -> Known:
        """From posterior means, shape (n, d), and covariances, shape (n, d, d), under the prior N(0, I)."""
        whole = np.linalg.inv(covariance)
        pull = (whole @ mean[:, :, None])[:, :, 0]
        return cls(pull, whole - np.eye(mean.shape[1]), weight)

    @property
    def points(self) -> Floats:
        """The posterior means, shape (n, d)."""
        whole = self.precision + np.eye(self.pull.shape[1])
        return np.asarray(np.linalg.solve(whole, self.pull[:, :, None])[:, :, 0], np.float64)

    def evened(self) -> Known:
        """The same, where people stand close together counting less, each by how far his neighbours are: a
        crowd that is read in parts is not to be read by who copied one of it."""
        from scipy.spatial import cKDTree  # who is only placed does without scipy

        points, few = self.points, self.thinned(NEIGHBOURS).points
        near = min(len(few), 1 + max(1, round(CLOSE * len(few))))
        apart = cKDTree(few).query(points, k=[near], workers=-1)[0][:, 0]
        part = (apart + SAME_SPOT) / (float(np.median(apart)) + SAME_SPOT)
        return replace(self, weight=self.weight * np.minimum(1.0, part))

    def thinned(self, most: int) -> Known:
        """So many of the participants at the most, evenly over their rows."""
        n = len(self.weight)
        if n <= most:
            return self
        kept = np.arange(most) * n // most
        return Known(self.pull[kept], self.precision[kept], self.weight[kept])


@dataclass(frozen=True, eq=False)
class Mixture:
    """Clouds of ideal points: share, shape (k,); mean, shape (k, d); covariance, shape (k, d, d)."""

    share: Floats
    mean: Floats
    covariance: Floats

    @property
    def size(self) -> int:
        """How many clouds."""
        return len(self.share)

    def parameters(self, people: float, shrunk_by: float = SHRUNK_BY) -> float:
        """How many parameters were free; a covariance that is drawn to the common one counts in part."""
        k, d = self.mean.shape
        own = self.share * people / (self.share * people + shrunk_by)
        return float(k - 1 + k * d + d * (d + 1) / 2 * (own.sum() + 1 - own.mean()))


@dataclass(frozen=True, eq=False)
class Fit:
    """A mixture, the log likelihood of every participant under it, shape (n,), and its criterion (`bic`)."""

    mixture: Mixture
    likelihood: Floats
    criterion: float


def fit_mixtures(
    known: Known,
    *,
    least: int = 1,
    most: int = MOST_CLOUDS,
    shrunk_by: float = SHRUNK_BY,
    one: Mixture | None = None,
    run: Callable[..., Iterable[Fit]] = map,
) -> list[Fit]:
    """The mixtures of 1, 2, … clouds; beyond `least` it ends where more explain less by BIC.

    one: the cloud to begin with, instead of the prior.
    run: as `map`, for the starts that are tried, which need not wait for one another.
    """
    d, few = known.pull.shape[1], known.thinned(TO_TRY)
    part = len(few.weight) / max(len(known.weight), 1)
    found = [_settled(one or Mixture(np.ones(1), np.zeros((1, d)), np.eye(d)[None]), known, shrunk_by)]
    best, worse = found[0].criterion, 0
    while len(found) < most and (worse < WORSE_IN_A_ROW or len(found) < least):
        starts = _starts(found[-1].mixture, alike=shrunk_by == ALL_ALIKE)
        for steps, kept in zip(TRIED, (PROMISING, 1), strict=True):
            settle = partial(_settled, known=few, shrunk_by=shrunk_by * part, steps=steps)
            tried = sorted(run(settle, starts), key=lambda fitted: -float(fitted.likelihood @ few.weight))
            starts = [fitted.mixture for fitted in tried[:kept]]
        found.append(_settled(starts[0], known, shrunk_by))
        score = found[-1].criterion
        best, worse = (score, 0) if score < best else (best, worse + 1)
    return found


def bic(mixture: Mixture, likelihood: Floats, weight: Floats, shrunk_by: float = SHRUNK_BY) -> float:
    """The Bayesian information criterion (Schwarz 1978); less is better."""
    people = max(float(weight.sum()), 1.0)
    return float(mixture.parameters(people, shrunk_by) * np.log(people) - 2 * (likelihood @ weight))


def _settled(mixture: Mixture, known: Known, shrunk_by: float, steps: int = STEPS) -> Fit:
    """EM from this mixture on."""
    clouds = (mixture.share, mixture.mean, mixture.covariance)
    found = kernels().fit_clouds(known.pull, known.precision, known.weight, *clouds, shrunk_by, steps)
    likelihood, settled = found[0], Mixture(*found[1:])
    return Fit(settled, likelihood, bic(settled, likelihood, known.weight, shrunk_by))


def _starts(mixture: Mixture, *, alike: bool) -> list[Mixture]:
    """Mixtures of one cloud more: each cloud in turn cut in two along its longest axis, and once there are
    two of one shape, along each axis of the space as well, since camps need not lie where clouds are longest.
    """
    starts = []
    for k in range(mixture.size):
        starts.append(_cut(mixture, k, _longest(mixture.covariance[k]), mixture.covariance[k]))
        for along in np.eye(mixture.mean.shape[1]) if alike and mixture.size > 1 else ():
            # what the two are apart, they no longer have within, nor has, in part, the shape of all
            whole = mixture.covariance[k]
            step = CUT * np.sqrt(along @ whole @ along) * along
            inner = whole - CUT**2 / (along @ np.linalg.solve(whole, along)) * np.outer(along, along)
            cut = _cut(mixture, k, step, inner)
            common = np.tensordot(cut.share, cut.covariance, 1)
            starts.append(replace(cut, covariance=np.repeat(common[None], cut.size, axis=0)))
    return starts


def _longest(covariance: Floats) -> Floats:
    """A standard deviation along the longest axis; of axes that are equally long, along the one nearest to
    the first axis of the space, which tells most."""
    values, vectors = np.linalg.eigh(covariance)
    among = vectors[:, values >= values[-1] * (1 - TIED)]
    nearest = among @ among.T
    axis = nearest[:, int(np.argmax(np.diag(nearest) > 1 / (2 * len(values))))]
    result: Floats = np.sqrt(values[-1]) * axis / np.linalg.norm(axis)
    return result


def _cut(mixture: Mixture, k: int, step: Floats, within: Floats) -> Mixture:
    """Cloud k as two of half its share, a step to either side, each with the covariance `within`."""
    mean = np.concatenate([mixture.mean, [mixture.mean[k] - step]])
    mean[k] += step
    share = np.concatenate([mixture.share, [mixture.share[k] / 2]])
    share[k] /= 2
    covariance = np.concatenate([mixture.covariance, [within]])
    covariance[k] = within
    return Mixture(share, mean, covariance)
