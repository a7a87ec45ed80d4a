"""Proportional lists: every method against a slow and exact one, and what each guarantees."""

from __future__ import annotations

import time
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, product
from math import prod

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from camphor.engine.opinion.picks import (
    METHODS,
    Ballots,
    approvals_of,
    equal_shares,
    justification,
    pav,
    pav_score,
    pick,
    sequential_pav,
)
from camphor.engine.opinion.picks.ballots import number_agreed
from camphor.engine.opinion.votes import Floats, Votes

Rows = list[list[int]]


@st.composite
def ballots(draw: st.DrawFn, people: int = 6, statements: int = 6) -> Rows:
    """Approval ballots, often crowded and often alike."""
    n, m = draw(st.integers(1, people)), draw(st.integers(1, statements))
    return draw(st.lists(st.lists(st.sampled_from([0, 1]), min_size=m, max_size=m), min_size=n, max_size=n))


@st.composite
def chances(draw: st.DrawFn) -> list[list[float]]:
    n, m = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    one = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.8, 1.0])
    return draw(st.lists(st.lists(one, min_size=m, max_size=m), min_size=n, max_size=n))


def of(rows: Sequence[Sequence[float]], weights: Sequence[float] | None = None) -> Ballots:
    return Ballots.of(np.array(rows, float), weights)


def blocs(*sizes: int, statements: int = 10) -> Floats:
    """Blocs of people, each of which agrees with its own statements alone."""
    rows = np.zeros((sum(sizes), statements * len(sizes)))
    start = 0
    for bloc, size in enumerate(sizes):
        rows[start : start + size, bloc * statements : (bloc + 1) * statements] = 1
        start += size
    return rows


def greedy_in_fractions(rows: Rows, k: int, first: Sequence[int] = ()) -> list[int]:
    chosen = list(first)
    while len(chosen) < min(k, len(rows[0])):
        gains = {
            j: sum((Fraction(row[j], 1 + sum(row[c] for c in chosen)) for row in rows), Fraction(0))
            for j in range(len(rows[0]))
            if j not in chosen
        }
        best = max(gains.values())
        if best == 0:
            break
        chosen.append(min(j for j, gain in gains.items() if gain == best))
    return chosen


def shares_in_fractions(rows: Rows, k: int) -> tuple[list[int], int]:
    """The method of equal shares in exact numbers: prices by trying how many pay all they have."""
    purse = [Fraction(k, len(rows))] * len(rows)
    chosen: list[int] = []
    while True:
        prices: list[tuple[Fraction, int]] = []
        for j in range(len(rows[0])):
            have = sorted(purse[i] for i, row in enumerate(rows) if row[j])
            if j in chosen or sum(have) < 1:
                continue
            for broke in range(len(have)):
                price = (1 - sum(have[:broke], Fraction(0))) / (len(have) - broke)
                if price <= have[broke]:
                    prices.append((price, j))
                    break
        if not prices:
            return greedy_in_fractions(rows, k, chosen), len(chosen)
        price, bought = min(prices)
        chosen.append(bought)
        purse = [one - min(one, price) * row[bought] for one, row in zip(purse, rows, strict=True)]


def passed_over_coalitions(rows: Rows, chosen: Sequence[int], k: int) -> tuple[int, bool]:
    """The largest coalition that agrees with nothing in the list, and whether one violates EJR+: over all."""
    largest, violated = 0, False
    for size in range(1, len(rows) + 1):
        for coalition in combinations(rows, size):
            left_out = [
                j for j in range(len(rows[0])) if j not in chosen and all(row[j] for row in coalition)
            ]
            if not left_out:
                continue
            most = max(sum(row[c] for c in chosen) for row in coalition)
            if most == 0:
                largest = max(largest, size)
            violated |= any(size * k >= level * len(rows) and most < level for level in range(1, k + 1))
    return largest, violated


@given(ballots(), st.integers(1, 7))
def test_every_step_of_the_greedy_list_is_the_best_step(rows: Rows, k: int) -> None:
    assert sequential_pav(of(rows), k) == greedy_in_fractions(rows, k)


@given(chances(), st.integers(1, 4))
def test_with_probabilities_the_score_is_the_mean_over_all_ballots_there_may_be(
    rows: list[list[float]], k: int
) -> None:
    chosen = sequential_pav(of(rows), k)
    expected = 0.0
    for row in rows:
        for agreed in product([0, 1], repeat=len(chosen)):
            chance = prod(row[c] if yes else 1 - row[c] for c, yes in zip(chosen, agreed, strict=True))
            expected += chance * sum(1 / place for place in range(1, sum(agreed) + 1))
    assert pav_score(of(rows), chosen) == pytest.approx(expected, abs=1e-12)


@given(ballots(people=9), st.integers(1, 7))
def test_equal_shares_are_those_of_exact_arithmetic(rows: Rows, k: int) -> None:
    assert equal_shares(of(rows), k) == shares_in_fractions(rows, k)


@given(chances(), st.integers(1, 4))
def test_a_statement_is_bought_at_the_lowest_price_of_all(rows: list[list[float]], k: int) -> None:
    chosen, bought = equal_shares(of(rows), k)
    purse = np.full(len(rows), k / len(rows))

    def price(j: int) -> float:
        low, high = 0.0, 1e6
        pays = np.array([row[j] for row in rows])
        if purse[pays > 0].sum() < 1 - 1e-9:
            return np.inf
        for _step in range(100):
            middle = (low + high) / 2
            low, high = (
                (low, middle) if np.minimum(purse, middle * pays).sum() >= 1 - 1e-12 else (middle, high)
            )
        return high

    for place in range(bought):
        prices = [np.inf if j in chosen[:place] else price(j) for j in range(len(rows[0]))]
        assert prices[chosen[place]] == pytest.approx(min(prices), rel=1e-6)
        purse -= np.minimum(purse, prices[chosen[place]] * np.array([row[chosen[place]] for row in rows]))
    if bought < len(rows[0]):
        assert not np.isfinite([price(j) for j in range(len(rows[0])) if j not in chosen[:bought]]).any()


@given(ballots(), st.integers(1, 6), st.data())
def test_the_check_finds_the_largest_of_all_coalitions(rows: Rows, k: int, data: st.DataObject) -> None:
    statements = range(len(rows[0]))
    chosen = data.draw(st.lists(st.sampled_from(statements), unique=True, max_size=k))
    found = justification(of(rows), chosen, k)
    largest, violated = passed_over_coalitions(rows, chosen, k)
    assert found.deficit == pytest.approx(largest * k / len(rows))
    assert found.is_jr == (largest * k < len(rows))
    assert found.is_ejr_plus == (not violated)


@given(ballots(people=9), st.integers(1, 6))
def test_equal_shares_leave_no_coalition_out(rows: Rows, k: int) -> None:
    chosen, _bought = equal_shares(of(rows), k)
    assert justification(of(rows), chosen, k).is_ejr_plus


@given(st.one_of(ballots(people=9), chances()), st.integers(1, 6))
def test_pav_with_exchanges_leaves_no_coalition_out_even_of_probable_ballots(
    rows: list[list[float]], k: int
) -> None:
    assert justification(of(rows), pav(of(rows), k), k).is_ejr_plus


@given(ballots(people=9), st.integers(1, 5))
def test_the_greedy_list_is_justified_up_to_five_places(rows: Rows, k: int) -> None:
    assert justification(of(rows), sequential_pav(of(rows), k), k).is_jr


def test_the_greedy_list_can_pass_over_a_tenth_and_exchanges_mend_it() -> None:
    """The profile of Aziz et al. 2017, section 5: the last 120 of 1,199 are owed one of ten places."""
    kinds = [
        (81, (0, 1)),
        (81, (0, 2)),
        (80, (1,)),
        (80, (2,)),
        (81, (3, 4)),
        (81, (3, 5)),
        (80, (4,)),
        (80, (5,)),
    ]
    kinds += [(49, (6, 7)), (49, (6, 8)), (49, (6, 9)), (96, (7,)), (96, (8,)), (96, (9,)), (120, (10,))]
    rows = [[int(j in agreed) for j in range(11)] for _count, agreed in kinds]
    profile = of(rows, [count for count, _agreed in kinds])
    greedy = justification(profile, sequential_pav(profile, 10), 10)
    assert not greedy.is_jr
    assert greedy.largest is not None
    assert greedy.largest.statement == 10
    assert greedy.largest.share == pytest.approx(120 / 1199)
    assert 10 in pav(profile, 10)
    assert justification(profile, pav(profile, 10), 10).is_ejr_plus
    assert pav_score(profile, pav(profile, 10)) > pav_score(profile, sequential_pav(profile, 10))


@pytest.mark.parametrize("method", METHODS)
def test_three_blocs_get_places_by_their_numbers(method: str) -> None:
    picks = pick(blocs(60, 30, 10), 10, method=method)
    assert np.bincount(picks.chosen // 10).tolist() == [6, 3, 1]
    assert picks.by_any == 1
    assert picks.justification.deficit == 0
    groups = picks.groups(np.repeat([0, 1, 2], [60, 30, 10]))
    assert groups.by_any.tolist() == pytest.approx([1, 1, 1])
    assert groups.agreed.tolist() == pytest.approx([6, 3, 1])
    assert groups.assigned.sum(axis=1) == pytest.approx(1)
    assert (picks.chosen[picks.represented_by] // 10 == np.repeat([0, 1, 2], [60, 30, 10])).all()


@pytest.mark.parametrize("method", METHODS)
def test_the_ten_most_liked_would_be_one_bloc_and_the_list_is_not(method: str) -> None:
    noisy = np.clip(blocs(50, 30, 20), 0.03, 0.9)
    assert set(np.argsort(-noisy.sum(axis=0))[:10] // 10) == {0}
    assert set(pick(noisy, 10, method=method).chosen // 10) == {0, 1, 2}


@given(ballots(people=5), st.integers(1, 5), st.sampled_from(METHODS), st.data())
def test_a_weight_of_two_is_two_people_and_their_order_means_nothing(
    rows: Rows, k: int, method: str, data: st.DataObject
) -> None:
    copies = data.draw(st.lists(st.integers(1, 3), min_size=len(rows), max_size=len(rows)))
    order = data.draw(st.permutations(range(sum(copies))))
    repeated = [row for row, count in zip(rows, copies, strict=True) for _copy in range(count)]
    once = pick(rows, k, weights=copies, method=method)
    often = pick([repeated[i] for i in order], k, method=method)
    assert once.chosen.tolist() == often.chosen.tolist()
    assert once.support == pytest.approx(often.support)
    assert once.newly == pytest.approx(often.newly)
    assert once.justification.deficit == pytest.approx(often.justification.deficit)


@given(st.one_of(ballots(), chances()), st.integers(1, 5), st.sampled_from(METHODS))
def test_the_newly_represented_add_up_and_the_numbers_are_shares(
    rows: list[list[float]], k: int, method: str
) -> None:
    picks = pick(rows, k, method=method)
    assert len(set(picks.chosen.tolist())) == len(picks.chosen) <= min(k, len(rows[0]))
    assert picks.newly.sum() == pytest.approx(picks.by_any)
    assert (picks.newly <= picks.support + 1e-12).all()
    everybody = picks.groups([0] * len(rows))
    assert everybody.by_any[0] == pytest.approx(picks.by_any)
    assert everybody.support[0] == pytest.approx(picks.support)


@given(st.one_of(ballots(), chances()), st.integers(1, 4))
def test_one_more_place_keeps_the_greedy_list_and_represents_no_fewer(
    rows: list[list[float]], k: int
) -> None:
    shorter, longer = (pick(rows, places, method="sequential-pav") for places in (k, k + 1))
    assert longer.chosen.tolist()[: len(shorter.chosen)] == shorter.chosen.tolist()
    assert longer.by_any >= shorter.by_any - 1e-12


@given(ballots(), st.integers(1, 5), st.data())
def test_one_more_agreement_with_the_first_choice_keeps_it_first(
    rows: Rows, k: int, data: st.DataObject
) -> None:
    chosen = sequential_pav(of(rows), k)
    assume(chosen)
    rows[data.draw(st.integers(0, len(rows) - 1))][chosen[0]] = 1
    assert sequential_pav(of(rows), k)[0] == chosen[0]


def test_the_number_of_agreements_has_the_distribution_of_a_sum_of_coins() -> None:
    likely = number_agreed(np.array([[0.5, 0.5, 0.0], [1.0, 1.0, 0.25]]))
    assert likely == pytest.approx(np.array([[0.25, 0.5, 0.25, 0], [0, 0, 0.75, 0.25]]))


def test_a_hundred_agreements_are_worth_the_harmonic_number() -> None:
    score = pav_score(of([[1] * 100]), range(100))
    assert score == pytest.approx(sum(1 / place for place in range(1, 101)), abs=1e-10)


def test_of_equals_the_statement_that_was_written_first_is_chosen() -> None:
    for method in METHODS:
        assert pick(np.ones((4, 5)), 2, method=method).chosen.tolist() == [0, 1]


@pytest.mark.parametrize("method", METHODS)
def test_a_list_names_nothing_that_nobody_agrees_with(method: str) -> None:
    nobody = pick(np.zeros((3, 4)), 2, method=method)
    assert (len(nobody.chosen), nobody.by_any, nobody.justification.deficit) == (0, 0, 0)
    assert nobody.represented_by.tolist() == [-1, -1, -1]
    assert pick([[0, 1], [0, 1]], 9, method=method).chosen.tolist() == [1]
    assert pick([[1, 1], [0, 1]], 9, method=method).chosen.tolist() == [1, 0]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0)])
def test_without_participants_or_statements_the_list_is_empty(method: str, shape: tuple[int, int]) -> None:
    picks = pick(np.zeros(shape), 3, method=method)
    assert (len(picks.chosen), picks.by_any, len(picks.represented_by)) == (0, 0, shape[0])
    assert picks.justification.is_ejr_plus
    assert picks.groups(np.zeros(shape[0], int), 2).by_any.tolist() == [0, 0]


@pytest.mark.parametrize(
    ("approvals", "k", "more", "told"),
    [
        ([[1, 0]], 0, {}, "at least one place"),
        ([[1, 0]], -3, {}, "at least one place"),
        ([[1, 0]], 1.5, {}, "at least one place"),
        ([[1, float("nan")]], 1, {}, "between 0 and 1"),
        ([[1, 1.2]], 1, {}, "between 0 and 1"),
        ([[-1, 1]], 1, {}, "between 0 and 1"),
        ([1, 0], 1, {}, "a row for each participant"),
        ([[1, 0]], 1, {"weights": [1, 1]}, "as many weights"),
        ([[1, 0]], 1, {"weights": [-1]}, "not negative"),
        ([[1, 0]], 1, {"weights": [float("nan")]}, "not negative"),
        ([[1, 0]], 1, {"weights": [0]}, "all weights are zero"),
        ([[1, 0]], 1, {"method": "dice"}, "the methods are"),
        ([[1] * 101], 101, {}, "at most 100"),
    ],
)
def test_bad_input_is_told(approvals: object, k: int, more: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        pick(approvals, k, **more)  # type: ignore[arg-type]


def test_labels_and_lists_that_do_not_fit_are_told() -> None:
    picks = pick([[1, 0]], 1)
    for label in ([0, 1], [0.5], [-2]):
        with pytest.raises(ValueError, match="group"):
            picks.groups(label)
    for chosen in ([0, 0], [2], [-1]):
        with pytest.raises(ValueError, match="at most once"):
            justification(of([[1, 0]]), chosen, 1)


def test_a_missing_vote_is_no_approval_unless_a_model_completes_it() -> None:
    votes = Votes.from_log([1, 1, 2, 2], [5, 6, 5, 7], [1, -1, 0, 1])
    assert approvals_of(votes).tolist() == [[1, 0, 0], [0, 0, 1]]
    completed = approvals_of(votes, np.full((2, 3), 0.4))
    assert completed.tolist() == [[1, 0, 0.4], [0, 0.4, 1]]
    with pytest.raises(ValueError, match="the votes"):
        approvals_of(votes, np.zeros((3, 2)))


def test_ten_of_two_thousand_statements_for_a_large_sample_are_chosen_at_once() -> None:
    """Measured 0.1 s on two quiet cores; the bound leaves room for busy ones and none for another order."""
    rng = np.random.default_rng(7)
    people, statements = rng.normal(size=(2500, 4)), rng.normal(size=(2000, 4))
    agree = 1 / (1 + np.exp(-(people @ statements.T + rng.normal(size=2000))))
    for method in METHODS:
        start = time.process_time()
        picks = pick(agree, 10, method=method)
        assert time.process_time() - start < 3
        assert picks.justification.is_ejr_plus
