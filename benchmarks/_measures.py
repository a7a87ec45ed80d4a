"""How good a map is, in numbers: pure functions of labels, probabilities and truth."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from camphor.engine.opinion.votes import Bools, Floats, Ints

SURELY = 1e-4
"""Predicted probabilities are kept so far from 0 and 1, so that a single wrong certainty is not infinite."""
NEWTON_STEPS = 25
RIDGE = 1e-3
"""Keeps the calibration finite where a predictor separates the votes perfectly."""


def adjusted_rand(one: Ints, other: Ints) -> float:
    """Agreement of two partitions beyond chance (Hubert and Arabie 1985); 1 where both are one group.

    one, other: labels of the same people, shape (n,), from 0. Nan for fewer than two people.
    """
    if len(one) < 2:
        return float("nan")
    table = np.zeros((int(one.max()) + 1, int(other.max()) + 1))
    np.add.at(table, (one, other), 1)

    def pairs(count: Floats) -> float:
        return float((count * (count - 1) / 2).sum())

    both, rows, columns = pairs(table), pairs(table.sum(axis=1)), pairs(table.sum(axis=0))
    expected = rows * columns / pairs(np.array([table.sum()]))
    most = (rows + columns) / 2
    return (both - expected) / (most - expected) if most > expected else 1.0


def log_loss(agrees: Bools, likely: Floats) -> float:
    """Mean of -log of the probability given to what happened, in nats; both of shape (v,)."""
    kept = np.clip(likely, SURELY, 1 - SURELY)
    return float(-np.log(np.where(agrees, kept, 1 - kept)).mean())


def auc(agrees: Bools, likely: Floats) -> float:
    """The chance that an agreement was given a higher probability than a disagreement; ties count half."""
    positive = int(agrees.sum())
    negative = len(agrees) - positive
    if not positive or not negative:
        return float("nan")
    return float((ranks(likely)[agrees].sum() - positive * (positive + 1) / 2) / (positive * negative))


def ranks(values: NDArray[np.floating]) -> Floats:
    """From 1, equal values sharing the mean of their ranks; shape (v,)."""
    _different, place, count = np.unique(values, return_inverse=True, return_counts=True)
    shared: Floats = (np.cumsum(count) - (count - 1) / 2)[place]
    return shared


def spearman(one: Floats, other: Floats) -> float:
    """The correlation of ranks."""
    return float(np.corrcoef(ranks(one), ranks(other))[0, 1])


def precision_at(k: int, truth: Floats, guess: Floats) -> float:
    """Of the k statements that are truly highest, the share among the k that are guessed highest."""
    best, chosen = (np.argsort(-values, kind="stable")[:k] for values in (truth, guess))
    return len({*best.tolist()} & {*chosen.tolist()}) / k


def jaccard(one: Collection[int], other: Collection[int]) -> float:
    """What two sets have in common, as a share of both together."""
    first, second = {*one}, {*other}
    return len(first & second) / len(first | second) if first | second else 1.0


def coverage(truth: Floats, low: Floats, high: Floats) -> float:
    """The share of true values that lie within their intervals."""
    return float(((low <= truth) & (truth <= high)).mean())


def eta_squared(values: Floats, label: Ints) -> float:
    """The share of the variance of the values that the groups explain; shape (n,), labels from 0."""
    size = np.bincount(label)
    means = np.bincount(label, values) / np.maximum(size, 1)
    whole = float(((values - values.mean()) ** 2).sum())
    return float((size * (means - values.mean()) ** 2).sum() / whole) if whole > 0 else 0.0


def calibrated(features: Floats, agrees: Bools, wanted: Floats) -> Floats:
    """The probabilities of a logistic regression of what happened on the features (Platt 1999).

    features: of the votes to learn from, shape (v, f). wanted: of those to predict, shape (w, f).
    """
    middle, spread = features.mean(axis=0), features.std(axis=0) + 1e-12
    known = np.column_stack([np.ones(len(features)), (features - middle) / spread])
    weight = np.zeros(known.shape[1])
    for _step in range(NEWTON_STEPS):
        likely = logistic(known @ weight)
        slope = known.T @ (agrees - likely) - RIDGE * weight
        curve = (known * (likely * (1 - likely))[:, None]).T @ known + RIDGE * np.eye(len(weight))
        weight = weight + np.clip(np.linalg.solve(curve, slope), -2, 2)
    return logistic(np.column_stack([np.ones(len(wanted)), (wanted - middle) / spread]) @ weight)


def logistic(value: Floats) -> Floats:
    """1 / (1 + exp(-value))."""
    result: Floats = 1 / (1 + np.exp(-np.clip(value, -500, 500)))
    return result
