"""The published text of a proposal: its suggestions are numbered lines, and found again as such."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from camphor.matters.published_text import Parts, joined, parted

from ..conftest import Cast
from ..house import House, again

ITEM = st.text("停车难，没有位1234567890.、 ", min_size=1, max_size=12).map(str.strip).filter(bool)
LINE = ITEM.filter(lambda line: not line[0].isdecimal())


@pytest.fixture
def house(cast: Cast) -> House:
    return House(cast)


@given(st.lists(LINE, max_size=4), st.lists(ITEM, min_size=1, max_size=12))
def test_what_was_joined_is_parted_again(text: list[str], items: list[str]) -> None:
    whole = "\n".join(text)
    assert parted(joined(whole, items)) == Parts(whole, tuple(items))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", Parts("")),
        ("夜间停车难。", Parts("夜间停车难。")),
        ("分析。\n1.5米宽的盲道被占。", Parts("分析。\n1.5米宽的盲道被占。")),
        ("分析。\n1. 3月底前公布\n2. 5月划线", Parts("分析。", ("3月底前公布", "5月划线"))),
        ("分析。\n1、公布\n2、划线", Parts("分析。", ("公布", "划线"))),
        ("有二：\n1. 少\n2. 乱\n为此：\n1．公布", Parts("有二：\n1. 少\n2. 乱\n为此：", ("公布",))),
        ("1. 公布\n续行\n2. 划线", Parts("", ("公布\n续行", "划线"))),
        ("分析。\n1. 公布\n3. 划线", Parts("分析。\n1. 公布\n3. 划线")),
    ],
)  # fmt: skip
def test_only_lines_that_count_on_from_one_at_the_end_are_suggestions(text: str, parts: Parts) -> None:
    assert parted(text) == parts


def test_the_public_page_has_a_heading_over_each_part_and_a_numbered_list(house: House) -> None:
    filed = house.filed()
    clerk = Client()
    clerk.force_login(house.qing.person)  # type: ignore[arg-type]
    form = reverse("desk_move", args=["proposals", filed.pk, "disclose"])
    text = clerk.get(form).context["form"]["public_text"].value()
    sent = {"openness": "full", "reason_open": "", "public_text": text, "version": again(filed).version}
    assert clerk.post(form, sent).status_code == 302
    page = Client().get(reverse("proposal", args=[filed.pk])).content.decode()
    assert "案由</p>" in page
    assert "<h2>分析：情况、问题、原因</h2>" in page and "<h2>建议</h2>" in page
    assert "<ol><li>公布夜间停车的共享车位</li><li>划出消防通道并设标线</li></ol>" in page
    assert "<h2>分析：情况、问题、原因</h2>" in clerk.get(
        reverse("desk_thing", args=["proposals", filed.pk])
    ).content.decode()  # fmt: skip


def test_a_summary_without_numbers_stands_as_it_was_written(house: House) -> None:
    filed = house.filed()
    house.do(filed, "disclose", house.qing, openness="summary", reason_open="", public_text="建议破解停车难")
    page = Client().get(reverse("proposal", args=[filed.pk])).content.decode()
    assert "<p>建议破解停车难</p>" in page and "<h2>建议</h2>" not in page


def test_the_desk_pages_of_resolution_proposals_have_the_same_headings(house: House) -> None:
    made = house.begin(
        "resolution", "draft", house.qing, title="关于停车的建议案", text="夜间停车难。", items=["公布车位"],
        facts={"adopted_by": "plenary"},
    )  # fmt: skip
    clerk = Client()
    clerk.force_login(house.qing.person)  # type: ignore[arg-type]
    page = clerk.get(reverse("desk_thing", args=["resolutions", made.pk])).content.decode()
    assert "案由" in page and "<h2>分析：情况、问题、原因</h2>" in page and "<h2>建议</h2>" in page
