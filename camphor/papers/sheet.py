"""A Word document laid out by GB/T 9704-2012: its page, its lines, its red lines and its page numbers."""

from __future__ import annotations

import io
import unicodedata
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.oxml import serialize_part_xml
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

TOP, BOTTOM, LEFT, RIGHT = Mm(37), Mm(35), Mm(28), Mm(26)
"""GB/T 9704-2012, 5.2: A4 with a text block of 156 by 225 mm."""
SIZE = Pt(16)
"""三号."""
CLOSER = -5
"""Twentieths of a point by which letters stand closer: 28 of 三号 are 158 mm wide, and the block has 156."""
LINE = Pt(28.9)
"""22 lines on 225 mm."""
TITLE_SIZE = Pt(22)
"""二号."""
SMALL = Pt(14)
"""四号."""
FOOT = Mm(20)
"""10.1: how far from the lower edge the lower red line of a letter lies."""
NUMBER_OVER_FOOT = Mm(8)
"""7.6: the page number stands 7 mm below the text block, that is 28 mm above the edge, 8 above FOOT."""
WIDER = Mm(-7)
"""10.1: the red lines of a letter are 170 mm long, 7 mm more on each side than the text block."""
DAY_RIGHT = 4
"""7.3.5.1: characters that a sealed letter leaves free to the right of its date."""
RED = RGBColor(0xFF, 0, 0)
TITLE, BODY, BLACK, KAI, SONG = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"
LATIN = "Times New Roman"
INSTEAD = {
    TITLE: "小标宋体;华文中宋;宋体;Noto Serif CJK SC",
    BODY: "仿宋;华文仿宋;FangSong;Noto Serif CJK SC",
    KAI: "楷体;华文楷体;KaiTi;Noto Serif CJK SC",
    BLACK: "SimHei;Noto Sans CJK SC",
    SONG: "SimSun;Noto Serif CJK SC",
}
"""What a machine that lacks a face takes instead: the names of those that are nearest, in order."""
CENTRE, RIGHTWARDS, LEFTWARDS = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT


def clean(text: str) -> str:
    """The text without control characters, which no XML may hold."""
    return "".join(letter for letter in text if unicodedata.category(letter)[0] != "C")


def width(text: str) -> float:
    """How wide a text is, in characters: a Latin letter or a digit takes half of one."""
    return sum(1.0 if unicodedata.east_asian_width(letter) in "WFA" else 0.5 for letter in text)


class Sheet:
    """A document that is written line by line; nothing in a text is interpreted."""

    def __init__(self, title: str = "") -> None:
        self.document: Any = Document()
        self.document.core_properties.title = clean(title)[:200]
        self.document.core_properties.author = ""
        self.section: Any = self.document.sections[0]
        self._lay_out()
        self._name_faces()
        self._marks = 0

    def save(self) -> bytes:
        out = io.BytesIO()
        self.document.save(out)
        return out.getvalue()

    def line(
        self,
        text: str = "",
        *,
        font: str = BODY,
        size: Any = SIZE,
        align: Any = None,
        indent: bool = False,
        left: float = 0,
        right: float = 0,
        red: bool = False,
        keep: bool = False,
    ) -> Any:
        """A paragraph; `left` and `right` leave characters free, `keep` holds it with the next one."""
        paragraph = self.document.add_paragraph()
        layout = paragraph.paragraph_format
        layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
        layout.space_before = layout.space_after = Pt(0)
        layout.widow_control = False  # every page has its 22 lines
        layout.keep_with_next = keep or None
        layout.first_line_indent = SIZE * 2 if indent else None
        layout.left_indent = int(SIZE * left) if left else None
        layout.right_indent = int(SIZE * right) if right else None
        paragraph.alignment = align
        made = run(paragraph, clean(text), font, size)
        if red:
            made.font.color.rgb = RED
        return paragraph

    def text(self, text: str, **look: Any) -> None:
        """A text of several paragraphs, each indented by two characters; empty lines are left out."""
        for part in text.splitlines():
            if part.strip():
                self.line(part.strip(), indent=True, **look)

    def title(self, text: str) -> Any:
        return self.line(text, font=TITLE, size=TITLE_SIZE, align=CENTRE)

    def signed(self, sender: str, day: str) -> None:
        """The sender centred over the date, which leaves four characters free: the seal covers both."""
        centre = DAY_RIGHT + width(day) / 2
        self.line("", keep=True)
        self.line(sender, align=RIGHTWARDS, right=max(centre - width(sender) / 2, 0), keep=True)
        self.line(day, align=RIGHTWARDS, right=DAY_RIGHT)

    def bookmark(self, paragraph: Any) -> str:
        """Mark a place, and say the name of the mark."""
        self._marks += 1
        name = f"p{self._marks}"
        for kind in ("Start", "End"):
            mark = OxmlElement(f"w:bookmark{kind}")
            mark.set(qn("w:id"), str(self._marks))
            if kind == "Start":
                mark.set(qn("w:name"), name)
            paragraph._p.append(mark)
        return name

    def _lay_out(self) -> None:
        page = self.section
        page.page_width, page.page_height = Mm(210), Mm(297)
        page.top_margin, page.bottom_margin = TOP, BOTTOM
        page.left_margin, page.right_margin = LEFT, RIGHT
        page.footer_distance = FOOT
        self.document.settings.odd_and_even_pages_header_footer = True
        _number(page.footer, RIGHTWARDS)
        _number(page.even_page_footer, LEFTWARDS)

    def _name_faces(self) -> None:
        """Say in the table of fonts which other name a face has, for machines that lack it."""
        for part in self.document.part.package.iter_parts():
            if str(part.partname) == "/word/fontTable.xml" and isinstance(part, Part):
                fonts: Any = parse_xml(part.blob)
                for name, others in INSTEAD.items():
                    entry = f'<w:font {nsdecls("w")} w:name="{name}"><w:altName w:val="{others}"/></w:font>'
                    fonts.append(parse_xml(entry))
                part._blob = serialize_part_xml(fonts)


def red_line(
    paragraph: Any, edge: str, style: str, *, space: int, wider: bool = False, colour: str = str(RED)
) -> None:
    """A red line along an edge of a paragraph, `space` points from its text."""
    borders, line = OxmlElement("w:pBdr"), OxmlElement(f"w:{edge}")
    thick = "24" if style != "single" else "12"
    for name, value in (("val", style), ("sz", thick), ("space", str(space)), ("color", colour)):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )
    if wider:
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = WIDER


def run(paragraph: Any, text: str, font: str, size: Any) -> Any:
    made = paragraph.add_run(text)
    made.font.size, made.font.name = size, LATIN
    marks = made._r.get_or_add_rPr()
    marks.get_or_add_rFonts().set(qn("w:eastAsia"), font)
    if size == SIZE:
        closer = OxmlElement("w:spacing")
        closer.set(qn("w:val"), str(CLOSER))
        marks.insert_element_before(closer, "w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:highlight",
                                    "w:u", "w:effect", "w:lang")  # fmt: skip
    return made


def field(paragraph: Any, code: str, font: str, size: Any, *, shown: str = "", dirty: bool = False) -> None:
    """A field that Word reckons: the number of this page, or of the page where a mark stands."""
    for kind in ("begin", "code", "separate", "shown", "end"):
        made = run(paragraph, shown if kind == "shown" else "", font, size)
        if kind == "code":
            part = OxmlElement("w:instrText")
            part.text = code
            made._r.append(part)
        elif kind != "shown":
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
            if dirty and kind == "begin":
                part.set(qn("w:dirty"), "true")
            made._r.append(part)


def thin(paragraph: Any, height: Any) -> None:
    """Give a paragraph exactly this height."""
    layout = paragraph.paragraph_format
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, height
    layout.space_before = layout.space_after = Pt(0)


def _number(footer: Any, align: Any) -> None:
    """The page number, «— 1 —», outside on each page, one character in from the edge."""
    paragraph = footer.paragraphs[0]
    thin(paragraph, Pt(16))
    paragraph.alignment = align
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = SMALL
    run(paragraph, "— ", SONG, SMALL)
    field(paragraph, "PAGE", SONG, SMALL, shown="1")
    run(paragraph, " —", SONG, SMALL)
    thin(footer.add_paragraph(), NUMBER_OVER_FOOT)
