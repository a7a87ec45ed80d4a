"""The opinion map: every statistic against a plain loop, and what must hold for any votes."""

from __future__ import annotations

import csv
import math
import os
import subprocess
import sys
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from camphor.engine.opinion.groups import silhouette
from camphor.engine.opinion.plane import place
from camphor.engine.opinion.voices import Tally, group_consensus, one_proportion_z, two_proportion_z
from hypothesis import given
from hypothesis import strategies as st

from camphor.engine.opinion import BadVote, OpinionMap, Votes, choose_statement, draw_map
from camphor.engine.opinion.turn import priorities
from camphor.engine.polis_export import read_export

REAL = Path(os.environ.get("CAMPHOR_REAL_DATA", Path(__file__).parents[4] / "shared" / "data" / "polis"))
needs_real = pytest.mark.skipif(not REAL.exists(), reason=f"no real conversations at {REAL}")

Log = list[tuple[int, int, int]]
LOGS = st.lists(st.tuples(st.integers(0, 25), st.integers(0, 12), st.sampled_from([-1, 0, 1])), max_size=250)


def votes_of(log: Log) -> Votes:
    who, what, how = zip(*log, strict=True) if log else ((), (), ())
    return Votes.from_log(who, what, how)


def planted(people: int, statements: int, *, camps: int, density: float = 0.9, seed: int = 1) -> Log:
    """People of known camps: the camp of i is i % camps; they differ on all but every fourth statement."""
    rng = Random(seed)
    log = []
    for i in range(people):
        for j in range(statements):
            if rng.random() < density:
                side = 1 if j % 4 == 0 or (j + i % camps) % camps == 0 else -1
                log.append((i, j, side if rng.random() < 0.9 else -side))
    return log


def numbers(value: Any) -> list[float]:
    if isinstance(value, dict):
        return [one for part in value.values() for one in numbers(part)]
    if isinstance(value, list | tuple):
        return [one for part in value for one in numbers(part)]
    return [float(value)] if isinstance(value, int | float) else []


def test_the_last_vote_counts() -> None:
    votes = votes_of([(1, 7, 1), (2, 7, 0), (1, 7, -1)])
    assert votes.values.tolist() == [-1, 0]


@pytest.mark.parametrize("how", [2, -2, 0.5, float("nan")])
def test_a_vote_that_is_none_of_three_is_refused(how: float) -> None:
    with pytest.raises(BadVote):
        Votes.from_log([1], [1], [how])  # type: ignore[list-item]


def test_columns_of_unequal_length_are_refused() -> None:
    with pytest.raises(BadVote):
        Votes.from_log([1, 2], [1], [1])


@given(LOGS)
def test_centre_and_positions_are_what_a_loop_finds(log: Log) -> None:
    votes = votes_of(log)
    cell = {(i, j): v for i, j, v in log}
    plane = place(votes)
    m = len(votes.statements)
    for k, j in enumerate(votes.statements):
        column = [v for (_i, jj), v in cell.items() if jj == j]
        assert math.isclose(plane.centre[k], sum(column) / len(column), abs_tol=1e-12)
    for row, i in enumerate(votes.participants):
        own = {j: v for (ii, j), v in cell.items() if ii == i}
        for axis in range(2):
            total = sum(
                (own[j] - plane.centre[k]) * plane.axes[axis, k]
                for k, j in enumerate(votes.statements)
                if j in own
            )
            assert math.isclose(plane.positions[row, axis], total * math.sqrt(m / len(own)), abs_tol=1e-9)


@given(LOGS)
def test_the_counts_of_groups_are_what_a_loop_finds(log: Log) -> None:
    drawn = draw_map(votes_of(log))
    cell = {(i, j): v for i, j, v in log}
    for row in drawn.counted:
        for g, counted in enumerate(row.groups):
            own = [v for (i, j), v in cell.items() if j == row.statement and drawn.people.get(i) == g]
            assert counted == (own.count(1), own.count(-1), len(own))


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_the_tests_of_proportions_are_those_that_were_published(s: int, more: int, t: int, rest: int) -> None:
    n, k = s + more, t + rest
    one = one_proportion_z(np.array([float(s)]), np.array([float(n)]))[0]
    assert math.isclose(one, 2 * math.sqrt(n + 1) * ((s + 1) / (n + 1) - 0.5), abs_tol=1e-12)
    p1, p2, pooled = (s + 1) / (n + 1), (t + 1) / (k + 1), (s + t + 2) / (n + k + 2)
    expected = 0.0
    if pooled < 1:
        expected = (p1 - p2) / math.sqrt(pooled * (1 - pooled) * (1 / (n + 1) + 1 / (k + 1)))
    found = two_proportion_z(*(np.array([float(x)]) for x in (s, n, t, k)))[0]
    assert math.isclose(found, expected, abs_tol=1e-9)


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40), st.floats(0, 5))
def test_the_priority_is_the_one_that_was_published(agreed: int, passed: int, opposed: int, e: float) -> None:
    seen = agreed + passed + opposed
    a, p = (agreed + 1) / (seen + 2), (passed + 1) / (seen + 2)
    expected = ((1 - p) * (1 + e) * a * (1 + 8 * 2 ** (-seen / 5))) ** 2
    found = priorities(*(np.array([float(x)]) for x in (agreed, passed, seen, e)))[0]
    assert math.isclose(found, expected, rel_tol=1e-12)


def test_the_silhouette_is_what_a_loop_finds() -> None:
    rng = np.random.default_rng(3)
    points = np.concatenate([rng.normal(0, 1, (12, 2)), rng.normal(4, 1, (9, 2)), rng.normal(-5, 1, (7, 2))])
    label = np.repeat([0, 1, 2], [12, 9, 7])
    widths = []
    for i, point in enumerate(points):
        far = {
            g: [math.dist(point, other) for k, other in enumerate(points) if label[k] == g and k != i]
            for g in range(3)
        }
        inside = np.mean(far[label[i]])
        outside = min(np.mean(far[g]) for g in range(3) if g != label[i])
        widths.append((outside - inside) / max(inside, outside))
    assert math.isclose(silhouette(points, label), float(np.mean(widths)), rel_tol=1e-9)


@given(LOGS)
def test_every_number_of_a_map_is_finite_and_it_survives_json(log: Log) -> None:
    import json

    drawn = draw_map(votes_of(log))
    assert all(math.isfinite(one) for one in numbers(drawn.to_json()))
    assert OpinionMap.from_json(json.loads(json.dumps(drawn.to_json()))) == drawn


@pytest.mark.parametrize(
    "log",
    [
        [],
        [(1, 1, 1)],
        [(i, 0, 1) for i in range(30)],
        [(i, j, 1) for i in range(30) for j in range(9)],
        [(i, j, (-1) ** j) for i in range(30) for j in range(9)],
        [(1, j, 0) for j in range(10_000)],
        [(2**62, 2**61, 1)],
    ],
    ids=["nothing", "one vote", "one statement", "all agree", "all alike", "ten thousand", "huge ids"],
)
def test_odd_conversations_have_a_map_without_invented_groups(log: Log) -> None:
    drawn = draw_map(votes_of(log))
    assert len(drawn.groups) <= 1
    assert all(math.isfinite(one) for one in numbers(drawn.to_json()))


def partition(drawn: OpinionMap) -> set[frozenset[int]]:
    return {
        frozenset(i for i, g in drawn.people.items() if g == label) for label in set(drawn.people.values())
    }


@pytest.mark.parametrize("camps", [2, 3])
@pytest.mark.parametrize("density", [0.4, 0.9])
def test_planted_camps_are_found(camps: int, density: float) -> None:
    log = planted(90, 36, camps=camps, density=density)
    drawn = draw_map(votes_of(log))
    assert len(drawn.groups) == camps and drawn.placed > 80
    truth = [i % camps for i in drawn.people]
    assert adjusted_rand(list(drawn.people.values()), truth) > (0.9 if density < 0.5 else 0.999)


def test_what_all_share_and_what_divides_is_told_apart() -> None:
    drawn = draw_map(votes_of(planted(80, 24, camps=2)))
    shared = {said.statement for said in drawn.shared}
    assert {j for j in range(24) if j % 4 == 0} <= shared
    assert not shared & set(drawn.dividing)
    assert set(drawn.dividing) >= {1, 3, 5}


def test_people_who_vote_at_random_form_no_groups_that_share_nothing() -> None:
    rng = Random(5)
    log = [(i, j, rng.choice([-1, 1])) for i in range(120) for j in range(60)]
    drawn = draw_map(votes_of(log))
    assert not drawn.shared


def test_a_label_needs_every_group() -> None:
    drawn = draw_map(votes_of(planted(80, 24, camps=2)))
    for said in drawn.shared:
        row = next(row for row in drawn.counted if row.statement == said.statement)
        for agreed, disagreed, seen in row.groups:
            assert (agreed if said.agrees else disagreed) / seen >= 0.6


def test_too_few_people_form_no_group() -> None:
    assert draw_map(votes_of(planted(6, 20, camps=2))).groups == ()


def test_who_has_voted_on_little_is_counted_but_not_placed() -> None:
    log = [*planted(40, 20, camps=2, density=1.0), (99, 0, 1), (99, 1, 1)]
    drawn = draw_map(votes_of(log))
    assert 99 not in drawn.people
    assert (drawn.participants, drawn.placed) == (41, 40)


@given(st.randoms(use_true_random=False))
def test_the_order_of_people_and_statements_changes_nothing(rng: Random) -> None:
    log = planted(40, 16, camps=2)
    shuffled = rng.sample(log, len(log))
    assert draw_map(votes_of(shuffled)) == draw_map(votes_of(log))


def test_other_names_for_people_and_statements_change_nothing_but_names() -> None:
    log = planted(40, 16, camps=2)
    other = [(1000 - i, 500 - j, v) for i, j, v in log]
    here, there = draw_map(votes_of(log)), draw_map(votes_of(other))
    assert {frozenset(1000 - i for i in group) for group in partition(there)} == partition(here)
    assert {500 - said.statement for said in there.shared} == {said.statement for said in here.shared}


def test_everybody_twice_is_the_same_opinion() -> None:
    log = planted(40, 16, camps=2)
    twice = log + [(i + 1000, j, v) for i, j, v in log]
    once, double = draw_map(votes_of(log)), draw_map(votes_of(twice))
    assert np.allclose(np.abs(once.axes), np.abs(double.axes), atol=1e-9)
    assert {said.statement for said in once.shared} <= {said.statement for said in double.shared}


def test_everybody_turned_round_turns_agreement_round() -> None:
    log = planted(40, 16, camps=2)
    here = draw_map(votes_of(log))
    there = draw_map(votes_of([(i, j, -v) for i, j, v in log]))
    assert partition(here) == partition(there)
    assert {(s.statement, s.agrees) for s in here.shared} == {
        (s.statement, not s.agrees) for s in there.shared
    }


def test_from_one_map_to_the_next_letters_and_axes_stay() -> None:
    log = planted(60, 20, camps=2)
    before = draw_map(votes_of(log))
    more = [(1000 + n, j, -1 if n % 2 else 1) for n in range(30) for j in range(20)]
    after = draw_map(votes_of(log + more), before=before)
    stayed = [after.people[i] == group for i, group in before.people.items()]
    assert sum(stayed) / len(stayed) > 0.9
    assert sum(a * b for a, b in zip(before.axes[0], after.axes[0], strict=True)) > 0


def test_a_hidden_statement_influences_nothing() -> None:
    log = planted(40, 16, camps=2)
    loud = log + [(i, 99, 1 if i < 20 else -1) for i in range(40)]
    assert draw_map(votes_of(loud), hidden=[99]) == draw_map(votes_of(log))


def test_what_is_published_names_no_participant() -> None:
    drawn = draw_map(votes_of([(i + 5_000_000, j, v) for i, j, v in planted(40, 16, camps=2)]))
    public = [drawn.to_json()[part] for part in ("groups", "counted", "shared", "dividing", "cells")]
    assert not any(one >= 5_000_000 for one in numbers(public))
    assert sum(cell.count for cell in drawn.cells) == drawn.placed


def test_the_next_statement_is_drawn_by_its_priority_and_never_twice() -> None:
    rng = Random(1)
    drawn = [choose_statement({1: 9.0, 2: 1.0, 3: 5.0}, voted={3}, rng=rng) for _draw in range(400)]
    assert set(drawn) == {1, 2}
    assert 320 < drawn.count(1) < 395
    assert choose_statement({1: 1.0}, voted={1}, rng=rng) is None


def test_scipy_is_not_loaded_before_a_map_is_drawn() -> None:
    told = "import sys, camphor.engine.opinion; print('scipy' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"


@needs_real
def test_published_consensus_is_reproduced_from_the_published_groups() -> None:
    folder = REAL / "bg2050-volunteers"
    with (folder / "participants-votes.csv").open(encoding="utf-8-sig") as rows:
        people = [row for row in csv.DictReader(rows) if row["group-id"]]
    with (folder / "comments.csv").open(encoding="utf-8-sig") as rows:
        published = {
            row["comment-id"]: float(row["group-informed-consensus"]) for row in csv.DictReader(rows)
        }
    groups = sorted({row["group-id"] for row in people})
    for statement, wanted in published.items():
        cast = [[row.get(statement) for row in people if row["group-id"] == g] for g in groups]
        counts = [np.array([[float(c.count(v))] for c in cast]) for v in ("1", "-1")]
        seen = np.array([[float(len([v for v in c if v]))] for c in cast])
        found, _against = group_consensus(Tally(counts[0], counts[1], seen))
        assert math.isclose(found[0], wanted, abs_tol=1e-12)


def adjusted_rand(first: list[int], second: list[int]) -> float:
    """Agreement of two partitions beyond chance (Hubert and Arabie 1985), pair by pair."""
    together = [(a == b, c == d) for (a, c), (b, d) in combinations(zip(first, second, strict=True), 2)]
    both = sum(x and y for x, y in together)
    one, other = (sum(pair[k] for pair in together) for k in (0, 1))
    chance = one * other / len(together)
    return (both - chance) / ((one + other) / 2 - chance)


@needs_real
@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("austria-climate.5twd2jsnkf.2022-08-08", 0.75),
        ("scoop-hivemind.biodiversity", 0.7),
        ("ssis.land-bank-farmland.2rumnecbeh.2021-08-01", 0.75),
        ("vtaiwan.uberx", 0.65),
    ],
)
def test_real_groups_are_much_those_that_polis_published(name: str, least: float) -> None:
    export = read_export(REAL / name)
    log = [(vote.participant, vote.statement, vote.value) for vote in export.votes]
    hidden = [statement.id for statement in export.statements if statement.moderation == -1]
    drawn = draw_map(votes_of(log), hidden=hidden)
    with (REAL / name / "participants-votes.csv").open(encoding="utf-8-sig") as rows:
        published = {
            int(row["participant"]): int(float(row["group-id"]))
            for row in csv.DictReader(rows)
            if row["group-id"]
        }
    both = [one for one in drawn.people if one in published][:700]  # pairs grow with the square
    assert adjusted_rand([drawn.people[i] for i in both], [published[i] for i in both]) >= least


@needs_real
def test_every_real_export_is_read() -> None:
    for folder in sorted(REAL.iterdir()):
        if (folder / "comments.csv").exists():
            export = read_export(folder)
            assert export.votes and export.statements and export.title, folder.name
