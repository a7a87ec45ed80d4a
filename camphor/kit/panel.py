"""A thing in figures, as its public page tells them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fact:
    """One figure: its name, the number as it is written, and a sentence that says what it is out of."""

    label: str
    number: str
    note: str = ""
