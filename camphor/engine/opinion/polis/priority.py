"""Which statement to show next: the weight with which the published algorithm draws it."""

from __future__ import annotations

import numpy as np

from camphor.engine.opinion.polis.counts import Counts
from camphor.engine.opinion.votes import Bools, Floats

OF_META = 7.0**2
"""The priority of statements about the participants themselves (published)."""


def priorities(counts: Counts, extremity: Floats, meta: Bools) -> Floats:
    """The priority of each statement, shape (m,).

    (1 - p)(1 + E) a (1 + 8 * 2^(-S/5)), squared, where over all groups a = (A+1)/(S+2) is the rate of
    agreeing and p = (P+1)/(S+2) of passing among S who saw it, and E its extremity, shape (m,).
    meta: shape (m,).
    """
    agreed, seen = counts.agreed.sum(axis=0), counts.seen.sum(axis=0)
    passed = seen - agreed - counts.disagreed.sum(axis=0)
    a, p = (agreed + 1) / (seen + 2), (passed + 1) / (seen + 2)
    newness = 1 + 8 * np.exp2(-seen / 5)
    return np.where(meta, OF_META, ((1 - p) * (extremity + 1) * a * newness) ** 2)
