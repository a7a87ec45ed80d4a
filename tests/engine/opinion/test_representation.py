"""Weights against the margins they must meet, and the groups as who came and as weighted."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from camphor.engine.opinion.representation import (
    EVERYBODY,
    Dimension,
    Weights,
    compare,
    effective_size,
    rake,
)
from camphor.engine.opinion.votes import Floats, Ints, Votes

NO_CAP = float("inf")


@st.composite
def feasible(draw: st.DrawFn) -> list[Dimension]:
    """Two or three dimensions whose shares some positive weights of these participants do meet."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    people, dimensions = draw(st.integers(1, 60)), draw(st.integers(1, 3))
    truth = rng.uniform(0.5, 2, people)
    found = []
    for name in ("age", "district", "tenure")[:dimensions]:
        cell = rng.integers(0, draw(st.integers(1, 5)), people)
        found.append(Dimension(name, cell, np.bincount(cell, weights=truth)))
    return found


def test_one_dimension_is_population_share_over_sample_share() -> None:
    weighed = rake([Dimension("age", [0, 0, 0, 1], [1, 1])])
    assert weighed.weights == pytest.approx([2 / 3, 2 / 3, 2 / 3, 2])
    assert weighed.effective == pytest.approx(16 / (4 / 9 * 3 + 4))
    assert weighed.design_effect == pytest.approx(4 / weighed.effective)
    assert weighed.largest == pytest.approx(2)
    assert weighed.smallest == pytest.approx(2 / 3)


@given(feasible())
def test_margins_are_met_where_they_can_be_and_the_weights_sum_to_n(dimensions: list[Dimension]) -> None:
    weighed = rake(dimensions, at_most=NO_CAP)
    assert weighed.weights.sum() == pytest.approx(len(weighed.weights), rel=1e-9)
    for dimension in dimensions:
        shares = np.asarray(dimension.shares)
        met = np.bincount(np.asarray(dimension.cell), weights=weighed.weights, minlength=len(shares))
        assert met / met.sum() == pytest.approx(shares / shares.sum(), abs=1e-9)
    assert max(weighed.missed) <= 1e-9


@given(feasible())
def test_raking_is_the_product_of_a_factor_for_each_cell(dimensions: list[Dimension]) -> None:
    """Together with the margins this makes it the one solution nearest to equal weights (Csiszár 1975)."""
    weighed = rake(dimensions, at_most=NO_CAP)
    cells = [np.asarray(one.cell) for one in dimensions]
    design = np.column_stack([cell[:, None] == np.arange(cell.max() + 1) for cell in cells]).astype(float)
    factors = np.linalg.lstsq(design, np.log(weighed.weights), rcond=None)[0]
    assert design @ factors == pytest.approx(np.log(weighed.weights), abs=1e-6)


@given(feasible(), st.floats(1e-6, 1e6), st.randoms())
def test_neither_the_unit_of_shares_nor_the_order_of_people_matters(
    dimensions: list[Dimension], unit: float, random: Any
) -> None:
    order = list(range(len(np.asarray(dimensions[0].cell))))
    random.shuffle(order)
    moved = [
        Dimension(one.name, np.asarray(one.cell)[order], np.asarray(one.shares) * unit) for one in dimensions
    ]
    assert rake(moved).weights == pytest.approx(rake(dimensions).weights[order], abs=1e-6)


@given(feasible(), st.sampled_from([1.05, 1.2, 1.5, 3.0]))
def test_nobody_weighs_more_than_the_cap_and_what_that_costs_is_told(
    dimensions: list[Dimension], at_most: float
) -> None:
    weighed = rake(dimensions, at_most=at_most)
    assert weighed.largest <= at_most
    people = len(weighed.weights)
    for dimension, missed in zip(dimensions, weighed.missed, strict=True):
        shares = np.asarray(dimension.shares)
        met = np.bincount(np.asarray(dimension.cell), weights=weighed.weights, minlength=len(shares)) / people
        assert np.abs(met - shares / shares.sum()).max() == pytest.approx(missed, abs=1e-9)
    plain = rake(dimensions, at_most=NO_CAP)
    if plain.largest <= at_most:
        assert (weighed.weights == plain.weights).all()


def test_a_cap_within_reach_meets_the_margins_all_the_same() -> None:
    """The one of the small joint cell would weigh more; others of his band and district take it over."""
    age, district = [0] * 11 + [1] * 9, [0] * 10 + [1] * 1 + [0] * 3 + [1] * 6
    dimensions = [Dimension("age", age, [1, 1]), Dimension("district", district, [1, 2])]
    plain = rake(dimensions, at_most=NO_CAP)
    assert plain.largest > 4
    capped = rake(dimensions, at_most=3.8)
    assert capped.largest == 3.8
    assert max(capped.missed) <= 1e-9
    assert capped.capped == 1
    assert capped.weights.sum() == pytest.approx(20)


def test_a_cell_out_of_reach_stands_at_the_cap_and_the_others_share_the_rest() -> None:
    weighed = rake([Dimension("age", [0] * 6 + [1] * 3 + [2], [1, 1, 8])], at_most=4)
    assert weighed.weights[-1] == 4
    assert np.bincount([0] * 6 + [1] * 3, weights=weighed.weights[:-1]) == pytest.approx([3, 3])
    assert weighed.weights.sum() == pytest.approx(10)
    assert list(weighed.missed) == pytest.approx([0.4])


def test_unknowns_keep_the_average_weight() -> None:
    weighed = rake([Dimension("age", [0, 0, 0, 1, -1, -1], [1, 1])])
    assert weighed.weights == pytest.approx([2 / 3, 2 / 3, 2 / 3, 2, 1, 1])
    nobody_known = rake([Dimension("age", [-1, -1], [1, 1])])
    assert nobody_known.weights.tolist() == [1, 1]
    assert [one.cell for one in nobody_known.empty] == [0, 1]


@given(feasible(), st.lists(st.booleans(), min_size=60, max_size=60))
def test_unknowns_of_a_dimension_weigh_one_on_average(dimensions: list[Dimension], known: list[bool]) -> None:
    first = dimensions[0]
    cell = np.where(known[: len(np.asarray(first.cell))], first.cell, -1)
    assume((cell < 0).any())
    weighed = rake([Dimension(first.name, cell, first.shares)], at_most=NO_CAP)
    assert weighed.weights[cell < 0].mean() == pytest.approx(1)
    assert weighed.weights.mean() == pytest.approx(1)


def test_a_cell_without_anybody_is_named_and_the_others_are_met_in_proportion() -> None:
    weighed = rake([Dimension("age", [0, 0, 0, 1], [1, 1, 2])])
    assert [(one.dimension, one.cell, one.population) for one in weighed.empty] == [("age", 2, 0.5)]
    assert weighed.weights == pytest.approx([2 / 3, 2 / 3, 2 / 3, 2])


def test_a_cell_in_which_nobody_lives_has_no_weight_and_is_named() -> None:
    weighed = rake([Dimension("age", [0, 0, 1], [1, 0])])
    assert weighed.weights.tolist() == [1.5, 1.5, 0]
    assert [one.cell for one in weighed.excluded] == [1]


def test_a_cell_too_small_to_speak_is_named_with_its_effective_size() -> None:
    weighed = rake([Dimension("age", [0] * 60 + [1] * 20, [1, 1])])
    assert [(one.cell, one.count) for one in weighed.small] == [(1, 20)]
    assert weighed.small[0].effective == pytest.approx(20)
    assert rake([Dimension("age", [0] * 60 + [1] * 20, [1, 1])], least=10).small == ()


def test_the_cells_tell_who_came_and_who_is_spoken_for() -> None:
    cells = rake([Dimension("age", [0, 0, 0, 1, -1], [3, 1, 0])]).cells
    assert [one.population for one in cells] == [0.75, 0.25, 0]
    assert [one.came for one in cells] == [0.75, 0.25, 0]
    assert [one.weighted for one in cells] == pytest.approx([0.75, 0.25, 0])
    assert [one.count for one in cells] == [3, 1, 0]


@given(st.lists(st.floats(0, 1e200), min_size=1, max_size=30))
def test_the_effective_size_is_that_of_all_only_where_all_weigh_the_same(weights: list[float]) -> None:
    effective = effective_size(np.array(weights))
    assert 0 <= effective <= len(weights)
    equal = max(weights) == min(weights) > 0
    if equal:
        assert effective == pytest.approx(len(weights))
    elif max(weights) > min(weights) * 1.001:
        assert effective < len(weights)
    whole = [Fraction(one) for one in weights]
    if any(whole) and min(one for one in weights if one) > 1e-100:
        assert effective == pytest.approx(float(sum(whole) ** 2 / sum(one**2 for one in whole)))


def test_nobody_came() -> None:
    weighed = rake([Dimension("age", [], [1, 2])])
    assert (len(weighed.weights), weighed.effective, weighed.design_effect) == (0, 0, 1)
    assert [one.cell for one in weighed.empty] == [0, 1]


@pytest.mark.parametrize(
    ("dimensions", "told"),
    [
        ([], "at least one dimension"),
        ([Dimension("age", [0], [-1, 2])], "age: shares"),
        ([Dimension("age", [0], [0, 0])], "age: shares"),
        ([Dimension("age", [0], [])], "age: shares"),
        ([Dimension("age", [0], [float("nan"), 1])], "age: shares"),
        ([Dimension("age", [0], [float("inf"), 1])], "age: shares"),
        ([Dimension("age", [2], [1, 1])], "age: cells"),
        ([Dimension("age", [-2], [1, 1])], "age: cells"),
        ([Dimension("age", [0.5], [1, 1])], "age: a cell"),
        ([Dimension("age", [float("nan")], [1, 1])], "age: a cell"),
        ([Dimension("age", [0], [1]), Dimension("district", [0, 0], [1])], "the same participants"),
        ([Dimension("age", [1, 1], [1, 0])], "nobody lives"),
        (
            [Dimension("age", [0, 1], [1, 2]), Dimension("district", [0, 1], [1, 1])],
            "age and district together",
        ),
    ],
)
def test_bad_shares_and_cells_are_told(dimensions: list[Dimension], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        rake(dimensions)


@pytest.mark.parametrize("at_most", [1, 0, -1, float("nan")])
def test_a_cap_that_forbids_the_average_is_told(at_most: float) -> None:
    with pytest.raises(ValueError, match="largest weight"):
        rake([Dimension("age", [0, 1], [1, 1])], at_most=at_most)


LOGS = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 5), st.sampled_from([-1, 0, 1])), min_size=1, max_size=40
)


def votes_of(log: list[tuple[int, int, int]]) -> Votes:
    who, what, how = zip(*log, strict=True)
    return Votes.from_log(who, what, how)


def shares_in_a_loop(votes: Votes, label: Ints, weights: Floats, group: int, side: int) -> list[float]:
    found = []
    for statement in range(votes.shape[1]):
        said = asked = 0.0
        for row, column, value in zip(votes.rows, votes.columns, votes.values, strict=True):
            if column == statement and group in (EVERYBODY, label[row]):
                asked += weights[row]
                said += weights[row] * (value == side)
        found.append(said / asked if asked else 0.5)
    return found


@given(LOGS, st.integers(0, 2**32))
def test_every_share_is_that_of_a_plain_loop(log: list[tuple[int, int, int]], seed: int) -> None:
    votes, rng = votes_of(log), np.random.default_rng(seed)
    label, weights = rng.integers(-1, 3, votes.shape[0]), rng.uniform(0.2, 3, votes.shape[0])
    found = compare(label, weights, votes, groups=3)
    for standing, each in ((found.came, np.ones(len(weights))), (found.weighted, weights)):
        for row, group in enumerate([0, 1, 2, EVERYBODY]):
            assert standing.agree.share[row] == pytest.approx(shares_in_a_loop(votes, label, each, group, 1))
            assert standing.disagree.share[row] == pytest.approx(
                shares_in_a_loop(votes, label, each, group, -1)
            )
            mine = each if group == EVERYBODY else each[label == group]
            assert standing.effective[row] == pytest.approx(effective_size(mine))
            assert (standing.seen[row] <= standing.effective[row].max(initial=len(mine)) + 1e-9).all()
        for part in (standing.agree, standing.disagree, standing.size):
            assert (part.low <= part.share).all() and (part.share <= part.high).all()
            assert (part.low >= 0).all() and (part.high <= 1).all()


@given(LOGS, st.integers(0, 2**32), st.floats(0.01, 100))
def test_weights_of_one_change_nothing_whatever_their_unit(
    log: list[tuple[int, int, int]], seed: int, unit: float
) -> None:
    votes = votes_of(log)
    label = np.random.default_rng(seed).integers(-1, 2, votes.shape[0])
    found = compare(label, np.full(votes.shape[0], unit), votes, groups=2)
    assert found.turned == ()
    assert (found.came.agree.share == found.weighted.agree.share).all()
    assert (found.came.agree.low == found.weighted.agree.low).all()
    assert (found.came.size.share == found.weighted.size.share).all()
    assert (found.came.effective == found.weighted.effective).all()


@given(LOGS, st.integers(0, 2**32))
def test_to_name_the_participants_otherwise_changes_nothing(
    log: list[tuple[int, int, int]], seed: int
) -> None:
    votes, rng = votes_of(log), np.random.default_rng(seed)
    label, weights = rng.integers(-1, 2, votes.shape[0]), rng.uniform(0.5, 2, votes.shape[0])
    other = Votes.from_log(-votes.participants[votes.rows], votes.statements[votes.columns], votes.values)
    first, second = (
        compare(label, weights, votes, groups=2),
        compare(label[::-1], weights[::-1], other, groups=2),
    )
    assert first.weighted.agree.share == pytest.approx(second.weighted.agree.share)
    assert first.turned == second.turned


def young_and_old(young: int, old: int) -> tuple[Votes, Ints, Weights]:
    """The young agree with the first statement, the old do not; both agree with the second."""
    people = young + old
    first = [1] * young + [-1] * old
    votes = Votes.from_log(list(range(people)) * 2, [0] * people + [1] * people, first + [1] * people)
    band = np.repeat([0, 1], [young, old])
    return votes, band, rake([Dimension("age", band, [1, 2])])


def test_a_majority_of_those_who_came_turns_when_the_absent_are_weighted_in() -> None:
    votes, band, weighed = young_and_old(120, 80)
    found = compare(band, weighed.weights, votes)
    turned = found.turned[0]
    assert (turned.statement, turned.group, turned.came, turned.weighted, turned.firm) == (
        0,
        EVERYBODY,
        1,
        -1,
        True,
    )
    assert len(found.turned) == 1
    assert found.came.size.share == pytest.approx([0.6, 0.4])
    assert found.weighted.size.share == pytest.approx([1 / 3, 2 / 3])
    assert found.weighted.agree.share[-1] == pytest.approx([1 / 3, 1])
    assert found.small == ()


def test_of_few_the_turn_is_not_firm_and_they_are_too_small_to_speak() -> None:
    votes, band, weighed = young_and_old(6, 4)
    found = compare(band, weighed.weights, votes)
    assert [one.firm for one in found.turned] == [False]
    assert found.small == (EVERYBODY, 0, 1)


def test_an_interval_is_that_of_the_beta_distribution_of_jeffreys() -> None:
    """5 of 10: the 5 % point of Beta(5.5, 5.5) is 0.2601 (Brown, Cai and DasGupta 2001, formula 6)."""
    votes = Votes.from_log(range(10), [0] * 10, [1] * 5 + [-1] * 5)
    agree = compare([0] * 10, [1] * 10, votes).came.agree
    draws = np.random.default_rng(1).beta(5.5, 5.5, 400_000)
    assert agree.low[0, 0] == pytest.approx(np.quantile(draws, 0.05), abs=2e-3)
    assert agree.high[0, 0] == pytest.approx(np.quantile(draws, 0.95), abs=2e-3)


def test_an_empty_conversation_and_an_empty_group_are_compared_without_trouble() -> None:
    nobody = compare([], [], Votes.nobody(), groups=2)
    assert nobody.came.size.share.tolist() == [0.5, 0.5]
    assert nobody.came.agree.share.shape == (3, 0)
    assert nobody.small == (EVERYBODY, 0, 1)
    votes = Votes.from_log([1], [1], [1])
    alone = compare([0], [1.0], votes, groups=2)
    assert alone.came.agree.share.tolist() == [[1], [0.5], [1]]
    assert alone.came.agree.low[1].tolist() == [0]


@pytest.mark.parametrize(
    ("label", "weights", "more", "told"),
    [
        ([0], [1, 1], {}, "has the whole number"),
        ([0.5, 0], [1, 1], {}, "has the whole number"),
        ([0, -2], [1, 1], {}, "numbered from"),
        ([0, 2], [1, 1], {"groups": 2}, "numbered from"),
        ([0, 0], [1], {}, "has a weight"),
        ([0, 0], [1, -1], {}, "has a weight"),
        ([0, 0], [1, float("nan")], {}, "has a weight"),
        ([0, 0], [0, 0], {}, "all weights are zero"),
        ([0, 0], [1, 1], {"level": 1.0}, "the level"),
    ],
)
def test_bad_labels_and_weights_are_told(label: Any, weights: Any, more: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        compare(label, weights, Votes.from_log([1, 2], [1, 1], [1, 1]), **more)
