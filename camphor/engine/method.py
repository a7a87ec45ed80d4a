"""A method: the steps by which a consultation is held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class BadMethod(ValueError):
    """A row that does not describe a method; the message says which part."""


@dataclass(frozen=True)
class StepKind:
    """What a step is for. Towns name their steps as they like; kinds keep them comparable."""

    name: str
    label: str
    offers: frozenset[str] = frozenset()  # what may be opened while the step lasts
    needs: tuple[str, ...] = ()  # what must be there before the next begins


@dataclass(frozen=True)
class Step:
    """One step of a method: its kind, its local name, and the days it is given."""

    kind: str
    label: str
    days: int


@dataclass(frozen=True)
class Method:
    """A named sequence of steps, with the source it was published in."""

    name: str
    label: str
    steps: tuple[Step, ...]
    source: str = ""

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Method:
        """Read a local row; a row that lacks a part raises `BadMethod`."""
        try:
            steps = tuple(Step(str(s["kind"]), str(s["label"]), int(s["days"])) for s in row["steps"])
            method = cls(str(row["name"]), str(row["label"]), steps, str(row.get("source", "")))
        except (KeyError, TypeError, ValueError) as lack:
            raise BadMethod(f"not a method: {lack}") from lack
        if not steps or any(step.days < 0 for step in steps):
            raise BadMethod("a method has at least one step, and no step has negative days")
        return method
