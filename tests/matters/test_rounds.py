"""What stands over several rounds of one answer: its number, its promises, and who is told why."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from camphor.matters.models import Letter, Matter
from camphor.people.actor import Actor
from camphor.people.models import Membership
from camphor.trail.history import entries_of
from camphor.trail.moves import possible_moves

from ..conftest import ON, SINCE, Cast
from ..house import House, again


@pytest.fixture
def house(cast: Cast) -> House:
    return House(cast)


def seen_by(actor: Actor, name: str, *where: object) -> str:
    client = Client()
    assert actor.person
    client.force_login(actor.person)
    return client.get(reverse(name, args=where)).content.decode()


def test_a_letter_that_is_sent_back_keeps_its_number_and_the_next_round_has_a_new_one(house: House) -> None:
    handed = house.handed(house.filed(), mode="sole", assisting=())
    house.do(house.lead(handed), "receive", house.cast.bo)
    house.draft_answer(handed)
    for _time in range(2):
        house.do(house.lead(handed), "sign", house.chief, signed_by="局长", letter_number="")
        house.do(house.lead(handed), "send_back", house.qing, reason_text="请写明日期")
        house.draft_answer(handed, "edit")
    house.do(house.lead(handed), "sign", house.chief, signed_by="局长", letter_number="")
    house.do(house.lead(handed), "send", house.qing, checked_grade="A", remark="")
    house.rate(handed, house.yun, "dissatisfied", remark="第二条没有日期")
    house.answer(handed)
    numbers = list(Letter.objects.order_by("pk").values_list("number", flat=True))
    assert [number.split("〕")[1] for number in numbers] == ["1号", "2号"]


def test_a_promise_that_is_said_again_in_the_next_round_stays_one(house: House) -> None:
    handed = house.answered(house.filed())
    house.rate(handed, house.yun, "dissatisfied", remark="第一条不实")
    house.answer(handed)
    assert Matter.objects.filter(kind="promise").count() == 1
    house.rate(handed, house.yun, "dissatisfied", remark="第二条太晚")
    house.later(1)  # the same words for another day are another promise
    house.answer(handed)
    assert Matter.objects.filter(kind="promise").count() == 2


def test_the_remark_of_who_does_not_sign_reaches_the_proposer(house: House) -> None:
    proposal = house.draft(form="joint")
    house.do(proposal, "invite", house.yun, invited=[house.an.person], confirm_by=ON + timedelta(days=3))
    backing = house.do(house.backing(proposal, house.an), "refuse", house.an, remark="数据有误")
    assert "未署名：数据有误" in seen_by(house.yun, "desk_thing", "backings", backing.pk)


def test_nobody_signs_words_that_changed_while_he_was_reading_them(house: House) -> None:
    proposal = house.draft(form="joint")
    house.do(proposal, "invite", house.yun, invited=[house.an.person], confirm_by=ON + timedelta(days=3))
    asked = house.backing(proposal, house.an)
    client = Client()
    assert house.an.person
    client.force_login(house.an.person)
    address = reverse("desk_move", args=["backings", asked.pk, "confirm"])
    read = {"version": asked.version}
    words = {"form": "joint", "text": proposal.text, "items": ["改写过的建议"], "category": proposal.category}
    house.do(proposal, "edit", house.yun, title="改写过的案由", sponsor=None, **words)
    stopped = client.post(address, read)
    assert stopped.status_code == 409
    assert "改写过的案由" in stopped.content.decode() and "签名前文本有修改" in stopped.content.decode()
    asked.refresh_from_db()
    assert (asked.state, asked.due_on) == ("asked", ON + timedelta(days=3))
    assert client.post(address, {"version": asked.version}).status_code == 302
    asked.refresh_from_db()
    assert asked.state == "confirmed"


def test_what_is_said_with_a_rating_stands_beside_it_and_only_once(house: House) -> None:
    handed = house.rate(house.answered(house.filed()), house.yun, "mostly", remark="第二条慢了些")
    assert seen_by(house.qing, "desk_thing", "proposals", handed.pk).count("第二条慢了些") == 1


def test_the_reviewer_is_shown_what_is_similar_also_where_it_was_answered_long_ago(house: House) -> None:
    house.answered(house.filed("关于破解老旧小区停车难问题的提案", by=house.an))
    proposal = house.do(house.draft("关于老旧小区夜间停车难的提案", by=house.hong), "submit", house.hong)
    assert "关于破解老旧小区停车难问题的提案" in seen_by(house.qing, "desk_thing", "proposals", proposal.pk)
    assert "关于破解老旧小区停车难问题" not in seen_by(house.hong, "desk_thing", "proposals", proposal.pk)


def test_a_unit_sees_all_proposers_that_it_has_to_talk_to(house: House, cast: Cast) -> None:
    proposal = house.draft(form="joint")
    house.do(proposal, "invite", house.yun, invited=[house.an.person], confirm_by=ON + timedelta(days=3))
    house.do(house.backing(proposal, house.an), "confirm", house.an)
    house.do(proposal, "submit", house.yun)
    house.do(proposal, "pass", house.qing, category="city", remark="")
    handed = house.handed(house.do(proposal, "file", house.qing))
    assert "Yun、An" in seen_by(cast.bo, "desk_thing", "assignments", house.lead(handed).pk)


def test_an_old_address_of_a_move_leads_back_with_a_word(house: House) -> None:
    proposal = house.draft()
    client = Client()
    assert house.yun.person
    client.force_login(house.yun.person)
    submit = reverse("desk_move", args=["proposals", proposal.pk, "submit"])
    assert client.get(submit).status_code == 200
    house.do(proposal, "submit", house.yun)
    answer = client.get(submit, follow=True)
    assert answer.redirect_chain and "已办理，或当前不能办理" in answer.content.decode()
    assert again(proposal).state == "submitted"
    foreign = reverse("desk_move", args=["proposals", proposal.pk, "pass"])
    assert client.get(foreign).status_code == 404  # possible from here, but not for her


def test_the_public_reads_a_grade_in_words(house: House) -> None:
    handed = house.answered(house.filed())
    house.rate(handed, house.yun, "satisfied")
    house.do(handed, "disclose", house.qing, openness="full", reason_open="", public_text="全文")
    house.do(house.lead(handed), "disclose", house.qing, openness="full", reason_open="", public_text="答复")
    page = Client().get(reverse("proposal", args=[handed.pk])).content.decode()
    assert "A 已解决" in page and reverse("proposals") in page


def test_a_resolution_tells_its_days_and_waits_for_no_rating(house: House, cast: Cast) -> None:
    facts = {"adopted_by": "plenary"}
    resolution = house.begin(
        "resolution", "draft", house.qing, title="建议案", text="分析", items=("制定方案",), facts=facts
    )
    house.do(resolution, "pass", house.qing, held_on=ON - timedelta(days=3))
    house.do(resolution, "adopt", house.qing, held_on=ON - timedelta(days=2))
    house.do(resolution, "deliver", house.qing, held_on=ON - timedelta(days=1), people="市委、市政府")
    handed = house.do(resolution, "assign", house.qing, lead=cast.housing)
    house.do(
        house.lead(handed), "reply", cast.bo, answers=house.answers(list(handed.items.all())), contact=""
    )
    page = seen_by(house.qing, "desk_thing", "resolutions", handed.pk)
    assert "市委、市政府" in page and (ON - timedelta(days=3)).isoformat() in page
    assert "尚未评价" not in page
    house.do(handed, "hear", house.qing, held_on=ON, text="同意反馈报告")
    assert "同意反馈报告" in seen_by(house.qing, "desk_thing", "resolutions", handed.pk)
    assert again(handed).state == "heard"


def test_the_author_of_an_opinion_report_reads_what_she_is_told(house: House) -> None:
    report = house.begin(
        "opinion",
        "draft",
        house.an,
        title="油车占位",
        text="充电桩被占",
        category="city",
        is_urgent=False,
        facts={},
    )
    house.do(report, "submit", house.an)
    house.do(report, "take", house.qing)
    house.do(
        report,
        "revise",
        house.qing,
        title="油车占位",
        text="充电桩被占",
        category="city",
        facts={"cause": "无人管理"},
    )
    assert again(report).facts["cause"] == "无人管理"
    house.do(report, "proof", house.qing)
    house.do(report, "sign", house.qing, signed_by="秘书长")
    house.do(report, "dispatch", house.qing, destination="leadership", to_whom="", held_on=ON)
    told = house.do(report, "tell", house.qing, text="已获单篇采用")
    assert "已获单篇采用" in seen_by(house.an, "desk_thing", "opinions", told.pk)


def moves(house: House, thing: Matter, who: Actor) -> set[str]:
    return {move.name for move in possible_moves(again(thing), who, on=house.on)}


def test_who_signed_as_well_still_rates_the_answer_that_another_sent_back(house: House) -> None:
    proposal = house.rate(house.joint(), house.yun, "dissatisfied", remark="第二条没有日期")
    assert again(proposal).state == "assigned" and again(proposal).round == 2
    assert "rate_earlier" in moves(house, proposal, house.an)
    assert "rate_earlier" not in moves(house, proposal, house.yun) | moves(house, proposal, house.hong)
    rated = house.do(proposal, "rate_earlier", house.an, handling="mostly", score="satisfied", remark="")
    assert (rated.state, rated.round) == ("assigned", 2)  # neither closed nor opened a third time
    assert list(rated.ratings.order_by("pk").values_list("round", "score", "handling")) == [
        (1, "dissatisfied", "satisfied"),
        (1, "satisfied", "mostly"),
    ]
    assert "rate_earlier" not in moves(house, proposal, house.an)
    with pytest.raises(ValueError, match="评价过"):
        house.do(proposal, "rate_earlier", house.an, handling="mostly", score="mostly", remark="")
    house.answer(proposal)
    assert {"rate"} <= moves(house, proposal, house.an) & moves(house, proposal, house.yun)
    assert "rate_earlier" not in moves(house, proposal, house.an)


def test_nobody_rates_an_earlier_answer_where_there_is_none(house: House) -> None:
    handed = house.handed(house.filed(), mode="sole", assisting=())
    assert "rate_earlier" not in moves(house, handed, house.yun)
    with pytest.raises(ValueError, match="评价过"):
        house.do(handed, "rate_earlier", house.yun, handling="mostly", score="mostly", remark="")


def test_who_signed_a_merged_proposal_as_well_rates_it_while_it_waits_again(house: House) -> None:
    master = house.filed()
    twin = house.draft("关于小区停车的联名提案", form="joint", by=house.an)
    house.do(twin, "invite", house.an, invited=[house.hong.person], confirm_by=ON + timedelta(days=3))
    house.do(house.backing(twin, house.hong), "confirm", house.hong)
    house.do(twin, "submit", house.an)
    house.do(twin, "merge", house.qing, twin=master)
    house.answered(master)
    house.rate(twin, house.an, "dissatisfied", remark="没有回应第二条")
    assert again(twin).state == "merged" and again(master).state == "assigned"
    house.do(twin, "rate_earlier", house.hong, handling="satisfied", score="mostly", remark="")
    assert twin.ratings.filter(round=1).count() == 2
    master = house.do(master, "rate_earlier", house.yun, handling="mostly", score="mostly", remark="")
    assert master.state == "assigned" and master.ratings.get().round == 1
    house.answer(again(master))
    assert again(twin).state == "answered" and again(twin).round == 2


def test_a_unit_reads_what_was_missed_before_it_answers_once_more(house: House, cast: Cast) -> None:
    master = house.filed()
    twin = house.do(house.draft("关于小区停车的提案", by=house.an), "submit", house.an)
    house.do(twin, "merge", house.qing, twin=master)
    house.answered(master)
    lead = house.lead(master)
    assert "尚未满意" not in seen_by(cast.bo, "desk_thing", "assignments", lead.pk)
    house.rate(twin, house.an, "dissatisfied", remark="没有写明夜间开放时间")
    for page in (
        ("desk_thing", "assignments", lead.pk),
        ("desk_move", "assignments", lead.pk, "draft_reply"),
    ):
        assert "没有写明夜间开放时间" in seen_by(cast.bo, *page)
    house.later(1)
    house.answer(master)
    assert "没有写明夜间开放时间" not in seen_by(cast.bo, "desk_thing", "assignments", lead.pk)


def test_the_items_of_a_merged_proposal_are_named_in_the_form_of_the_answer(house: House, cast: Cast) -> None:
    master = house.filed()
    twin = house.filed("关于小区停车的提案", by=house.an)
    house.do(twin, "merge", house.qing, twin=master)
    handed = house.handed(master, mode="sole", assisting=())
    house.do(house.lead(handed), "receive", cast.bo)
    page = seen_by(cast.bo, "desk_move", "assignments", house.lead(handed).pk, "draft_reply")
    assert f"{twin.number} · 第 1 条：答复" in page and f"{master.number} · 第 1 条" not in page


def test_who_signs_reads_what_he_signs_above_the_button(house: House) -> None:
    proposal = house.draft(form="joint")
    house.do(proposal, "invite", house.yun, invited=[house.an.person], confirm_by=ON + timedelta(days=3))
    page = seen_by(house.an, "desk_move", "backings", house.backing(proposal, house.an).pk, "confirm")
    assert proposal.text in page and all(item.text in page for item in proposal.items.all())


def test_a_draft_is_laid_before_a_unit_in_the_name_of_the_one_that_wrote_it(house: House) -> None:
    """Whoever has a seat in both units lays it before the second in the name of the first."""
    cast = house.cast
    assert cast.bo.person
    Membership.objects.create(person=cast.bo.person, body=cast.power, role="officer", since=SINCE)
    both = Actor(cast.bo.person)
    handed = house.handed(house.filed())
    for assignment in (house.lead(handed), house.joining(handed)):
        house.do(assignment, "receive", both)
    house.do(house.joining(handed), "opine", both, text="同意")
    answers = house.answers(list(handed.items.all()))
    house.do(house.lead(handed), "draft_reply", both, answers=answers, grade="A", contact="0571")
    laid = entries_of(house.joining(handed)).get(move="lay_before")
    assert laid.in_name_of == cast.housing
    house.do(house.joining(handed), "countersign", both, signed_by="总经理")
    assert entries_of(house.joining(handed)).get(move="countersign").in_name_of == cast.power
