"""A ledger of earlier years, read from the cells of a sheet: its head, its columns and its rows.

Heads of one or two rows are found by the words that offices use; a row that can not be taken keeps its reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from camphor.engine.table import mark as _
from camphor.kit.plain_text import plain
from camphor.rules.ledgers import COLUMNS

Grid = Sequence[Sequence[Any]]
Merged = Sequence[tuple[tuple[int, int], tuple[int, int]]]
"""Merged cells: the first and the last, each as row and column from nought."""

# fmt: off
FAULTS = {
    "no_title": _("There is no title."),
    "long_title": _("The title has more than 100 characters."),
    "long_number": _("The number has more than 60 characters."),
    "long_text": _("The text has more characters than this kind may have."),
    "bad_date": _("The date can not be read: write it as 2025-03-08."),
    "sum": _("This row sums up others and is none itself."),
    "foot": _("This row tells who made the ledger."),
    "twice": _("The same number or the same title stands in an earlier row of this file."),
    "taken": _("Another matter bears this number already."),
    "no_head": _("No head with a column for the title was found."),
}
# fmt: on
"""Why a row can not be taken."""
HEADS = {head: column.name for column in COLUMNS.values() for head in column.heads}
SUMS = re.compile(r"(?:合|总|小|共|累)计(?:[0-9]+[件条份])?|total")
"""How a row begins that sums up others."""
FOOTS = re.compile(r"(?:填表|填报|制表|审核|审批|报送|联系)(?:人|单位|日期|时间|电话|负责人).*")
"""How a row begins that offices write under a table."""
LOOKED_AT = 15
"""Rows in which a head is looked for: titles, dates and notes of the office stand above it."""
LONGEST_TITLE, LONGEST_NUMBER = 100, 60
NOISE = re.compile(r"[\s　:：*＊()（）/／、_\-]+")
DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T].*)?")
EPOCH = date(1899, 12, 30)
"""Day nought of Excel, for dates that lost their format and became numbers."""
SERIALS = (20_000, 80_000)
"""The numbers that are days: 1954 to 2119."""


@dataclass
class Line:
    """A row of the ledger: its number in the sheet, what it tells, what else stands there, what is wrong."""

    row: int
    told: dict[str, str] = field(default_factory=dict)
    besides: dict[str, str] = field(default_factory=dict)
    raised_on: date | None = None
    fault: str = ""

    @property
    def key(self) -> str:
        """What makes it the same row in another file: its number, or else its title and those who asked."""
        number = squeezed(self.told.get("number", ""))
        return number or f"{squeezed(self.told.get('title', ''))}|{squeezed(self.told.get('proposers', ''))}"


@dataclass
class Reading:
    """What was understood of a sheet."""

    heads: list[tuple[str, str]] = field(default_factory=list)  # each head, and the column that it is, if any
    lines: list[Line] = field(default_factory=list)
    fault: str = ""


def read(grid: Grid, merged: Merged = (), *, longest: int = 5000) -> Reading:
    """Understand a sheet; any cells whatever give a reading, at worst one that says what is missing."""
    cells = [[as_text(cell) for cell in row] for row in grid]
    first, height, columns, heads = _head(cells)
    if "title" not in columns.values():
        return Reading(fault="no_head")
    reading = Reading([(head, columns.get(place, "")) for place, head in heads.items() if head])
    inner = _inside(merged)
    for n in range(first + height, len(cells)):
        if not any(cells[n]):
            continue
        line = _line(n, cells[n], grid[n], columns, heads)
        place = next(place for place, name in columns.items() if name == "title")
        if (n, place) in inner and reading.lines and not line.told.get("title"):
            _join(reading.lines[-1], line)
        else:
            line.fault = _no_matter(cells[n])
            reading.lines.append(line)
    _judge(reading.lines, longest)
    return reading


def as_text(cell: Any) -> str:
    """A cell as plain text; whole numbers without the point that Excel keeps with them."""
    if isinstance(cell, bool) or cell is None:
        return "" if cell is None else str(cell)
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        cell = int(cell)
    if isinstance(cell, datetime):
        cell = cell.date()
    return plain(str(cell))


def squeezed(text: str) -> str:
    return NOISE.sub("", text).lower()


def _head(cells: list[list[str]]) -> tuple[int, int, dict[int, str], dict[int, str]]:
    """Where the head stands, how many rows it has, which column is what, and what each is called."""
    best: tuple[int, int, dict[int, str], dict[int, str]] = (0, 1, {}, {})
    for first in range(min(LOOKED_AT, len(cells))):
        for height in (1, 2):
            if first + height > len(cells):
                continue
            columns, heads = _columns(cells[first : first + height])
            if len(columns) > len(best[2]):
                best = (first, height, columns, heads)
    return best


def _columns(rows: list[list[str]]) -> tuple[dict[int, str], dict[int, str]]:
    """The columns under a head of one row, or of two of which the upper spans several."""
    columns: dict[int, str] = {}
    heads: dict[int, str] = {}
    above = ""
    is_title = len(rows) > 1 and sum(bool(cell) for cell in rows[0]) == 1  # of the sheet, above its head
    for place in range(max(len(row) for row in rows)):
        upper = rows[0][place] if place < len(rows[0]) and not is_title else ""
        lower = rows[1][place] if len(rows) > 1 and place < len(rows[1]) else ""
        above = upper or (above if lower else "")
        names = [above + lower, lower, above] if lower else [upper]
        found = next((HEADS[squeezed(name)] for name in names if squeezed(name) in HEADS), "")
        heads[place] = f"{above} {lower}".strip() if lower else upper
        if found and found not in columns.values():
            columns[place] = found
    return columns, heads


def _line(n: int, row: list[str], raw: Sequence[Any], columns: dict[int, str], heads: dict[int, str]) -> Line:
    line = Line(n + 1)
    for place, text in enumerate(row):
        if not text:
            continue
        if name := columns.get(place):
            line.told[name] = " ".join(text.split()) if name in ("title", "number") else text
            if name == "raised_on":
                line.raised_on = as_day(raw[place])
        else:
            head = heads.get(place) or str(place + 1)
            line.besides[head if head not in line.besides else f"{head} {place + 1}"] = text
    return line


def as_day(cell: Any) -> date | None:
    """The day in a cell, however it is written; nothing where it is none."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and SERIALS[0] < cell < SERIALS[1]:
        return EPOCH + timedelta(days=int(cell))
    found = DAY.fullmatch(str(cell).strip())
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None


def _inside(merged: Merged) -> set[tuple[int, int]]:
    """The cells that are merged with one above them."""
    found = set()
    for (top, left), (bottom, right) in merged:
        if bottom - top > 1000 or right - left > 1000:  # a whole column: no row continues another
            continue
        found |= {(row, place) for row in range(top + 1, bottom + 1) for place in range(left, right + 1)}
    return found


def _join(line: Line, more: Line) -> None:
    """A row whose title is merged with the one above tells more of the same matter."""
    for mine, others in ((line.told, more.told), (line.besides, more.besides)):
        for name, text in others.items():
            if text not in mine.get(name, "").split("、"):
                mine[name] = f"{mine[name]}、{text}" if mine.get(name) else text


def _no_matter(row: list[str]) -> str:
    """Why a row of a table tells of nothing that was raised: it sums up, or signs."""
    first = squeezed(next(text for text in row if text))
    if SUMS.fullmatch(first):
        return "sum"
    return "foot" if FOOTS.fullmatch(first) else ""


def _judge(lines: Iterable[Line], longest: int) -> None:
    seen: set[str] = set()
    for line in lines:
        line.fault = line.fault or _fault(line, longest)
        if not line.fault and line.key in seen:
            line.fault = "twice"
        seen |= {line.key} if not line.fault else set()


def _fault(line: Line, longest: int) -> str:
    title, text = line.told.get("title", ""), line.told.get("text", "")
    if not title:
        return "no_title"
    if len(title) > LONGEST_TITLE:
        return "long_title"
    if len(line.told.get("number", "")) > LONGEST_NUMBER:
        return "long_number"
    if len(text) > longest:
        return "long_text"
    return "bad_date" if line.told.get("raised_on") and line.raised_on is None else ""
