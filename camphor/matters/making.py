"""The door of matters, assignments, invitations to sign and instructions: a move, and then its effect."""

from __future__ import annotations

from camphor.matters.models import Assignment, Backing, Instruction, Matter
from camphor.trail.moves import Door, Effect

Made = Matter | Assignment | Backing | Instruction

EFFECTS: dict[tuple[str, str], Effect] = {}
"""What moves bring about, by kind and name. The modules of effects enter theirs; `actions` loads them all."""


def kind_of(thing: Made) -> str:
    return thing.kind if isinstance(thing, Matter) else type(thing).__name__.lower()


make = Door(EFFECTS, lambda thing, name: (kind_of(thing), name))
