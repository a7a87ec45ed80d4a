"""The yearly notice of opinion reports as an official paper, and its table as Excel."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import IO

from django.utils.translation import gettext as _
from docx.shared import Mm

from camphor.kit.fields import label_of
from camphor.kit.workbook import Cell, Heading, workbook
from camphor.matters.yearly import Line, Notice
from camphor.papers.naming import chinese, day, organ
from camphor.papers.red_head import red_head
from camphor.papers.sheet import BLACK, BODY, CENTRE, LEFTWARDS, Sheet
from camphor.papers.table import keep_whole, repeat, table, write_row
from camphor.rules.matters import DESTINATIONS, MANNERS

HEADS = ("报送人", "报送（件）", "采用（件）", "采用去向及方式")
WIDTHS = (Mm(28), Mm(30), Mm(30), Mm(68))
"""Together the text block of 156 mm."""
NOTE = "合并编报的信息，按各报送人本人报送的件数统计，并计入采用情况。以上按姓名排列，不分先后。"


def word(notice: Notice, *, on: date) -> bytes:
    """The notice in Chinese, whatever language its reader has chosen: it is an official paper."""
    sender = organ(notice.body).name
    title = title_of(notice)
    sheet = Sheet(title)
    red_head(sheet, sender, year=on.year)
    sheet.title(title)
    sheet.line()
    sheet.line("各委员、各有关单位：")
    sheet.text(_summed_up(notice))
    if notice.lines:
        _draw(sheet, notice)
        sheet.line()
        sheet.text(NOTE, keep=True)  # no page bears the signature alone
    sheet.signed(sender, day(on))
    return sheet.save()


def title_of(notice: Notice) -> str:
    return f"关于{notice.year}年度社情民意信息采用情况的通报"


def _summed_up(notice: Notice) -> str:
    if not notice.lines:
        return f"{notice.year}年度未收到社情民意信息。"
    times = len(set().union(*(line.uses for line in notice.lines)))
    used = f"其中{notice.used}件被采用，共采用{times}次" if times else "尚未有信息被采用"
    return (
        f"{notice.year}年度共收到{len(notice.lines)}人报送的社情民意信息{notice.sent}件，{used}。"
        "现将有关情况通报如下。"
    )


def _draw(sheet: Sheet, notice: Notice) -> None:
    drawn = table(sheet, WIDTHS)
    repeat(write_row(drawn, HEADS, [BLACK] * 4, [CENTRE] * 4))
    for line in notice.lines:
        cells = (str(line.person), str(len(line.sent)), str(len(line.used)), _places(line))
        keep_whole(write_row(drawn, cells, [BODY] * 4, (CENTRE, CENTRE, CENTRE, LEFTWARDS)))


def _places(line: Line) -> str:
    told = [f"{chinese(DESTINATIONS, to)}（{chinese(MANNERS, how)}）{n}次" for to, how, n in line.places()]
    return "\n".join(told) or "—"


def excel(notice: Notice, *, foot: str) -> IO[bytes]:
    """The table of the notice: a row for each author, a column for each destination."""
    headings = [Heading(_("Author"), 16), Heading(_("Sent in"), 10), Heading(_("Used"), 10)]
    headings += [Heading(label_of(DESTINATIONS, name), 16) for name in DESTINATIONS]
    headings.append(Heading(_("Where and how"), 48))
    return workbook(name_of(notice), headings, _rows(notice), foot=foot)


def _rows(notice: Notice) -> Iterator[tuple[Cell, ...]]:
    for line in notice.lines:
        told = [
            f"{label_of(DESTINATIONS, to)} · {label_of(MANNERS, how)} × {n}" for to, how, n in line.places()
        ]
        times = [line.times(name) for name in DESTINATIONS]
        yield str(line.person), len(line.sent), len(line.used), *times, _("; ").join(told)


def name_of(notice: Notice) -> str:
    """What the sheet is called, in the reader's language."""
    return _("Opinion reports %(year)s") % {"year": notice.year}
