"""A member's proposal, from the first draft to the archive, and everything that can happen on the way."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from camphor.bodies.actions import begin_session, set_rule
from camphor.bodies.rulebook import deadline, grades, words
from camphor.engine.flow import Lacking, NotPossible
from camphor.kit.nouns import Asking
from camphor.matters.fields.writing import text
from camphor.matters.models import Letter, Matter, Rating
from camphor.people.models import Membership
from camphor.rules.matters import FORMS, REFUSALS
from camphor.trail.links import came_of
from camphor.trail.models import Notice
from camphor.trail.moves import possible_moves

from ..conftest import ON, SINCE, Cast
from ..house import House, again, picture


@pytest.fixture
def house(cast: Cast) -> House:
    return House(cast)


def buttons(house: House, thing: Any, who: Any) -> set[str]:
    return {move.name for move in possible_moves(again(thing), who, on=house.on)}


def test_a_joint_proposal_goes_through_every_state_to_the_archive(house: House, cast: Cast) -> None:
    proposal = house.draft(form="joint")
    with pytest.raises(Lacking):
        house.do(proposal, "submit", house.yun)
    invited = [house.an.person, house.hong.person]
    house.do(proposal, "invite", house.yun, invited=invited, confirm_by=ON + timedelta(days=3))
    house.do(house.backing(proposal, house.an), "confirm", house.an)
    with pytest.raises(Lacking, match="backers_decided"):
        house.do(proposal, "submit", house.yun)
    house.do(house.backing(proposal, house.hong), "refuse", house.hong, remark="")
    house.do(proposal, "submit", house.yun)
    house.do(proposal, "return", house.qing, reason_text="请写明小区名称")
    house.do(
        proposal, "edit", house.yun, form="joint", title=proposal.title, text="翠苑一区夜间停车难",
        items=("公布共享车位", "划消防标线"), category="city", sponsor=None, facts={},
    )  # fmt: skip
    assert house.backing(proposal, house.an).state == "asked"  # the words changed: she is asked again
    house.do(house.backing(proposal, house.an), "confirm", house.an)
    house.do(proposal, "submit", house.yun)
    house.do(proposal, "pass", house.qing, category="society", remark="")
    filed = house.do(proposal, "file", house.qing)
    assert (filed.number, filed.occasion) == ("第12-2-0001号", "plenary")

    handed = house.handed(filed)
    lead, joining = house.lead(handed), house.joining(handed)
    assert lead.due_on == deadline("proposal_reply", handed.body, on=house.on)
    house.do(lead, "receive", cast.bo)
    house.do(joining, "receive", cast.rui)
    house.do(
        lead, "contact", cast.bo, phase="before", way="phone", held_on=ON, people="云岫", text="说明思路"
    )
    with pytest.raises(Lacking, match="assisting_in"):
        house.draft_answer(handed)
    house.do(joining, "opine", cast.rui, text="可迁移两处箱变")
    house.later(20)
    house.draft_answer(handed)
    with pytest.raises(Lacking, match="countersigned"):
        house.do(lead, "sign", house.chief, signed_by="局长", letter_number="")
    house.do(joining, "countersign", cast.rui, signed_by="总经理")
    house.do(lead, "sign", house.chief, signed_by="局长", letter_number="杭建提〔2026〕7号")
    house.do(lead, "send_back", house.qing, reason_text="第二条没有日期")
    house.draft_answer(handed, "edit")
    assert house.joining(handed).state == "laid"  # what she countersigned has changed
    house.do(joining, "countersign", cast.rui, signed_by="总经理")
    house.do(lead, "sign", cast.bo, signed_by="局长", letter_number="杭建提〔2026〕7号")
    assert not again(handed).letters.exists() and not lead.replies.exists()
    house.do(lead, "send", house.qing, checked_grade="B", remark="")
    letter = Letter.objects.get()
    assert (letter.grade, letter.declared_grade, letter.number) == ("B", "A", "杭建提〔2026〕7号")
    promise = Matter.objects.get(kind="promise")
    assert promise.owed_by == cast.housing and promise.due_on == house.on + timedelta(days=40)

    house.rate(handed, house.an, "mostly")
    assert again(handed).state == "answered"
    closed = house.rate(handed, house.yun, "satisfied")
    assert closed.state == "closed"
    with pytest.raises(Lacking, match="disclosed"):
        house.do(closed, "archive", house.qing)
    house.do(
        closed, "disclose", house.qing, openness="full", reason_open="", public_text="全文，电话13812345678"
    )
    house.do(lead, "disclose", house.qing, openness="none", reason_open="涉及施工安全", public_text="")
    house.do(closed, "commend", house.qing, remark="")
    archived = house.do(closed, "archive", house.qing)
    assert (archived.state, archived.is_outstanding) == ("archived", True)
    assert again(promise).state == "given"  # the promise outlives the reply
    assert "138" not in archived.public_text
    assert archived in Matter.objects.public()


def test_a_draft_is_seen_by_its_author_and_those_invited_alone(house: House) -> None:
    proposal = house.draft()
    house.do(proposal, "invite", house.yun, invited=[house.an.person], confirm_by=ON)

    def sees(who: Any) -> bool:
        return proposal in Matter.objects.visible_to(who, on=ON)

    assert [sees(who) for who in (house.yun, house.an, house.hong, house.qing, house.lu)] == [
        True, True, False, False, False,
    ]  # fmt: skip


def test_nobody_signs_for_another_and_only_members_propose(house: House, cast: Cast) -> None:
    proposal = house.draft()
    house.do(proposal, "invite", house.yun, invited=[house.an.person], confirm_by=ON)
    for other in (house.yun, house.hong, house.qing):
        with pytest.raises(PermissionDenied):
            house.do(house.backing(proposal, house.an), "confirm", other)
    for other in (house.qing, cast.bo, cast.stranger):
        with pytest.raises(PermissionDenied):
            house.draft(by=other)


def test_a_member_whose_term_has_ended_can_not_propose(house: House) -> None:
    Membership.objects.filter(person=house.an.person).update(until=ON)
    with pytest.raises(PermissionDenied):
        house.draft(by=house.an)


@pytest.mark.parametrize("form", [form.name for form in FORMS.values() if form.collective])
def test_a_collective_proposal_needs_its_body_and_its_seal(house: House, cast: Cast, form: str) -> None:
    proposal = house.draft(form=form)
    with pytest.raises(Lacking) as lack:
        house.do(proposal, "submit", house.yun)
    assert set(lack.value.needs) == {"sponsor", "seal"}
    given = {"title": "a", "text": "b", "items": ["c"], "category": "city", "facts": {}}
    house.do(proposal, "edit", house.yun, form=form, sponsor=house.sponsor(form), **given)
    house.do(proposal, "seal", house.yun, scan=picture())
    assert house.do(proposal, "submit", house.yun).state == "submitted"


def test_sectors_and_groups_submit_only_while_the_plenary_takes_proposals(house: House, cast: Cast) -> None:
    proposal = house.draft(form="sector", sponsor=house.sponsor("sector"))
    house.do(proposal, "seal", house.yun, scan=picture())
    house.later(10)
    with pytest.raises(Lacking, match="in_plenary"):
        house.do(proposal, "submit", house.yun)


def test_before_a_plenary_opens_a_proposal_counts_for_it_and_sectors_wait(house: House, cast: Cast) -> None:
    coming = begin_session(
        cast.district,
        number=12,
        session=3,
        since=ON + timedelta(days=60),
        proposals_since=ON + timedelta(days=20),
        proposals_until=ON + timedelta(days=64),
    )
    house.later(30)
    filed = house.filed()
    assert (filed.term, filed.occasion, filed.number) == (coming, "plenary", "第12-3-0001号")
    proposal = house.draft(form="sector", sponsor=house.sponsor("sector"))
    house.do(proposal, "seal", house.yun, scan=picture())
    with pytest.raises(Lacking, match="in_plenary"):
        house.do(proposal, "submit", house.yun)
    house.later(30)
    assert house.do(proposal, "submit", house.yun).term == coming


def test_after_the_deadline_of_the_plenary_a_proposal_is_one_between_sessions(house: House) -> None:
    house.later(10)
    assert house.filed().occasion == "interim"


def test_a_proposal_is_refused_on_one_of_the_grounds_of_its_own_body(house: House) -> None:
    assert len(REFUSALS) == 10
    row: dict[str, object] = {"name": "two_matters", "label": "一案多事"}
    set_rule(house.cast.district, "refusals", row, since=ON)
    set_rule(house.cast.district, "refusals", {"name": "academic", "label": "", "gone": True}, since=ON)
    today = words("refusals", house.cast.district, on=ON)
    assert ("two_matters" in today, "academic" in today) == (True, False)
    assert set(words("refusals", house.cast.district, on=ON - timedelta(days=1))) == set(REFUSALS)
    proposal = house.draft()
    house.do(proposal, "submit", house.yun)
    with pytest.raises(NotPossible):  # nobody refuses at first sight
        house.do(proposal, "refuse", house.qing, refusal="empty", reason_text="没有具体建议")
    house.do(proposal, "pass", house.qing, category="city", remark="")
    house.do(proposal, "refuse", house.qing, refusal="two_matters", reason_text="一案多事")
    assert again(proposal).number == ""
    assert Notice.objects.filter(person=house.yun.person, entry__move="refuse").exists()


def test_a_proposal_becomes_an_opinion_report_only_with_consent(house: House) -> None:
    proposal = house.draft()
    house.do(proposal, "submit", house.yun)
    house.do(proposal, "pass", house.qing, category="city", remark="")
    house.do(proposal, "offer", house.qing, reason_text="适合作为信息报送")
    with pytest.raises(PermissionDenied):
        house.do(proposal, "consent", house.qing)
    house.do(proposal, "consent", house.yun)
    report = came_of(proposal, "turned_into", Matter).get()
    assert (report.kind, report.state, report.author) == ("opinion", "submitted", house.yun.person)
    assert again(proposal).state == "converted"


def test_a_number_is_given_once_and_never_again(house: House) -> None:
    first = house.filed("第一件")
    house.do(first, "withdraw", house.yun, reason_text="已解决")
    assert house.filed("第二件").number == "第12-2-0002号"


def test_a_unit_objects_within_its_days_and_then_no_more(house: House, cast: Cast) -> None:
    handed = house.handed(house.filed())
    last = deadline("objection", handed.body, on=house.on)
    house.later((last - house.on).days)
    assert "object" in buttons(house, house.lead(handed), cast.bo)
    house.do(house.lead(handed), "object", cast.bo, reason_text="应由城管局主办")
    house.do(house.lead(handed), "uphold", house.qing, reason_text="职责清单载明")
    assert house.lead(handed).due_on == house.lead(handed).answer_by
    house.later(1)
    assert "object" not in buttons(house, house.joining(handed), cast.rui)
    with pytest.raises(NotPossible):
        house.do(house.joining(handed), "object", cast.rui, reason_text="迟了")


def test_the_days_to_object_are_those_of_the_body(house: House, cast: Cast) -> None:
    set_rule(cast.district, "times", {"name": "objection", "label": "退办", "days": 10}, since=SINCE)
    handed = house.handed(house.filed())
    house.later(10)
    assert "object" in buttons(house, house.lead(handed), cast.bo)


def test_a_released_unit_is_replaced_in_the_same_part(house: House, cast: Cast) -> None:
    handed = house.handed(house.filed(), mode="sole", assisting=())
    house.do(house.lead(handed), "object", cast.bo, reason_text="不属我局")
    house.do(house.lead(handed), "release", house.qing, reason_text="同意")
    assert again(handed).state == "unled"
    house.do(handed, "replace_lead", house.qing, lead=cast.power)
    assert again(handed).assignments.exclude(state="released").get().part == "sole"


def test_several_units_answer_each_for_itself_and_the_proposal_waits_for_all(
    house: House, cast: Cast
) -> None:
    handed = house.handed(house.filed(), mode="separate", others=[cast.power], assisting=())
    for unit, officer in ((cast.housing, cast.bo), (cast.power, cast.rui)):
        assert again(handed).state == "assigned"
        mine = again(handed).assignments.get(handler=unit)
        house.do(mine, "receive", officer)
        house.do(mine, "draft_reply", officer, answers=[], grade="A", contact="")
        house.do(mine, "sign", officer, signed_by="负责人", letter_number="")
        house.do(mine, "send", house.qing, checked_grade="A", remark="")
    assert again(handed).state == "answered" and again(handed).letters.count() == 2


def test_more_time_is_asked_for_in_time_and_never_beyond_the_limit(house: House, cast: Cast) -> None:
    handed = house.handed(house.filed(), mode="sole", assisting=())
    house.do(house.lead(handed), "receive", cast.bo)
    limit = deadline("extension_limit", handed.body, on=ON)
    for until in (limit + timedelta(days=1), ON + timedelta(days=5)):
        with pytest.raises(ValueError):
            house.do(house.lead(handed), "ask_time", cast.bo, until=until, reason_text="需勘测")
    house.do(house.lead(handed), "ask_time", cast.bo, until=limit, reason_text="需勘测")
    house.do(house.lead(handed), "grant_time", house.qing, due_on=limit, reason_text="同意")
    assert house.lead(handed).due_on == house.lead(handed).answer_by == limit
    house.at += (limit - house.on) + timedelta(days=1)
    with pytest.raises(ValueError):
        house.do(house.lead(handed), "ask_time", cast.bo, until=limit, reason_text="再延")


def test_a_department_can_never_rate_and_a_clerk_only_with_the_paper(house: House, cast: Cast) -> None:
    answered = house.answered(house.filed())
    rating = {"handling": "satisfied", "score": "satisfied", "remark": ""}
    for who in (cast.bo, house.chief, house.qing, house.hong):
        with pytest.raises(PermissionDenied):
            house.do(answered, "rate", who, **rating)
    with pytest.raises(ValueError):
        house.rate(answered, house.yun, "unsatisfied")  # no word of the dictionary, and so no rating
    with pytest.raises(ValueError):
        house.do(answered, "rate_on_paper", house.qing, proposer=house.yun.person, scan=None, **rating)
    house.do(answered, "rate_on_paper", house.qing, proposer=house.yun.person, scan=picture(), **rating)
    kept = Rating.objects.get()
    assert kept.scan is not None and kept.person == house.yun.person
    assert again(answered).state == "closed"


def test_a_clerk_closes_without_the_ratings_only_when_their_day_has_passed(house: House) -> None:
    answered = house.answered(house.filed())
    assert "close_unrated" not in buttons(house, answered, house.qing)
    house.later(31)
    house.do(answered, "close_unrated", house.qing, reason_text="逾期未评价")
    assert not Rating.objects.exists()  # silence is no rating


def test_an_answer_that_was_called_solved_is_looked_at_again(house: House, cast: Cast) -> None:
    closed = house.rate(house.answered(house.filed()), house.yun, "satisfied")
    house.later(200)
    look = next(move for move in possible_moves(closed, house.qing, on=house.on) if move.name == "look_again")
    asked = text(Asking(closed, look, house.qing, house.on, house.at))
    assert str(asked["text"].label) == "现场查看情况"
    house.do(closed, "look_again", house.qing, seen_on=house.on, text="车位仍在")
    assert closed.contacts.get().what == "已回头看"
    house.do(closed, "insist", house.qing, seen_on=house.on, reason_text="标线已磨损")
    assert (again(closed).state, again(closed).round) == ("assigned", 2)
    assert house.lead(closed).state == "received"


def test_a_key_proposal_is_supervised_on_record(house: House) -> None:
    handed = house.handed(house.filed())
    house.do(handed, "choose_key", house.qing, key_level="mayor", led_by="分管副市长", remark="")
    house.do(
        handed, "supervise", house.lu, supervision="inspection", held_on=ON, led_by="副主席",
        people="委员三人", text="现场查看", next_on=ON + timedelta(days=30),
    )  # fmt: skip
    record = again(handed).contacts.get()
    assert (again(handed).key_level, record.move, record.next_on) == (
        "mayor", "supervise", date(2026, 10, 7),
    )  # fmt: skip


def test_a_body_with_four_grades_answers_by_its_own_scale(house: House, cast: Cast) -> None:
    set_rule(cast.district, "grades", {"name": "D", "label": "D 留作参考"}, since=ON)
    assert list(grades(cast.district, on=ON)) == ["A", "B", "C", "D"]
    assert grades(cast.district, on=ON)["B"].promised


def test_nothing_is_published_that_was_not_decided_so(house: House) -> None:
    filed = house.filed()
    assert filed not in Matter.objects.public()
    with pytest.raises(ValueError):
        house.do(filed, "disclose", house.qing, openness="none", reason_open="", public_text="")
    told = "Yun 提出：停车难"
    house.do(filed, "disclose", house.qing, openness="summary", reason_open="", public_text=told)
    shown = Matter.objects.public().get()
    assert shown.public_text == "××× 提出：停车难"
