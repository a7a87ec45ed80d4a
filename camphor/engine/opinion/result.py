"""A drawn opinion map: everything that a page or a report shows, and what the next map needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Rate:
    """A share of people with its 90 % interval, each from 0 to 1."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Tally:
    """The votes of some people on a statement, and how many of such people would agree or disagree.

    The rates are shares of all who see the statement, those who pass included; small counts are drawn to
    what the model expects.
    """

    agreed: float
    disagreed: float
    seen: float
    agree: Rate
    disagree: Rate


@dataclass(frozen=True)
class Said:
    """A statement that gets a label, and the side on which it does.

    statement: its id. agrees: the side. percent: of those people on that side. sure: the probability that the
    label holds, from 0 to 1. flips: the smallest number of changed votes that would take the label away.
    """

    statement: int
    agrees: bool
    percent: int
    sure: float
    flips: int


@dataclass(frozen=True)
class Divides:
    """A statement that divides: more than half of group `pro` are on that side, and of group `con` are not.

    agrees: the side. pro, con: positions in the groups. gap: the difference of the two shares, from 0 to 1.
    """

    statement: int
    agrees: bool
    pro: int
    con: int
    gap: float
    sure: float
    flips: int


@dataclass(frozen=True)
class Bridge:
    """A statement that even those who like it least would rather agree with (or disagree with).

    least: the share below which only a tenth of all participants' own probabilities lie.
    """

    statement: int
    agrees: bool
    least: float


@dataclass(frozen=True)
class Pick:
    """A statement of the short list that represents all, and the share of people it stands for."""

    statement: int
    stands_for: float


@dataclass(frozen=True)
class Group:
    """People who vote alike.

    letter: stays with a group from one map to the next. size: people placed in it. share: of all placed.
    x, y: its middle on the picture, 0 to 100. speaks: what sets it apart, strongest first.
    small: it has too few people to speak for more than themselves.
    """

    letter: str
    size: int
    share: float
    x: float
    y: float
    small: bool
    speaks: tuple[Said, ...]


@dataclass(frozen=True)
class Counted:
    """A statement with the votes of all and of each group.

    priority: the chance that a newcomer is asked it first (polis: its published priority).
    x, y: which way it pulls on the picture, -1 to 1.
    """

    statement: int
    all: Tally
    groups: tuple[Tally, ...]
    priority: float
    x: float
    y: float


@dataclass(frozen=True)
class Cell:
    """A spot of the picture and how many people of a group (-1: of none) stand there; never who."""

    x: float
    y: float
    group: int
    count: int


@dataclass(frozen=True)
class Evidence:
    """How sure it is that there are groups.

    separate: there are groups with fewer people between them than within; otherwise the `groups` of the map
    are only two regions of one continuum, to read it by. chances: the probability of 1, 2, … groups under
    resampling. valley: the density of people between the two closest groups as a share of that within the
    thinner one; 1 where nothing lies between.
    """

    separate: bool
    chances: tuple[float, ...]
    valley: float


@dataclass(frozen=True)
class OpinionMap:
    """Everything that a page or a report shows.

    recipe: "ideal_points" or "polis". participants: who voted; placed: in a group; votes: that count.
    share: of the variance of the logits, along the two axes of the picture.
    shared: labels of all groups. dividing: the widest gap first. bridging: independent of groups.
    memory: for the next map and for `locate`, in plain JSON: the model, and of people the newest id alone.
    """

    recipe: str
    participants: int
    placed: int
    votes: int
    evidence: Evidence
    share: tuple[float, float]
    groups: tuple[Group, ...]
    counted: tuple[Counted, ...]
    shared: tuple[Said, ...]
    dividing: tuple[Divides, ...]
    bridging: tuple[Bridge, ...]
    picks: tuple[Pick, ...]
    cells: tuple[Cell, ...]
    memory: dict[str, Any]

    def to_json(self, *, public: bool = False) -> dict[str, Any]:
        """As plain JSON; `public` leaves out the memory."""
        whole = asdict(self)
        if public:
            del whole["memory"]
        return whole

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> OpinionMap:
        """Read what `to_json` wrote."""
        return cls(
            **{
                **data,
                "evidence": _evidence(data["evidence"]),
                "share": (data["share"][0], data["share"][1]),
                "groups": tuple(
                    Group(**{**group, "speaks": _rows(Said, group["speaks"])}) for group in data["groups"]
                ),
                "counted": tuple(_counted(row) for row in data["counted"]),
                "shared": _rows(Said, data["shared"]),
                "dividing": _rows(Divides, data["dividing"]),
                "bridging": _rows(Bridge, data["bridging"]),
                "picks": _rows(Pick, data["picks"]),
                "cells": _rows(Cell, data["cells"]),
                "memory": data.get("memory", {}),
            }
        )

    def priority(self) -> dict[int, float]:
        """How much a vote on each statement would tell."""
        return {row.statement: row.priority for row in self.counted}


def _rows(kind: type[Any], rows: list[dict[str, Any]]) -> tuple[Any, ...]:
    names = {field.name for field in fields(kind)}
    return tuple(kind(**{name: value for name, value in row.items() if name in names}) for row in rows)


def _evidence(data: Mapping[str, Any]) -> Evidence:
    return Evidence(data["separate"], tuple(data["chances"]), data["valley"])


def _tally(data: Mapping[str, Any]) -> Tally:
    return Tally(**{**data, "agree": Rate(**data["agree"]), "disagree": Rate(**data["disagree"])})


def _counted(data: Mapping[str, Any]) -> Counted:
    return Counted(
        **{**data, "all": _tally(data["all"]), "groups": tuple(_tally(group) for group in data["groups"])}
    )
