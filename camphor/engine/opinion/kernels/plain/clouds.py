"""EM over clouds of ideal points."""

from __future__ import annotations

import numpy as np

from camphor.engine.opinion.kernels.arrays import Floats
from camphor.engine.opinion.kernels.ending import NARROWEST, NOBODY, SETTLED, WIDEST


def cloud_likelihood(pull: Floats, precision: Floats, mean: Floats, covariance: Floats) -> Floats:
    """The log likelihood of each participant in each cloud, shape (n, k); see `mixture`."""
    found = np.empty((len(pull), len(mean)))
    for k, (middle, spread) in enumerate(zip(mean, covariance, strict=True)):
        own = np.linalg.inv(spread)
        whole, drawn = own + precision, own @ middle + pull
        at = np.linalg.solve(whole, drawn[:, :, None])[:, :, 0]
        constant = middle @ own @ middle + np.linalg.slogdet(spread)[1]
        found[:, k] = 0.5 * ((drawn * at).sum(axis=1) - constant - np.linalg.slogdet(whole)[1])
    return found


def fit_clouds(
    pull: Floats,
    precision: Floats,
    weight: Floats,
    share: Floats,
    mean: Floats,
    covariance: Floats,
    shrunk_by: float,
    steps: int,
) -> tuple[Floats, Floats, Floats, Floats]:
    """EM from these clouds on, at the most so many steps: the log likelihood of each participant in the last
    of them, shape (n,), and the share, mean and covariance of each cloud after it.

    shrunk_by: as by so many people is a cloud's covariance drawn to that of all; infinite: they have one.
    """
    people, before = max(float(weight.sum()), NOBODY), -np.inf
    likelihood = np.zeros(len(pull))
    for _step in range(steps):
        likelihood, size, first, second = _step_of(
            pull, precision, weight, share, mean, covariance, alike=np.isinf(shrunk_by)
        )
        now = float(likelihood @ weight) / people
        if now - before < SETTLED:
            break
        before = now
        share, mean, covariance = _renewed(size, first, second, shrunk_by)
    return likelihood, share, mean, covariance


def _step_of(
    pull: Floats,
    precision: Floats,
    weight: Floats,
    share: Floats,
    mean: Floats,
    covariance: Floats,
    *,
    alike: bool,
) -> tuple[Floats, Floats, Floats, Floats]:
    """The log likelihood of each participant; of each cloud the size and Σ r E[u], and of each shape
    Σ r E[u u'], where u is given the votes and the cloud. Of clouds that are alike there is one shape."""
    n, clouds = len(pull), len(mean)
    own = np.asarray(np.linalg.inv(covariance[:1] if alike else covariance), np.float64)
    left, log_det = _posteriors(own, precision)
    log, at = np.empty((n, clouds)), np.empty((clouds, n, mean.shape[1]))
    fixed = np.linalg.slogdet(covariance)[1] - 2 * np.log(share)
    for k in range(clouds):
        s = 0 if alike else k
        toward = own[s] @ mean[k]
        drawn = toward + pull
        at[k] = (left[s] @ drawn[:, :, None])[:, :, 0]
        log[:, k] = 0.5 * ((drawn * at[k]).sum(axis=1) - mean[k] @ toward - fixed[k] - log_det[s])
    top = log.max(axis=1, initial=-np.inf, keepdims=True)
    part = np.exp(log - top)
    whole = part.sum(axis=1, keepdims=True)
    membership = part / whole * weight[:, None]
    first = np.einsum("nk,knd->kd", membership, at)
    second = np.array([(membership[:, k, None] * at[k]).T @ at[k] for k in range(clouds)])
    second = second.sum(axis=0, keepdims=True) if alike else second
    for s in range(len(second)):
        second[s] += np.tensordot(weight if alike else membership[:, s], left[s], 1)
    return (top + np.log(whole))[:, 0], membership.sum(axis=0), first, second


def _posteriors(own: Floats, precision: Floats) -> tuple[Floats, Floats]:
    """A⁻¹, shape (s, n, d, d), and log|A|, shape (s, n), for A = V⁻¹ + L of each shape and participant."""
    whole = own[:, None] + precision
    root = np.linalg.cholesky(whole)
    log_det = 2 * np.log(np.diagonal(root, axis1=2, axis2=3)).sum(axis=2)
    return np.asarray(np.linalg.inv(whole), np.float64), log_det


def _renewed(size: Floats, first: Floats, second: Floats, shrunk_by: float) -> tuple[Floats, Floats, Floats]:
    """The M step, from the size and Σ r E[u] of each cloud and Σ r E[u u'] of each shape."""
    floor = np.maximum(size, NOBODY)
    mean = first / floor[:, None]
    outer = mean[:, :, None] * mean[:, None, :]
    pooled = (second.sum(axis=0) - np.tensordot(size, outer, 1)) / floor.sum()
    if np.isinf(shrunk_by):
        shrunk = np.broadcast_to(pooled, outer.shape)
    else:
        spread = second / floor[:, None, None] - outer
        shrunk = (size[:, None, None] * spread + shrunk_by * pooled) / (size + shrunk_by)[:, None, None]
    values, vectors = np.linalg.eigh(shrunk)
    values = np.clip(values, NARROWEST, WIDEST)
    return floor / floor.sum(), mean, (vectors * values[:, None, :]) @ vectors.transpose(0, 2, 1)
