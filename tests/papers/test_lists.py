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
from camphor.kit.workbook import Heading, workbook
from camphor.matters.models import Matter
from camphor.papers.columns import lines_of
from camphor.papers.ledger import read
from camphor.rules.matters import MATTERS

from ..conftest import Cast, signed_in
from ..house import House


def table(client: Client, noun: str, **asked: str) -> list[list[Any]]:
    answer = client.get(reverse("list_excel", args=[noun]), asked)
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


@pytest.fixture
def house(cast: Cast) -> House:
    return House(cast)


def rows_of(client: Client, noun: str) -> list[dict[str, Any]]:
    head, *rows = table(client, noun)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_the_list_of_proposals_is_the_ledger_that_offices_keep(house: House) -> None:
    """Who proposed it, in which form, who handles it, and what came of it: nobody types that again."""
    rated = house.rate(house.joint(), house.an, "mostly")
    (row,) = rows_of(signed_in(house.qing), "proposals")
    assert row["编号"] == rated.number and row["标题"] == rated.title
    assert row["提案人"] == "Yun、An" and row["提交形式"] == "委员联名提案"
    assert row["主办单位"] == house.cast.housing.name and row["答复日期"] == house.on
    assert (
        row["办理结果"] == "A" and row["对办理工作的评价"] == "满意" and row["对办理结果的评价"] == "基本满意"
    )


def test_lead_and_assisting_units_have_columns_of_their_own(house: House) -> None:
    house.handed(house.filed())
    (row,) = rows_of(signed_in(house.qing), "proposals")
    assert row["主办单位"] == house.cast.housing.name and row["会办单位"] == house.cast.power.name
    assert row["期限"] == house.lead(Matter.objects.get()).due_on  # the matter itself waits for its units
    units = {row["承办单位"]: row for row in rows_of(signed_in(house.qing), "assignments")}
    assert units[house.cast.power.name]["承担角色"] == "会办"


def test_what_a_ledger_told_stands_in_the_columns_of_the_list(house: House) -> None:
    told = {"proposers": "安某、洪某", "lead": "住建局", "grade": "B", "rating": "满意"}
    house.begin("proposal", "import", house.qing, title="关于整治飞线充电的提案", reason_text="台账")
    Matter.objects.update(facts={"ledger": told}, author=None)
    (row,) = rows_of(signed_in(house.qing), "proposals")
    assert (row["提案人"], row["主办单位"], row["办理结果"], row["对办理结果的评价"]) == tuple(told.values())


def test_a_list_that_was_taken_can_be_read_as_a_ledger_again(house: House) -> None:
    """A district that hands its list to another system, or back to this one, loses no column of it."""
    house.handed(house.filed())
    head, row = table(signed_in(house.qing), "proposals")
    reading = read([head, row])
    understood = {name for _head, name in reading.heads}
    assert understood >= {
        "number",
        "title",
        "proposers",
        "category",
        "raised_on",
        "lead",
        "assisting",
        "grade",
    }
    assert reading.lines[0].raised_on == house.on and not reading.lines[0].fault


def test_the_filters_of_the_page_hold_in_the_file(house: House) -> None:
    house.filed("关于停车的提案")
    house.draft("关于助餐的提案")
    client = signed_in(house.yun)
    assert len(table(client, "proposals")) == 3
    assert [row[1] for row in table(client, "proposals", state="filed")[1:]] == ["关于停车的提案"]
    assert [row[1] for row in table(client, "proposals", q="助餐")[1:]] == ["关于助餐的提案"]


def test_a_list_is_narrowed_to_a_category_a_session_or_the_key_proposals_and_so_is_its_file(
    house: House,
) -> None:
    key, other = house.filed("关于停车的提案"), house.filed("关于助餐的提案")
    house.do(key, "choose_key", house.qing, key_level="chair", led_by="主席", remark="")
    Matter.objects.filter(pk=other.pk).update(category="society")
    client = signed_in(house.qing)

    def titles(only: str) -> list[str]:
        page = client.get(reverse("desk_list", args=["proposals"]), {"only": only})
        assert f'value="{only}" selected' in page.content.decode() and f"only={only}" in page.content.decode()
        return [row[1] for row in table(client, "proposals", only=only)[1:]]

    assert titles("category-society") == ["关于助餐的提案"]
    assert titles("key") == titles("key-chair") == ["关于停车的提案"]
    assert titles("collective") == titles("key-mayor") == []
    assert len(titles(f"term-{key.term_id}")) == len(titles("plenary")) == 2
    assert len(table(client, "proposals", only="no such")) == 3  # what is no choice narrows nothing


def test_requests_are_narrowed_to_what_is_known_of_the_enterprise(house: House) -> None:
    for size in ("micro", "large"):
        facts = {"enterprise": f"{size} 公司", "size": size}
        house.begin(
            "request", "raise", house.qing, title=f"{size} 续贷", text="", items=["续贷"], facts=facts
        )
    (row,) = table(signed_in(house.qing), "requests", only="size-micro")[1:]
    assert row[0] == "micro 续贷"


def test_nobody_finds_in_a_file_what_he_may_not_see(house: House, cast: Cast) -> None:
    house.filed()
    assert len(table(signed_in(house.qing), "proposals")) == 2
    assert len(table(signed_in(cast.stranger), "proposals")) == 1
    assert Client().get(reverse("list_excel", args=["proposals"])).status_code == 302


@pytest.mark.parametrize("noun", [noun.name for noun in nouns()])
def test_every_list_of_the_desk_can_be_taken_as_a_file(house: House, noun: str) -> None:
    house.handed(house.filed())
    assert len(table(signed_in(house.qing), noun)[0]) == len(lines_of(noun, MATTERS.get(noun[:-1])))


def test_a_long_list_takes_no_more_queries_than_a_short_one(
    house: House, django_assert_max_num_queries: Any
) -> None:
    for n in range(6):
        house.handed(house.filed(f"关于第{n}个小区停车的提案"))
    client = signed_in(house.qing)
    with django_assert_max_num_queries(40):
        assert len(table(client, "proposals")) == 7


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
