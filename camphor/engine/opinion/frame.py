"""The frame of the picture: which way the axes point, so that they do not flip from one map to the next.

The model says the same in any rotation of the ideal points. The first map takes the principal axes of the
statements' loadings; a later one takes the rotation that lays its statements where they were (Procrustes:
Schönemann 1966), as long as the two axes that are drawn still show nearly as much as the principal ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from camphor.engine.opinion.model import Model, full_of, packed_of
from camphor.engine.opinion.votes import Floats, Ints

DRAWN = 2
"""Axes of the picture."""
STILL_GOOD = 0.9
"""The old axes stay while they show this part of what the two principal axes would."""


def rotation(
    model: Model, seen: Ints, statements: Ints, before: Mapping[int, Floats] | None = None
) -> Floats:
    """The rotation of the ideal points, shape (d, d), to be applied from the right.

    seen: votes on each statement, shape (m,). before: the loading of each statement on the last map, by id.
    """
    loading = model.loading
    scatter = (loading * seen[:, None]).T @ loading
    values, vectors = np.linalg.eigh(scatter)
    principal = vectors[:, ::-1]
    known = [k for k, statement in enumerate(statements) if before and int(statement) in before]
    if before and known:
        old = np.array([before[int(statements[k])] for k in known])
        if old.shape[1] == model.dimensions and np.abs(old).max() > 0:
            left, _size, right = np.linalg.svd((loading[known] * seen[known, None]).T @ old)
            turned = left @ right
            shown = np.trace((turned.T @ scatter @ turned)[:DRAWN, :DRAWN])
            if shown >= STILL_GOOD * values[::-1][:DRAWN].sum():
                return np.asarray(turned)
            return np.asarray(principal * _signs(principal, left @ right))
    return np.asarray(principal * _pointing(loading @ principal, seen))


def rotated(model: Model, turn: Floats) -> Model:
    """The same model in the frame that `turn` leads to."""
    return replace(model, moments=turned(model.moments, turn))


def turned(moments: Floats, turn: Floats) -> Floats:
    """Packed moments of statements or of participants in that frame."""
    q = len(turn) + 2
    whole = np.eye(q)
    whole[2:, 2:] = turn
    return packed_of(whole.T @ full_of(moments, q) @ whole)


def shown(model: Model, seen: Ints) -> tuple[float, float]:
    """The shares of the variance of the logits along the two axes that are drawn."""
    power = (model.loading**2 * seen[:, None]).sum(axis=0)
    share = power / max(float(power.sum()), 1e-12)
    return float(share[0]), float(share[1])


def _pointing(loading: Floats, seen: Ints) -> Floats:
    """Signs by which most of the weight on each axis is on the side of agreeing."""
    skew = (loading * np.sqrt(seen)[:, None]).sum(axis=0)
    return np.where(skew < 0, -1.0, 1.0)


def _signs(axes: Floats, near: Floats) -> Floats:
    return np.where((axes * near).sum(axis=0) < 0, -1.0, 1.0)
