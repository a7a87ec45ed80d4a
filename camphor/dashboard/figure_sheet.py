"""Figures as a table for a spreadsheet: a line for each part that adds up, one line for days."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

from django.http import HttpResponseBase
from django.utils.translation import gettext as _

from camphor.dashboard.asked import Asked
from camphor.kit.download import download
from camphor.kit.workbook import COMMANDS, EXCEL, Cell, Heading, workbook
from camphor.matters.telling import Told

Line = Sequence[Cell]
WIDE, NARROW = 28, 12
"""Characters of a column of words, and of one of numbers."""


def sheet_of(
    request: Asked, name: str, on: date, told_by: Sequence[str], lines: Iterable[Line], *, excel: bool
) -> HttpResponseBase:
    """The file, as Excel or for programs. told_by: the heads of what stands between the figure and its part.

    lines: of `lines_of`.
    """
    said = [_("Figure"), *told_by, _("Part")]
    numbers = [
        _("How many"), _("Out of"), _("Per cent"),
        _("Median of days"), _("90th percentile"), _("Mean of days"),
    ]  # fmt: skip
    label = _("Figures as of %(day)s") % {"day": on.isoformat()}
    if excel:
        headings = [*(Heading(head, WIDE) for head in said), *(Heading(head, NARROW) for head in numbers)]
        foot = _("Filled in by: %(person)s") % {"person": request.user} + "　　" + _("Checked by:")
        file = workbook(label, headings, lines, foot=foot)
        return download(file, kind=EXCEL, plain=f"{name}-{on.isoformat()}.xlsx", name=f"{label}.xlsx")
    out = io.StringIO()
    out.write("\ufeff")  # by which Excel knows that it is UTF-8
    written = csv.writer(out)
    written.writerow([_("As of"), *said, *numbers])
    written.writerows([on.isoformat(), *map(harmless, line)] for line in lines)
    text = out.getvalue().encode()
    plain = f"{name}-{on.isoformat()}.csv"
    return download(text, kind="text/csv; charset=utf-8", plain=plain, name=f"{label}.csv")


def lines_of(told: Told, *whose: str) -> list[Line]:
    """The lines of one figure, of what `whose` names."""
    head, numbers = [told.label, *whose], told.numbers
    if told.indicator.takes:
        return [[*head, "", numbers.whole, numbers.whole, "", numbers.median, numbers.p90, numbers.mean]]
    return [[*head, share.label, share.n, numbers.whole, share.percent, "", "", ""] for share in told.shares]


def harmless(cell: Cell) -> Cell:
    """Where it is a text, one that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(COMMANDS) else cell
