"""Which statement next: what a vote tells, and the fair hearing that every statement gets."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from camphor.engine.opinion.gain import Person, Statements, curvature, gains, undecided
from camphor.engine.opinion.model import Model, fit, points_of
from camphor.engine.opinion.turn import ENOUGH, FAVOUR, HEARING, MOST_NEW, Routing, share_of_new
from camphor.engine.opinion.votes import Floats, Ints, Votes

Log = list[tuple[int, int, int]]
LOGS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 12), st.sampled_from([-1, 0, 1])), max_size=200)
MINE = st.dictionaries(st.integers(0, 20), st.sampled_from([-1, 0, 1]), max_size=12)


def votes_of(log: Log) -> Votes:
    who, what, how = zip(*log, strict=True) if log else ((), (), ())
    return Votes.from_log(who, what, how)


def routing_of(log: Log) -> Routing:
    votes = votes_of(log)
    model = fit(votes)[0] if log else Model(np.zeros((0, 21)), 0.25, (0.0, 1.0), 4)
    return Routing.from_map(votes, model, group=np.arange(len(votes.participants)) % 2)


def camps(people: int, statements: int, *, heard: int, seed: int = 1) -> Log:
    """Two camps that differ on every other statement; each statement has so many votes."""
    rng = Random(seed)
    log = []
    for j in range(statements):
        for i in rng.sample(range(people), heard):
            side = 1 if j % 2 == 0 or i % 2 == 0 else -1
            log.append((i, j, 0 if rng.random() < 0.1 else side if rng.random() < 0.9 else -side))
    return log


def beliefs(rng: np.random.Generator, k: int = 6, d: int = 4) -> Statements:
    return Statements(rng.normal(size=(k, d + 1)), rng.uniform(0.05, 1, (k, d + 1)))


# What a vote tells


def test_the_gain_is_the_fall_of_the_log_determinant() -> None:
    """By brute force: all unknowns of both sides as one normal, updated by one observation of the logit."""
    rng = np.random.default_rng(3)
    statements = beliefs(rng)
    person = Person.from_votes(beliefs(rng, 3), np.array([1.0, -1.0, 1.0]), 0.3)
    of_person, of_statement = gains(statements, person)
    for j in range(6):
        slope = np.array([1.0, *statements.mean[j, 1:], 1.0, *person.mean[1:]])  # a, u, b, w
        before = np.zeros((10, 10))
        before[:5, :5], before[5:, 5:] = person.covariance, np.diag(statements.variance[j])
        spread = person.mean[1:] ** 2 + np.diag(person.covariance)[1:]
        doubt = slope @ before @ slope + statements.variance[j, 1:] @ (spread - person.mean[1:] ** 2)
        logit = statements.mean[j, 0] + slope[:5] @ person.mean
        weight = curvature(np.array([logit]), np.array([doubt]))[0]
        after = np.linalg.inv(np.linalg.inv(before) + weight * np.outer(slope, slope))
        assert of_person[j] == pytest.approx(fall(before[1:5, 1:5], after[1:5, 1:5]), abs=1e-9)
        assert of_statement[j] == pytest.approx(fall(before[5:, 5:], after[5:, 5:]), abs=1e-9)


def fall(before: Floats, after: Floats) -> float:
    return 0.5 * float(np.linalg.slogdet(before)[1] - np.linalg.slogdet(after)[1])


def test_the_curvature_is_the_mean_of_p_times_not_p() -> None:
    points, weights = np.polynomial.hermite_e.hermegauss(80)
    for logit in (-6.0, -2.0, 0.0, 1.0, 4.0):
        for doubt in (0.0, 0.5, 3.0, 9.0):
            p = 1 / (1 + np.exp(-(logit + np.sqrt(doubt) * points)))
            exact = float((weights * p * (1 - p)).sum() / weights.sum())
            assert curvature(np.array([logit]), np.array([doubt]))[0] == pytest.approx(exact, abs=0.012)


def test_somebody_is_put_where_the_map_puts_him() -> None:
    votes = votes_of(camps(60, 24, heard=40))
    model, _people = fit(votes)
    routing = Routing.from_map(votes, model)
    placed = points_of(model.place(votes), model.dimensions)[0]
    for i in range(0, 60, 7):
        own = slice(votes.starts[i], votes.starts[i + 1])
        columns, values = votes.columns[own], votes.values[own].astype(float)
        kept = values != 0
        person = Person.from_votes(routing.known.at(columns[kept]), values[kept], model.lean)
        assert np.abs(person.mean[1:] - placed[i]).max() < 0.1


def test_what_divides_tells_most_of_somebody_new_and_what_is_known_tells_little() -> None:
    known = Statements(np.array([[0, 2.0], [0, 0.1], [6, 2.0]]), np.full((3, 2), 0.02))
    of_person, _of_statement = gains(known, Person.from_votes(known.at(np.array([], int)), np.zeros(0), 0.3))
    assert of_person[0] > 5 * of_person[1]
    assert of_person[0] > 2 * of_person[2]


def test_a_statement_with_few_votes_has_more_to_learn() -> None:
    known = Statements(np.array([[0, 1.0], [0, 1.0]]), np.array([[0.5, 0.5], [0.02, 0.02]]))
    _of_person, of_statement = gains(known, Person(np.zeros(2), np.eye(2)))
    assert of_statement[0] > 5 * of_statement[1]


def test_a_label_is_open_near_its_threshold_and_settled_far_from_it() -> None:
    log = [(i, 1, 1 if i % 10 < 6 else -1) for i in range(200)]  # 60 % of everybody
    log += [(i, 2, 1 if i % 10 < 9 else -1) for i in range(200)]
    log += [(i, 3, 1 if i % 2 else -1) for i in range(200)]  # the groups stand against each other
    log += [(i, 4, 1) for i in range(2)]
    found = undecided(np.stack(votes_of(log).tally(np.arange(200) % 2, 2), axis=1))
    assert found[0] > 0.6
    assert found[1] < 0.01
    assert found[2] < 0.01
    assert 0.1 < found[3] <= 1


# A fair hearing


def test_new_statements_share_their_part_equally_and_the_others_keep_a_floor() -> None:
    """The numbers of docs/opinion-routing.md: 10 votes, 30 % together, 15 % of the rest drawn evenly."""
    log = camps(60, 30, heard=40) + [(i, 100 + j, 1) for j in range(5) for i in range(j)]
    left, chance = routing_of(log).chances({0: 1, 1: -1}, candidates=range(200))
    seen = np.array([sum(what == one for _who, what, _how in log) for one in left])
    new, heard = seen < 10, seen >= 10
    assert heard.sum() == 28
    assert np.ptp(chance[new]) < 1e-12
    assert chance[new].sum() == pytest.approx(0.3)
    assert chance[heard].min() >= 0.7 * 0.15 / heard.sum() - 1e-12


@given(new=st.integers(1, 3000), heard=st.integers(1, 3000), part=st.floats(0, 1))
def test_the_share_of_new_statements_is_bounded_on_both_sides(new: int, heard: int, part: float) -> None:
    share = share_of_new(new, heard, int(part * heard))
    assert share >= min(MOST_NEW, FAVOUR * new / (FAVOUR * new + heard)) - 1e-12
    assert share <= (
        MOST_NEW if int(part * heard) >= ENOUGH else 1 - (1 - MOST_NEW) / 2 * min(heard / ENOUGH, 1)
    )
    assert (share_of_new(new, 0, 0), share_of_new(0, heard, heard)) == (1, 0)


def test_a_new_statement_is_soon_heard_even_in_a_flood() -> None:
    """n new statements have their hearing after about n · HEARING / MOST_NEW cards."""
    log = camps(60, 30, heard=40)
    rng, routing, new = Random(4), routing_of(log), range(1000, 1040)
    got = dict.fromkeys(new, 0)
    cards = int(40 * HEARING / MOST_NEW)
    for _card in range(cards):
        chosen = routing.choose({}, candidates=[*range(30), *new], rng=rng)
        if chosen in got:
            got[chosen] += 1
    assert sum(got.values()) == pytest.approx(MOST_NEW * cards, rel=0.1)
    assert min(got.values()) >= HEARING / 4


@settings(deadline=None)
@given(log=LOGS, mine=MINE, candidates=st.sets(st.integers(0, 25), max_size=20))
def test_every_statement_left_has_a_chance_and_a_voted_one_has_none(
    log: Log, mine: Mapping[int, int], candidates: set[int]
) -> None:
    routing = routing_of(log)
    left, chance = routing.chances(mine, candidates=candidates)
    assert set(left.tolist()) == candidates - set(mine)
    assert np.isfinite(chance).all()
    assert (chance > 0).all()
    if len(left):
        assert chance.sum() == pytest.approx(1)
    chosen = routing.choose(mine, candidates=candidates, rng=Random(1))
    assert (chosen is None) == (not len(left))
    assert chosen is None or chosen in left


def test_the_draw_follows_the_chances_and_the_seed() -> None:
    routing = routing_of(camps(60, 12, heard=40))
    left, chance = routing.chances({0: 1}, candidates=range(14))
    rng = Random(5)
    drawn = [routing.choose({0: 1}, candidates=range(14), rng=rng) for _draw in range(4000)]
    often = np.array([drawn.count(one) for one in left.tolist()]) / 4000
    assert np.abs(often - chance).max() < 0.03
    assert [routing.choose({0: 1}, candidates=range(14), rng=Random(s)) for s in range(50)] == [
        routing.choose({0: 1}, candidates=range(14), rng=Random(s)) for s in range(50)
    ]


def test_the_order_of_votes_and_candidates_changes_nothing() -> None:
    routing = routing_of(camps(60, 20, heard=40))
    mine = {3: 1, 8: -1, 5: 1}
    turned = dict(reversed(mine.items()))
    for seed in range(30):
        one = routing.choose(mine, candidates=list(range(25)), rng=Random(seed))
        assert one == routing.choose(turned, candidates=list(range(24, -1, -1)), rng=Random(seed))


def test_without_a_map_every_statement_is_alike() -> None:
    left, chance = Routing.without_map().chances({7: 1}, candidates=[5, 6, 7, 8])
    assert left.tolist() == [5, 6, 8]
    assert chance == pytest.approx(np.full(3, 1 / 3))
    assert Routing.without_map().choose({5: 0}, candidates=[5], rng=Random(1)) is None
    nobody = routing_of([])
    assert nobody.chances({}, candidates=[1, 2])[1] == pytest.approx(np.full(2, 0.5))


def test_it_is_stored_as_plain_json_and_draws_the_same() -> None:
    routing = routing_of(camps(60, 20, heard=40))
    again = Routing.from_json(json.loads(json.dumps(routing.to_json())))
    _left, chance = routing.chances({1: 1}, candidates=range(30))
    assert again.chances({1: 1}, candidates=range(30))[1] == pytest.approx(chance, abs=2e-3)
    empty = Routing.from_json(json.loads(json.dumps(Routing.without_map().to_json())))
    assert empty.choose({}, candidates=[4], rng=Random(1)) == 4


def test_a_card_is_drawn_without_scipy() -> None:
    told = (
        "import sys; from random import Random; from camphor.engine.opinion.turn import Routing;"
        "Routing.without_map().choose({}, candidates=[1], rng=Random(1)); print('scipy' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"


# Better than chance


def test_with_as_many_votes_the_map_is_clearly_nearer_the_truth_than_at_random() -> None:
    """150 people answer 12 of 60 statements, of which a third divides; the truth is one axis."""
    rng = np.random.default_rng(7)
    stand = np.where(np.arange(150) % 2, 1.0, -1.0) + rng.normal(0, 0.3, 150)
    slope = np.where(np.arange(60) % 3 == 0, rng.choice([-2.0, 2.0], 60), 0.1)
    likely = 1 / (1 + np.exp(-(rng.normal(0.8, 1, 60) + np.outer(stand, slope))))
    answers = np.where(rng.random((150, 60)) < likely, 1, -1)
    ours, chance = (explained(stand, asked(answers, told=told)) for told in (True, False))
    assert ours > chance + 0.05


def asked(answers: Ints, *, told: bool, cards: int = 12) -> Floats:
    """The ideal points after so many cards for everyone, with a map drawn after each round."""
    rng, log, routing = Random(1), [], Routing.without_map()
    mine: list[dict[int, int]] = [{} for _person in answers]
    for _card in range(cards):
        for i, own in enumerate(mine):
            j = routing.choose(own, candidates=range(answers.shape[1]), rng=rng)
            assert j is not None
            own[j] = int(answers[i, j])
            log.append((i, j, own[j]))
        votes = votes_of(log)
        model, people = fit(votes)
        routing = Routing.from_map(votes, model) if told else routing
    return points_of(people, model.dimensions)[0]


def explained(stand: Floats, points: Floats) -> float:
    """The share of the variance of where people truly stand that their ideal points explain, linearly."""
    basis = np.column_stack([np.ones(len(points)), points])
    left = stand - basis @ np.linalg.lstsq(basis, stand, rcond=None)[0]
    return 1 - float(left.var() / stand.var())
