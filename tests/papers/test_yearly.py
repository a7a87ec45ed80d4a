"""The yearly notice of opinion reports as Word and as Excel, for the clerks and leaders of its body."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document
from docx.shared import Mm, RGBColor
from python_calamine import CalamineWorkbook

from ..conftest import Cast, signed_in
from ..house import House, again
from ..matters.test_yearly import report, sent


@pytest.fixture
def house(cast: Cast) -> House:
    """Yun's report and An's were combined and used; Hong's was not."""
    made = House(cast)
    first, second = report(made, made.yun), report(made, made.an)
    report(made, made.hong)
    made.do(first, "take", made.qing)
    made.do(first, "combine", made.qing, combined=[again(second)])
    sent(made, first, "single", "combined")
    return made


def test_the_notice_names_each_author_once_under_a_red_head(house: House) -> None:
    answer = signed_in(house.lu).get(reverse("yearly_word", args=[2026, house.cast.district.pk]))
    assert answer.status_code == 200
    paper = Document(io.BytesIO(answer.content))
    lines = [line.text for line in paper.paragraphs]
    assert lines[0] == house.cast.district.name
    assert paper.paragraphs[0].runs[0].font.color.rgb == RGBColor(0xFF, 0, 0)
    assert "关于2026年度社情民意信息采用情况的通报" in lines
    assert "2026年度共收到3人报送的社情民意信息3件，其中2件被采用，共采用2次。现将有关情况通报如下。" in lines
    assert abs((paper.sections[0].top_margin or 0) - Mm(37)) < Mm(0.05)
    note = next(line for line in paper.paragraphs if "合并编报" in line.text)
    assert note.paragraph_format.keep_with_next, "else the signature can stand alone on a page"
    (table,) = paper.tables
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[0] == ["报送人", "报送（件）", "采用（件）", "采用去向及方式"]
    used = "《社情民意》专刊报党委、政府（单篇采用）1次\n省政协（综合采用）1次"
    assert rows[1:] == [["An", "1", "1", used], ["Hong", "1", "0", "—"], ["Yun", "1", "1", used]]
    assert table.rows[0]._tr.xpath("./w:trPr/w:tblHeader")


def test_a_year_without_reports_says_so_and_has_no_table(house: House) -> None:
    answer = signed_in(house.qing).get(reverse("yearly_word", args=[2025, house.cast.district.pk]))
    paper = Document(io.BytesIO(answer.content))
    assert "2025年度未收到社情民意信息。" in [line.text for line in paper.paragraphs]
    assert not paper.tables


def test_the_table_has_a_column_for_each_destination(house: House) -> None:
    client = signed_in(house.qing)
    assert reverse("yearly_sheet", args=[2026, house.cast.district.pk]) in client.get(
        reverse("yearly_notice", args=[2026])
    ).content.decode()  # fmt: skip
    answer = client.get(reverse("yearly_sheet", args=[2026, house.cast.district.pk]))
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    head, *rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert head[:3] == ["作者", "报送数", "采用数"] and len(head) == 9
    assert [row[:8] for row in rows] == [
        ["An", 1, 1, 0, 1, 0, 1, 0],
        ["Hong", 1, 0, 0, 0, 0, 0, 0],
        ["Yun", 1, 1, 0, 1, 0, 1, 0],
    ]


def test_only_clerks_and_leaders_of_the_body_get_them(house: House) -> None:
    for name in ("yearly_word", "yearly_sheet"):
        asked = reverse(name, args=[2026, house.cast.district.pk])
        assert signed_in(house.yun).get(asked).status_code == 404
        assert signed_in(house.cast.stranger).get(asked).status_code == 404
        assert Client().get(asked).status_code == 302
