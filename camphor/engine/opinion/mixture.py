"""Groups as a mixture of normal clouds of ideal points, each point known with its own error.

Where participant i stands is known as a normal with precision I + L_i about a mean: L_i is what the votes
said, I the prior. A cloud k with mean m_k and covariance V_k explains the votes with the likelihood

    ½ (c' A⁻¹ c − m' V⁻¹ m + log|V⁻¹| − log|A|),   A = V⁻¹ + L_i,   c = V⁻¹ m + h_i,

with h_i = (I + L_i) mean_i: somebody without votes fits every cloud alike. (Extreme deconvolution: Bovy,
Hogg and Roweis 2011.) How many clouds there are is decided in `evidence`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from camphor.engine.opinion.kernels import kernels
from camphor.engine.opinion.votes import Floats

MOST_CLOUDS = 6
"""More groups than that nobody can keep apart on a page; clouds that overlap are merged below."""
STEPS = 40
"""Steps of EM at the most; it ends where the likelihood of a person grows by less than `SETTLED`."""
TRIED = (3, 5)
"""Steps after which the promising ones of several starts are known, and further ones, the best of these."""
PROMISING = 2
"""Starts that are gone on with after the first of these steps."""
TO_TRY = 700
"""Participants on whom starts are tried; which of them is the best shows among so many."""
CUT = 0.8
"""How far apart, in standard deviations to either side, a cloud is cut along an axis."""
SETTLED = 5e-4
"""Where EM ends: later steps follow the shape of a crowd more closely than they serve to find groups."""
SHRUNK_BY = 50.0
"""A cloud's covariance is drawn to that of all clouds as by so many people, so that none collapses."""
ALL_ALIKE = 1e12
"""Drawn as by so many people, all clouds have one covariance: few votes bear no more."""
NARROWEST, WIDEST = 0.02, 1.0
"""Eigenvalues of a cloud's covariance; the prior of an ideal point has 1."""
WORSE_IN_A_ROW = 2
"""The search ends where so many more clouds in a row explain less."""


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
    known: Known, *, least: int = 1, most: int = MOST_CLOUDS, shrunk_by: float = SHRUNK_BY
) -> list[Fit]:
    """The mixtures of 1, 2, … clouds; beyond `least` it ends where more explain less by BIC."""
    d, few = known.pull.shape[1], known.thinned(TO_TRY)
    part = len(few.weight) / max(len(known.weight), 1)
    one = Mixture(np.ones(1), np.zeros((1, d)), np.eye(d)[None])
    found = [_settled(one, known, shrunk_by)]
    best, worse = found[0].criterion, 0
    while len(found) < most and (worse < WORSE_IN_A_ROW or len(found) < least):
        starts = _starts(found[-1].mixture)
        for steps, kept in zip(TRIED, (PROMISING, 1), strict=True):
            tried = [_settled(start, few, shrunk_by * part, steps) for start in starts]
            tried.sort(key=lambda fitted: -float(fitted.likelihood @ few.weight))
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
    before = -np.inf
    people = max(float(known.weight.sum()), 1e-9)
    for _step in range(steps):
        likelihood, size, first, second = kernels().cloud_step(
            known.pull, known.precision, known.weight, mixture.share, mixture.mean, mixture.covariance
        )
        now = float(likelihood @ known.weight) / people
        if now - before < SETTLED:
            break
        before = now
        mixture = _renewed(size, first, second, shrunk_by)
    return Fit(mixture, likelihood, bic(mixture, likelihood, known.weight, shrunk_by))


def _renewed(size: Floats, first: Floats, second: Floats, shrunk_by: float) -> Mixture:
    """The M step, from the size of each cloud, Σ r E[u] and Σ r E[u u']."""
    floor = np.maximum(size, 1e-9)
    mean = first / floor[:, None]
    spread = second / floor[:, None, None] - mean[:, :, None] * mean[:, None, :]
    pooled = np.tensordot(size, spread, 1) / floor.sum()
    shrunk = (size[:, None, None] * spread + shrunk_by * pooled) / (size + shrunk_by)[:, None, None]
    values, vectors = np.linalg.eigh(shrunk)
    values = np.clip(values, NARROWEST, WIDEST)
    covariance = (vectors * values[:, None, :]) @ vectors.transpose(0, 2, 1)
    return Mixture(floor / floor.sum(), mean, covariance)


def _starts(mixture: Mixture) -> list[Mixture]:
    """Mixtures of one cloud more: each cloud in turn cut in two along its longest axis, and once there are
    two, along each axis of the space as well, since camps need not lie where a cloud is longest."""
    starts = []
    values, vectors = np.linalg.eigh(mixture.covariance)
    for k in range(mixture.size):
        starts.append(_cut(mixture, k, np.sqrt(values[k, -1]) * vectors[k, :, -1], mixture.covariance[k]))
        for along in np.eye(len(values[k])) if mixture.size > 1 else ():
            # what the two are apart, they no longer have within
            whole = mixture.covariance[k]
            step = CUT * np.sqrt(along @ whole @ along) * along
            inner = whole - CUT**2 / (along @ np.linalg.solve(whole, along)) * np.outer(along, along)
            starts.append(_cut(mixture, k, step, inner))
    return starts


def _cut(mixture: Mixture, k: int, step: Floats, within: Floats) -> Mixture:
    """Cloud k as two of half its share, a step to either side, each with the covariance `within`."""
    mean = np.concatenate([mixture.mean, [mixture.mean[k] - step]])
    mean[k] += step
    share = np.concatenate([mixture.share, [mixture.share[k] / 2]])
    share[k] /= 2
    covariance = np.concatenate([mixture.covariance, [within]])
    covariance[k] = within
    return Mixture(share, mean, covariance)
