"""Where one participant stands on a map that was drawn: from the map's memory and his own votes alone.

A vote moves the own place at once, without a new map and without a look at anybody else. It is the step of
`scoring.place` for one person, with numpy alone, so that a web server answers in a millisecond and loads
neither scipy nor a compiler for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from camphor.engine.opinion.kernels.plain.clouds import cloud_likelihood
from camphor.engine.opinion.memory import Memory
from camphor.engine.opinion.mixture import Known, Mixture
from camphor.engine.opinion.model import SCORING_SWEEPS, Model, full_of, packed
from camphor.engine.opinion.result import OpinionMap
from camphor.engine.opinion.scoring import PLACED_FROM, TO_EDGE, box, chances
from camphor.engine.opinion.votes import Floats, Ints

WITHIN = 0.9
"""The ellipse holds the true place with this probability, as the intervals of the map do."""
MAPS_KEPT = 8
"""Memories kept unpacked; the same few maps are asked again and again."""


@dataclass(frozen=True)
class Ellipse:
    """Half axes in units of the picture; the turn of the longer one, in degrees clockwise from the right."""

    longer: float
    shorter: float
    turn: float


@dataclass(frozen=True)
class Located:
    """A participant's own place on the picture, 0 to 100, and how sure it is.

    group: a letter, or None where the own votes do not tell. chances: of each group, by letter.
    votes: how many of the own votes the map knows the statements of.
    """

    x: float
    y: float
    within: Ellipse
    group: str | None
    chances: dict[str, float]
    votes: int


def locate(drawn: OpinionMap, votes: Mapping[int, int]) -> Located | None:
    """The place of somebody with these votes (statement to -1, 0 or 1); None where the map cannot tell.

    Votes on statements that the map does not know yet say nothing. Time is linear in the votes.
    """
    memory, place = _memory(_Held(drawn)) if drawn.groups else (None, {})
    if memory is None:
        return None
    known = {place[statement]: value for statement, value in votes.items() if statement in place}
    if not any(known.values()):
        return None
    columns = np.array(sorted(known), np.int64)
    values = np.array([known[column] for column in columns.tolist()], float)
    point, covariance = _posterior(memory.model, columns[values != 0], values[values != 0])
    group, of_groups = _membership(memory, point, covariance)
    spot = box(point[None, :2], memory.reach)[0]
    return Located(
        x=round(float(spot[0]), 2),
        y=round(float(spot[1]), 2),
        within=_ellipse(covariance[:2, :2], memory.reach),
        group=group,
        chances=of_groups,
        votes=len(known),
    )


@dataclass(frozen=True, eq=False)
class _Held:
    """A map as a key of the cache: by being the same object, since comparing maps is slow."""

    drawn: OpinionMap

    def __hash__(self) -> int:
        return id(self.drawn)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and other.drawn is self.drawn


@lru_cache(maxsize=MAPS_KEPT)
def _memory(held: _Held) -> tuple[Memory | None, dict[int, int]]:
    """What the map remembers, and where in it each statement is."""
    memory = Memory.from_json(held.drawn.memory)
    statements = memory.statements.tolist() if memory else []
    return memory, {statement: k for k, statement in enumerate(statements)}


def _posterior(model: Model, columns: Ints, values: Floats) -> tuple[Floats, Floats]:
    """The ideal point given the statements, mean of shape (d,) and covariance of shape (d, d).

    columns: positions of the statements voted on. values: 1 or -1. The steps are those of `kernels.sweep`.
    """
    q = model.dimensions + 2
    row, column = packed(q)
    twice = np.where(row == column, 1.0, 2.0)
    moments = model.moments[columns]
    pull = full_of((values * 0.5) @ moments, q)[1]
    prior = np.diag([1 / model.lean, *[1.0] * model.dimensions])
    people = model.prior()
    for _sweep in range(SCORING_SWEEPS):
        x = np.sqrt(moments @ (people * twice))
        curved = full_of((np.tanh(x / 2) / (2 * np.maximum(x, 1e-9))) @ moments, q)
        covariance = np.linalg.inv(curved[1:, 1:] + prior)
        value: Floats = covariance @ (pull[1:] - curved[1:, 0])
        whole = np.ones((q, q))
        whole[0, 1:] = whole[1:, 0] = value
        whole[1:, 1:] = covariance + value[:, None] * value
        people = whole[row, column]
    return value[1:], np.asarray(covariance[1:, 1:], dtype=np.float64)


def _membership(memory: Memory, point: Floats, covariance: Floats) -> tuple[str | None, dict[str, float]]:
    """The group that the own votes speak for, or None, and the probability of each."""
    clouds = memory.clouds
    chance, own = (
        found[0] for found in chances(_likelihood(clouds.mixture, point, covariance)[None], clouds)
    )
    label = int(chance.argmax())
    group = memory.letters[label] if own[label] >= PLACED_FROM else None
    return group, {letter: round(float(part), 3) for letter, part in zip(memory.letters, chance, strict=True)}


def _likelihood(mixture: Mixture, point: Floats, covariance: Floats) -> Floats:
    """The log likelihood in each cloud, shape (k,)."""
    known = Known.from_points(point[None], covariance[None], np.ones(1))
    found = cloud_likelihood(known.pull, known.precision, mixture.mean, mixture.covariance)
    own: Floats = found[0]
    return own


def _ellipse(covariance: Floats, reach: float) -> Ellipse:
    """The region of a normal point on the picture, whose second axis points downwards."""
    flip = np.diag([1.0, -1.0])
    values, vectors = np.linalg.eigh(flip @ covariance @ flip)
    longer, shorter = np.sqrt(np.maximum(values[::-1], 0) * -2 * np.log(1 - WITHIN)) * TO_EDGE / reach
    turn = np.degrees(np.arctan2(vectors[1, 1], vectors[0, 1]))
    return Ellipse(round(float(longer), 2), round(float(shorter), 2), round(float(turn), 1))
