"""Who came first: the order of rows that the start of k-means depends on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from camphor.engine.opinion.votes import Ints


def by_first_vote(participants: Sequence[int] | NDArray[Any]) -> Ints:
    """The positions of participants (ids ascending) in the order of their first vote, shape (n,).

    participants: who voted, a column of a log in the order of time.
    """
    _ids, first = np.unique(np.asarray(participants), return_index=True)
    return np.argsort(first, kind="stable").astype(np.int64)
