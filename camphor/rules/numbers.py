"""How numbers are written: the series of the house, and what a body may write in their place."""

from __future__ import annotations

from dataclasses import dataclass
from string import Formatter

from camphor.engine.table import Table
from camphor.engine.table import mark as _
from camphor.rules.matters import MATTERS


@dataclass(frozen=True)
class Numbering:
    """A series of numbers and how one is written; `label` names what bears it."""

    name: str
    label: str
    pattern: str


NUMBERS = Table(*(Numbering(kind.name, kind.label, kind.series) for kind in MATTERS.values() if kind.series))
FILLED = frozenset({"n", "year", "term", "session", "place"})
"""What is filled in."""
WIDTHS = frozenset({"", *(f"0{digits}" for digits in range(2, 7))})
"""How wide the running number may be written."""


def judge_pattern(typed: str) -> None:
    """Raises a ValueError that says what is wrong with how numbers are to be written."""
    try:
        parts = [(name, spec, how) for _text, name, spec, how in Formatter().parse(typed) if name is not None]
    except ValueError as cause:
        raise ValueError(_("The braces do not match.")) from cause
    names = {name for name, _spec, _how in parts}
    if not names <= FILLED or any(how for _name, _spec, how in parts):
        raise ValueError(_("Only {n}, {year}, {term}, {session} and {place} can be filled in."))
    if any((spec or "") not in (WIDTHS if name == "n" else {""}) for name, spec, _how in parts):
        raise ValueError(_("Only the running number can have digits, as in {n:04}."))
    if "n" not in names:
        raise ValueError(_("The running number {n} is missing."))
    if "year" not in names and not {"term", "session"} <= names:
        raise ValueError(_("It must name the year, or term and session: numbers begin anew with each."))
