"""The log of votes becomes a matrix: the last vote counts, and a bad one is refused."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from camphor.engine.opinion import BadVote, Votes
from camphor.engine.opinion.kernels import fast, plain
from tests.engine.opinion.logs import LOGS, Log, votes_of


def test_the_last_vote_counts() -> None:
    votes = votes_of([(1, 7, 1), (2, 7, 0), (1, 7, -1)])
    assert votes.values.tolist() == [-1, 0]


@pytest.mark.parametrize("how", [2, -2, 0.5, float("nan"), float("inf")])
def test_a_vote_that_is_none_of_three_is_refused_and_named(how: float) -> None:
    with pytest.raises(BadVote, match=str(how).replace(".", r"\.")):
        Votes.from_log([1], [1], np.array([how]))


@pytest.mark.parametrize("ids", [[1.5], [float("nan")], ["a"], [2**63], [2**70], [None]])
def test_an_id_that_is_no_whole_number_of_64_bits_is_refused(ids: list[object]) -> None:
    for who, what in ((ids, [1]), ([1], ids)):
        with pytest.raises(BadVote):
            Votes.from_log(np.array(who), np.array(what), [1])


def test_columns_of_unequal_length_are_refused() -> None:
    with pytest.raises(BadVote):
        Votes.from_log([1, 2], [1], [1])


def test_ids_may_be_as_large_and_as_far_apart_as_64_bits_go() -> None:
    votes = Votes.from_log([-(2**63), 2**63 - 1, 0], [5, 5, -(2**62)], [1, -1, 0])
    assert votes.participants.tolist() == [-(2**63), 0, 2**63 - 1]
    assert votes.statements.tolist() == [-(2**62), 5]


@given(LOGS)
def test_the_matrix_holds_what_a_loop_finds(log: Log) -> None:
    votes, cell = votes_of(log), {(i, j): v for i, j, v in log}
    found = zip(votes.participants[votes.rows], votes.statements[votes.columns], votes.values, strict=True)
    assert {(int(i), int(j)): int(v) for i, j, v in found} == cell
    assert votes.shape == (len({i for i, _j in cell}), len({j for _i, j in cell}))


@given(LOGS)
def test_the_counts_of_labels_are_what_a_loop_finds(log: Log) -> None:
    votes, cell = votes_of(log), {(i, j): v for i, j, v in log}
    label = votes.participants % 3 - 1
    agreed, disagreed, seen = votes.tally(label, 2)
    for g in range(2):
        for k, j in enumerate(votes.statements):
            own = [v for (i, jj), v in cell.items() if jj == j and i % 3 - 1 == g]
            counted = (agreed[g, k], disagreed[g, k], seen[g, k])
            assert counted == (own.count(1), own.count(-1), len(own))


@given(LOGS)
def test_parts_of_the_matrix_are_what_a_loop_finds(log: Log) -> None:
    votes, cell = votes_of(log), {(i, j): v for i, j, v in log}
    chosen = np.flatnonzero(votes.participants % 2 == 0)
    part = votes.without([0, 3]).of_participants(chosen)
    found = zip(part.participants[part.rows], part.statements[part.columns], part.values, strict=True)
    assert {(int(i), int(j)): int(v) for i, j, v in found} == {
        (i, j): v for (i, j), v in cell.items() if i % 2 == 0 and j not in (0, 3)
    }
    assert part.participants.tolist() == sorted({i for i, _j in cell if i % 2 == 0})


@pytest.mark.parametrize("narrow", [np.int16, np.int32])
@given(log=LOGS)
def test_both_kernels_sort_and_count_alike(narrow: type[np.integer[Any]], log: Log) -> None:
    rows, columns, values = (np.array([vote[k] for vote in log]) for k in range(3))
    given_log = rows.astype(np.int32), columns.astype(narrow), values.astype(np.int8)
    one, other = plain.sort_log(*given_log, 26, 13), fast.sort_log(*given_log, 26, 13)
    for a, b in zip(one, other, strict=True):
        assert np.array_equal(np.asarray(a), np.asarray(b)) and np.asarray(a).dtype == np.asarray(b).dtype
    _starts, columns, values = one
    label = (np.arange(len(values)) % 4 - 1).astype(np.int8)
    assert (plain.tally(columns, values, label, 3, 13) == fast.tally(columns, values, label, 3, 13)).all()


def test_a_long_log_is_sorted_alike_in_parts_and_at_once() -> None:
    rng = np.random.default_rng(2)
    n, m, v = 3000, 300, 300_000
    log = (
        rng.integers(0, n, v).astype(np.int32),
        rng.integers(0, m, v).astype(np.int32),
        rng.integers(-1, 2, v).astype(np.int8),
    )
    one, other = plain.sort_log(*log, n, m), fast.sort_log(*log, n, m)
    for a, b in zip(one, other, strict=True):
        assert np.array_equal(np.asarray(a), np.asarray(b))


@pytest.mark.parametrize("module", ["scipy", "numba"])
def test_what_is_heavy_is_not_loaded_before_a_map_is_drawn(module: str) -> None:
    told = f"import sys, camphor.engine.opinion; print({module!r} in sys.modules)"
    environment = {"CAMPHOR_KERNELS": "plain", "PATH": ""}
    ran = subprocess.run(
        [sys.executable, "-c", told], capture_output=True, text=True, check=True, env=environment
    )
    assert ran.stdout.strip() == "False"
