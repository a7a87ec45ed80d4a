"""The letter as Word: layout by GB/T 9704-2012, and the text as it was given."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document
from docx.document import Document as Paper
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from camphor.papers.handing import letter_of
from camphor.papers.letter import Letter, word

from ..conftest import Cast
from ..story import Story

LETTER = Letter(
    sender="余杭区政协",
    number="余杭协商建议〔2026〕1号",
    title="关于加装电梯的函",
    recipient="区住建局",
    paragraphs=("第一段\n第二段\x00",),
    items=("先建样板楼", "{{ 7*7 }} =cmd()"),
    closing=("请于2026年12月1日前答复。",),
    signed_on=date(2026, 11, 23),
    copies_to=("供电公司",),
)


@pytest.fixture
def document() -> Paper:
    return Document(io.BytesIO(word(LETTER)))


def test_the_page_is_laid_out_by_the_standard(document: Paper) -> None:
    page = document.sections[0]
    margins = (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)
    # Word stores twentieths of a point, so a millimetre is met to 0.02 mm
    for margin, wanted in zip(margins, (Mm(37), Mm(35), Mm(28), Mm(26)), strict=True):
        assert margin is not None and abs(margin - wanted) < Mm(0.05)
    assert page.page_width is not None and abs(page.page_width - Mm(210)) < Mm(0.05)
    assert document.settings.odd_and_even_pages_header_footer


def test_the_body_is_set_in_the_official_face_and_size(document: Paper) -> None:
    body = next(line for line in document.paragraphs if "样板楼" in line.text)
    run = body.runs[0]
    assert run.font.size == Pt(16)
    fonts: Any = run._r.rPr
    assert fonts.rFonts.get(qn("w:eastAsia")) == "仿宋_GB2312"
    assert body.paragraph_format.line_spacing == Pt(28.9)
    title = next(line for line in document.paragraphs if line.text == LETTER.title)
    assert title.runs[0].font.size == Pt(22)


def test_the_first_page_bears_the_sender_in_red_over_a_double_line(document: Paper) -> None:
    page = document.sections[0]
    assert page.different_first_page_header_footer
    (head,) = page.first_page_header.paragraphs
    assert (head.text, head.runs[0].font.color.rgb) == ("余杭区政协", RGBColor(255, 0, 0))
    borders = head._p.pPr.find(qn("w:pBdr"))
    assert borders[0].get(qn("w:val")) == "thickThinSmallGap"
    assert page.first_page_footer.paragraphs[0].text == ""  # the first page of a letter has no number


def test_the_sender_stands_centred_over_the_date(document: Paper) -> None:
    sender, day = document.paragraphs[-4:-2]
    assert (sender.text, day.text) == ("余杭区政协", "2026年11月23日")
    right, left = sender.paragraph_format.right_indent, day.paragraph_format.right_indent
    assert right is not None and left is not None
    assert abs((right + Pt(16) * 2.5) - (left + Pt(16) * 3.5)) < Pt(9)


def test_the_committee_signs_for_a_platform_which_is_no_institution(cast: Cast) -> None:
    story = Story(cast)
    plan, _concern, _twin = story.consultation()
    matter = story.recommendation(plan)
    assert (matter.body.kind, letter_of(matter).sender) == ("platform", "余杭区政协")


def test_the_text_is_there_as_it_was_given_and_nothing_in_it_is_interpreted(document: Paper) -> None:
    lines = [line.text for line in document.paragraphs]
    for wanted in (
        "区住建局：",
        "第一段",
        "第二段",
        "1．先建样板楼",
        "2．{{ 7*7 }} =cmd()",
        "2026年11月23日",
    ):
        assert wanted in lines
    assert "抄送：供电公司。" in lines


def test_the_letter_of_a_recommendation_names_each_department_and_its_day(cast: Cast) -> None:
    story = Story(cast)
    plan, _concern, _twin = story.consultation()
    letter = letter_of(story.recommendation(plan))
    assert letter.recipient == cast.housing.name
    assert letter.copies_to == (cast.power.name,)
    assert [cast.housing.name in letter.closing[0], cast.power.name in letter.closing[1]] == [True, True]
    assert letter.items == ("先建样板楼", "公布分摊办法")


def test_the_letter_is_for_those_who_are_signed_in(cast: Cast) -> None:
    story = Story(cast)
    plan, _concern, _twin = story.consultation()
    address = reverse("letter", args=[story.recommendation(plan).pk])
    assert Client().get(address).status_code == 302
    client = Client()
    assert cast.mei.person is not None
    client.force_login(cast.mei.person)
    page = client.get(address)
    assert page["Content-Type"].startswith("application/vnd.openxmlformats")
