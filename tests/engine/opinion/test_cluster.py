"""On a cluster the map is that of one machine, however the votes lie."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from camphor.engine.opinion import BadVote, OpinionMap, Votes, draw_map
from camphor.engine.opinion.cluster import aligned, cut, draw_shards, together
from tests.engine.opinion.logs import Log, continuum, numbers, planted, votes_of

distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    """Two worker processes on this machine."""
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


def same(one: OpinionMap, other: OpinionMap) -> bool:
    first, second = (drawn.to_json(public=True) for drawn in (one, other))
    return first.keys() == second.keys() and np.allclose(numbers(first), numbers(second), atol=1e-9, rtol=0)


@pytest.mark.parametrize("parts", [1, 2, 5])
def test_any_sharding_gives_the_map_of_one_machine(client: Any, parts: int) -> None:
    votes = continuum(500, 60, seed=3)
    here = draw_map(votes)
    order = np.random.default_rng(parts).permutation(len(votes.participants)) % parts
    shards = [votes.of_participants(np.flatnonzero(order == part)) for part in range(parts)]
    assert same(draw_shards(client, client.scatter(shards)), here)


def test_shards_may_know_different_statements_and_some_may_be_hidden(client: Any) -> None:
    log = planted(80, 20, camps=2)
    first = votes_of([(i, j, v) for i, j, v in log if i % 2 == 0 and j != 3])
    second = votes_of([(i, j, v) for i, j, v in log if i % 2 == 1 and j != 5])
    kept = [(i, j, v) for i, j, v in log if j != (3 if i % 2 == 0 else 5)]
    drawn = draw_shards(client, client.scatter([first, second]), hidden=[7])
    assert same(drawn, draw_map(votes_of(kept), hidden=[7]))


def test_nothing_is_drawn_of_nothing(client: Any) -> None:
    assert draw_shards(client, client.scatter([Votes.nobody()])).groups == ()


def test_the_command_draws_on_a_cluster_what_it_draws_here(client: Any, tmp_path: Path) -> None:
    rows = "".join(f"{i},{j},{v}\n" for i, j, v in planted(60, 20, camps=2))
    (tmp_path / "votes.csv").write_text("participant,statement,vote\n" + rows)
    command = [sys.executable, "-m", "camphor.engine.opinion", str(tmp_path / "votes.csv"), "--out"]
    where = {"there": ["--engine", "dask", "--scheduler", client.scheduler.address], "here": []}
    for name, how in where.items():
        subprocess.run([*command, str(tmp_path / name), *how], check=True, capture_output=True)
    for file in ("statements.csv", "groups.csv"):
        assert (tmp_path / "there" / file).read_text() == (tmp_path / "here" / file).read_text()


def test_a_participant_in_two_shards_is_refused() -> None:
    votes = votes_of(planted(10, 5, camps=2))
    with pytest.raises(BadVote, match="two shards"):
        together([votes, votes], votes.statements)


def test_cutting_loses_nobody() -> None:
    log: Log = [*planted(50, 12, camps=2), (500, 3, 1)]
    votes = votes_of(log)
    parts = cut(votes, 7)
    assert np.array_equal(np.concatenate([part.participants for part in parts]), votes.participants)
    assert sum(len(part.values) for part in parts) == len(votes.values)


def test_aligning_keeps_votes_on_their_statements() -> None:
    votes = votes_of([(1, 5, 1), (1, 9, -1), (2, 9, 0)])
    wide = aligned(votes, np.array([3, 5, 7, 9]))
    assert wide.columns.tolist() == [1, 3, 3] and wide.values.tolist() == [1, -1, 0]
    assert aligned(votes, np.array([9])).values.tolist() == [-1, 0]
