"""Labels need a threshold and a margin, and tell exactly how many changed votes would take them away."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from camphor.engine.opinion.labels import SHARED_BY, SURE, WIDE_GAP, Label, dividing, shared, speaking
from camphor.engine.opinion.rates import PRIOR_VOTES, Rates
from camphor.engine.opinion.votes import Floats

COUNTS = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 8)), min_size=2, max_size=4
)


def sides_of(counts: list[tuple[int, int, int]], expected: float = 0.5) -> tuple[Rates, Rates]:
    """Rates of one statement, from (agreed, disagreed, passed) of each group."""
    agreed, disagreed, passed = (np.array([[float(row[k])] for row in counts]) for k in range(3))
    seen = agreed + disagreed + passed
    even = np.full_like(seen, expected)
    return Rates(agreed, seen, even), Rates(disagreed, seen, even)


def changed(
    counts: list[tuple[int, int, int]], group: int, agrees: bool, by: int
) -> list[tuple[int, int, int]]:
    """`by` votes of a group turned from the one side to the other (to disagreeing, where `agrees`)."""
    turned = list(counts)
    a, d, p = turned[group]
    turned[group] = (a - by, d + by, p) if agrees else (a + by, d - by, p)
    return turned


def test_a_rate_is_the_mean_of_its_distribution_and_lies_in_its_interval() -> None:
    agree, _disagree = sides_of([(7, 2, 1), (0, 0, 0), (40, 0, 0)])
    low, high = agree.interval()
    for g in range(3):
        beta = stats.beta(agree.alpha[g, 0], agree.beta[g, 0])
        assert math.isclose(agree.mean[g, 0], beta.mean())
        assert math.isclose(agree.variance[g, 0], beta.var())
        assert np.allclose((low[g, 0], high[g, 0]), beta.interval(0.9))
        assert math.isclose(agree.above_half()[g, 0], beta.sf(0.5), abs_tol=1e-12)


def test_without_votes_a_group_says_what_is_expected_of_it() -> None:
    agree, _disagree = sides_of([(0, 0, 0)], expected=0.8)
    assert agree.mean[0, 0] == pytest.approx(0.8)


@given(COUNTS)
@settings(deadline=None, max_examples=60)
def test_what_is_shared_meets_the_threshold_in_every_group(counts: list[tuple[int, int, int]]) -> None:
    sides = sides_of(counts)
    labels = {label.agrees: label for label in shared(sides)}
    for agrees, rates in zip((True, False), sides, strict=True):
        held = (
            rates.mean.min() >= SHARED_BY
            and float(np.prod(rates.above_half())) >= SURE
            and rates.seen.min() >= 3
        )
        assert (agrees in labels) == held


@given(COUNTS)
@settings(deadline=None, max_examples=60)
def test_the_margin_of_a_shared_statement_is_the_fewest_votes_that_end_it(
    counts: list[tuple[int, int, int]],
) -> None:
    for label in shared(sides_of(counts)):
        fewest = math.inf
        for group in range(len(counts)):
            most = counts[group][0 if label.agrees else 1]
            for by in range(1, most + 1):
                after = shared(sides_of(changed(counts, group, label.agrees, by)))
                if label.agrees not in {other.agrees for other in after}:
                    fewest = min(fewest, by)
                    break
        assert label.flips == (fewest if fewest < math.inf else 1_000_000)


@given(COUNTS)
@settings(deadline=None, max_examples=80)
def test_what_divides_has_a_group_on_either_side_of_a_half(counts: list[tuple[int, int, int]]) -> None:
    sides = sides_of(counts)
    for label in dividing(sides):
        rates = sides[0 if label.agrees else 1]
        pro, con = label.groups
        assert rates.mean[pro, 0] > 0.5 > rates.mean[con, 0]
        assert rates.mean[pro, 0] - rates.mean[con, 0] >= WIDE_GAP
        assert label.sure >= SURE


@given(COUNTS)
@settings(deadline=None, max_examples=80)
def test_the_margin_of_a_division_is_the_fewest_votes_that_close_it(
    counts: list[tuple[int, int, int]],
) -> None:
    for label in dividing(sides_of(counts)):
        pro, con = label.groups
        fewest = math.inf
        on = 0 if label.agrees else 1
        for group, most in ((pro, counts[pro][on]), (con, sum(counts[con]) - counts[con][on])):
            for by in range(1, most + 1):
                if not still_divides(moved(counts, group, on, by, away=group == pro), label):
                    fewest = min(fewest, by)
                    break
        assert label.flips == (fewest if fewest < math.inf else 1_000_000)


def moved(
    counts: list[tuple[int, int, int]], group: int, on: int, by: int, *, away: bool
) -> tuple[list[float], list[float]]:
    """The votes on the side and all votes of each group, after `by` votes of a group have changed."""
    on_side = [float(row[on]) for row in counts]
    on_side[group] += -by if away else by
    return on_side, [float(sum(row)) for row in counts]


def still_divides(counts: tuple[list[float], list[float]], label: Label) -> bool:
    on, seen = (np.array([[value] for value in column]) for column in counts)
    rates = Rates(on, seen, np.full_like(seen, 0.5))
    pro, con = label.groups
    above: Floats = rates.above_half()
    sure = above[pro, 0] * (1 - above[con, 0])
    return bool(rates.mean[pro, 0] - rates.mean[con, 0] >= WIDE_GAP and sure >= SURE)


def test_a_group_speaks_where_it_differs_and_most_of_it_say_so() -> None:
    sides = sides_of([(30, 2, 0), (4, 20, 0)])
    for_first, for_second = speaking(sides)
    assert [(one.statement, one.agrees) for one in for_first] == [(0, True)]
    assert [(one.statement, one.agrees) for one in for_second] == [(0, False)]
    assert speaking(sides_of([(30, 2, 0), (30, 2, 0)])) == [[], []]


def test_a_group_alone_is_set_apart_by_nothing() -> None:
    assert speaking(sides_of([(30, 2, 0)])) == [[]]


def test_few_votes_make_no_label_and_many_make_a_firmer_one() -> None:
    assert shared(sides_of([(2, 0, 0), (30, 0, 0)])) == []
    few, many = shared(sides_of([(15, 1, 0), (15, 1, 0)])), shared(sides_of([(150, 10, 0), (150, 10, 0)]))
    assert few[0].flips < many[0].flips
    assert few[0].sure < many[0].sure


def test_what_is_expected_counts_as_so_many_votes() -> None:
    agree, _disagree = sides_of([(5, 0, 0)], expected=0.25)
    assert agree.alpha[0, 0] == 5 + PRIOR_VOTES * 0.25
