"""Participants placed by what is known of the statements, and what is counted of them: sums that add up.

Nothing here depends on other participants, so any shard of the votes can be scored alone; what the map needs
of a shard are counts, and the counts of two shards are those of both.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from camphor.engine.opinion.evidence import Clouds
from camphor.engine.opinion.kernels import kernels
from camphor.engine.opinion.kernels.arrays import Groups
from camphor.engine.opinion.memory import Memory
from camphor.engine.opinion.model import SCORING_SWEEPS
from camphor.engine.opinion.votes import Floats, Ints, Votes

PLACED_FROM = 0.6
"""Somebody is placed in a group where his own votes alone speak for it with this probability."""
SURE = 0.95
"""Whom his votes put into a group with this probability, hardly a single one of them puts there: were all
asked up to 0.999, six votes in 100,000 would be counted elsewhere."""
TO_EDGE = 46
"""From the middle of the picture to where the outermost hundredth stands, of 50 to its rim."""
CELLS_ACROSS = 24
"""Cells of the published picture in each direction: fine enough for its shape, too coarse for a person."""


@dataclass(frozen=True, eq=False)
class Placed:
    """Where participants stand.

    spot: on the two axes that are drawn, shape (n, 2). chance: of each group, shape (n, g).
    label: the group, shape (n,); -1 where the own votes do not tell. told: how surely they do, shape (n,).
    """

    spot: Floats
    chance: Floats
    label: Ints
    told: Floats


def place(votes: Votes, memory: Memory) -> Placed:
    """Place the participants of these votes, whose statements are those of the memory, shape (m,)."""
    model, clouds = memory.model, memory.clouds
    likelihood, spot = kernels().locate(
        votes.starts,
        votes.columns,
        votes.values,
        model.moments,
        model.prior(),
        model.lean,
        SCORING_SWEEPS,
        clouds.mixture.mean,
        clouds.mixture.covariance,
    )
    chance, own = chances(likelihood, clouds)
    label = chance.argmax(axis=1)
    told = np.where(votes.cast > 0, own[np.arange(len(label)), label], 0.0)
    return Placed(spot, chance, np.where(told >= PLACED_FROM, label, -1), told)


def labels_of_votes(votes: Votes, memory: Memory, placed: Placed) -> Groups:
    """The group in which each vote is counted, shape (v,), -1 for none: where the other votes of the same
    participant put him. His own vote would speak for the group that he is put into because of it."""
    counted_in = np.repeat(placed.label.astype(np.int8), votes.cast)
    model, clouds = memory.model, memory.clouds
    doubtful = (placed.told < SURE) & (votes.cast > 0)
    if clouds.groups == 1 or not doubtful.any():
        return counted_in
    some = votes.of_participants(np.flatnonzero(doubtful))
    counted_in[np.repeat(doubtful, votes.cast)] = kernels().labels_without(
        some.starts,
        some.columns,
        some.values,
        model.moments,
        model.prior(),
        model.lean,
        SCORING_SWEEPS,
        clouds.mixture.mean,
        clouds.mixture.covariance,
        clouds.mixture.share,
        clouds.group,
        PLACED_FROM,
    )
    return counted_in


def chances(likelihood: Floats, clouds: Clouds) -> tuple[Floats, Floats]:
    """The probability of each group, as large as it is and as if all were alike in size; each of (n, g).

    likelihood: the log likelihood of each participant in each cloud, shape (n, k).
    """
    member = clouds.group[:, None] == np.arange(clouds.groups)
    log = likelihood + np.log(clouds.mixture.share)
    log -= log.max(axis=1, initial=-np.inf, keepdims=True)
    together = np.exp(log, out=log) @ member
    alike = together / (clouds.mixture.share @ member)
    together /= together.sum(axis=1, keepdims=True)
    alike /= alike.sum(axis=1, keepdims=True)
    return together, alike


@dataclass(frozen=True, eq=False)
class Sums:
    """What is counted of some participants; the sums of two shards are those of both.

    everybody: agreed, disagreed, seen, shape (3, m). groups: the same of each group, shape (g, 3, m), of the
    votes that are counted in it (`labels_of_votes`).
    sizes: participants in each group, shape (g,). spots: participants per group (the last: in none), row and
    column of the picture, shape (g + 1, CELLS_ACROSS, CELLS_ACROSS). middle: Σ of spots, shape (g, 2).
    """

    participants: int
    votes: int
    everybody: Ints
    groups: Ints
    sizes: Ints
    spots: NDArray[np.int64]
    middle: Floats

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.participants + other.participants,
            self.votes + other.votes,
            self.everybody + other.everybody,
            self.groups + other.groups,
            self.sizes + other.sizes,
            self.spots + other.spots,
            self.middle + other.middle,
        )


def score(votes: Votes, memory: Memory, placed: Placed | None = None) -> Sums:
    """Place the participants of these votes, and count; placed: where they stand, if that is known."""
    placed = placed or place(votes, memory)
    groups, m = memory.clouds.groups, len(votes.statements)
    with_all = np.where(placed.label < 0, groups, placed.label)
    of_vote = labels_of_votes(votes, memory, placed)
    of_vote[of_vote < 0] = groups
    counted = kernels().tally(votes.columns, votes.values, of_vote, groups + 1, m)
    cell = (box(placed.spot, memory.reach) / 100 * CELLS_ACROSS).astype(np.int64)
    spots = np.zeros((groups + 1, CELLS_ACROSS, CELLS_ACROSS), np.int64)
    np.add.at(spots, (with_all, cell[:, 1], cell[:, 0]), 1)
    known = placed.label >= 0
    middle = np.column_stack(
        [np.bincount(placed.label[known], placed.spot[known, axis], minlength=groups) for axis in range(2)]
    )
    return Sums(
        participants=len(votes.participants),
        votes=len(votes.values),
        everybody=counted.sum(axis=0),
        groups=counted[:groups],
        sizes=np.bincount(placed.label[known], minlength=groups),
        spots=spots,
        middle=middle.astype(float),
    )


def box(spot: Floats, reach: float) -> Floats:
    """Spots laid into the square from 0 to 100, the same scale on both axes, the second axis upwards."""
    laid: Floats = np.clip(50 + TO_EDGE * spot / reach * np.array([1, -1]), 2, 98)
    return laid
