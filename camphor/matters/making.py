"""The door of matters, assignments, invitations to sign and instructions: a move, and then its effect."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from camphor.matters.models import Assignment, Backing, Instruction, Matter
from camphor.people.actor import Actor
from camphor.trail.moves import moving

Effect = Callable[..., None]
Made = Matter | Assignment | Backing | Instruction

EFFECTS: dict[tuple[str, str], Effect] = {}
"""What moves bring about, by kind and name. The modules of effects enter theirs; `actions` loads them all."""


def make(
    thing: Made,
    name: str,
    /,
    *,
    by: Actor,
    at: datetime,
    within: bool = False,
    seen: int | None = None,
    **given: Any,
) -> None:
    """Make the named move with this thing."""
    with moving(thing, name, by=by, at=at, given=given, within=within, seen=seen) as entry:
        if effect := EFFECTS.get((kind_of(thing), name)):
            effect(thing, by=by, at=at, entry=entry, **given)


def kind_of(thing: Made) -> str:
    return thing.kind if isinstance(thing, Matter) else type(thing).__name__.lower()
