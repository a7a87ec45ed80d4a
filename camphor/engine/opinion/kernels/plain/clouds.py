"""A step of EM over clouds of ideal points."""

from __future__ import annotations

import numpy as np

from camphor.engine.opinion.kernels.arrays import Floats


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


def cloud_step(
    pull: Floats, precision: Floats, weight: Floats, share: Floats, mean: Floats, covariance: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """A step of EM over clouds: the log likelihood of each participant, shape (n,); of each cloud the size,
    Σ r E[u] and Σ r E[u u'], where u is given the votes and the cloud."""
    log = cloud_likelihood(pull, precision, mean, covariance) + np.log(share)
    top = log.max(axis=1, initial=-np.inf, keepdims=True)
    part = np.exp(log - top)
    whole = part.sum(axis=1, keepdims=True)
    membership = part / whole * weight[:, None]
    first, second = np.zeros_like(mean), np.zeros_like(covariance)
    for k in range(len(mean)):
        own, r = np.linalg.inv(covariance[k]), membership[:, k]
        left = np.linalg.inv(own + precision)
        at = (left @ (own @ mean[k] + pull)[:, :, None])[:, :, 0]
        first[k] = r @ at
        second[k] = np.einsum("n,nd,ne->de", r, at, at) + np.einsum("n,nde->de", r, left)
    return (top + np.log(whole))[:, 0], membership.sum(axis=0), first, second
