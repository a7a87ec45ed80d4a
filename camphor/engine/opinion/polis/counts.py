"""How each group voted on each statement, and the consensus that counts every group alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from camphor.engine.opinion.votes import Floats, Ints, Votes


@dataclass(frozen=True, eq=False)
class Counts:
    """Votes of each group on each statement, each of shape (k, m); seen includes passes."""

    agreed: Ints
    disagreed: Ints
    seen: Ints


def count_votes(votes: Votes, group: Ints, k: int) -> Counts:
    """The votes of k groups; group: shape (n,), -1 for those who are in none."""
    return Counts(*votes.tally(group, k))


def group_consensus(counts: Counts) -> tuple[Floats, Floats]:
    """Group-aware consensus to agree and to disagree, each of shape (m,).

    The product over groups of (A + 1) / (S + 2), A those of the group who agree among S who saw it;
    0 without groups. (Published for agreement; for disagreement it is the same with the disagreeing.)
    """
    if not len(counts.seen):
        nothing = np.zeros(counts.seen.shape[1])
        return nothing, nothing.copy()
    agree = np.prod((counts.agreed + 1.0) / (counts.seen + 2.0), axis=0)
    disagree = np.prod((counts.disagreed + 1.0) / (counts.seen + 2.0), axis=0)
    return agree, disagree
