"""The opinion map as a whole: what must hold for any votes, and what is found in those that were planted."""

from __future__ import annotations

import json
import math
import warnings
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from camphor.engine.opinion import FEWEST_PLACED, OpinionMap, Votes, draw_map, members
from camphor.engine.opinion.learning import learn
from camphor.engine.opinion.memory import Memory
from camphor.engine.opinion.sampling import chosen, scattered
from camphor.engine.opinion.scoring import score
from tests.engine.opinion.logs import (
    LOGS,
    REAL,
    Log,
    adjusted_rand,
    continuum,
    groups_of,
    needs_real,
    numbers,
    partition,
    planted,
    published_groups,
    real_votes,
    votes_of,
)


@given(LOGS)
@settings(deadline=None, max_examples=60)
def test_every_number_of_a_map_is_finite_and_it_survives_json(log: Log) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
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
        [(i, j, 0) for i in range(30) for j in range(9)],
        [(i, j, (-1) ** j) for i in range(30) for j in range(9)],
        [(1, j, 0) for j in range(2_000)],
        [(2**62, 2**61, 1)],
        [(i, i, 1 if i % 2 else -1) for i in range(2_000)],
    ],
    ids=["nothing", "one vote", "one statement", "all agree", "all pass", "all alike", "one who passes",
         "huge ids", "one vote each"],
)  # fmt: skip
def test_odd_conversations_have_a_map_without_invented_groups(log: Log) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawn = draw_map(votes_of(log))
        again = draw_map(votes_of(log), before=drawn)
    for one in (drawn, again):
        assert len(one.groups) <= 1 and not one.evidence.separate
        assert all(math.isfinite(number) for number in numbers(one.to_json()))


def test_where_all_agree_all_share_it() -> None:
    drawn = draw_map(votes_of([(i, j, 1) for i in range(30) for j in range(9)]))
    assert [said.statement for said in drawn.shared] == list(range(9))
    assert [group.size for group in drawn.groups] == [30]


@pytest.mark.parametrize("camps", [2, 3])
@pytest.mark.parametrize("density", [0.4, 0.9])
def test_planted_camps_are_found(camps: int, density: float) -> None:
    log = planted(90, 36, camps=camps, density=density)
    drawn = draw_map(votes_of(log))
    found = groups_of(log, drawn)
    assert drawn.evidence.separate and len(drawn.groups) == camps and drawn.placed > 80
    assert adjusted_rand(list(found.values()), [i % camps for i in found]) > 0.95


def test_camps_that_agree_with_everything_and_with_nothing_are_camps() -> None:
    rng = Random(8)
    log = [
        (i, j, (1 if i % 2 else -1) * (1 if rng.random() < 0.9 else -1))
        for i in range(80)
        for j in range(20)
        if rng.random() < 0.6
    ]
    drawn = draw_map(votes_of(log))
    found = groups_of(log, drawn)
    assert drawn.evidence.separate
    assert adjusted_rand(list(found.values()), [i % 2 for i in found]) > 0.95


@pytest.mark.parametrize("seed", [0, 2])
@pytest.mark.parametrize("shape", ["normal", "disc", "skewed"])
@pytest.mark.parametrize("people", [300, 1500])
def test_a_continuum_is_shown_as_regions_and_never_called_groups(people: int, shape: str, seed: int) -> None:
    drawn = draw_map(continuum(people, 80, seed=seed, mean_votes=40, shape=shape))
    assert not drawn.evidence.separate
    assert drawn.evidence.chances[0] > 0.25
    assert len(drawn.groups) <= 2


def test_what_all_share_and_what_divides_is_told_apart() -> None:
    drawn = draw_map(votes_of(planted(80, 24, camps=2)))
    shared, divides = ({one.statement for one in labels} for labels in (drawn.shared, drawn.dividing))
    assert {j for j in range(24) if j % 4 == 0} <= shared
    assert not shared & divides
    assert divides >= {1, 3, 5}
    assert {bridge.statement for bridge in drawn.bridging} <= shared


def test_the_counts_of_groups_whose_members_are_sure_are_those_of_their_members() -> None:
    log = planted(60, 40, camps=2, density=1.0)
    drawn = draw_map(votes_of(log))
    group, cell = groups_of(log, drawn), {(i, j): v for i, j, v in log}
    for row in drawn.counted:
        for letter, counted in zip((one.letter for one in drawn.groups), row.groups, strict=True):
            own = [v for (i, j), v in cell.items() if j == row.statement and group.get(i) == letter]
            assert (counted.agreed, counted.disagreed, counted.seen) == (
                own.count(1),
                own.count(-1),
                len(own),
            )
            assert counted.agree.low <= counted.agree.mean <= counted.agree.high


def test_too_few_people_form_no_group() -> None:
    drawn = draw_map(votes_of(planted(FEWEST_PLACED - 1, 20, camps=2)))
    assert drawn.groups == () and drawn.cells == ()


def test_who_has_hardly_voted_is_counted_and_shown_but_in_no_group() -> None:
    log = [*planted(40, 20, camps=2, density=1.0), (99, 0, 1)]
    drawn = draw_map(votes_of(log))
    assert 99 not in groups_of(log, drawn)
    assert (drawn.participants, drawn.placed) == (41, 40)
    assert sum(cell.count for cell in drawn.cells if cell.group == -1) == 1


@given(st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=10)
def test_the_order_of_votes_changes_nothing(rng: Random) -> None:
    log = planted(40, 16, camps=2)
    shuffled = rng.sample(log, len(log))
    assert draw_map(votes_of(shuffled)) == draw_map(votes_of(log))


def test_other_names_for_people_and_statements_change_nothing_but_names() -> None:
    log = planted(40, 16, camps=2)
    other = [(1000 - i, 500 - j, v) for i, j, v in log]
    here, there = draw_map(votes_of(log)), draw_map(votes_of(other))
    groups = partition(groups_of(other, there))
    assert {frozenset(1000 - i for i in group) for group in groups} == partition(groups_of(log, here))
    assert {500 - said.statement for said in there.shared} == {said.statement for said in here.shared}
    assert {said.flips for said in there.shared} == {said.flips for said in here.shared}


def test_everybody_twice_is_the_same_opinion() -> None:
    log = planted(60, 16, camps=2)
    twice = log + [(i + 1000, j, v) for i, j, v in log]
    once, double = draw_map(votes_of(log)), draw_map(votes_of(twice))
    first, second = (np.array([[row.x, row.y] for row in drawn.counted]) for drawn in (once, double))
    assert abs(np.corrcoef(first[:, 0], second[:, 0])[0, 1]) > 0.99
    assert {said.statement for said in once.shared} <= {said.statement for said in double.shared}
    found = groups_of(twice, double)
    assert all(found[i] == found[i + 1000] for i in range(60) if i in found)


def test_everybody_turned_round_turns_agreement_round() -> None:
    log = planted(40, 16, camps=2)
    back = [(i, j, -v) for i, j, v in log]
    here, there = draw_map(votes_of(log)), draw_map(votes_of(back))
    assert partition(groups_of(log, here)) == partition(groups_of(back, there))
    assert {(s.statement, s.agrees, s.flips) for s in here.shared} == {
        (s.statement, not s.agrees, s.flips) for s in there.shared
    }


def test_from_one_map_to_the_next_letters_and_axes_stay() -> None:
    log = planted(60, 20, camps=2)
    before = draw_map(votes_of(log))
    more = [(1000 + n, j, -1 if n % 2 else 1) for n in range(30) for j in range(20)]
    after = draw_map(votes_of(log + more), before=before)
    earlier, now = groups_of(log, before), groups_of(log + more, after)
    assert np.mean([now.get(i) == letter for i, letter in earlier.items()]) > 0.9
    first, second = (np.array([row.x for row in drawn.counted]) for drawn in (before, after))
    assert np.corrcoef(first, second)[0, 1] > 0.8


def test_letters_follow_people_and_not_the_size_of_their_group() -> None:
    log = planted(60, 20, camps=2)
    before = draw_map(votes_of(log))
    smaller = before.groups[-1].letter
    like = next(i for i, letter in groups_of(log, before).items() if letter == smaller)
    alike = planted(80, 20, camps=2, seed=4)
    crowd = [(5000 + i, j, v) for i, j, v in alike if i % 2 == like % 2]
    after = draw_map(votes_of(log + crowd), before=before)
    assert groups_of(log + crowd, after)[like] == smaller
    assert after.groups[-1].size > after.groups[0].size


def test_a_new_group_gets_a_new_letter_and_the_others_keep_theirs() -> None:
    two = planted(60, 36, camps=2)
    before = draw_map(votes_of(two))
    rng = Random(3)
    other = [
        (2000 + n, j, (1 if j % 3 == 0 else -1) * (1 if rng.random() < 0.9 else -1))
        for n in range(40)
        for j in range(36)
    ]
    after = draw_map(votes_of(two + other), before=before)
    letters = [group.letter for group in after.groups]
    assert letters == sorted(letters) and letters[:2] == ["A", "B"] and len(letters) == 3
    now, earlier = groups_of(two + other, after), groups_of(two, before)
    assert np.mean([now.get(i) == letter for i, letter in earlier.items()]) > 0.9


def test_a_hidden_statement_influences_nothing() -> None:
    log = planted(40, 16, camps=2)
    loud = log + [(i, 99, 1 if i < 20 else -1) for i in range(40)]
    assert draw_map(votes_of(loud), hidden=[99]) == draw_map(votes_of(log))


def test_what_is_published_names_no_participant_and_what_is_remembered_only_the_newest() -> None:
    drawn = draw_map(votes_of([(i + 5_000_000, j, v) for i, j, v in planted(40, 16, camps=2)]))
    named = [one for one in numbers(drawn.to_json()) if 5_000_000 <= one < 5_000_040]
    assert named == [drawn.memory["newest"]]
    assert "memory" not in drawn.to_json(public=True)
    assert sum(cell.count for cell in drawn.cells) == drawn.participants


@given(st.integers(2, 6))
@settings(deadline=None, max_examples=5)
def test_shards_add_up(parts: int) -> None:
    votes = votes_of(planted(80, 20, camps=2))
    memory = learn(votes).memory
    whole = score(votes, memory)
    each = [votes.of_participants(np.flatnonzero(votes.participants % parts == k)) for k in range(parts)]
    total = score(each[0], memory)
    for shard in each[1:]:
        total = total + score(shard, memory)
    for name in ("participants", "votes", "everybody", "groups", "sizes", "spots"):
        assert np.array_equal(getattr(total, name), getattr(whole, name))
    assert np.allclose(total.middle, whole.middle, atol=1e-9)


def test_who_is_chosen_follows_from_ids_alone() -> None:
    ids = np.arange(10_000, dtype=np.int64) * 7
    few = set(ids[chosen(ids, 500)].tolist())
    rest = ids[ids % 2 == 0]
    assert len(few) == 500
    highest = max(scattered(np.array(sorted(few))))
    assert {one for one in few if one % 2 == 0} == set(rest[scattered(rest) <= highest].tolist())
    assert 200 < sum(one % 2 == 0 for one in few) < 300


def test_what_is_remembered_places_people_as_the_map_did() -> None:
    log = planted(60, 20, camps=2)
    drawn = draw_map(votes_of(log))
    memory = Memory.from_json(json.loads(json.dumps(drawn.memory)))
    assert memory is not None
    placed = members(votes_of(log), drawn)
    assert [int((placed.label == g).sum()) for g in range(2)] == [group.size for group in drawn.groups]
    assert np.allclose(placed.chance.sum(axis=1), 1)


def test_a_new_statement_is_no_reason_to_move_anybody() -> None:
    log = planted(60, 20, camps=2)
    before = draw_map(votes_of(log))
    extra = Votes.from_log([1, 2], [500, 500], [1, -1])
    assert members(extra, before).label.tolist() == [-1, -1]


@needs_real
@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("austria-climate.5twd2jsnkf.2022-08-08", 0.45),
        ("ssis.land-bank-farmland.2rumnecbeh.2021-08-01", 0.5),
        ("vtaiwan.uberx", 0.45),
    ],
)
def test_real_groups_are_much_those_that_polis_published(name: str, least: float) -> None:
    votes = real_votes(name)
    drawn = draw_map(votes)
    label = members(votes, drawn).label
    published = published_groups(REAL / name)
    both = [
        (int(label[k]), published[int(one)])
        for k, one in enumerate(votes.participants)
        if label[k] >= 0 and int(one) in published
    ][:700]  # pairs grow with the square
    assert adjusted_rand([mine for mine, _theirs in both], [theirs for _mine, theirs in both]) >= least


@needs_real
def test_a_map_of_a_real_conversation_has_no_loose_end() -> None:
    for folder in sorted(REAL.iterdir()):
        if not (folder / "comments.csv").exists():
            continue
        votes = real_votes(folder.name)
        drawn = draw_map(votes)
        assert all(math.isfinite(one) for one in numbers(drawn.to_json())), folder.name
        assert {said.statement for said in drawn.shared}.isdisjoint(
            {divides.statement for divides in drawn.dividing}
        ), folder.name
        assert drawn.participants == len(votes.participants)


@given(LOGS)
@settings(deadline=None, max_examples=40)
def test_the_published_recipe_has_a_map_of_the_same_shape(log: Log) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawn = draw_map(votes_of(log), recipe="polis")
    assert all(math.isfinite(one) for one in numbers(drawn.to_json()))
    assert OpinionMap.from_json(json.loads(json.dumps(drawn.to_json()))) == drawn
    assert drawn.participants == len({i for i, _j, _v in log})
    for row in drawn.counted:
        assert row.all.agree.mean == pytest.approx((row.all.agreed + 1) / (row.all.seen + 2), abs=1e-4)


def test_an_unknown_recipe_is_refused() -> None:
    with pytest.raises(ValueError, match="polis"):
        draw_map(votes_of([(1, 1, 1)]), recipe="pizza")
