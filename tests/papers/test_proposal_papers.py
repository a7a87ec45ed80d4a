"""The papers of a proposal: whom a letter speaks to, and what its form says of the review and the signers."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx import Document
from docx.shared import Mm

from camphor.matters.models import Matter
from camphor.papers.letter import Letter
from camphor.papers.proposal_form import proposal_form
from camphor.papers.replies import reply_letter
from camphor.papers.review import judged, review_letter
from camphor.people.models import Membership

from ..conftest import ON, SINCE, Cast
from ..house import House, again, picture


@pytest.fixture
def house(cast: Cast) -> House:
    return House(cast)


def opening(house: House, proposal: Matter) -> str:
    return reply_letter(house.lead(proposal), proposal, None, on=timezone.localdate()).paragraphs[0]


def rows(proposal: Matter) -> dict[str, str]:
    table = Document(io.BytesIO(proposal_form(again(proposal)))).tables[0]
    return {row.cells[0].text: row.cells[1].text for row in table.rows}


def test_a_letter_speaks_to_one_to_several_and_to_a_body_as_is_fit(house: House) -> None:
    assert opening(house, house.answered(house.filed())).startswith("您提出的")
    assert opening(house, house.joint()).startswith("你们提出的")
    of_body = house.answered(house.filed("关于园区食堂的提案"))
    of_body.sponsor = house.sponsor("party")
    assert opening(house, of_body).startswith("贵单位提出的")


def test_the_form_tells_the_review_and_where_it_stands_by_now(house: House) -> None:
    proposal = house.answered(house.filed())
    told = rows(proposal)
    assert (told["审查结果"], told["目前状态"]) == ("已立案", "已答复，待评价")


def test_who_declined_to_sign_does_not_stand_on_the_form(house: House) -> None:
    proposal = house.draft(form="joint")
    invited = [house.an.person, house.hong.person]
    house.do(proposal, "invite", house.yun, invited=invited, confirm_by=ON + timedelta(days=3))
    house.do(house.backing(proposal, house.an), "confirm", house.an)
    house.do(house.backing(proposal, house.hong), "refuse", house.hong, remark="")
    signers = rows(proposal)["联名人"]
    assert str(house.an.person) in signers and str(house.hong.person) not in signers


def test_the_form_names_sectors_days_of_signing_and_what_is_attached(house: House) -> None:
    sector = house.sponsor("sector")
    assert house.yun.person is not None
    Membership.objects.create(person=house.yun.person, body=sector, role="member", since=SINCE)
    proposal = house.draft(form="joint", facts={"keywords": "停车 消防"})
    house.do(proposal, "attach", house.yun, caption="车位调查表", scan=picture())
    invited = [house.an.person]
    house.do(proposal, "invite", house.yun, invited=invited, confirm_by=ON + timedelta(days=3))
    house.do(house.backing(proposal, house.an), "confirm", house.an)
    told = rows(proposal)
    assert told["第一提案人"] == f"{house.yun.person}（{sector}）"
    assert told["联名人"] == f"{house.an.person}　已署名　2026年9月7日"
    assert (told["附件"], told["主题词"]) == ("1．车位调查表", "停车 消防")


def test_the_labels_of_the_form_are_narrow_in_every_program(house: House) -> None:
    columns = Document(io.BytesIO(proposal_form(house.draft()))).tables[0].columns
    assert [round((column.width or 0) / Mm(1)) for column in columns] == [36, 120]


def reviewed(house: House, move: str, **given: object) -> Letter:
    proposal = house.do(house.draft(), "submit", house.yun)
    house.do(proposal, "pass", house.qing, category="city", remark="")
    house.do(proposal, move, house.qing, **given)
    entry = judged(proposal)
    assert entry is not None
    return review_letter(again(proposal), entry)


def test_its_proposers_are_told_in_writing_what_the_review_came_to(house: House) -> None:
    filed = reviewed(house, "file")
    assert filed.recipient == "Yun委员" and "予以立案，案号为第12-2-0001号" in filed.paragraphs[0]
    refused = reviewed(house, "refuse", refusal="empty", reason_text="没有写明由谁做什么。")
    assert refused.paragraphs[0].endswith("理由：内容空泛、没有具体建议的；没有写明由谁做什么。")
    merged = reviewed(house, "merge", twin=Matter.objects.get(state="filed"))
    assert "第12-2-0001号）内容相近，决定并案办理" in merged.paragraphs[0]


def test_before_the_review_has_ended_there_is_no_letter_of_it(house: House) -> None:
    proposal = house.do(house.draft(), "submit", house.yun)
    client, paper = Client(), reverse("review_letter", args=[proposal.pk])
    assert house.yun.person is not None
    client.force_login(house.yun.person)
    leaf = reverse("desk_thing", args=["proposals", proposal.pk])
    assert client.get(paper).status_code == 404 and paper not in client.get(leaf).content.decode()
    house.do(proposal, "pass", house.qing, category="city", remark="")
    house.do(proposal, "file", house.qing)
    assert client.get(paper).status_code == 200 and paper in client.get(leaf).content.decode()
