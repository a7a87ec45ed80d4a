"""Every list of the desk as Excel: what its page shows, and nothing that a program takes for a command."""

from __future__ import annotations

import io
import tracemalloc
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from camphor.dashboard.nouns import nouns
from camphor.papers.workbook import Heading, workbook
from camphor.people.actor import Actor

from ..conftest import Cast
from ..house import House


def signed_in(actor: Actor) -> Client:
    client = Client()
    assert actor.person is not None
    client.force_login(actor.person)
    return client


def table(client: Client, noun: str, **asked: str) -> list[list[Any]]:
    answer = client.get(reverse("list_excel", args=[noun]), asked)
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


@pytest.fixture
def house(cast: Cast) -> House:
    return House(cast)


def test_the_list_tells_number_state_departments_and_days(house: House) -> None:
    handed = house.handed(house.filed())
    head, row = table(signed_in(house.qing), "proposals")
    assert head == ["编号", "标题", "状态", "所处环节", "起始日期", "所属单位", "承办单位", "期限"]
    assert row[:2] == [handed.number, handed.title]
    assert row[4] == house.on
    assert row[6].split("、")[0] == house.cast.housing.name and house.cast.power.name in row[6]


def test_the_filters_of_the_page_hold_in_the_file(house: House) -> None:
    house.filed("关于停车的提案")
    house.draft("关于助餐的提案")
    client = signed_in(house.yun)
    assert len(table(client, "proposals")) == 3
    assert [row[1] for row in table(client, "proposals", state="filed")[1:]] == ["关于停车的提案"]
    assert [row[1] for row in table(client, "proposals", q="助餐")[1:]] == ["关于助餐的提案"]


def test_nobody_finds_in_a_file_what_he_may_not_see(house: House, cast: Cast) -> None:
    house.filed()
    assert len(table(signed_in(house.qing), "proposals")) == 2
    assert len(table(signed_in(cast.stranger), "proposals")) == 1
    assert Client().get(reverse("list_excel", args=["proposals"])).status_code == 302


@pytest.mark.parametrize("noun", [noun.name for noun in nouns()])
def test_every_list_of_the_desk_can_be_taken_as_a_file(house: House, noun: str) -> None:
    house.handed(house.filed())
    assert len(table(signed_in(house.qing), noun)[0]) == 8


def test_texts_that_look_like_formulas_stay_texts() -> None:
    texts = [
        "=1+1",
        "+86",
        "-1",
        "@SUM(A1)",
        '=HYPERLINK("http://x")',
        "http://x",
        "0012",
        "=cmd|' /C calc'!A0",
    ]
    content = workbook("a[b]:*?", [Heading("一")], [[text] for text in texts]).read()
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    assert [row[0] for row in sheet.to_python()[1:]] == texts
    assert b"<f>" not in content


def test_a_text_too_long_for_a_cell_is_cut_and_says_so() -> None:
    content = workbook("a", [Heading("一")], [["长" * 40_000]]).read()
    (cell,) = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()[1]
    assert len(str(cell)) == 32_767 and str(cell).endswith("……")


def test_ten_thousand_rows_take_no_more_memory_than_a_thousand() -> None:
    def peak(rows: int) -> int:
        tracemalloc.start()
        workbook("a", [Heading("一")] * 8, ([f"第{n}行"] * 8 for n in range(rows))).close()
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(10)  # what is imported and compiled once
    assert peak(10_000) < peak(1_000) * 1.5


def test_the_file_has_a_name_in_chinese_and_one_in_plain_letters(house: House) -> None:
    answer = signed_in(house.qing).get(reverse("list_excel", args=["proposals"]))
    said = answer["Content-Disposition"]
    assert 'filename="proposals-' in said and "filename*=UTF-8''%E6%8F%90%E6%A1%88-" in said
