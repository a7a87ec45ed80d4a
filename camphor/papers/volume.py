"""The volume that collects the numbered proposals of a session."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.shared import Mm

from camphor.bodies.models import Term
from camphor.matters.models import Matter
from camphor.papers.naming import proposers
from camphor.papers.sheet import BLACK, BODY, CENTRE, SIZE, Sheet, field, run

COVER = 6
"""Lines that stay free above the name on the cover: a quarter of the page."""


def volume(term: Term, matters: Iterable[Matter]) -> bytes:
    """The numbered proposals of a session: a cover, the table of contents with pages, and each proposal."""
    collected = list(matters)
    name = f"{term.body.name}第{term.number}届第{term.session}次会议"
    sheet = Sheet(f"{name}提案汇编")
    for _line in range(COVER):
        sheet.line()
    sheet.title(name)
    sheet.title("提案汇编")
    sheet.line(f"（共{len(collected)}件）", align=CENTRE)
    sheet.title("目　录").paragraph_format.page_break_before = True
    sheet.line()
    entries = [_entry(sheet, one) for one in collected]
    for one, entry in zip(collected, entries, strict=True):
        _point_to(entry, sheet.bookmark(_proposal(sheet, one)))
    return sheet.save()


def _entry(sheet: Sheet, matter: Matter) -> Any:
    line = sheet.line(f"{matter.number}　{matter.title}（{proposers(matter)}）")
    line.paragraph_format.right_indent = SIZE * 2
    line.paragraph_format.tab_stops.add_tab_stop(Mm(156), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    line.paragraph_format.keep_together = True
    return line


def _point_to(entry: Any, mark: str) -> None:
    run(entry, "\t", BODY, SIZE)
    field(entry, f"PAGEREF {mark} \\h", BODY, SIZE, dirty=True)


def _proposal(sheet: Sheet, matter: Matter) -> Any:
    first = sheet.line(matter.number, font=BLACK)
    first.paragraph_format.page_break_before = True
    sheet.title(matter.title)
    sheet.line(f"提案者：{proposers(matter)}", align=CENTRE)
    sheet.line()
    sheet.line("一、情况、问题和分析", font=BLACK, indent=True, keep=True)
    sheet.text(matter.text)
    sheet.line("二、建议", font=BLACK, indent=True, keep=True)
    for item in matter.items.all():
        sheet.line(f"{item.place}．{item.text}", indent=True)
    return first
