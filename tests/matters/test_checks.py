"""The checks that a domain expert runs on the finished system, as far as they concern matters."""

from __future__ import annotations

import io
import zipfile
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from django.test import Client
from django.urls import reverse
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from python_calamine import CalamineWorkbook

from camphor.activities import actions as activities
from camphor.activities.actions import Guest
from camphor.bodies.actions import set_rule
from camphor.bodies.rulebook import deadline, methods
from camphor.consultations.models import Consultation
from camphor.dashboard.facts import assignment_facts
from camphor.engine.flow import Lacking, NotPossible
from camphor.matters import actions as matters
from camphor.matters.actions import new_code
from camphor.matters.models import Instruction, Matter, Rating
from camphor.papers.models import Ledger
from camphor.papers.taking_over import plan_of
from camphor.people.actor import Actor
from camphor.trail.history import entries_of
from camphor.trail.links import came_of, led_to
from camphor.trail.models import Entry

from ..conftest import AT, ON, Cast, signed_in
from ..house import House, again
from ..papers.test_ledgers import ROWS, excel
from ..story import Story


@pytest.fixture
def house(cast: Cast) -> House:
    return House(cast)


def test_01_two_confirm_one_refuses_and_after_the_day_only_the_confirmed_names_stand(house: House) -> None:
    proposal = house.draft(form="joint")
    asked = [house.an, house.hong, house.lu, house.auditor]
    house.do(
        proposal, "invite", house.yun, invited=[who.person for who in asked],
        confirm_by=ON + timedelta(days=3),
    )  # fmt: skip
    for who in asked[:2]:
        house.do(house.backing(proposal, who), "confirm", who)
    house.do(house.backing(proposal, house.lu), "refuse", house.lu, remark="")
    house.later(4)
    submitted = house.do(proposal, "submit", house.yun)
    assert submitted.proposers() == [house.yun.person, house.an.person, house.hong.person]
    assert house.backing(proposal, house.auditor).state == "lapsed"
    with pytest.raises(NotPossible):
        house.do(house.backing(proposal, house.auditor), "confirm", house.auditor)


def test_02_three_merged_proposals_have_one_handling_three_replies_three_ratings(house: House) -> None:
    titles = {"停车难": house.yun, "车位少": house.an, "消防通道": house.hong}
    first, *others = [house.filed(title, who) for title, who in titles.items()]
    for other in others:
        house.do(other, "merge", house.qing, twin=first)
    house.answered(first)
    assert [one.assignments.count() for one in (first, *others)] == [1, 0, 0]
    assert [one.letters.count() for one in (first, *others)] == [1, 1, 1]
    assert len({letter.number for one in (first, *others) for letter in one.letters.all()}) == 3
    assert all(item.replies.count() == 1 for one in (first, *others) for item in one.items.all())
    for one, who in zip((first, *others), titles.values(), strict=True):
        with pytest.raises(PermissionDenied):
            house.rate(one, house.an if who is not house.an else house.yun, "satisfied")
        assert house.rate(one, who, "satisfied").state == "closed"
    assert Rating.objects.count() == 3


def test_03_a_late_assisting_unit_is_waited_for_until_it_countersigned_or_was_passed_over_on_record(
    house: House, cast: Cast
) -> None:
    handed = house.handed(house.filed())
    house.do(house.lead(handed), "receive", cast.bo)
    with pytest.raises(Lacking):
        house.draft_answer(handed)
    with pytest.raises(NotPossible):
        house.do(house.joining(handed), "go_without", house.qing, reason_text="逾期")
    house.later(40)
    with pytest.raises(PermissionDenied):
        house.do(house.joining(handed), "go_without", cast.bo, reason_text="逾期")
    house.do(house.joining(handed), "go_without", house.qing, reason_text="会办意见逾期未送")
    house.draft_answer(handed)
    house.do(house.lead(handed), "sign", house.chief, signed_by="局长", letter_number="")
    override = entries_of(house.joining(handed)).get(move="go_without")
    assert (override.by, override.given["reason_text"]) == (house.qing.person, "会办意见逾期未送")


def test_04_a_dissatisfied_member_opens_round_two_and_both_rounds_stay(house: House) -> None:
    answered = house.answered(house.filed())
    with pytest.raises(ValidationError, match="remark"):
        house.rate(answered, house.yun, "dissatisfied")
    house.rate(answered, house.yun, "dissatisfied", "标线没有划")
    assert (again(answered).state, again(answered).round) == ("assigned", 2)
    house.answer(answered)
    house.rate(answered, house.yun, "satisfied")
    assert list(Rating.objects.values_list("round", "score")) == [(1, "dissatisfied"), (2, "satisfied")]
    assert sorted(letter.round for letter in again(answered).letters.all()) == [1, 2]
    assert again(answered).state == "closed"


def test_04b_the_dissatisfied_proposer_of_a_merged_proposal_gets_a_second_answer_and_the_content_one_is_left(
    house: House,
) -> None:
    first, second = house.filed("停车难"), house.filed("车位少", house.an)
    house.do(second, "merge", house.qing, twin=first)
    house.answered(first)
    house.rate(first, house.yun, "satisfied")
    house.rate(second, house.an, "dissatisfied", "没有说清楚")
    assert (again(first).state, again(second).state) == ("assigned", "merged")
    house.answer(first)
    assert again(second).letters.filter(round=2).exists()
    assert house.rate(second, house.an, "mostly").state == "closed"


def test_05_a_method_edited_while_cases_run_leaves_the_steps_of_the_old_cases(cast: Cast) -> None:
    plan, _concern, _twin = Story(cast).consultation()
    before = [stage.label for stage in plan.stages.all()]
    steps = [{"kind": "meet", "label": "吃茶", "days": 3}]
    row: dict[str, object] = {"name": "seven_step", "label": "七步协商", "steps": steps}
    set_rule(cast.district, "methods", row, since=ON)
    assert [stage.label for stage in Consultation.objects.get(pk=plan.pk).stages.all()] == before
    assert len(methods(cast.hall, on=ON)["seven_step"].steps) == 1


def test_06_a_topic_beyond_the_streets_power_goes_up_and_the_citizen_is_informed(
    client: Client, cast: Cast
) -> None:
    cast.lin_code = new_code()
    concern = Story(cast).concern()
    reason = "涉及全区规划，街道无权决定"
    with pytest.raises(ValueError):
        matters.make(concern, "escalate", by=cast.mei, at=AT, upper=cast.housing, reason_text=reason)
    concern = again(concern)
    matters.make(concern, "escalate", by=cast.mei, at=AT, upper=cast.district, reason_text=reason)
    raised = again(concern)
    assert (raised.body, raised.state) == (cast.district, "submitted")
    assert raised.due_on == deadline("concern_answer", cast.district, on=ON)
    page = client.get(reverse("mine", args=[cast.lin_code])).content.decode()
    assert cast.district.name in page and "提请上级" in page


def test_06b_a_topic_beyond_the_streets_power_becomes_an_opinion_report_and_the_citizen_is_informed(
    client: Client, cast: Cast
) -> None:
    cast.lin_code = new_code()
    concern = Story(cast).concern()
    matters.make(concern, "report", by=cast.mei, at=AT, reason_text="宜作为社情民意反映")
    report = Matter.objects.get(kind="opinion")
    assert (report.state, report.body, report.title) == ("submitted", cast.district, concern.title)
    assert [one.pk for one in came_of(concern, "turned_into", Matter)] == [report.pk]
    assert [one.pk for one in led_to(report, "turned_into", Matter)] == [concern.pk]
    page = client.get(reverse("mine", args=[cast.lin_code])).content.decode()
    assert "宜作为社情民意反映" in page and "社情民意" in page


def test_07_sessions_and_attendances_of_a_day_stay_as_they_were_told_whatever_is_entered_later(
    cast: Cast,
) -> None:
    story = Story(cast)
    plan, _concern, _twin = story.consultation()
    story.session(plan)
    Entry.objects.update(recorded_at=F("at"))
    with time_machine.travel(AT + timedelta(days=1), tick=False):
        told = [figure_of(cast.mei, name, ON) for name in ("sessions", "attendances")]
    assert told == [1, 2]
    story.later(30)  # a month later somebody enters a session that was held on the same day
    late = activities.plan(title="补录", starts_at=AT, body=cast.hall, venue=None, by=cast.mei, at=story.at)
    walk_ins = [Guest("居民甲", "resident"), Guest("居民乙", "resident"), Guest("居民丙", "resident")]
    activities.make(late, "attend", by=cast.mei, at=story.at, came=[], walk_ins=walk_ins)
    Entry.objects.update(recorded_at=F("at"))
    with time_machine.travel(story.at + timedelta(days=1), tick=False):
        assert [figure_of(cast.mei, name, ON) for name in ("sessions", "attendances")] == told
        today = story.at.date() + timedelta(days=1)
        assert [figure_of(cast.mei, name, today) for name in ("sessions", "attendances")] == [2, 5]


def figure_of(actor: Actor, name: str, on: date) -> int:
    """The number that the page of a figure tells of a day."""
    page = signed_in(actor).get(reverse("figure", args=[name]), {"on": on.isoformat()})
    whole: int = page.context["figure"].numbers.whole
    return whole


def test_10_an_exported_reply_opens_with_the_margins_and_fonts_of_the_standard(house: House) -> None:
    answered = house.answered(house.filed())
    page = signed_in(house.qing).get(reverse("reply_letter", args=[house.lead(answered).pk]))
    content = page.getvalue()
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert packed.testzip() is None
        for part in packed.namelist():
            if part.endswith((".xml", ".rels")):
                ElementTree.fromstring(packed.read(part))  # noqa: S314 - of our own making
    document = Document(io.BytesIO(content))
    sheet = document.sections[0]
    margins = (sheet.top_margin, sheet.bottom_margin, sheet.left_margin, sheet.right_margin)
    for margin, wanted in zip(margins, (Mm(37), Mm(35), Mm(28), Mm(26)), strict=True):
        assert margin is not None and abs(margin - wanted) < Mm(0.05)
    body = next(line for line in document.paragraphs if "已公布" in line.text)
    run = body.runs[0]
    fonts: Any = run._r.rPr
    assert (run.font.size, fonts.rFonts.get(qn("w:eastAsia"))) == (Pt(16), "仿宋_GB2312")
    assert "filename*=" in page["Content-Disposition"]


def test_14_last_years_ledger_is_previewed_each_bad_row_has_its_reason_and_none_is_lost(
    house: House,
) -> None:
    client = signed_in(house.qing)
    file = SimpleUploadedFile("2025年提案台账.xlsx", excel())  # merged heads, a merged row, a duplicate
    given = {"kind": "proposal", "body": house.cast.district.pk, "file": file}
    preview = client.post(reverse("bring_ledger"), given)["Location"]
    assert not Matter.objects.exists(), "a preview takes nothing over"
    ledger = Ledger.objects.get()
    plan = plan_of(ledger)
    assert [(line.row, line.fault) for line in plan.refused] == [
        (7, "twice"),
        (8, "no_title"),
        (9, "bad_date"),
    ]
    assert len(plan.new) + len(plan.refused) == len(ROWS) - 1  # one row is merged with the one above it
    seen = {"seen": f"{ledger.kind}:{ledger.body_id}"}
    assert [client.post(preview, seen).status_code for _twice in range(2)] == [302, 302]
    assert Matter.objects.count() == len(plan.new)
    sheet = client.get(reverse("refused_rows", args=[ledger.pk]))
    content = b"".join(sheet.streaming_content)  # type: ignore[attr-defined]
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert len(rows) == 1 + len(plan.refused)


def test_11_a_public_page_hides_phones_and_the_names_of_proposers_and_of_objectors(
    client: Client, house: House, cast: Cast
) -> None:
    answered = house.answered(house.filed("关于请 Yun 所在小区停车难的提案"))
    text = "请联系 Yun，手机 13800138000，夜间停车难。"
    house.do(answered, "disclose", house.qing, openness="full", reason_open="", public_text=text)
    lead = house.lead(answered)
    house.do(
        lead,
        "disclose",
        house.qing,
        openness="summary",
        reason_open="",
        public_text="已办，电话0571-88880000",
    )
    pages = [
        client.get(reverse("proposals")).content.decode(),
        client.get(reverse("proposal", args=[answered.pk])).content.decode(),
    ]
    for secret in ("Yun", "13800138000", "88880000", "柏然"):
        assert not any(secret in page for page in pages), secret
    assert "夜间停车难" in pages[1]


def test_11b_the_public_line_of_a_consultation_names_no_objector(client: Client, cast: Cast) -> None:
    story = Story(cast)
    plan, _concern, _twin = story.consultation()
    meeting = story.session(plan)
    for address in (reverse("consultation", args=[plan.pk]), reverse("activity", args=[meeting.pk])):
        page = client.get(address).content.decode()
        assert "云岫" not in page and "Yun" not in page


def test_11_a_request_hides_trade_secrets_from_all_but_those_who_must_answer(
    house: House, cast: Cast
) -> None:
    given = {
        "text": "融资难",
        "items": ["续贷"],
        "secret": "年亏损三百万元",
        "facts": {"enterprise": "某公司"},
    }
    request = house.begin("request", "raise", house.qing, title="续贷困难", **given)
    assert request.author is None  # a clerk who writes it down is not the one who asked
    house.do(request, "edit", house.qing, **{**given, "title": "续贷仍困难", "secret": ""})
    request.refresh_from_db()
    assert request.secret == "年亏损三百万元"  # she does not see it, and so cannot take it away
    house.do(request, "assign", house.qing, lead=cast.housing)
    assert "三百万" not in str(list(Entry.objects.values_list("given", flat=True)))
    assert request not in Matter.objects.public()
    desk = {
        who: signed_in(who).get(reverse("desk_thing", args=["requests", request.pk])).content.decode()
        for who in (house.qing, cast.bo)
    }
    assert "三百万" not in desk[house.qing]  # who typed it does not read it again
    assert "三百万" in desk[cast.bo]


def test_11c_a_drafted_answer_is_read_by_those_who_work_on_it_and_not_by_its_proposer(
    house: House, cast: Cast
) -> None:
    proposal = house.handed(house.filed(), mode="sole", assisting=())
    house.do(house.lead(proposal), "receive", cast.bo)
    house.draft_answer(proposal)
    lead = house.lead(proposal)
    seen = {
        who: bool(assignment_facts(lead, house.on, who)["draft"]) for who in (cast.bo, house.qing, house.yun)
    }
    assert seen == {cast.bo: True, house.qing: True, house.yun: False}


def test_13_an_auditor_sees_who_read_an_instruction_and_not_what_it_says(house: House) -> None:
    report = house.begin(
        "opinion",
        "draft",
        house.yun,
        title="外卖骑手停车",
        text="情况……",
        category="",
        is_urgent=False,
        facts={},
    )
    house.do(report, "submit", house.yun)
    for move, given in (("take", {}), ("proof", {}), ("sign", {"signed_by": "主席"})):
        house.do(report, move, house.qing, **given)
    house.do(report, "dispatch", house.qing, destination="leadership", to_whom="", held_on=ON)
    house.do(
        report, "instruct", house.qing, led_by="分管领导", held_on=ON, instruction="请城管局研究",
        readers=[house.lu.person],
    )  # fmt: skip
    kept = Instruction.objects.get()
    house.do(kept, "read", house.lu)
    for other in (house.yun, house.hong, house.auditor):
        with pytest.raises(PermissionDenied):
            house.do(kept, "read", other)
    assert kept in Instruction.objects.visible_to(house.auditor, on=ON)
    assert kept not in Instruction.objects.visible_to(house.yun, on=ON)
    assert [entry.by for entry in entries_of(kept).filter(move="read")] == [house.lu.person]
    assert "研究" not in str(list(Entry.objects.values_list("given", flat=True)))
