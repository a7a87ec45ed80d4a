"""The other kinds of matter: opinion reports, requests, resolution proposals, findings and tasks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from camphor.bodies.actions import found
from camphor.bodies.rulebook import deadline
from camphor.dashboard.told import told
from camphor.engine.flow import Lacking, NotPossible
from camphor.matters import actions as matters
from camphor.matters.answering import Answer
from camphor.matters.models import Matter
from camphor.matters.recorded import rows_on
from camphor.papers.handing import letter_of
from camphor.papers.replies import reply_letter
from camphor.people.actor import Actor
from camphor.rules.figures import INDICATORS, reckon
from camphor.trail.models import Notice
from camphor.trail.moves import possible_moves

from ..conftest import ON, SINCE, Cast, person
from ..house import House, again, picture


@pytest.fixture
def house(cast: Cast) -> House:
    return House(cast)


def report(house: House, by: Actor, title: str = "骑手停车难", **more: Any) -> Matter:
    given: dict[str, Any] = {"text": "午间占道", "category": "city", "is_urgent": False, "facts": {}}
    made = house.begin("opinion", "draft", by, title=title, **(given | more))
    submitted: Matter = house.do(made, "submit", by)
    return submitted


def test_an_opinion_report_has_at_most_1500_characters(house: House) -> None:
    with pytest.raises(Lacking, match="short"):
        report(house, house.yun, text="长" * 1400, facts={"suggestion": "改" * 101})
    assert report(house, house.yun, text="长" * 1400, facts={"suggestion": "改" * 100}).state == "submitted"


def test_a_report_passed_to_a_department_names_it_and_its_author_hears_what_became_of_it(
    house: House,
) -> None:
    first = report(house, house.yun)
    house.do(first, "take", house.qing)
    house.do(first, "proof", house.qing)
    house.do(first, "sign", house.lu, signed_by="主席")
    given = {"destination": "department", "held_on": ON}
    with pytest.raises(ValidationError, match="哪个部门"):
        house.do(first, "dispatch", house.qing, to_whom="", **given)
    house.do(first, "dispatch", house.qing, to_whom="民政局", **given)
    sent = again(first).dispatches.get()
    house.do(first, "adopt", house.qing, dispatch=sent, manner="single", held_on=ON)
    entry = Notice.objects.filter(entry__move="adopt", person=house.yun.person).latest("pk").entry
    assert entry and "转送部门 · 民政局；单篇采用" in told(entry, again(first))["text"]


def test_combined_reports_share_their_authorship_and_all_authors_hear_of_it(house: House) -> None:
    first, second = report(house, house.yun), report(house, house.an, "驿站太少")
    house.do(first, "take", house.qing)
    house.do(first, "combine", house.qing, combined=[again(second)])
    assert again(first).proposers() == [house.yun.person, house.an.person]
    assert again(second).state == "combined"
    house.do(first, "proof", house.qing)
    signed = house.do(first, "sign", house.lu, signed_by="主席")
    assert signed.number == "2026年第1期"
    for place in ("leadership", "province"):
        house.do(first, "dispatch", house.qing, destination=place, to_whom="", held_on=ON)
    for sent, manner in zip(again(first).dispatches.all(), ("single", "combined"), strict=True):
        house.do(first, "adopt", house.qing, dispatch=sent, manner=manner, held_on=ON)
    told = house.do(first, "tell", house.qing, text="两处采用")
    assert Notice.objects.filter(entry__move="tell", person=house.an.person).exists()
    house.do(told, "archive", house.qing)
    assert not Matter.objects.public().exists()


def test_a_request_is_answered_at_the_table_then_contacted_and_told_in_its_days(
    house: House, cast: Cast
) -> None:
    request = house.begin(
        "request", "raise", house.qing, title="续贷", text="融资", items=["续贷", "担保"], secret="",
        facts={"enterprise": "某公司"},
    )  # fmt: skip
    house.do(request, "assign", house.qing, lead=cast.housing)
    mine = house.lead(request)
    assert mine.due_on == ON + timedelta(days=3)
    one, two = request.items.all()
    spot = [
        Answer(one, "当场办结", "solved"),
        Answer(two, "下周答复", "dated", "出具担保函", ON + timedelta(days=9)),
    ]
    house.do(mine, "answer_on_spot", cast.bo, spot_answers=spot, people="")
    assert house.lead(request).due_on == ON + timedelta(days=7)
    house.do(mine, "progress", cast.bo, text="已联系担保公司")
    on, due = timezone.localdate(house.at), house.lead(request).due_on
    assert next(move.name for move in possible_moves(house.lead(request), cast.bo, on=on)) == "reply"
    house.do(mine, "tell_more", cast.bo, text="担保公司已受理")
    assert house.lead(request).due_on == due  # who tells more has no more time
    house.do(
        mine, "reply", cast.bo, answers=[Answer(one, "已续贷", "A"), Answer(two, "已担保", "A")], contact=""
    )
    answer = reply_letter(house.lead(request), again(request), None, on=on)
    assert answer.recipient == "某公司"
    assert [item for item, _said in answer.answers] == ["一、续贷", "二、担保"]
    assert "已续贷\n办理结果：A" in answer.answers[0][1]  # and not what was said at the table as well
    assert letter_of(again(request)).closing[0].startswith(f"请{cast.housing.name}于2026年9月10日前")
    rating = {"handling": "satisfied", "score": "satisfied", "remark": ""}
    house.do(request, "rate_on_paper", house.qing, scan=picture(), **rating)
    assert again(request).state == "rated"
    house.do(request, "visit", house.qing, held_on=ON, people="企业负责人", text="已落实")
    assert again(request).state == "visited"


def test_how_soon_an_enterprise_heard_of_a_unit_and_how_large_it_is_are_counted(
    house: House, cast: Cast
) -> None:
    facts = {"enterprise": "某公司", "size": "micro"}
    given = {"title": "续贷", "text": "融资", "items": ["续贷"], "secret": "", "facts": facts}
    request = house.begin("request", "raise", house.qing, **given)
    house.later(5)
    house.do(request, "assign", house.qing, lead=cast.housing)
    house.later(2)
    house.do(
        house.lead(request), "first_contact", cast.bo, way="phone", held_on=house.on, people="", text="已联系"
    )
    rows = rows_on(Matter.objects.all(), on=timezone.localdate())
    waited = reckon(INDICATORS["first_contact"], rows)
    assert (waited.part.whole, waited.median) == (1, 2)
    assert {size: len(own) for size, own in reckon(INDICATORS["sizes"], rows).split.items()} == {"micro": 1}
    assert not reckon(INDICATORS["first_word"], rows).part.whole  # that is told of residents


def test_an_upheld_objection_leaves_the_first_contact_owed_and_no_day_for_an_answer_is_told_yet(
    house: House, cast: Cast
) -> None:
    request = house.begin(
        "request", "raise", house.qing, title="用工", text="缺工", items=["招聘"], secret="",
        facts={"enterprise": "某公司"},
    )  # fmt: skip
    house.do(request, "assign", house.qing, lead=cast.housing)
    house.do(house.lead(request), "object", cast.bo, reason_text="不属于本单位")
    upheld = house.do(house.lead(request), "uphold", house.qing, reason_text="按职责分工办理")
    assert (upheld.state, upheld.due_on, upheld.answer_by) == ("given", ON + timedelta(days=3), None)
    assert letter_of(again(request)).closing == (
        f"请{cast.housing.name}于2026年9月10日前与企业首次联系，并按期反馈进展、逐条答复。",
    )


def test_the_check_of_a_signed_answer_has_its_own_time_and_sent_back_the_day_of_the_answer_runs_on(
    house: House, cast: Cast
) -> None:
    proposal = house.handed(house.filed(), mode="sole", assisting=())
    house.do(house.lead(proposal), "receive", cast.bo)
    house.draft_answer(proposal)
    day = house.lead(proposal).due_on
    signed = house.do(house.lead(proposal), "sign", house.chief, signed_by="局长", letter_number="")
    assert signed.due_on == deadline("reply_check", cast.district, on=ON) != day
    assert house.do(signed, "send_back", house.qing, reason_text="第二条未答").due_on == day


def test_a_resolution_proposal_is_adopted_delivered_answered_and_heard(house: House, cast: Cast) -> None:
    made = house.begin(
        "resolution", "draft", house.qing, title="提升城市品质", text="分析", items=["一", "二"],
        facts={"adopted_by": "plenary"},
    )  # fmt: skip
    house.do(made, "pass", house.qing, held_on=ON)
    assert house.do(made, "adopt", house.qing, held_on=ON).number == "12届2次建议案第1号"
    house.do(made, "deliver", house.qing, held_on=ON, people="区委办、区政府办")
    house.do(made, "assign", house.qing, lead=cast.housing, assisting=[], led_by="区长")
    answers = [Answer(item, "已落实", "A") for item in made.items.all()]
    house.do(house.lead(made), "reply", cast.bo, answers=answers, promises=None, contact="")
    house.do(made, "hear", house.qing, held_on=ON, text="常委会听取")
    assert house.do(made, "archive", house.qing).state == "archived"


def test_a_finding_is_put_right_visited_and_only_then_struck_off(house: House, cast: Cast) -> None:
    made = house.begin(
        "finding",
        "draft",
        house.qing,
        title="盲道被占",
        text="",
        items=["清理盲道"],
        facts={"manner": "topic"},
    )
    house.do(made, "issue", house.lu, signed_by="主席")
    house.do(made, "assign", house.qing, lead=cast.housing, others=[cast.power])
    for unit, officer in ((cast.housing, cast.bo), (cast.power, cast.rui)):
        mine = made.assignments.get(handler=unit)
        house.do(mine, "receive", officer)
        house.do(mine, "plan", officer, text="两周内清理")
        house.do(mine, "plan_anew", officer, text="三周内清理")
        house.do(mine, "reply", officer, answers=[Answer(made.items.get(), "已清理", "A")], contact="")
    with pytest.raises(Lacking, match="visited"):
        house.do(made, "strike", house.qing, seen_on=ON, text="属实")
    house.do(
        made, "visit", house.qing, held_on=ON, led_by="", people="监督小组", text="仍有两处", next_on=None
    )
    house.do(made, "insist", house.qing, reason_text="两处未清理")
    assert {one.state for one in again(made).assignments.all()} == {"received"}
    for unit, officer in ((cast.housing, cast.bo), (cast.power, cast.rui)):
        mine = made.assignments.get(handler=unit)
        house.do(mine, "reply", officer, answers=[Answer(made.items.get(), "已全部清理", "A")], contact="")
    with pytest.raises(Lacking, match="visited"):  # the visit before the second report saw another state
        house.do(made, "strike", house.qing, seen_on=ON, text="属实")
    house.do(made, "visit", house.qing, held_on=ON, led_by="", people="监督小组", text="已清", next_on=None)
    assert house.do(made, "strike", house.qing, seen_on=ON, text="属实").state == "struck"


def test_a_task_goes_to_every_guided_committee_with_receipt_and_completion(house: House, cast: Cast) -> None:
    clerk = person("cheng", cast.city, "clerk")
    third = found(
        name="临安区政协", slug="third", kind="committee_district", since=SINCE, guided_by=cast.city
    )
    ling = person("ling", third, "clerk")
    made = Matter(kind="task", body=cast.city, author=clerk.person, raised_at=house.at)
    matters.make(made, "draft", by=clerk, at=house.at, title="学习部署", text="月底前完成")
    bodies = [cast.district, third]
    house.do(made, "assign", clerk, guided=bodies, lead_due_on=ON + timedelta(days=20))
    mine, theirs = (
        again(made).assignments.get(handler=cast.district),
        again(made).assignments.get(handler=third),
    )
    house.do(mine, "receive", house.qing)
    house.do(mine, "complete", house.qing, text="已组织学习", photo=None)
    assert again(made).state == "assigned"
    house.do(theirs, "complete", ling, text="已完成", photo=None)
    assert again(made).state == "answered"
    back = house.do(theirs, "give_back", clerk, reason_text="请补充人数")
    assert back.due_on == ON + timedelta(days=20), "the day that was given to all still holds"
    assert again(made).state == "assigned"
    house.do(theirs, "complete", ling, text="已完成，32人", photo=None)
    assert house.do(made, "close", clerk, remark="").state == "closed"


def test_a_promise_that_is_found_broken_later_is_promised_anew(house: House, cast: Cast) -> None:
    house.answered(house.filed())
    promise = Matter.objects.get(kind="promise")
    house.do(promise, "show", cast.bo, text="已划线", photo=None)
    house.do(promise, "confirm", house.qing, seen_on=ON, text="属实")
    day = ON + timedelta(days=60)
    house.do(promise, "reopen", house.qing, seen_on=ON, due_on=day, reason_text="标线磨损")
    assert (again(promise).state, again(promise).due_on) == ("given", day)
    with pytest.raises(NotPossible):
        house.do(promise, "confirm", house.qing, seen_on=ON, text="")
