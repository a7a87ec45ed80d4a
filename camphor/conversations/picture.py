"""What the map page shows: for each picture a sentence and a table that say the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any

from camphor.conversations import sentences
from camphor.conversations.findings import MOST_ROWS, Findings
from camphor.conversations.models import Statement
from camphor.engine.opinion import FEWEST_PLACED, Counted, Group, Located, OpinionMap

Pull = Callable[[Counted], float]

SIDE = 600
"""The square box of the drawing, in its own units; both axes have one scale."""
SMALLEST_DOT, LARGEST_DOT = 3.5, 13.0
"""Half the width of a spot with one person and of the fullest one."""
FULL = 6
"""People on a spot from which on it may be the largest there is: few people make no large spots."""
AROUND, LOWEST = 10.0, 50.0
"""Room above and below those who stand outermost, and the least height of the picture, of 100."""
ABOVE = 6.0
"""From the middle of a group up to its letter, of 100."""
LEAST_SHOWN = 0.05
"""An axis that shows less of the difference than this is chance, and is not put in words."""
NAMED_PER_AXIS = 2
"""Statements named for each axis; the pull of further ones is weaker and no clearer."""
SHAPED = "abcde"
"""Letters with a shape and a colour of their own; any further group is drawn in that of the last."""


def picture(
    drawn: OpinionMap, texts: Mapping[int, Statement], *, is_open: bool, here: Located | None = None
) -> dict[str, Any]:
    """The map in words, tables and shapes; statements that are no longer known are left out."""
    found = Findings(drawn, texts)
    headings = {"shared": found.shared(), "dividing": found.dividing(), "bridging": found.bridging()}
    return {
        "map": drawn,
        "says": sentences.opening(drawn),
        "valley": sentences.valley(drawn),
        "who": sentences.who_is_on_it(drawn, is_open=is_open) if drawn.groups else "",
        "figures": {
            "people": sentences.count(drawn.participants, is_open=is_open),
            "votes": sentences.count(drawn.votes, is_open=is_open),
        },
        "fewest": FEWEST_PLACED,
        "groups": [_group(group, drawn, texts, is_open=is_open) for group in drawn.groups],
        **{name: rows[:MOST_ROWS] for name, rows in headings.items()},
        "more": {name: max(len(rows) - MOST_ROWS, 0) for name, rows in headings.items()},
        "picks": [
            {"statement": texts[pick.statement], "stands_for": round(100 * pick.stands_for)}
            for pick in drawn.picks
            if pick.statement in texts and round(100 * pick.stands_for)
        ],
        "lines": found.lines(is_open=is_open),
        "unplaced": sentences.count(drawn.participants - drawn.placed, is_open=is_open),
        "plot": _plot(drawn, here),
        "axes": _axes(drawn, texts),
        "own": sentences.own(here, drawn) if here else "",
    }


def _group(
    group: Group, drawn: OpinionMap, texts: Mapping[int, Statement], *, is_open: bool
) -> dict[str, Any]:
    return {
        "group": group,
        "class": _shape(group.letter),
        "name": sentences.named(group.letter, drawn),
        "size": sentences.count(group.size, is_open=is_open),
        "says": sentences.of_group(group, drawn, is_open=is_open),
        "speaks": [
            {
                "agrees": said.agrees,
                "says": sentences.speaking(said),
                "margin": sentences.until(said.flips),
                "statement": texts[said.statement],
            }
            for said in group.speaks
            if said.statement in texts
        ],
    }


def _shape(letter: str) -> str:
    return letter.lower() if letter.lower() in SHAPED else SHAPED[-1]


def _plot(drawn: OpinionMap, here: Located | None) -> dict[str, Any]:
    """The shapes of the picture, as numbers that stand in it as they are."""
    top, height = _window(drawn, here)
    return {
        "side": SIDE,
        "top": top,
        "height": height,
        "middle": SIDE // 2,
        "spots": _spots(drawn),
        "labels": [
            {
                "letter": group.letter,
                "class": _shape(group.letter),
                "x": _laid(min(max(group.x, AROUND), 100 - AROUND)),
                "y": _laid(max(group.y - ABOVE, ABOVE)),  # beside its people, not on top of them
            }
            for group in drawn.groups
        ],
        "here": _own(here) if here else None,
    }


def _window(drawn: OpinionMap, here: Located | None) -> tuple[int, int]:
    """The part of the square from top to bottom where somebody stands: top and height."""
    places = [cell.y for cell in drawn.cells] + ([here.y] if here else [])
    if not places:
        return 0, SIDE
    low = max(min(min(places) - AROUND, 50 - LOWEST / 2), 0.0)
    high = min(max(max(places) + AROUND, 50 + LOWEST / 2), 100.0)
    return int(low / 100 * SIDE), int((high - low) / 100 * SIDE)


def _spots(drawn: OpinionMap) -> list[dict[str, str]]:
    """A shape for each cell with people in it, its area in proportion to how many."""
    fullest = max((cell.count for cell in drawn.cells), default=1)
    spots = []
    for cell in sorted(drawn.cells, key=lambda cell: cell.group):  # people without a group lie undermost
        half = max(SMALLEST_DOT, LARGEST_DOT * (cell.count / max(fullest, FULL)) ** 0.5)
        shape = _shape(drawn.groups[cell.group].letter) if cell.group >= 0 else ""
        x, y = cell.x / 100 * SIDE - half, cell.y / 100 * SIDE - half
        spots.append({"class": shape, "x": f"{x:.1f}", "y": f"{y:.1f}", "size": f"{2 * half:.1f}"})
    return spots


def _own(here: Located) -> dict[str, str]:
    """The reader's own place and the ellipse in which he is nine times in ten."""
    x, y, turn = _laid(here.x), _laid(here.y), f"{here.within.turn:g}"
    return {
        "x": x,
        "y": y,
        "longer": f"{here.within.longer / 100 * SIDE:.1f}",
        "shorter": f"{here.within.shorter / 100 * SIDE:.1f}",
        "turned": f"rotate({turn} {x} {y})",
    }


def _laid(place: float) -> str:
    return f"{place / 100 * SIDE:.1f}"


def _axes(drawn: OpinionMap, texts: Mapping[int, Statement]) -> list[dict[str, Any]]:
    """What each axis means: the statements that pull most, and how much of the difference it shows."""
    if len(drawn.groups) < 1:
        return []
    known = [row for row in drawn.counted if row.statement in texts]
    pulls: dict[bool, Pull] = {True: attrgetter("x"), False: attrgetter("y")}
    return [
        {
            "says": sentences.axis(_strongest(known, pull, texts), across=across),
            "share": round(100 * drawn.share[0 if across else 1]),
        }
        for across, pull in pulls.items()
        if drawn.share[0 if across else 1] >= LEAST_SHOWN and any(pull(row) for row in known)
    ]


def _strongest(
    rows: list[Counted], pull: Pull, texts: Mapping[int, Statement]
) -> list[tuple[Statement, bool]]:
    strongest = sorted(rows, key=lambda row: (-abs(pull(row)), row.statement))[:NAMED_PER_AXIS]
    return [(texts[row.statement], bool(pull(row) > 0)) for row in strongest]
