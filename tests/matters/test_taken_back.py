"""A slip in the handling of a proposal or a report is taken back, as long as nobody has read of it."""

from __future__ import annotations

from typing import TypeVar

import pytest
from django.db.models import Model

from camphor.dashboard.taking_back import take_back
from camphor.matters.models import Assignment, Matter
from camphor.papers.proposal_form import _grounds
from camphor.people.actor import Actor
from camphor.trail.history import entries_of
from camphor.trail.models import Notice
from camphor.trail.undoing import NotUndoable, offer

from ..conftest import ON, Cast
from ..house import House, again


@pytest.fixture
def house(cast: Cast) -> House:
    return House(cast)


M = TypeVar("M", Matter, Assignment)


def back(house: House, thing: M, by: Actor) -> M:
    now = again(thing)
    take_back(now, last(now), by=by, at=house.at)
    return again(now)


def last(thing: Model) -> int:
    return entries_of(thing).last().pk  # type: ignore[union-attr]


def test_a_review_that_was_passed_by_a_slip_is_open_again_with_the_category_of_the_proposer(
    house: House,
) -> None:
    proposal = house.do(house.draft(), "submit", house.yun)
    was_due_on = proposal.due_on
    house.do(proposal, "pass", house.qing, category="economy", remark="")
    now = back(house, proposal, house.qing)
    assert (now.state, now.due_on, now.category) == ("submitted", was_due_on, "city")


@pytest.mark.parametrize(
    ("move", "given"),
    [
        ("refuse", {"refusal": "empty", "reason_text": "没有具体建议。"}),
        ("return", {"reason_text": "建议请逐条写。"}),
        ("offer", {"reason_text": "更适合作为社情民意。"}),
    ],
)
def test_a_judgement_that_nobody_has_read_is_taken_back(
    house: House, move: str, given: dict[str, str]
) -> None:
    proposal = house.do(house.draft(), "submit", house.yun)
    house.do(proposal, "pass", house.qing, category="city", remark="")
    house.do(proposal, move, house.qing, **given)
    assert back(house, proposal, house.qing).state == "reviewed"
    assert not Notice.objects.filter(person=house.yun.person, entry__move=move, read_at=None).exists()
    assert _grounds(again(proposal)) == ""


def test_what_its_proposer_has_read_stays(house: House) -> None:
    proposal = house.do(house.draft(), "submit", house.yun)
    house.do(proposal, "return", house.qing, reason_text="建议请逐条写。")
    Notice.objects.filter(person=house.yun.person).update(read_at=house.at)
    assert offer(again(proposal), house.qing, at=house.at) is None
    with pytest.raises(NotUndoable):
        back(house, proposal, house.qing)


def test_a_unit_that_was_gone_on_without_is_waited_for_again_until_the_draft_is_there(house: House) -> None:
    proposal = house.handed(house.filed())
    joining = house.joining(proposal)
    house.do(house.lead(proposal), "receive", house.cast.bo)
    house.later(40)
    house.do(joining, "go_without", house.qing, reason_text="逾期未报。")
    assert back(house, joining, house.qing).state == "given"
    house.do(joining, "go_without", house.qing, reason_text="逾期未报。")
    house.draft_answer(again(proposal))
    with pytest.raises(NotUndoable):
        back(house, joining, house.qing)


def test_a_report_that_was_put_aside_by_a_slip_is_at_the_desk_again(house: House) -> None:
    given = {"title": "飞线充电", "text": "隐患多。", "category": "city", "is_urgent": False, "facts": {}}
    report = house.begin("opinion", "draft", house.yun, **given)
    house.do(report, "submit", house.yun)
    due_on = again(report).due_on
    house.do(report, "refuse", house.qing, opinion_refusal="stale", reason_text="已经解决。")
    now = back(house, report, house.qing)
    assert (now.state, now.due_on) == ("submitted", due_on)
    assert due_on is not None and due_on > ON
