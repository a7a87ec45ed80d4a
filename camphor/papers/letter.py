"""An official letter as Word, laid out by GB/T 9704-2012; it opens in WPS as well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Mm, Pt

from camphor.papers.sheet import (
    BLACK,
    BODY,
    CENTRE,
    RED,
    RIGHTWARDS,
    SIZE,
    SMALL,
    TITLE,
    Sheet,
    clean,
    red_line,
    run,
    thin,
    width,
)  # fmt: skip

FOOT_AT = Mm(19)
"""The lower line is drawn above this, and is 2 mm thick with its gap: its middle lies at 20 mm."""
HEAD_AT = Mm(30)
"""10.1: a letter has the name 30 mm below the edge of its first page, over a red double line."""
HEAD_SIZE = 30
"""Points of the sender's name: the standard leaves its size to the sender."""
BLOCK = 442
"""Points: how wide the text block is; the name of a sender stays on one line of it."""
AFTER_NAME = 11
"""Points: 10.1, the line lies 4 mm below the name."""


@dataclass(frozen=True)
class Letter:
    """What a letter says; nothing in it is interpreted."""

    sender: str
    number: str
    title: str
    recipient: str
    paragraphs: tuple[str, ...]
    items: tuple[str, ...]
    closing: tuple[str, ...]
    signed_on: date
    copies_to: tuple[str, ...] = ()
    mark: str = ""  # what stands left of the number: the grade of an answer
    answers: tuple[tuple[str, str], ...] = ()  # a heading, and what is said under it
    notes: tuple[str, ...] = ()  # after the date: whom to call


def word(letter: Letter) -> bytes:
    """The letter as a .docx file."""
    sheet = Sheet(letter.title)
    _head(sheet.section, letter.sender)
    _number_line(sheet, letter)
    sheet.line()
    sheet.title(letter.title)
    sheet.line()
    sheet.line(f"{letter.recipient}：")
    for text in letter.paragraphs:
        sheet.text(text)
    for n, text in enumerate(letter.items, start=1):
        sheet.line(f"{n}．{text}", indent=True)
    for heading, text in letter.answers:
        sheet.line(heading, font=BLACK, indent=True, keep=True)
        sheet.text(text)
    for text in letter.closing:
        sheet.line(text, indent=True)
    sheet.signed(letter.sender, in_chinese(letter.signed_on))
    for text in letter.notes:
        sheet.line(f"（{text}）", indent=True)
    if letter.copies_to:
        sheet.line()
        sheet.line(f"抄送：{'，'.join(letter.copies_to)}。", size=SMALL, left=1)
    return sheet.save()


def in_chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _number_line(sheet: Sheet, letter: Letter) -> None:
    """The number stands right; a mark of its own stands left, in the same line."""
    if not letter.mark:
        sheet.line(letter.number, align=RIGHTWARDS)
        return
    line = sheet.line(letter.mark, font=BLACK)
    line.paragraph_format.tab_stops.add_tab_stop(Mm(156), WD_TAB_ALIGNMENT.RIGHT)
    run(line, f"\t{clean(letter.number)}", BODY, SIZE)


def _head(section: Any, sender: str) -> None:
    """The first page of a letter: the sender in red over a double line, and another line at the foot."""
    section.different_first_page_header_footer = True
    section.header_distance = HEAD_AT
    section.footer_distance = FOOT_AT
    head, foot = section.first_page_header.paragraphs[0], section.first_page_footer.paragraphs[0]
    head.alignment = CENTRE
    size = min(HEAD_SIZE, int(BLOCK / max(width(sender), 1)))
    run(head, clean(sender), TITLE, Pt(size)).font.color.rgb = RED
    red_line(head, "bottom", "thickThinSmallGap", space=AFTER_NAME, wider=True)
    red_line(foot, "top", "thinThickSmallGap", space=0, wider=True)
    thin(foot, Pt(1))
