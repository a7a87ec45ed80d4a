"""An official letter as Word, laid out by GB/T 9704-2012; it opens in WPS as well."""

from __future__ import annotations

import io
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

TOP, BOTTOM, LEFT, RIGHT = Mm(37), Mm(35), Mm(28), Mm(26)
"""GB/T 9704-2012, 5.2: A4 with a text block of 156 by 225 mm."""
SIZE = Pt(16)
"""三号: 28 characters a line."""
LINE = Pt(28.9)
"""22 lines on 225 mm."""
TITLE_SIZE = Pt(22)
"""二号."""
HEAD_SIZE = Pt(30)
"""The sender's name on top; the standard leaves its size to the sender, and a long one still fits a line."""
HEAD_AT = Mm(30)
"""10.1: a letter has the name 30 mm below the edge of its first page, over a red double line."""
RED = RGBColor(0xFF, 0, 0)
DAY_RIGHT = 4
"""7.3.5.1: characters that a sealed letter leaves free to the right of its date."""
TITLE, BODY = "方正小标宋简体", "仿宋_GB2312"
LATIN = "Times New Roman"


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


def word(letter: Letter) -> bytes:
    """The letter as a .docx file."""
    document = Document()
    _page(document)
    _head(document.sections[0], letter.sender)
    _line(document, letter.number, align=WD_ALIGN_PARAGRAPH.RIGHT)
    _line(document, "")
    _line(document, letter.title, font=TITLE, size=TITLE_SIZE, align=WD_ALIGN_PARAGRAPH.CENTER)
    _line(document, "")
    _line(document, f"{letter.recipient}：")
    for text in letter.paragraphs:
        for part in text.splitlines():
            _line(document, part, indent=True)
    for n, text in enumerate(letter.items, start=1):
        _line(document, f"{n}．{text}", indent=True)
    for text in letter.closing:
        _line(document, text, indent=True)
    _line(document, "")
    day = f"{letter.signed_on.year}年{letter.signed_on.month}月{letter.signed_on.day}日"
    centre = DAY_RIGHT + _width(day) / 2  # the seal covers both: the sender stands centred over the date
    right = max(centre - _width(letter.sender) / 2, 0)
    _line(document, letter.sender, align=WD_ALIGN_PARAGRAPH.RIGHT, right=right)
    _line(document, day, align=WD_ALIGN_PARAGRAPH.RIGHT, right=DAY_RIGHT)
    if letter.copies_to:
        _line(document, "")
        _line(document, f"抄送：{'，'.join(letter.copies_to)}。", size=Pt(14), left=1)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def clean(text: str) -> str:
    """The text without control characters, which no XML may hold."""
    return "".join(letter for letter in text if unicodedata.category(letter)[0] != "C")


def _width(text: str) -> float:
    """How wide a text is, in characters: a Latin letter or a digit takes half of one."""
    return sum(1.0 if unicodedata.east_asian_width(letter) in "WFA" else 0.5 for letter in text)


def _head(section: Any, sender: str) -> None:
    """The first page of a letter: the sender in red over a double line, and another line at the foot."""
    section.different_first_page_header_footer = True
    section.header_distance = HEAD_AT
    head, foot = section.first_page_header.paragraphs[0], section.first_page_footer.paragraphs[0]
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(head, clean(sender), TITLE, HEAD_SIZE).font.color.rgb = RED
    _red_line(head, "bottom", "thickThinSmallGap")
    _red_line(foot, "top", "thinThickSmallGap")


def _red_line(paragraph: Any, edge: str, style: str) -> None:
    """A red double line along an edge of a paragraph, 4 mm from its text, as wide as the text."""
    borders, line = OxmlElement("w:pBdr"), OxmlElement(f"w:{edge}")
    for name, value in (("val", style), ("sz", "24"), ("space", "11"), ("color", str(RED))):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = TOP, BOTTOM
    section.left_margin, section.right_margin = LEFT, RIGHT
    section.footer_distance = Mm(28)
    document.settings.odd_and_even_pages_header_footer = True
    _number(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT)
    _number(section.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT)


def _number(paragraph: Any, align: Any) -> None:
    """The page number, «— 1 —», outside on each page."""
    paragraph.alignment = align
    _run(paragraph, "— ", "宋体", Pt(14))
    run = _run(paragraph, "", "宋体", Pt(14))
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        part.text = text or None
        run._r.append(part)
    _run(paragraph, " —", "宋体", Pt(14))


def _line(
    document: Any,
    text: str,
    *,
    font: str = BODY,
    size: Any = SIZE,
    align: Any = None,
    indent: bool = False,
    left: float = 0,
    right: float = 0,
) -> None:
    paragraph = document.add_paragraph()
    layout = paragraph.paragraph_format
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    layout.space_before = layout.space_after = Pt(0)
    layout.first_line_indent = SIZE * 2 if indent else None
    layout.left_indent = int(SIZE * left) if left else None
    layout.right_indent = int(SIZE * right) if right else None
    paragraph.alignment = align
    _run(paragraph, clean(text), font, size)


def _run(paragraph: Any, text: str, font: str, size: Any) -> Any:
    run = paragraph.add_run(text)
    run.font.size, run.font.name = size, LATIN
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    return run
