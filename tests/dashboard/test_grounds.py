"""The ten grounds on which a proposal is not filed: chosen by a clerk, told to the proposer, counted."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from docx import Document

from camphor.bodies.actions import set_rule
from camphor.dashboard.desk import unread
from camphor.kit.fields import label_of
from camphor.matters.models import Matter
from camphor.matters.recorded import rows_on
from camphor.rules.figures import INDICATORS, reckon
from camphor.rules.matters import REFUSALS

from ..conftest import SINCE, Cast, signed_in
from ..house import House, again

# fmt: off
WORDED = {
    "secret": ("涉及党和国家秘密", "secrets of the Party or the state"),
    "forbidden": ("国家明令禁止", "what the state has forbidden"),
    "party_personnel": ("人事安排有意见", "organisation or personnel"),
    "own_party": ("本组织内部", "affairs inside that party"),
    "in_court": ("诉讼", "before a civil, criminal or administrative court"),
    "academic": ("学术", "an academic discussion"),
    "personal": ("本人或亲属", "personal benefit of the proposer"),
    "advertising": ("宣传、推介", "advertises a particular work"),
    "accusation": ("指名举报", "denounces somebody by name"),
    "empty": ("没有具体建议", "without a concrete suggestion"),
}
"""What the national regulations on proposals call each ground, and how it reads in English."""
# fmt: on


@pytest.fixture
def house(cast: Cast) -> House:
    return House(cast)


@pytest.fixture
def reviewed(house: House) -> Matter:
    """Yun's proposal, which passed the first review."""
    proposal = house.do(house.draft(), "submit", house.yun)
    return house.do(proposal, "pass", house.qing, category="city", remark="")


def refused(house: House, proposal: Matter, ground: str) -> Matter:
    """Refused by the clerk on her desk, with words of her own beside the ground."""
    page = reverse("desk_move", args=["proposals", proposal.pk, "refuse"])
    clerk = signed_in(house.qing)
    assert f'value="{ground}"' in clerk.get(page).content.decode()
    given = {"refusal": ground, "reason_text": "已转信访部门处理。"}
    assert clerk.post(page, given).status_code == 302
    return again(proposal)


def test_the_ten_grounds_are_those_of_the_national_regulations() -> None:
    assert list(WORDED) == list(REFUSALS)


@pytest.mark.parametrize("ground", REFUSALS)
def test_each_ground_is_told_to_the_proposer_in_both_languages(
    house: House, reviewed: Matter, ground: str
) -> None:
    proposal = refused(house, reviewed, ground)
    assert (proposal.state, proposal.number, proposal.due_on) == ("not_filed", "", None)
    chinese, english = WORDED[ground]
    [notice] = [one for one in unread(house.yun)[0] if one["move"] == "refuse"]
    assert chinese in notice["text"] and "已转信访部门处理。" in notice["text"]
    page = reverse("desk_thing", args=["proposals", proposal.pk])
    shown = signed_in(house.yun).get(page).content.decode()
    assert chinese in shown and "已转信访部门处理。" in shown and "未立案" in shown
    assert english in signed_in(house.yun, "en").get(page).content.decode()
    assert signed_in(house.hong).get(page).status_code == 404  # told to those whom it concerns
    assert Client().get(reverse("proposal", args=[proposal.pk])).status_code == 404


@pytest.mark.parametrize("ground", REFUSALS)
def test_each_ground_stands_in_the_form_of_the_proposal(house: House, reviewed: Matter, ground: str) -> None:
    proposal = refused(house, reviewed, ground)
    paper = signed_in(house.qing).get(reverse("proposal_form", args=[proposal.pk]))
    table = Document(io.BytesIO(b"".join(paper))).tables[0]
    rows = {row.cells[0].text: row.cells[1].text for row in table.rows}
    with translation.override("zh-hans"):
        assert rows["不予立案理由"] == f"{label_of(REFUSALS, ground)}：已转信访部门处理。"
    assert rows["审查结果"] == "未立案" and rows["案号"] == "（尚未立案）"


@pytest.mark.parametrize("ground", REFUSALS)
def test_each_ground_counts_as_received_and_not_filed(house: House, reviewed: Matter, ground: str) -> None:
    house.filed("另一件", by=house.an)
    refused(house, reviewed, ground)
    rows = rows_on(Matter.objects.filter(kind="proposal"), on=timezone.localdate())
    filing = reckon(INDICATORS["filing"], rows).numbers
    assert (filing.n, filing.whole) == (1, 2)
    assert reckon(INDICATORS["review"], rows).numbers.split == {"filed": 1, "not_filed": 1}
    page = signed_in(house.qing).get(reverse("figure", args=["review"])).content.decode()
    assert "未立案" in page


def test_a_ground_of_the_bodys_own_is_told_in_its_own_words(house: House, reviewed: Matter) -> None:
    row: dict[str, object] = {"name": "two_matters", "label": "一案多事"}
    set_rule(house.cast.district, "refusals", row, since=SINCE)
    proposal = refused(house, reviewed, "two_matters")
    shown = signed_in(house.yun).get(reverse("desk_thing", args=["proposals", proposal.pk])).content.decode()
    assert "一案多事；已转信访部门处理。" in shown and "two_matters" not in shown


def test_what_was_refused_can_still_become_an_opinion_report(house: House, reviewed: Matter) -> None:
    proposal = refused(house, reviewed, "empty")
    house.do(proposal, "offer", house.qing, reason_text="可作社情民意信息报送")
    assert house.do(proposal, "consent", house.yun).state == "converted"
