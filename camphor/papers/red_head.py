"""The head of an official paper that is no letter: the sender in red, the number, and a red line."""

from __future__ import annotations

from docx.shared import Mm, Pt

from camphor.papers.sheet import CENTRE, TITLE, Sheet, red_line, width

ABOVE = Mm(35)
"""7.2.4: so far below the upper edge of the text block stands the name of the sender."""
LARGEST = 48
"""Points of the name: the standard leaves its size to the sender, and wants it red and on one line."""
BLOCK = 442
"""Points: how wide the text block is."""
OVER_LINE = 11
"""Points: 7.2.7, the red line lies 4 mm below the number."""


def red_head(sheet: Sheet, sender: str, *, year: int) -> None:
    """Draw the head; the number is given by hand when the paper is signed, so its place is left free."""
    size = min(LARGEST, int(BLOCK / max(width(sender), 1)))
    name = sheet.line(sender, font=TITLE, size=Pt(size), align=CENTRE, red=True)
    name.paragraph_format.line_spacing = Pt(size * 1.3)
    name.paragraph_format.space_before = ABOVE
    sheet.line()
    sheet.line()
    number = sheet.line(f"〔{year}〕　　号", align=CENTRE)
    red_line(number, "bottom", "single", space=OVER_LINE)
    sheet.line()
    sheet.line()
