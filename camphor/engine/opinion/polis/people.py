"""How central, how much of its group, and how extreme each participant is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from camphor.engine.opinion.votes import Floats, Ints


@dataclass(frozen=True, eq=False)
class PeopleStatistics:
    """Each of shape (n,); coreness and extremeness are 0 for those in no group.

    centricness: 1 - distance to the mean of all positions. coreness: 1 - distance to the mean of the group.
    extremeness: how far beyond that mean, in the direction in which the group lies from the middle.
    """

    centricness: Floats
    coreness: Floats
    extremeness: Floats


def people_statistics(positions: Floats, group: Ints, k: int) -> PeopleStatistics:
    """positions: shape (n, 2), of all. group: shape (n,), -1 for those in none; k: how many there are."""
    if not len(positions):
        return PeopleStatistics(np.zeros(0), np.zeros(0), np.zeros(0))
    middle = positions.mean(axis=0)
    inside = group >= 0
    members = group[inside]
    sizes = np.maximum(np.bincount(members, minlength=k), 1)
    means = np.stack(
        [np.bincount(members, weights=positions[inside, axis], minlength=k) / sizes for axis in (0, 1)],
        axis=1,
    )
    outward = means - middle
    length = np.hypot(outward[:, 0], outward[:, 1])[:, None]
    outward = np.divide(outward, length, out=np.zeros_like(outward), where=length > 0)
    coreness, extremeness = np.zeros(len(positions)), np.zeros(len(positions))
    from_mean = positions[inside] - means[members]
    coreness[inside] = 1 - np.hypot(from_mean[:, 0], from_mean[:, 1])
    extremeness[inside] = (from_mean * outward[members]).sum(axis=1)
    from_middle = positions - middle
    return PeopleStatistics(1 - np.hypot(from_middle[:, 0], from_middle[:, 1]), coreness, extremeness)
