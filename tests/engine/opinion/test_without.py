"""Votes are counted in the group in which the other votes of the same participant put him."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from camphor.engine.opinion.evidence import Clouds
from camphor.engine.opinion.kernels import plain
from camphor.engine.opinion.learning import learn
from camphor.engine.opinion.memory import Memory
from camphor.engine.opinion.mixture import Mixture
from camphor.engine.opinion.model import fit
from camphor.engine.opinion.scoring import SURE, labels_of_votes, place, score
from camphor.engine.opinion.votes import Votes
from tests.engine.opinion.logs import LOGS, Log, planted, votes_of

SETTLED = 12
"""Sweeps after which a participant stands still."""


def two_clouds(votes: Votes) -> Memory:
    """A memory in which two clouds stand apart on the first axis."""
    model, _people = fit(votes)
    d = model.dimensions
    mean = np.zeros((2, d))
    mean[:, 0] = 0.7, -0.7
    clouds = Clouds(
        Mixture(np.array([0.7, 0.3]), mean, np.tile(np.eye(d) * 0.4, (2, 1, 1))),
        np.arange(2),
        True,
        np.ones(1),
        0.0,
    )
    return Memory(votes.statements, model, clouds, "AB", 1.0, 0)


def arguments(votes: Votes, memory: Memory) -> tuple[Any, ...]:
    model, clouds = memory.model, memory.clouds
    how = votes.starts, votes.columns, votes.values, model.moments, model.prior(), model.lean, SETTLED
    return *how, clouds.mixture.mean, clouds.mixture.covariance, clouds.mixture.share, clouds.group, 0.6


def test_a_vote_is_counted_where_the_rest_of_the_votes_put_its_participant() -> None:
    votes = votes_of(planted(60, 14, camps=2))
    memory = two_clouds(votes)
    found = plain.labels_without(*arguments(votes, memory))
    alike = []
    for vote in range(0, len(votes.values), 7):
        rest = np.delete(np.arange(len(votes.values)), vote)
        without = Votes.from_log(votes.rows[rest], votes.columns[rest], votes.values[rest])
        there = place(without, memory).label[int(votes.rows[vote])]
        alike.append(there == found[vote])
    assert np.mean(alike) > 0.97  # the rest of the votes also curve a little differently


def test_a_pass_stays_with_its_participant() -> None:
    votes = votes_of([(i, j, 0 if (i + j) % 5 == 0 else v) for i, j, v in planted(60, 14, camps=2)])
    memory = two_clouds(votes)
    placed = place(votes, memory)
    counted_in = labels_of_votes(votes, memory, placed)
    passes = votes.values == 0
    assert passes.any()
    assert (counted_in[passes] == placed.label[votes.rows[passes]]).all()


@pytest.mark.skipif(find_spec("numba") is None, reason="numba is not installed (the extra fast)")
@given(LOGS)
@settings(deadline=None, max_examples=25)
def test_both_kernels_count_votes_in_the_same_groups(log: Log) -> None:
    from camphor.engine.opinion.kernels import fast

    votes = votes_of(log)
    memory = two_clouds(votes)
    one, other = (kernel.labels_without(*arguments(votes, memory)) for kernel in (plain, fast))
    assert (one == other).all()


def test_who_is_sure_is_counted_whole() -> None:
    votes = votes_of(planted(80, 24, camps=2))
    memory = learn(votes).memory
    placed = place(votes, memory)
    sure = placed.told[votes.rows] >= SURE
    assert sure.any()
    assert (labels_of_votes(votes, memory, placed)[sure] == placed.label[votes.rows[sure]]).all()


def test_the_counts_of_two_shards_are_those_of_both() -> None:
    votes = votes_of(planted(60, 14, camps=2))
    memory = two_clouds(votes)
    first, second = np.split(np.arange(len(votes.participants)), [25])
    one, other = (score(votes.of_participants(part), memory) for part in (first, second))
    assert (one.groups + other.groups == score(votes, memory).groups).all()
