"""What the map page shows: for each picture a sentence and a table that say the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from camphor.conversations.models import Statement
from camphor.engine.opinion import FEWEST_PLACED, Counted, Group, OpinionMap, Said

WIDTH, HEIGHT = 640, 440
"""The box of the drawing, in its own units."""
SMALLEST_DOT, LARGEST_DOT = 3.0, 15.0
"""Radii of a spot with one person and of the fullest one."""
MOST_ROWS = 8
"""Statements named under one heading; the rest is on the page of all statements."""


@dataclass(frozen=True)
class Bar:
    """Votes on a statement as widths that add up to 100."""

    agree: int
    passed: int
    disagree: int
    seen: int

    @property
    def passed_from(self) -> int:
        return self.agree

    @property
    def disagree_from(self) -> int:
        return self.agree + self.passed


@dataclass(frozen=True)
class Row:
    """A statement with the votes of all and of every group."""

    statement: Statement
    all: Bar
    groups: tuple[tuple[str, Bar], ...]
    agrees: bool = True


def picture(drawn: OpinionMap, texts: Mapping[int, Statement]) -> dict[str, Any]:
    """The map in words, tables and shapes; statements that are no longer known are left out."""
    letters = [group.letter for group in drawn.groups]
    rows = {
        row.statement: _row(row, texts[row.statement], letters)
        for row in drawn.counted
        if row.statement in texts
    }
    shared = [_sided(rows[said.statement], said) for said in drawn.shared if said.statement in rows]
    dividing = [rows[statement] for statement in drawn.dividing if statement in rows]
    return {
        "map": drawn,
        "says": _summary(drawn),
        "fewest": FEWEST_PLACED,
        "groups": [_group(group, drawn, texts) for group in drawn.groups],
        "shared": shared[:MOST_ROWS],
        "shared_count": len(shared),
        "dividing": dividing[:MOST_ROWS],
        "dividing_count": len(dividing),
        "spots": _spots(drawn),
        "labels": [
            {"letter": group.letter, "class": group.letter.lower(), "x": _x(group.x), "y": _y(group.y)}
            for group in drawn.groups
        ],
        "width": WIDTH,
        "height": HEIGHT,
    }


def bar(counted: tuple[int, int, int]) -> Bar:
    """Percentages of a count (agreed, disagreed, seen) that add up to 100."""
    agreed, disagreed, seen = counted
    if not seen:
        return Bar(0, 100, 0, 0)
    agree, disagree = round(100 * agreed / seen), round(100 * disagreed / seen)
    return Bar(agree, 100 - agree - disagree, disagree, seen)


def _row(counted: Counted, statement: Statement, letters: list[str]) -> Row:
    of_groups = tuple(zip(letters, (bar(count) for count in counted.groups), strict=False))
    return Row(statement, bar(counted.all), of_groups)


def _sided(row: Row, said: Said) -> Row:
    return Row(row.statement, row.all, row.groups, said.agrees)


def _summary(drawn: OpinionMap) -> str:
    """The whole map in one sentence."""
    if not drawn.groups:
        told = ngettext(
            "Not enough votes for a map yet: it takes %(fewest)s people who have voted on enough statements, "
            "and so far there is %(placed)s.",
            "Not enough votes for a map yet: it takes %(fewest)s people who have voted on enough statements, "
            "and so far there are %(placed)s.",
            drawn.placed,
        )
        return told % {"fewest": FEWEST_PLACED, "placed": drawn.placed}
    if len(drawn.groups) == 1:
        return _(
            "The votes of %(placed)s people show no separate groups: opinions lie close together or are "
            "spread evenly."
        ) % {"placed": drawn.placed}
    sizes = _(", ").join(
        _("%(letter)s with %(size)s people") % {"letter": group.letter, "size": group.size}
        for group in drawn.groups
    )
    told = _("%(placed)s people voted enough to be placed; they form %(groups)s groups (%(sizes)s).")
    shared = ngettext(
        "On %(n)s statement all groups agree with each other.",
        "On %(n)s statements all groups agree with each other.",
        len(drawn.shared),
    )
    counts = {"placed": drawn.placed, "groups": len(drawn.groups), "sizes": sizes}
    return both(told % counts, shared % {"n": len(drawn.shared)})


def both(first: str, second: str) -> str:
    """Two sentences, one after the other."""
    return _("%(first)s %(second)s") % {"first": first, "second": second}


def _group(group: Group, drawn: OpinionMap, texts: Mapping[int, Statement]) -> dict[str, Any]:
    speaks: list[dict[str, Any]] = [
        {"said": said, "statement": texts[said.statement]} for said in group.speaks if said.statement in texts
    ]
    share = round(100 * group.size / max(drawn.placed, 1))
    sentence = _("Group %(letter)s: %(size)s people (%(share)s%%).") % {
        "letter": group.letter,
        "size": group.size,
        "share": share,
    }
    if speaks:
        first = speaks[0]
        told = (
            _("%(percent)s%% of them agree with “%(text)s”.")
            if first["said"].agrees
            else _("%(percent)s%% of them disagree with “%(text)s”.")
        )
        more = told % {"percent": first["said"].percent, "text": first["statement"].text}
        sentence = both(sentence, more)
    return {"group": group, "class": group.letter.lower(), "says": sentence, "speaks": speaks, "share": share}


def _spots(drawn: OpinionMap) -> list[dict[str, Any]]:
    """A dot for each cell with people in it, its area in proportion to how many."""
    fullest = max((cell.count for cell in drawn.cells), default=1)
    return [
        {
            "x": _x(cell.x),
            "y": _y(cell.y),
            "r": round(max(SMALLEST_DOT, LARGEST_DOT * (cell.count / max(fullest, 4)) ** 0.5), 1),
            "class": drawn.groups[cell.group].letter.lower(),
        }
        for cell in drawn.cells
    ]


def _x(place: float) -> float:
    return round(place / 100 * WIDTH, 1)


def _y(place: float) -> float:
    return round(place / 100 * HEIGHT, 1)
