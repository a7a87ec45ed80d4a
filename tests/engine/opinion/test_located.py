"""One's own place on a map: the same as the map's own placing, from nothing but the own votes."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from camphor.engine.opinion import OpinionMap, Votes, draw_map, locate
from camphor.engine.opinion.memory import Memory
from camphor.engine.opinion.model import points_of
from camphor.engine.opinion.scoring import box, place


@pytest.fixture(scope="module")
def votes() -> Votes:
    """Two camps of sixty on twelve statements; some votes are missing, some pass."""
    rng = np.random.default_rng(3)
    who, what = np.nonzero(rng.random((120, 12)) < 0.8)
    camp = np.where(who % 2 == 0, 1, -1)
    side = camp * np.where(what % 3 == 0, 1, np.where(what % 3 == 1, -1, camp))
    how = np.where(rng.random(len(who)) < 0.15, -side, side)
    how[rng.random(len(who)) < 0.1] = 0
    return Votes.from_log(who, what + 100, how)


@pytest.fixture(scope="module")
def drawn(votes: Votes) -> OpinionMap:
    return draw_map(votes)


def own_votes(votes: Votes, i: int) -> dict[int, int]:
    part = slice(votes.starts[i], votes.starts[i + 1])
    statements = votes.statements[votes.columns[part]].tolist()
    return dict(zip(statements, votes.values[part].tolist(), strict=True))


def test_everybody_is_where_the_map_placed_him(votes: Votes, drawn: OpinionMap) -> None:
    memory = Memory.from_json(drawn.memory)
    assert memory is not None
    placed = place(votes, memory)
    spots = box(placed.spot, memory.reach)
    for i in range(len(votes.participants)):
        here = locate(drawn, own_votes(votes, i))
        assert here is not None
        assert (here.x, here.y) == pytest.approx(tuple(spots[i]), abs=0.01)
        assert list(here.chances.values()) == pytest.approx(placed.chance[i].tolist(), abs=1e-3)
        label = int(placed.label[i])
        assert here.group == (drawn.groups[label].letter if label >= 0 else None)


def test_the_ellipse_is_that_of_the_model(votes: Votes, drawn: OpinionMap) -> None:
    memory = Memory.from_json(drawn.memory)
    assert memory is not None
    people = memory.model.place(votes.of_participants(np.array([5])))
    _mean, covariance = points_of(people, memory.model.dimensions)
    here = locate(drawn, own_votes(votes, 5))
    assert here is not None
    area = np.sqrt(np.linalg.det(covariance[0, :2, :2])) * -2 * np.log(0.1) * (46 / memory.reach) ** 2
    assert here.within.longer * here.within.shorter == pytest.approx(area, rel=1e-2)
    assert here.within.longer >= here.within.shorter > 0


def test_every_further_vote_makes_the_place_surer(votes: Votes, drawn: OpinionMap) -> None:
    mine = own_votes(votes, 7)
    cast = [statement for statement, value in mine.items() if value]
    areas = []
    for many in range(1, len(cast) + 1):
        here = locate(drawn, {statement: mine[statement] for statement in cast[:many]})
        assert here is not None
        areas.append(here.within.longer * here.within.shorter)
    assert areas == sorted(areas, reverse=True)


def test_who_has_only_passed_or_voted_on_what_the_map_does_not_know_is_nowhere(drawn: OpinionMap) -> None:
    assert locate(drawn, {}) is None
    assert locate(drawn, {100: 0, 101: 0}) is None
    assert locate(drawn, {9999: 1}) is None
    assert locate(draw_map(Votes.nobody()), {100: 1}) is None


def test_a_statement_that_the_map_does_not_know_changes_nothing(votes: Votes, drawn: OpinionMap) -> None:
    mine = own_votes(votes, 3)
    assert locate(drawn, mine) == locate(drawn, {**mine, 9999: -1})


def test_neither_scipy_nor_a_compiler_is_loaded_for_it() -> None:
    told = (
        "import sys, numpy as np; from camphor.engine.opinion import located;"
        "from camphor.engine.opinion.model import Model; m = Model(np.ones((3, 21)), 0.25, (0.0, 1.0), 4);"
        "located._posterior(m, np.array([0, 2]), np.array([1.0, -1.0]));"
        "print('scipy' in sys.modules, 'numba' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
