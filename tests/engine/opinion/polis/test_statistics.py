"""Each number of the published algorithm against a plain loop, and conversations at the edge."""

from __future__ import annotations

import math
import warnings
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from camphor.engine.opinion.kernels import fast, plain
from camphor.engine.opinion.polis import PolisMap, by_first_vote, polis_map, polis_replay
from camphor.engine.opinion.polis.groups import silhouette
from camphor.engine.opinion.polis.k_means import first_distinct, k_means
from camphor.engine.opinion.votes import Ints, Votes

Log = list[tuple[int, int, int]]
LOGS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 12), st.sampled_from([-1, 0, 1])), max_size=250)
OUT = st.sets(st.integers(0, 12), max_size=3)
POINTS = st.lists(
    st.tuples(st.integers(-6, 6).map(float), st.integers(-6, 6).map(float)), min_size=1, max_size=60
)
Z90 = 1.2816


def columns(log: Log) -> tuple[Ints, Ints, Ints]:
    table = np.array(log, dtype=np.int64).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 2]


def drawn(log: Log, hidden: set[int] | None = None, meta: set[int] | None = None) -> PolisMap:
    who, what, how = columns(log)
    votes = Votes.from_log(who, what, how)
    return polis_map(votes, hidden=hidden or (), meta=meta or (), order=by_first_vote(who))


def cells(log: Log) -> dict[tuple[int, int], int]:
    return {(i, j): v for i, j, v in log}


@given(LOGS, OUT, OUT)
def test_positions_are_what_a_loop_finds(log: Log, hidden: set[int], meta: set[int]) -> None:
    found, cell = drawn(log, hidden, meta), cells(log)
    out, m, n = hidden | meta, len(found.statements), len(found.participants)
    centre = []
    for j in found.statements.tolist():
        column = [0 if j in out else v for (_i, jj), v in cell.items() if jj == j]
        centre.append(0.0 if n == 1 and m > 1 else sum(column) / len(column))
    assert np.allclose(found.centre, centre, rtol=0, atol=1e-12)
    for row, i in enumerate(found.participants.tolist()):
        seen, total = 0, [0.0, 0.0]
        for k, j in enumerate(found.statements.tolist()):
            if j in out or (i, j) in cell:
                seen += 1
                value = 0 if j in out else cell[i, j]
                for axis in (0, 1):
                    total[axis] += (value - centre[k]) * found.axes[axis, k]
        scale = 0.0 if min(m, n) < 2 else math.sqrt(m / seen)
        assert np.allclose(found.positions[row], np.multiply(total, scale), rtol=0, atol=1e-9)
    for k in range(m):
        place = [0.0 if min(m, n) < 2 else math.sqrt(m) * (1 - centre[k]) * found.axes[a, k] for a in (0, 1)]
        assert np.allclose(found.statement_positions[k], place, rtol=0, atol=1e-12)
        assert math.isclose(found.extremity[k], math.hypot(*place), abs_tol=1e-12)


@given(LOGS, OUT)
def test_the_axes_are_those_of_the_full_matrix(log: Log, hidden: set[int]) -> None:
    found, cell = drawn(log, hidden), cells(log)
    n, m = len(found.participants), len(found.statements)
    if min(n, m) < 2:
        return
    full = np.zeros((n, m))
    for row, i in enumerate(found.participants.tolist()):
        for k, j in enumerate(found.statements.tolist()):
            if (i, j) in cell and j not in hidden:
                full[row, k] = cell[i, j] - found.centre[k]
    values = np.linalg.eigvalsh(full.T @ full)[::-1]
    for axis in range(2):
        own = found.axes[axis]
        if values[axis] <= 1e-12 * values[0] or values[0] == 0:
            assert not own.any()
        else:
            assert math.isclose(own @ own, 1, abs_tol=1e-9)
            assert np.allclose(full.T @ (full @ own), values[axis] * own, rtol=0, atol=1e-9 * values[0])
    assert abs(found.axes[0] @ found.axes[1]) < 1e-9


@given(LOGS)
def test_who_is_clustered_is_what_a_loop_finds(log: Log) -> None:
    found = drawn(log)
    cast = {i: sum(ii == i for ii, _j in cells(log)) for i in found.participants.tolist()}
    inside = [i for i in cast if cast[i] >= min(7, len(found.statements))]
    arrival = list(dict.fromkeys(i for i, _j, _v in log))
    others = sorted((i for i in arrival if i not in inside), key=lambda i: -cast[i])
    inside += others[: max(0, 15 - len(inside))]
    assert set(found.participants[found.in_conv].tolist()) == set(inside)
    assert ((found.group >= 0) == found.in_conv).all()
    assert np.array_equal(found.group[found.in_conv], found.group_of_base[found.base[found.in_conv]])


def lloyd(points: list[tuple[float, float]], weights: list[float], k: int, steps: int) -> list[int]:
    """k-means as it was published, one point after the other: the first point of the cluster of each."""
    centres = list(dict.fromkeys(points))[:k]
    members: list[list[int]] = []
    for _step in range(steps):
        members = [[] for _ in centres]
        for p, point in enumerate(points):
            apart = [math.sqrt((point[0] - x) ** 2 + (point[1] - y) ** 2) for x, y in centres]
            members[max(c for c in range(len(centres)) if apart[c] == min(apart))].append(p)
        members = [own for own in members if own]
        before = centres
        centres = []
        for own in members:
            weight = sum(weights[p] for p in own)
            x, y = (sum(weights[p] * points[p][axis] for p in own) / weight for axis in (0, 1))
            centres.append((x, y))
        if all(math.dist(a, b) < 0.01 for a, b in zip(sorted(before), sorted(centres), strict=False)):
            break
    label = [0] * len(points)
    for own in members:
        for p in own:
            label[p] = own[0]
    return label


@given(POINTS, st.integers(1, 8), st.randoms(use_true_random=False))
def test_k_means_is_what_a_loop_finds(points: list[tuple[float, float]], k: int, rng: Any) -> None:
    weights = [float(rng.choice([1, 2, 4])) for _ in points]
    table = np.array(points)
    found = k_means(table, np.array(weights), first_distinct(table, k), 21)
    firsts = [found.label.tolist().index(c) for c in found.label.tolist()]
    assert firsts == lloyd(points, weights, k, 21)


@given(POINTS, st.integers(1, 5))
def test_the_silhouette_is_what_a_loop_finds(points: list[tuple[float, float]], k: int) -> None:
    label = [p % k for p in range(len(points))]
    widths = []
    for p, point in enumerate(points):
        own = [math.dist(point, points[q]) for q in range(len(points)) if q != p and label[q] == label[p]]
        means = []
        for c in set(label) - {label[p]}:
            other = [math.dist(point, points[q]) for q in range(len(points)) if label[q] == c]
            means.append(sum(other) / len(other))
        if not own or not means or max(min(means), sum(own) / len(own)) == 0:
            widths.append(0.0)
        else:
            a, b = sum(own) / len(own), min(means)
            widths.append((b - a) / max(a, b))
    assert math.isclose(
        silhouette(np.array(points), np.array(label)), sum(widths) / len(widths), abs_tol=1e-9
    )


@given(LOGS, OUT)
def test_counts_consensus_and_priorities_are_what_a_loop_finds(log: Log, meta: set[int]) -> None:
    found, cell = drawn(log, meta=meta), cells(log)
    group = dict(zip(found.participants.tolist(), found.group.tolist(), strict=True))
    for k, j in enumerate(found.statements.tolist()):
        agree, disagree, totals = 1.0, 1.0, [0, 0, 0]
        for g in range(found.k):
            own = [v for (i, jj), v in cell.items() if jj == j and group[i] == g]
            counted = (own.count(1), own.count(-1), len(own))
            assert counted == tuple(
                int(part[g, k]) for part in (found.counts.agreed, found.counts.disagreed, found.counts.seen)
            )
            agree *= (counted[0] + 1) / (counted[2] + 2)
            disagree *= (counted[1] + 1) / (counted[2] + 2)
            totals = [t + c for t, c in zip(totals, (own.count(1), own.count(0), len(own)), strict=True)]
        assert math.isclose(found.group_aware_agree[k], agree, rel_tol=1e-12)
        assert math.isclose(found.group_aware_disagree[k], disagree, rel_tol=1e-12)
        a, p = (totals[0] + 1) / (totals[2] + 2), (totals[1] + 1) / (totals[2] + 2)
        wanted = ((1 - p) * (1 + found.extremity[k]) * a * (1 + 8 * 2 ** (-totals[2] / 5))) ** 2
        assert math.isclose(found.priorities[k], 49 if j in meta else wanted, rel_tol=1e-12)


def z_of_one(s: int, n: int) -> float:
    return 2 * math.sqrt(n + 1) * ((s + 1) / (n + 1) - 0.5)


def z_of_two(s: int, n: int, t: int, k: int) -> float:
    pooled = (s + t + 2) / (n + k + 2)
    if pooled == 1:
        return 0.0
    return ((s + 1) / (n + 1) - (t + 1) / (k + 1)) / math.sqrt(
        pooled * (1 - pooled) * (1 / (n + 1) + 1 / (k + 1))
    )


@given(LOGS, OUT)
def test_voices_and_shared_statements_are_what_a_loop_finds(log: Log, hidden: set[int]) -> None:
    found, cell = drawn(log, hidden), cells(log)
    counts = found.counts
    for g, voices in enumerate(found.representative):
        assert 0 <= len(voices) <= 5
        assert [v.agrees for v in voices] == sorted((v.agrees for v in voices), reverse=True)
        named = {voice.statement: voice for voice in voices}
        assert not hidden & named.keys()
        sufficient = []
        for k, j in enumerate(found.statements.tolist()):
            s = int(counts.seen[g, k])
            others = int(counts.seen[:, k].sum()) - s
            tests: dict[bool, tuple[int, float, float, float, float]] = {}
            for agrees, part in ((True, counts.agreed), (False, counts.disagreed)):
                own = int(part[g, k])
                rest = int(part[:, k].sum()) - own
                rate = (own + 1) / (s + 2)
                ratio = rate / ((rest + 1) / (others + 2))
                tests[agrees] = (own, rate, z_of_one(own, s), ratio, z_of_two(own, s, rest, others))
            side = tests[tests[True][4] > tests[False][4]]
            if j not in hidden and any(one[2] > Z90 and one[4] > Z90 for one in tests.values()):
                sufficient.append((side[3] * side[4] * side[1] * side[2], j))
            if j in named:
                voice = named[j]
                assert voice.agrees == (tests[True][4] > tests[False][4])
                assert (voice.success, voice.trials) == (side[0], s)
                stats = (voice.p_success, voice.p_test, voice.repness, voice.repness_test)
                assert np.allclose(stats, side[1:], rtol=1e-9, atol=1e-9)
        extra = [v for v in voices if not v.best_agree]
        if sufficient:
            limit = min((v.metric for v in extra), default=math.inf)
            left = [metric for metric, j in sufficient if j not in named]
            assert not left or (len(voices) == 5 and max(left) <= limit + 1e-5 * abs(limit))
            assert {v.statement for v in extra} <= {j for _metric, j in sufficient}
        else:
            assert len(voices) <= 1
    for value, list_ in ((1, found.consensus_agree), (-1, found.consensus_disagree)):
        good = []
        for j in found.statements.tolist():
            votes = [v for (_i, jj), v in cell.items() if jj == j]
            s, n = votes.count(value), len(votes)
            if j not in hidden and (s + 1) / (n + 2) > 0.5 and z_of_one(s, n) > Z90:
                good.append((-(s + 1) / (n + 2) * z_of_one(s, n), j))
        assert [one.statement for one in list_] == [j for _metric, j in sorted(good)[:5]]


@given(LOGS)
def test_how_central_and_extreme_people_are_is_what_a_loop_finds(log: Log) -> None:
    found = drawn(log)
    places = found.positions.tolist()
    middle = [sum(axis) / len(places) for axis in zip(*places, strict=True)]
    for row, place in enumerate(places):
        assert math.isclose(found.people.centricness[row], 1 - math.dist(place, middle), abs_tol=1e-9)
        g = found.group[row]
        own = [places[r] for r in range(len(places)) if found.group[r] == g]
        mean = [sum(axis) / len(own) for axis in zip(*own, strict=True)]
        away = math.dist(mean, middle)
        if g < 0:
            assert found.people.coreness[row] == found.people.extremeness[row] == 0
            continue
        assert math.isclose(found.people.coreness[row], 1 - math.dist(place, mean), abs_tol=1e-9)
        if away > 1e-6:
            along = sum((place[a] - mean[a]) * (mean[a] - middle[a]) / away for a in (0, 1))
            assert math.isclose(found.people.extremeness[row], along, abs_tol=1e-6)


@given(LOGS, st.integers(1, 9), st.integers(0, 2**32 - 1))
def test_the_kernels_agree(log: Log, k: int, seed: int) -> None:
    votes, rng = Votes.from_log(*columns(log)), np.random.default_rng(seed)
    n, m = votes.shape
    sparse = votes.starts, votes.columns, votes.values, rng.random(m)
    block, axes = rng.standard_normal((m, 4)), rng.standard_normal((m, 2))
    assert np.allclose(fast.gram_times(*sparse, block), plain.gram_times(*sparse, block), atol=1e-9)
    assert np.allclose(fast.project(*sparse, axes), plain.project(*sparse, axes), atol=1e-9)
    points = rng.integers(-3, 4, (n, 2)).astype(float)  # on a grid, so that distances tie
    centres, weights = rng.integers(-3, 4, (k, 2)).astype(float), rng.random(n)
    guess = rng.integers(0, k, n)
    one = fast.nearest_centres(points, weights, centres, guess)
    other = plain.nearest_centres(points, weights, centres, guess)
    assert one[0].tolist() == other[0].tolist()
    assert np.allclose(one[1], other[1], atol=1e-9)


def test_many_points_find_their_centres_with_either_kernel() -> None:
    rng = np.random.default_rng(2)
    points, centres = rng.integers(-50, 50, (80_000, 2)) / 4, rng.integers(-50, 50, (70, 2)) / 4
    weights, guess = np.ones(len(points)), np.zeros(len(points), np.int64)
    one = fast.nearest_centres(points, weights, centres, guess)
    other = plain.nearest_centres(points, weights, centres, guess)
    assert one[0].tolist() == other[0].tolist()
    assert np.allclose(one[1], other[1], atol=1e-6)


def numbers(value: Any) -> list[float]:
    if is_dataclass(value):
        return [one for field in fields(value) for one in numbers(getattr(value, field.name))]
    if isinstance(value, dict):
        return numbers(list(value.values()))
    if isinstance(value, list | tuple):
        return [one for part in value for one in numbers(part)]
    if isinstance(value, np.ndarray):
        return [float(one) for one in value.ravel()]
    return [float(value)]


@pytest.mark.parametrize(
    ("log", "hidden"),
    [
        ([], set()),
        ([(1, 1, 1)], set()),
        ([(1, j, (-1) ** j) for j in range(20)], set()),
        ([(1, j, 0) for j in range(20)], set()),
        ([(i, 0, (-1) ** i) for i in range(30)], set()),
        ([(i, j, 1) for i in range(30) for j in range(9)], set()),
        ([(i, j, (-1) ** j) for i in range(30) for j in range(9)], set()),
        ([(i, j, 0) for i in range(30) for j in range(9)], set()),
        ([(i, j, (-1) ** (i // (j + 1))) for i in range(30) for j in range(9)], set(range(9))),
        ([(i, j, (-1) ** (i // (j + 1))) for i in range(30) for j in range(9)], set(range(8))),
        ([(i, i, 1) for i in range(300)], set()),
        ([(2**62, 2**61, 1), (5, 2**61, -1), (5, 7, 1)], {2**61}),
    ],
    ids=[
        "nothing",
        "one vote",
        "one participant",
        "one who passes",
        "one statement",
        "all agree",
        "all alike",
        "all pass",
        "all hidden",
        "all but one hidden",
        "nobody meets",
        "huge ids",
    ],
)
def test_conversations_at_the_edge_have_a_map_of_finite_numbers(log: Log, hidden: set[int]) -> None:
    with warnings.catch_warnings(), np.errstate(all="raise", under="ignore"):
        warnings.simplefilter("error")
        found = drawn(log, hidden)
        replayed = polis_replay(*columns(log), every=7, hidden=hidden)
    for one in (found, replayed):
        assert all(math.isfinite(number) for number in numbers(one))
        assert (one.group < max(one.k, 1)).all()


@settings(max_examples=30)
@given(LOGS, OUT, st.integers(5, 60))
def test_any_history_has_a_map_of_finite_numbers(log: Log, hidden: set[int], every: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = polis_replay(*columns(log), every=every, hidden=hidden)
    assert all(math.isfinite(number) for number in numbers(found))


def test_the_order_of_arrival_is_that_of_first_votes() -> None:
    assert by_first_vote([7, 3, 7, 9, 3, 1]).tolist() == [2, 1, 3, 0]
    assert by_first_vote([]).tolist() == []
