"""The map of a conversation: groups, what speaks for each, what all share, and what divides."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from camphor.engine.opinion.groups import split, steady
from camphor.engine.opinion.plane import AXES, Plane, place
from camphor.engine.opinion.turn import priorities
from camphor.engine.opinion.voices import Tally, dividing, group_consensus, shared, speaking
from camphor.engine.opinion.votes import Floats, Ints, Votes

ENOUGH_VOTES = 7
"""Votes that place a participant, or all statements where there are fewer (as in Polis)."""
FEWEST_PLACED = 7
"""Below this nothing is drawn: a map of so few people would show persons, not opinions."""
CELLS_ACROSS = 24
"""Cells of the published picture in each direction: fine enough for its shape, too coarse for a person."""


@dataclass(frozen=True)
class Said:
    """A statement by its id, the side it is on, and the percentage of the group on that side."""

    statement: int
    agrees: bool
    percent: int


@dataclass(frozen=True)
class Group:
    """People who vote alike: how many, where on the picture (0 to 100), and what speaks for them."""

    letter: str
    size: int
    x: float
    y: float
    speaks: tuple[Said, ...]


@dataclass(frozen=True)
class Counted:
    """The votes on one statement, of all and of each group, as (agreed, disagreed, seen)."""

    statement: int
    all: tuple[int, int, int]
    groups: tuple[tuple[int, int, int], ...]
    consensus: float
    priority: float


@dataclass(frozen=True)
class Cell:
    """A spot of the picture and how many people of a group stand there; never who."""

    x: float
    y: float
    group: int
    count: int


@dataclass(frozen=True)
class OpinionMap:
    """Everything that a page shows, and what the next map needs to keep steady.

    `people` (participant id to group) and `axes` are for the next map and never published.
    """

    participants: int
    placed: int
    votes: int
    silhouette: float
    share: tuple[float, float]
    groups: tuple[Group, ...]
    counted: tuple[Counted, ...]
    shared: tuple[Said, ...]
    dividing: tuple[int, ...]
    cells: tuple[Cell, ...]
    people: dict[int, int]
    axes: tuple[tuple[float, ...], ...]
    statements: tuple[int, ...]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> OpinionMap:
        groups = [{**group, "speaks": _said(group["speaks"])} for group in data["groups"]]
        counted = [
            {**row, "all": tuple(row["all"]), "groups": tuple(tuple(one) for one in row["groups"])}
            for row in data["counted"]
        ]
        return cls(
            **{
                **data,
                "share": tuple(data["share"]),
                "groups": tuple(Group(**group) for group in groups),
                "counted": tuple(Counted(**row) for row in counted),
                "shared": _said(data["shared"]),
                "dividing": tuple(data["dividing"]),
                "cells": tuple(Cell(**cell) for cell in data["cells"]),
                "people": {int(one): group for one, group in data["people"].items()},
                "axes": tuple(tuple(axis) for axis in data["axes"]),
                "statements": tuple(data["statements"]),
            }
        )

    def priority(self) -> dict[int, float]:
        """How much a vote on each statement would tell."""
        return {row.statement: row.priority for row in self.counted}


def _said(rows: list[dict[str, Any]]) -> tuple[Said, ...]:
    return tuple(Said(**row) for row in rows)


def draw_map(votes: Votes, *, hidden: Collection[int] = (), before: OpinionMap | None = None) -> OpinionMap:
    """Draw the map of these votes; hidden statements influence nothing.

    With `before`, the axes do not flip and the groups keep their letters. The result depends on the votes
    alone: there is no randomness in it, and neither the order of participants nor of statements matters.
    """
    votes = votes.without(hidden) if len(hidden) else votes
    plane = place(votes, before=_axes_before(before, votes))
    label, score = _groups(votes, plane, before)
    groups = int(label.max()) + 1 if len(label) else 0
    tally = Tally(*(part.astype(float) for part in votes.tally(label, groups)))
    everybody = Tally(*(part.astype(float)[None] for part in votes.counts()))
    box = _box(plane.positions[label >= 0])
    spoken = speaking(tally)
    return OpinionMap(
        participants=len(votes.participants),
        placed=int((label >= 0).sum()),
        votes=len(votes.values),
        silhouette=round(score, 4),
        share=(float(plane.share[0]), float(plane.share[1])),
        groups=tuple(
            Group(
                letter=chr(ord("A") + g),
                size=int((label == g).sum()),
                x=float(middle[0]),
                y=float(middle[1]),
                speaks=tuple(
                    _say(votes, one.statement, one.agrees, tally.agreed[g], tally.disagreed[g], tally.seen[g])
                    for one in spoken[g]
                ),
            )
            for g in range(groups)
            for middle in [box(plane.positions[label == g].mean(axis=0, keepdims=True))[0]]
        ),
        counted=_counted(votes, plane, tally, everybody),
        shared=tuple(
            _say(votes, one.statement, one.agrees, *(part.sum(axis=0) for part in _parts(tally)))
            for one in shared(tally)
        ),
        dividing=tuple(int(votes.statements[statement]) for statement in dividing(tally)),
        cells=_cells(box(plane.positions[label >= 0]), label[label >= 0]),
        people={
            int(one): int(group) for one, group in zip(votes.participants, label, strict=True) if group >= 0
        },
        axes=tuple(tuple(float(x) for x in axis) for axis in plane.axes),
        statements=tuple(int(statement) for statement in votes.statements),
    )


def _groups(votes: Votes, plane: Plane, before: OpinionMap | None) -> tuple[Ints, float]:
    """The group of every participant, -1 for who has not voted enough, and the silhouette of the split."""
    label = np.full(len(votes.participants), -1, np.int64)
    enough = votes.cast >= max(1, min(ENOUGH_VOTES, len(votes.statements)))
    if enough.sum() < FEWEST_PLACED:
        return label, 0.0
    found, score = split(plane.positions[enough])
    if before and before.people:
        found = steady(found, votes.participants[enough], before.people)
    label[enough] = found
    return label, score


def _axes_before(before: OpinionMap | None, votes: Votes) -> Floats | None:
    """The axes of the last map, on the statements of this one; a new statement had no weight."""
    if before is None:
        return None
    column = {statement: place for place, statement in enumerate(before.statements)}
    axes = np.zeros((AXES, len(votes.statements)))
    for place_now, statement in enumerate(votes.statements):
        if int(statement) in column:
            axes[:, place_now] = [axis[column[int(statement)]] for axis in before.axes]
    return axes


def _parts(tally: Tally) -> tuple[Floats, Floats, Floats]:
    return tally.agreed, tally.disagreed, tally.seen


def _say(votes: Votes, statement: int, agrees: bool, agreed: Floats, disagreed: Floats, seen: Floats) -> Said:
    on_that_side = agreed[statement] if agrees else disagreed[statement]
    percent = round(100 * float(on_that_side) / max(float(seen[statement]), 1))
    return Said(int(votes.statements[statement]), agrees, percent)


def _counted(votes: Votes, plane: Plane, tally: Tally, everybody: Tally) -> tuple[Counted, ...]:
    consensus, _against = group_consensus(tally)
    agreed, disagreed, seen = (part[0] for part in _parts(everybody))
    weight = priorities(agreed, seen - agreed - disagreed, seen, plane.extremity)
    of_groups = np.stack(_parts(tally), axis=-1).astype(int)
    of_all = np.stack([agreed, disagreed, seen], axis=-1).astype(int)
    return tuple(
        Counted(
            statement=int(statement),
            all=(int(of_all[j, 0]), int(of_all[j, 1]), int(of_all[j, 2])),
            groups=tuple((int(a), int(d), int(s)) for a, d, s in of_groups[:, j]),
            consensus=float(consensus[j]),
            priority=float(weight[j]),
        )
        for j, statement in enumerate(votes.statements)
    )


def _box(points: Floats) -> Any:
    """A function that lays positions into the square from 0 to 100, the same scale on both axes."""
    if not len(points):
        return lambda some: np.full((len(some), 2), 50.0)
    # the outermost hundredth is drawn at the edge, so that one far-out person does not shrink all others
    reach = max(float(np.quantile(np.abs(points), 0.99)), 1e-9)
    return lambda some: np.clip(50 + 46 * some / reach * np.array([1, -1]), 2, 98)


def _cells(spots: Floats, label: Ints) -> tuple[Cell, ...]:
    size = 100 / CELLS_ACROSS
    counted: dict[tuple[int, int, int], int] = {}
    for (column, row), group in zip((spots // size).astype(int), label, strict=True):
        key = (int(group), int(column), int(row))
        counted[key] = counted.get(key, 0) + 1
    return tuple(
        Cell(round((column + 0.5) * size, 2), round((row + 0.5) * size, 2), group, count)
        for (group, column, row), count in sorted(counted.items())
    )
