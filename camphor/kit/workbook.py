"""A table as an Excel file, written row by row: memory does not grow with its length."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

from django.utils import timezone
from django.utils.translation import gettext as _

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_CELL = 32_767
"""Characters: Excel holds no more in a cell and calls the file damaged."""
CUT = "……"
"""What stands at the end of a text that was too long for a cell, so that nobody takes it for the whole."""
COMMANDS = ("=", "+", "-", "@", "\t", "\r")
"""How a text begins that a spreadsheet could take for a formula, once somebody edits the cell."""
Cell = str | int | float | date | datetime | None


@dataclass(frozen=True)
class Heading:
    """The head of a column, and how many characters wide it is."""

    text: str
    width: int = 14


def workbook(
    sheet: str, headings: Sequence[Heading], rows: Iterable[Sequence[Cell]], *, foot: str = ""
) -> IO[bytes]:
    """The file, open at its start and gone when it is closed. Every text stays text, whatever it begins with.

    Printed, each page has the name of the list above it, and below it how many rows there are and `foot`: who
    took the list, and when.
    """
    import xlsxwriter  # 11 MB, for those who take a list

    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "strings_to_numbers": False}  # fmt: skip
    with xlsxwriter.Workbook(file, options) as book:
        page = book.add_worksheet(_sheet_name(sheet))
        bold = book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "valign": "top"})
        looks = {
            "text": book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"}),
            "quoted": book.add_format(
                {"text_wrap": True, "valign": "top", "num_format": "@", "quote_prefix": True}
            ),
            "day": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"}),
        }
        for column, heading in enumerate(headings):
            page.set_column(column, column, heading.width)
            page.write_string(0, column, heading.text, bold)
        page.freeze_panes(1, 0)
        page.repeat_rows(0)
        page.set_landscape()
        page.set_paper(9)  # A4
        page.fit_to_pages(1, 0)
        page.set_header(f"&C{sheet.replace('&', '&&')}")
        last = 0
        for last, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                _write(page, last, column, cell, looks)
        said = _("In all: %(n)s") % {"n": last}
        page.set_footer(f"&L{foot.replace('&', '&&')}&C{said}&R&P / &N")
        page.autofilter(0, 0, last, max(len(headings) - 1, 0))
    file.seek(0)
    return file


def _write(page: Any, row: int, column: int, cell: Cell, looks: dict[str, Any]) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, datetime):
        cell = timezone.localdate(cell) if timezone.is_aware(cell) else cell.date()
    if isinstance(cell, date):
        page.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), looks["day"])
    elif isinstance(cell, int | float):
        page.write_number(row, column, cell)
    else:
        text = cell if len(cell) <= LONGEST_CELL else cell[: LONGEST_CELL - len(CUT)] + CUT
        page.write_string(row, column, text, looks["quoted" if text.startswith(COMMANDS) else "text"])


def _sheet_name(text: str) -> str:
    """At most 31 characters, without those that Excel forbids in the name of a sheet."""
    kept = "".join(letter for letter in text if letter not in "[]:*?/\\'")
    return kept[:31] or "1"
