"""The measures by which maps are compared, against slow definitions and known cases."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest

from benchmarks._measures import (
    adjusted_rand,
    auc,
    calibrated,
    coverage,
    eta_squared,
    jaccard,
    log_loss,
    logistic,
    precision_at,
    spearman,
)
from benchmarks._planted import LEAN, WITHIN, Planted, Setting, oracle, plant
from benchmarks._stability import alike, with_clones
from camphor.engine.opinion.votes import Votes

RNG = np.random.default_rng(5)


def test_likeness_of_partitions_is_that_of_their_pairs() -> None:
    one, other = RNG.integers(0, 3, 40), RNG.integers(0, 4, 40)
    together = [(one[a] == one[b], other[a] == other[b]) for a, b in combinations(range(40), 2)]
    both, first, second = (sum(map(f, together)) for f in (all, lambda x: x[0], lambda x: x[1]))
    chance = first * second / len(together)
    expected = (both - chance) / ((first + second) / 2 - chance)
    assert adjusted_rand(one, other) == pytest.approx(expected)


def test_partitions_that_differ_in_names_alone_are_the_same() -> None:
    label = np.array([0, 0, 1, 1, 2])
    assert adjusted_rand(label, np.array([2, 2, 0, 0, 1])) == 1
    assert adjusted_rand(label, np.zeros(5, np.int64)) == 0


def test_two_maps_without_groups_are_not_called_alike() -> None:
    nobody, two = dict.fromkeys(range(4), 0), {0: 0, 1: 0, 2: 1, 3: 1}
    assert np.isnan(alike(nobody, nobody, {*range(4)}))
    assert alike(two, nobody, {*range(4)}) == 0
    assert alike(two, {**two, 9: 1}, {*range(4)}) == 1


def test_auc_is_the_share_of_pairs_in_the_right_order() -> None:
    agrees, likely = RNG.random(30) < 0.5, RNG.integers(0, 5, 30) / 5
    pairs = [(a > b) + (a == b) / 2 for a, b in product(likely[agrees], likely[~agrees])]
    assert auc(agrees, likely) == pytest.approx(np.mean(pairs))


def test_log_loss_is_that_of_the_probability_of_what_happened() -> None:
    assert log_loss(np.array([True, False]), np.array([0.8, 0.4])) == pytest.approx(
        -np.log([0.8, 0.6]).mean()
    )
    assert np.isfinite(log_loss(np.array([True]), np.array([0.0])))


def test_ranks_correlate_whatever_the_scale() -> None:
    values = RNG.random(20)
    assert spearman(values, np.exp(5 * values)) == pytest.approx(1)
    assert spearman(values, -values) == pytest.approx(-1)


def test_the_first_of_a_list_are_compared_as_sets() -> None:
    truth = np.array([9.0, 8, 7, 6, 5])
    assert precision_at(2, truth, np.array([8.0, 9, 0, 0, 0])) == 1
    assert precision_at(2, truth, np.array([9.0, 0, 8, 0, 0])) == 0.5
    assert jaccard([1, 2, 3], [2, 3, 4]) == 0.5


def test_intervals_hold_the_values_between_their_ends() -> None:
    assert coverage(np.array([0.1, 0.5, 0.9, 0.3]), np.full(4, 0.3), np.full(4, 0.6)) == 0.5


def test_groups_explain_all_of_what_is_the_same_within_them_and_nothing_of_what_is_the_same_between() -> None:
    label = np.array([0, 0, 1, 1])
    assert eta_squared(np.array([1.0, 1, 3, 3]), label) == 1
    assert eta_squared(np.array([1.0, 3, 1, 3]), label) == 0


def test_calibration_finds_the_probabilities_that_the_feature_is_the_logit_of() -> None:
    logit = RNG.normal(0, 1.5, 20_000)
    agrees = RNG.random(len(logit)) < logistic(logit)
    wanted = np.array([[-2.0], [0.0], [1.0]])
    found = calibrated(7 * logit[:, None] + 3, agrees, 7 * wanted + 3)
    assert found == pytest.approx(logistic(wanted[:, 0]), abs=0.02)


# Planted conversations


def test_everybody_casts_each_vote_once_and_about_as_many_as_asked() -> None:
    drawn = plant(Setting(300, 60, 3, 15), 1)
    assert len({*zip(drawn.who.tolist(), drawn.what.tolist(), strict=True)}) == len(drawn.who)
    assert len(np.unique(drawn.who)) == 300
    assert len(drawn.who) / 300 == pytest.approx(15, rel=0.1)


def test_the_oracle_knows_a_camp_by_what_it_alone_agrees_with() -> None:
    drawn = plant(Setting(200, 100, 2, 90), 2)
    assert adjusted_rand(drawn.camp, oracle(drawn)) > 0.9


def test_the_oracle_weighs_both_camps_as_integration_would() -> None:
    """With one statement and nothing else to know, the more probable camp follows from one integral."""
    rng = np.random.default_rng(0)
    share, effect = np.array([0.55, 0.45]), np.array([[0.0], [2.5]])
    nothing = np.zeros(2)
    drawn = Planted(
        Setting(2, 1, 2, 1),
        np.array([0, 1]),
        share,
        np.zeros(1),
        effect,
        nothing,
        np.zeros((2, WITHIN)),
        np.zeros((1, WITHIN)),
        (nothing, np.zeros(1)),
        np.array([0, 1], np.int32),
        np.array([0, 0], np.int32),
        np.array([1, -1], np.int8),
    )
    lean = LEAN * rng.normal(size=100_000)
    agree = logistic(effect + lean).mean(axis=1)
    expected = [int(np.argmax(share * chance)) for chance in (agree, 1 - agree)]
    assert oracle(drawn).tolist() == expected == [1, 0]


def test_forged_participants_repeat_one_of_the_busy_and_leave_the_others_as_they_are() -> None:
    votes = plant(Setting(100, 40, 2, 15), 3).votes
    forged = with_clones(votes, np.random.default_rng(1))
    assert len(forged.participants) == 110
    honest = forged.of_participants(np.arange(100))
    assert (honest.values == votes.values).all() and (honest.columns == votes.columns).all()
    clones = forged.of_participants(np.arange(100, 110))
    first = {*_columns_of(clones, 0)}
    assert all({*_columns_of(clones, k)} == first for k in range(10))
    assert len(first) >= np.median(votes.cast)


def _columns_of(votes: Votes, person: int) -> list[int]:
    columns: list[int] = votes.columns[votes.starts[person] : votes.starts[person + 1]].tolist()
    return columns
