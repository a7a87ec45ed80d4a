"""Ideal points and clouds: every sum against a plain loop, both kernels alike, what was planted is found."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings

from camphor.engine.opinion.evidence import _decided, valleys, weigh
from camphor.engine.opinion.frame import rotated, rotation, turned
from camphor.engine.opinion.kernels import fast, plain
from camphor.engine.opinion.mixture import ALL_ALIKE, SHRUNK_BY, Known, Mixture, bic, fit_mixtures
from camphor.engine.opinion.model import DIMENSIONS, Model, fit, full_of, packed_of, points_of, principal_axes
from camphor.engine.opinion.passing import chance_of_passing
from camphor.engine.opinion.votes import Floats, Votes
from tests.engine.opinion.logs import LOGS, Log, continuum, needs_real, planted, votes_of


def some_model(m: int, d: int, rng: np.random.Generator) -> Model:
    theta = np.column_stack([rng.normal(size=m), np.ones(m), rng.normal(size=(m, d))])
    moments = theta[:, :, None] * theta[:, None, :]
    free = np.array([0, *range(2, d + 2)])
    moments[:, free, free] += rng.uniform(0.01, 0.2, (m, d + 1))
    return Model(packed_of(moments), 0.3, (0.5, 1.0), d)


@given(LOGS)
@settings(deadline=None)
def test_a_sweep_is_what_a_loop_finds(log: Log) -> None:
    votes, d = votes_of([(0, 0, 1), *log]), 2
    model = some_model(len(votes.statements), d, np.random.default_rng(4))
    prior = np.tile(model.prior(), (len(votes.participants), 1))
    people, sums = plain.sweep(
        votes.starts, votes.columns, votes.values, model.moments, prior, model.lean, True
    )
    theta, q = full_of(model.moments, d + 2), d + 2
    expected_sums = np.zeros_like(sums)
    for i in range(len(votes.participants)):
        precision, pull, cast = np.diag([1 / model.lean, 1.0, 1.0]), np.zeros(3), []
        for k in range(votes.starts[i], votes.starts[i + 1]):
            j, half = votes.columns[k], votes.values[k] / 2
            if half == 0:
                continue
            x = math.sqrt(float((theta[j] * np.diag([1, model.lean, 1, 1])).sum()))
            curve = math.tanh(x / 2) / (2 * x)
            precision = precision + curve * theta[j][1:, 1:]
            pull = pull + half * theta[j][1, 1:] - curve * theta[j][0, 1:]
            cast.append((j, curve, half))
        point = np.concatenate([[1.0], np.linalg.solve(precision, pull)])
        moment = np.outer(point, point)
        moment[1:, 1:] += np.linalg.inv(precision)
        assert np.allclose(full_of(people[i], q), moment, atol=1e-9)
        for j, curve, half in cast:
            expected_sums[j] += np.concatenate([curve * packed_of(moment), half * point])
    assert np.allclose(sums, expected_sums, atol=1e-9)


@given(LOGS)
@settings(deadline=None)
def test_both_kernels_sweep_and_locate_alike(log: Log) -> None:
    votes = votes_of([(0, 0, 1), *log])
    model = some_model(len(votes.statements), 4, np.random.default_rng(5))
    people = np.tile(model.prior(), (len(votes.participants), 1))
    how = (votes.starts, votes.columns, votes.values, model.moments)
    for one, other in zip(
        plain.sweep(*how, people, model.lean, True), fast.sweep(*how, people, model.lean, True), strict=True
    ):
        assert np.allclose(one, other, atol=1e-9)
    mean, spread = np.array([[1.0, 0, 0, 0], [-1.0, 0, 0, 0]]), np.tile(np.eye(4) * 0.3, (2, 1, 1))
    for one, other in zip(
        plain.locate(*how, model.prior(), model.lean, 3, mean, spread),
        fast.locate(*how, model.prior(), model.lean, 3, mean, spread),
        strict=True,
    ):
        assert np.allclose(one, other, atol=1e-8)


def known_points(n: int, rng: np.random.Generator, *, apart: float) -> Known:
    side = np.where(np.arange(n) % 2 == 0, apart, -apart)
    mean = rng.normal(0, 0.35, (n, 3)) + side[:, None] * np.array([1.0, 0, 0])
    spread = rng.uniform(0.02, 0.2, (n, 1, 1)) * np.eye(3)
    return Known.from_points(mean, spread, np.ones(n))


@pytest.mark.parametrize("shrunk_by", [SHRUNK_BY, ALL_ALIKE])
def test_both_kernels_fit_clouds_alike(shrunk_by: float) -> None:
    rng = np.random.default_rng(6)
    known = known_points(150, rng, apart=0.6)
    share, mean = np.array([0.3, 0.7]), rng.normal(0, 0.5, (2, 3))
    covariance = np.tile(np.diag([0.2, 0.3, 0.5]), (2, 1, 1))
    how = (known.pull, known.precision, known.weight, share, mean, covariance, shrunk_by)
    for steps in (1, 2, 30):
        one, other = plain.fit_clouds(*how, steps), fast.fit_clouds(*how, steps)
        assert all(np.allclose(a, b, atol=1e-9) for a, b in zip(one, other, strict=True))
    alike = np.allclose(one[3][0], one[3][1])
    assert alike is (shrunk_by == ALL_ALIKE)


def test_nobody_counts_less_where_all_stand_on_few_spots() -> None:
    mean = np.tile(np.array([[1.0, 0, 0], [-1.0, 0, 0]]), (20, 1))
    known = Known.from_points(mean, np.tile(np.eye(3) * 0.3, (40, 1, 1)), np.ones(40))
    assert np.allclose(known.evened().weight, 1)


def test_a_step_over_clouds_does_what_a_loop_does() -> None:
    rng = np.random.default_rng(6)
    known = known_points(40, rng, apart=0.6)
    share, mean = np.array([0.3, 0.7]), rng.normal(0, 0.5, (2, 3))
    covariance = np.array([np.diag([0.2, 0.3, 0.5]), np.diag([0.6, 0.2, 0.3])])
    likelihood, after, middle, spread = plain.fit_clouds(
        known.pull, known.precision, known.weight, share, mean, covariance, SHRUNK_BY, 1
    )
    size, first, second = np.zeros(2), np.zeros((2, 3)), np.zeros((2, 3, 3))
    for i in range(40):
        log, at, left = [], [], []
        for k in range(2):
            own = np.linalg.inv(covariance[k])
            whole, drawn = own + known.precision[i], own @ mean[k] + known.pull[i]
            at.append(np.linalg.solve(whole, drawn))
            left.append(np.linalg.inv(whole))
            square = drawn @ at[k] - mean[k] @ own @ mean[k]
            log.append(
                0.5 * (square + math.log(np.linalg.det(own)) - math.log(np.linalg.det(whole)))
                + math.log(share[k])
            )
        assert math.isclose(likelihood[i], np.logaddexp(*log), abs_tol=1e-9)
        member = np.exp(np.array(log) - np.logaddexp(*log))
        size += member
        first += member[:, None] * np.array(at)
        second += [r * (a + np.outer(u, u)) for r, a, u in zip(member, left, at, strict=True)]
    found = [second[k] / size[k] - np.outer(first[k], first[k]) / size[k] ** 2 for k in range(2)]
    pooled = (size[0] * found[0] + size[1] * found[1]) / size.sum()
    assert np.allclose(after, size / 40)
    assert np.allclose(middle, first / size[:, None])
    for k in range(2):
        assert np.allclose(spread[k], (size[k] * found[k] + SHRUNK_BY * pooled) / (size[k] + SHRUNK_BY))


def test_copies_of_one_count_less_where_a_crowd_is_read_in_parts() -> None:
    rng = np.random.default_rng(4)
    mean = np.column_stack([rng.uniform(-1.6, 1.6, 400), rng.normal(0, 0.3, (400, 2))])
    mean = np.concatenate([mean, mean[[7]] + rng.normal(0, 0.02, (60, 3))])
    known = Known.from_points(mean, np.tile(np.eye(3) * 0.05, (460, 1, 1)), np.ones(460))
    assert known.evened().weight[400:].max() < 0.3 * known.evened().weight[:400].mean()


def test_more_steps_never_explain_less() -> None:
    known = known_points(200, np.random.default_rng(7), apart=0.7)
    fits = fit_mixtures(known)
    assert fits[1].likelihood.sum() > fits[0].likelihood.sum()
    assert all(np.allclose(fit.mixture.share.sum(), 1) for fit in fits)


def test_the_criterion_is_that_of_schwarz() -> None:
    mixture = Mixture(np.ones(1), np.zeros((1, 3)), np.eye(3)[None])
    assert mixture.parameters(50) == pytest.approx(3 + 6)
    assert math.isclose(bic(mixture, np.full(50, -2.0), np.ones(50)), 9 * math.log(50) + 200)


def test_a_covariance_that_is_drawn_to_the_common_one_counts_in_part() -> None:
    two = Mixture(np.array([0.5, 0.5]), np.zeros((2, 3)), np.tile(np.eye(3), (2, 1, 1)))
    assert 1 + 6 + 6 < two.parameters(10) < two.parameters(1000) < 1 + 6 + 12


@pytest.mark.parametrize(("apart", "separate"), [(1.0, True), (0.05, False)])
def test_a_valley_between_clouds_makes_them_groups(apart: float, separate: bool) -> None:
    clouds = weigh(known_points(300, np.random.default_rng(8), apart=apart))
    assert clouds.separate is separate
    assert math.isclose(clouds.chances.sum(), 1)
    assert int(clouds.chances.argmax()) + 1 == (2 if separate else 1)


def test_a_cloud_inside_another_has_no_valley() -> None:
    middle = np.zeros((2, 2))
    nested = Mixture(np.array([0.5, 0.5]), middle, np.array([np.eye(2) * 0.1, np.eye(2)]))
    apart = Mixture(
        np.array([0.5, 0.5]), np.array([[2.0, 0], [-2.0, 0]]), np.tile(np.eye(2) * 0.1, (2, 1, 1))
    )
    assert valleys(nested)[0, 1] == 1.0
    assert valleys(apart)[0, 1] < 0.001


@pytest.mark.parametrize(
    ("chances", "before", "groups"),
    [
        ([1.0], None, 1),
        ([0.1, 0.9], None, 2),
        ([0.3, 0.7], None, 1),  # groups have to be shown
        ([0.3, 0.7], 2, 2),  # those that were there stay a while
        ([0.3, 0.7], 1, 1),
        ([0.5, 0.5], 2, 1),
        ([0.0, 0.45, 0.55], None, 3),
        ([0.0, 0.45, 0.55], 2, 2),
        ([0.0, 0.3, 0.7], 2, 3),
        ([0.0, 0.3, 0.7], 5, 3),
    ],
)
def test_how_many_groups_follows_from_chances_and_from_what_was_there(
    chances: list[float], before: int | None, groups: int
) -> None:
    assert _decided(np.array(chances), before) == groups


@pytest.mark.parametrize("seed", range(6))
def test_people_without_groups_are_said_to_have_none(seed: int) -> None:
    votes = continuum(400, 80, seed=seed)
    model, people = fit(votes)
    mean, covariance = points_of(people, model.dimensions)
    clouds = weigh(Known.from_points(mean, covariance, np.ones(len(mean))))
    assert not clouds.separate
    assert clouds.chances[0] > 0.9


def test_ideal_points_predict_votes_that_were_held_out() -> None:
    log = planted(120, 40, camps=2)
    kept, held = (
        [vote for k, vote in enumerate(log) if k % 5],
        [vote for k, vote in enumerate(log) if k % 5 == 0],
    )
    votes = votes_of(kept)
    model, people = fit(votes)
    likely = model.agreement(people)
    right = [(likely[i, j] > 0.5) == (v == 1) for i, j, v in held]
    assert np.mean(right) > 0.85  # a tenth of the planted votes is noise


def test_somebody_who_has_not_voted_is_where_the_prior_has_him() -> None:
    model, _people = fit(votes_of(planted(40, 12, camps=2)))
    nobody = Votes.from_log([1], [0], [0])
    everybody = Votes(nobody.participants, np.arange(12), nobody.starts, nobody.columns, nobody.values)
    assert np.allclose(model.place(everybody)[0], model.prior())


def test_the_more_votes_the_surer_the_place() -> None:
    model, _people = fit(votes_of(planted(60, 30, camps=2)))
    last = math.inf
    for cast in (1, 5, 15, 30):
        votes = Votes.from_log([1] * cast, range(cast), [1 if j % 2 else -1 for j in range(cast)])
        whole = Votes(votes.participants, np.arange(30), votes.starts, votes.columns, votes.values)
        _mean, covariance = points_of(model.place(whole), model.dimensions)
        volume = float(np.linalg.det(covariance[0]))
        assert volume < last
        last = volume


def test_turning_the_frame_changes_no_prediction() -> None:
    votes = votes_of(planted(50, 20, camps=3))
    model, people = fit(votes)
    turn = np.linalg.qr(np.random.default_rng(3).normal(size=(DIMENSIONS, DIMENSIONS)))[0]
    there, placed = rotated(model, turn), turned(people, turn)
    assert np.allclose(there.agreement(placed), model.agreement(people), atol=1e-9)


def test_a_frame_that_was_turned_is_turned_back() -> None:
    votes = votes_of(planted(50, 20, camps=3))
    model, _people = fit(votes)
    seen = votes.counts()[2]
    model = rotated(model, rotation(model, seen, votes.statements))
    before = dict(zip(votes.statements.tolist(), model.loading, strict=True))
    turn = np.linalg.qr(np.random.default_rng(3).normal(size=(DIMENSIONS, DIMENSIONS)))[0]
    there = rotated(model, turn)
    again = rotated(there, rotation(there, seen, votes.statements, before))
    assert np.allclose(again.loading, model.loading, atol=1e-6)


@given(LOGS)
@settings(deadline=None)
def test_axes_are_orthonormal_or_missing(log: Log) -> None:
    axes = principal_axes(votes_of(log), 3)
    product = axes @ axes.T
    size = np.diag(product).round(9)
    assert set(size.tolist()) <= {0.0, 1.0}
    assert np.allclose(product, np.diag(size), atol=1e-7)


def test_who_passes_on_much_is_expected_to_pass() -> None:
    log = [(i, j, 0 if i < 10 and j % 2 else 1) for i in range(40) for j in range(20)]
    chance: Floats = chance_of_passing(votes_of(log))
    assert chance[:10, 1::2].mean() > 0.4
    assert chance[10:].max() < 0.25
    assert chance[0, 1] > chance[0, 0]


@needs_real
def test_kernels_agree_on_a_real_conversation() -> None:
    from tests.engine.opinion.logs import real_votes

    votes = real_votes("scoop-hivemind.biodiversity")
    one, other = (fit_with(votes, kernel) for kernel in ("plain", "fast"))
    assert np.allclose(one, other, atol=1e-8)


def fit_with(votes: Votes, kernel: str) -> Floats:
    from unittest.mock import patch

    chosen = {"plain": plain, "fast": fast}[kernel]
    with patch("camphor.engine.opinion.model.kernels", lambda: chosen):
        return fit(votes)[1]
