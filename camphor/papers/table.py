"""A table in a Word paper: columns of fixed width, a head that stands on every page, rows that stay whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.shared import Pt

from camphor.papers.sheet import SMALL, Sheet, clean, run, thin

LINE = Pt(24)
"""Exactly this high is a line in a cell, in 四号."""


def table(sheet: Sheet, widths: Sequence[Any]) -> Any:
    """A table without rows at the end of the document; together the widths are those of the text block."""
    made = sheet.document.add_table(rows=0, cols=len(widths), style="Table Grid")
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(made.columns, widths, strict=True):
        column.width = width  # the grid, by which some programs draw it
    return made


def write_row(made: Any, texts: Sequence[str], fonts: Sequence[str], aligned: Sequence[Any] = ()) -> Any:
    """A further row; a line break in a text begins a paragraph of its cell."""
    row = made.add_row()
    for place, (cell, text, font) in enumerate(zip(row.cells, texts, fonts, strict=True)):
        cell.width = made.columns[place].width
        for n, part in enumerate(text.splitlines() or [""]):
            paragraph = cell.paragraphs[0] if n == 0 else cell.add_paragraph()
            thin(paragraph, LINE)
            paragraph.alignment = aligned[place] if aligned else None
            run(paragraph, clean(part), font, SMALL)
    return row


def keep_whole(row: Any) -> None:
    """The row stands on one page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def repeat(row: Any) -> None:
    """The row stands at the head of the table on every page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
