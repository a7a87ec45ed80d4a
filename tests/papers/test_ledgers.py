"""Ledgers of earlier years: merged heads, duplicates and bad rows, and nothing that is lost silently."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from camphor.matters.models import Matter
from camphor.papers.ledger import FAULTS, read
from camphor.papers.models import Ledger
from camphor.papers.taking_over import plan_of, take_over
from camphor.rules.ledgers import COLUMNS
from camphor.trail.history import entries_of
from camphor.trail.models import WaitingFile

from ..conftest import AT, Cast, signed_in
from ..house import House

HEAD = ["序号", "案号", "案由", "提案人", "", "提交日期", "办理情况", "", "备注"]
BELOW = ["", "", "", "姓名", "界别", "", "主办单位", "办理结果", ""]
ROWS: list[list[Any]] = [
    [1, "第11-5-0001号", "关于整治飞线充电的提案", "Yun", "经济", "2025-01-08", "住建局", "A", "大会"],
    [2, "第11-5-0002号", "关于增设母婴室的提案", "安某", "妇联", "2025年1月9日", "卫健局", "B", ""],
    ["", "", "", "", "", "", "商务局", "C", ""],
    [3, "第11-5-0001号", "关于整治飞线充电的提案", "Yun", "经济", "2025-01-08", "住建局", "A", ""],
    [4, "第11-5-0003号", "", "洪某", "科技", "2025-01-10", "", "", "案由缺失"],
    [5, "第11-5-0004号", "关于日期的提案", "洪某", "科技", "元月十日", "", "", ""],
]


def excel(rows: list[list[Any]] = ROWS) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        page.merge_range(0, 0, 0, 8, "2025年提案台账")
        for n, row in enumerate([HEAD, BELOW, *rows], start=1):
            for place, cell in enumerate(row):
                if cell != "":
                    page.write(n, place, cell)
        page.merge_range(1, 3, 1, 4, "提案人")
        page.merge_range(1, 6, 1, 7, "办理情况")
        if len(rows) > 2:
            page.merge_range(4, 2, 5, 2, "关于增设母婴室的提案")
    return out.getvalue()


def brought(cast: Cast, content: bytes | None = None, name: str = "2025年提案台账.xlsx") -> Ledger:
    assert cast.mei.person is not None
    return Ledger.objects.create(
        body=cast.hall, kind="proposal", name=name, content=content or excel(), brought_at=AT,
        brought_by=cast.mei.person,
    )  # fmt: skip


@pytest.fixture
def house(cast: Cast) -> House:
    return House(cast)


@pytest.fixture
def ledger(house: House) -> Ledger:
    ledger = brought(house.cast)
    ledger.body = house.cast.district
    ledger.save()
    return ledger


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (["合计", "", "6件", ""], "sum"),
        (["", "", "小 计", "3"], "sum"),
        (["合计：6件", "", "", ""], "sum"),
        (["填表人：梅青", "", "审核人：陆岩", ""], "foot"),
        (["制表日期：2025年12月30日", "", "", ""], "foot"),
        (["7", "第11-5-0110号", "合计公里数偏少的公交线路应当增加", ""], ""),
        (["", "", "审核流程过长的对策", ""], ""),
    ],
)
def test_sums_and_signatures_under_a_table_are_no_matters(row: list[str], fault: str) -> None:
    head = ["序号", "案号", "案由", "提案人"]
    (line,) = read([head, row]).lines
    assert line.fault == fault


def test_a_head_of_two_merged_rows_is_understood(ledger: Ledger) -> None:
    plan = plan_of(ledger)
    known = {head: name for head, name in plan.reading.heads if name}
    assert known == {
        "案号": "number", "案由": "title", "提案人 姓名": "proposers", "提交日期": "raised_on",
        "办理情况 主办单位": "lead", "办理情况 办理结果": "grade",
    }  # fmt: skip
    assert [line.told["number"][-4:] for line in plan.new] == ["001号", "002号"]


def test_a_row_merged_with_the_one_above_tells_of_the_same_matter(ledger: Ledger) -> None:
    second = plan_of(ledger).new[1]
    assert (second.told["lead"], second.told["grade"]) == ("卫健局、商务局", "B、C")


def test_duplicates_and_bad_rows_are_refused_each_with_its_row_and_reason(ledger: Ledger) -> None:
    refused = [(line.row, line.fault) for line in plan_of(ledger).refused]
    assert refused == [(7, "twice"), (8, "no_title"), (9, "bad_date")]


def test_every_row_is_taken_over_known_or_refused(ledger: Ledger) -> None:
    plan = plan_of(ledger)
    assert len(plan.new) + len(plan.known) + len(plan.refused) == len(ROWS) - 1  # one was joined


def test_what_is_taken_over_lies_in_the_archive_with_its_source_and_all_its_cells(
    ledger: Ledger, house: House
) -> None:
    assert take_over(ledger, by=house.qing, at=house.at) == 2
    matter = Matter.objects.get(number="第11-5-0001号")
    assert (matter.state, matter.author, matter.raised_at.date()) == (
        "archived",
        house.yun.person,
        date(2025, 1, 8),
    )
    assert matter.facts["ledger"]["+备注"] == "大会" and matter.facts["ledger"]["lead"] == "住建局"
    (entry,) = entries_of(matter)
    assert (entry.move, entry.by) == ("import", house.qing.person)
    assert entry.given["reason_text"].startswith("2025年提案台账.xlsx") and "4" in entry.given["reason_text"]
    assert matter not in Matter.objects.public()


def test_the_same_file_twice_changes_nothing_also_under_another_name(ledger: Ledger, house: House) -> None:
    take_over(ledger, by=house.qing, at=house.at)
    before = list(Matter.objects.values_list("pk", "version"))
    assert take_over(ledger, by=house.qing, at=house.at) == 0
    other = brought(house.cast, name="副本.xlsx")
    other.body = house.cast.district
    assert take_over(other, by=house.qing, at=house.at) == 0
    assert list(Matter.objects.values_list("pk", "version")) == before


def test_a_number_that_another_matter_bears_is_refused(house: House) -> None:
    house.filed()
    row = [1, "第12-2-0001号", "另一件提案", "Yun", "", "", "", "", ""]
    ledger = brought(house.cast, excel([row]))
    ledger.body = house.cast.district
    assert [line.fault for line in plan_of(ledger).refused] == ["taken"]


def test_figures_count_what_a_ledger_lists_as_filed(ledger: Ledger, house: House) -> None:
    take_over(ledger, by=house.qing, at=house.at)
    shown = signed_in(house.qing).get(reverse("figures")).content.decode()
    assert "收到提案 2 件，立案 2 件。" in shown


def test_a_number_that_was_taken_over_is_never_given_again(house: House) -> None:
    row = [1, "第12-2-0007号", "去年的提案", "Yun", "", "", "", "", ""]
    ledger = brought(house.cast, excel([row]))
    ledger.body = house.cast.district
    take_over(ledger, by=house.qing, at=house.at)
    assert house.filed().number == "第12-2-0008号"


def test_only_clerks_of_the_committee_take_over(ledger: Ledger, house: House) -> None:
    from django.core.exceptions import PermissionDenied

    for other in (house.yun, house.lu, house.cast.bo, house.cast.stranger):
        with pytest.raises(PermissionDenied):
            take_over(ledger, by=other, at=house.at)
    assert not Matter.objects.exists()


def test_a_clerk_brings_looks_and_confirms_and_takes_the_refused_rows_home(house: House) -> None:
    client = Client()
    assert house.qing.person is not None
    client.force_login(house.qing.person)
    file = SimpleUploadedFile("去年.xlsx", excel())
    answer = client.post(
        reverse("bring_ledger"), {"kind": "proposal", "body": house.cast.district.pk, "file": file}
    )
    ledger = Ledger.objects.get()
    assert answer.status_code == 302 and not Matter.objects.exists()
    page = client.get(answer["Location"]).content.decode()
    assert "没有标题" in page and "提案人 姓名" in page
    seen = {"seen": f"proposal:{house.cast.district.pk}"}
    assert client.post(answer["Location"], seen).status_code == 302
    assert Matter.objects.count() == 2
    sheet = client.get(reverse("refused_rows", args=[ledger.pk]))
    content = b"".join(sheet.streaming_content)  # type: ignore[attr-defined]
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[1:]] == [7, 8, 9] and "案由缺失" in rows[2]


def test_the_file_survives_an_error_of_the_form(house: House) -> None:
    client, content = signed_in(house.qing), excel()
    file = SimpleUploadedFile("去年.xlsx", content)
    given = {"kind": "proposal", "body": "0"}
    back = client.post(reverse("bring_ledger"), {**given, "file": file})
    assert back.status_code == 422 and not Ledger.objects.exists()
    found = re.search(r'name="file-kept" value="([^"]+)" checked', back.content.decode())
    assert found and "去年.xlsx" in back.content.decode()
    sent = {"kind": "proposal", "body": house.cast.district.pk, "file-kept": found[1]}
    assert client.post(reverse("bring_ledger"), sent).status_code == 302
    ledger = Ledger.objects.get()
    assert (ledger.name, bytes(ledger.content)) == ("去年.xlsx", content)
    assert not WaitingFile.objects.exists()


def test_a_wrong_kind_is_mended_beside_the_preview_without_the_file(ledger: Ledger, house: House) -> None:
    client, page = signed_in(house.qing), reverse("ledger", args=[ledger.pk])
    other = {"kind": "opinion", "body": house.cast.district.pk}
    assert reverse("ledger_again", args=[ledger.pk]) in client.get(page).content.decode()
    client.post(reverse("ledger_again", args=[ledger.pk]), other)
    client.post(page, {"seen": f"proposal:{house.cast.district.pk}"})  # what an old tab had shown
    assert not Matter.objects.exists()
    client.post(page, {"seen": f"opinion:{house.cast.district.pk}"})
    assert set(Matter.objects.values_list("kind", flat=True)) == {"opinion"}
    client.post(reverse("ledger_again", args=[ledger.pk]), {**other, "kind": "proposal"})
    ledger.refresh_from_db()
    assert ledger.kind == "opinion" and "识别得不对" not in client.get(page).content.decode()


def test_other_clerks_ledgers_do_not_push_ones_own_off_the_page(ledger: Ledger, house: House) -> None:
    for n in range(25):
        other = brought(house.cast, name=f"{n}.xlsx")
        other.body = house.cast.city
        other.save()
    assert ledger.name in signed_in(house.qing).get(reverse("bring_ledger")).content.decode()


def test_the_page_of_what_was_taken_over_tells_all_that_the_ledger_told(house: House) -> None:
    head = ["序号", "案由", "提案人", "承办单位", "满意度", "备注"]
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        page.merge_range(0, 0, 0, 5, "2024年度提案办理台账")
        page.write_row(1, 0, head)
        page.write_row(2, 0, [1, "关于加强农贸市场管理的提案", "张某", "市场监管局", "基本满意", "大会提案"])
    ledger = brought(house.cast, out.getvalue())
    client = Client()
    assert house.cast.mei.person is not None
    client.force_login(house.cast.mei.person)
    preview = client.get(reverse("ledger", args=[ledger.pk])).content.decode()
    assert "没有提交日期" in preview and "台账 案由" not in preview
    assert take_over(ledger, by=house.cast.mei, at=AT) == 1
    taken = Matter.objects.get(ticket__startswith="L")
    shown = client.get(reverse("desk_thing", args=["proposals", taken.pk])).content.decode()
    for cell in ("张某", "市场监管局", "基本满意", "大会提案"):
        assert cell in shown


@pytest.mark.parametrize("content", [b"", b"no sheet", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0" + b"0" * 600])
def test_a_file_that_is_none_gets_a_clear_answer(house: House, content: bytes) -> None:
    client = Client()
    assert house.qing.person is not None
    client.force_login(house.qing.person)
    file = SimpleUploadedFile("a.xlsx", content)
    given = {"kind": "proposal", "body": house.cast.district.pk, "file": file}
    assert client.post(reverse("bring_ledger"), given).status_code == 422


CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from([head for column in COLUMNS.values() for head in column.heads]),
    st.floats(), st.integers(), st.booleans(), st.dates(), st.datetimes(), st.none(),
)  # fmt: skip
PLACES = st.tuples(st.integers(0, 12), st.integers(0, 8))


@settings(max_examples=200)
@given(st.lists(st.lists(CELLS, max_size=8), max_size=12), st.lists(st.tuples(PLACES, PLACES), max_size=3))
def test_any_sheet_is_read_and_every_row_is_kept_or_has_a_reason(rows: Any, merged: Any) -> None:
    reading = read(rows, merged)
    assert reading.fault in {"", *FAULTS}
    assert all(line.fault in {"", *FAULTS} for line in reading.lines)
    assert all(line.told.get("title") for line in reading.lines if not line.fault)
