"""Figures as of a day: the same whenever they are asked for, with rows that add up to them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from camphor.matters.models import Matter
from camphor.matters.recorded import rows_on
from camphor.rules.figures import INDICATORS, Numbers, reckon
from camphor.trail.models import Entry

from ..conftest import ON, Cast
from ..house import House
from ..story import Story


@pytest.fixture
def house(cast: Cast) -> House:
    return House(cast)


def on_the_spot() -> None:
    """As in a house where everything is written down on the day on which it happens."""
    Entry.objects.update(recorded_at=F("at"))


def numbers(on: date) -> dict[str, Numbers]:
    rows = rows_on(Matter.objects.all(), on=on)
    return {name: reckon(indicator, rows).numbers for name, indicator in INDICATORS.items()}


def test_the_life_of_a_proposal_is_seen_in_the_figures(house: House, cast: Cast) -> None:
    house.draft("没有提交的草稿", house.an)
    handed = house.handed(house.filed(), mode="sole", assisting=())
    house.do(house.lead(handed), "receive", cast.bo)
    house.later(20)
    talk = {"phase": "during", "way": "visit", "held_on": house.on, "people": "", "text": ""}
    house.do(house.lead(handed), "contact", cast.bo, **talk)
    house.answer(handed)
    house.rate(handed, house.yun, "satisfied")
    on_the_spot()
    now = numbers(house.on)
    for name in ("filing", "on_time", "contact", "ending", "returned"):
        assert (now[name].n, now[name].whole) == (1, 1), name
    assert (now["publication"].n, now["publication"].whole) == (0, 1)
    assert (now["days"].median, now["days"].p90) == (20, 20)
    assert now["grades"].split == {"A": 1} and now["item_grades"].split == {"A": 1, "B": 1}
    assert now["result"].split == now["handling"].split == {"satisfied": 1}


def test_a_later_round_counts_and_the_figure_of_the_earlier_day_stays(house: House, cast: Cast) -> None:
    answered = house.answered(house.filed())
    house.later(3)
    house.rate(answered, house.yun, "dissatisfied", "标线没有划")
    on_the_spot()
    first = numbers(house.on)
    assert first["result"].split == {"dissatisfied": 1} and first["ending"].n == 0
    then = house.on
    house.later(20)
    house.answer(answered)
    house.rate(answered, house.yun, "satisfied")
    on_the_spot()
    assert numbers(house.on)["result"].split == {"satisfied": 1}
    assert numbers(then) == first


def test_what_is_written_down_later_does_not_change_an_earlier_day(house: House) -> None:
    house.filed()
    on_the_spot()
    before = numbers(ON)
    late = house.filed("关于助餐点的提案", house.an)
    Entry.objects.filter(subject_id=late.pk).update(recorded_at=F("at") + timedelta(days=40))
    assert numbers(ON) == before
    assert numbers(ON + timedelta(days=40))["filing"].n == 2


def test_a_category_that_is_put_right_later_counts_from_then_on(house: House) -> None:
    proposal = house.draft()
    house.do(proposal, "submit", house.yun)
    house.later(5)
    house.do(proposal, "pass", house.qing, category="society", remark="")
    on_the_spot()
    assert [row.category for row in rows_on(Matter.objects.all(), on=ON)] == ["city"]
    assert [row.category for row in rows_on(Matter.objects.all(), on=house.on)] == ["society"]


def test_merged_proposals_have_one_handling_and_a_letter_and_a_rating_each(house: House, cast: Cast) -> None:
    first, second = house.filed(), house.filed("关于规范停车的提案", house.an)
    house.do(second, "merge", house.qing, twin=first)
    answered = house.answered(first)
    house.rate(answered, house.yun, "satisfied")
    house.rate(second, house.an, "mostly")
    on_the_spot()
    now = numbers(house.on)
    assert now["on_time"].whole == now["days"].whole == 1
    assert now["grades"].split == {"A": 2}
    assert now["result"].split == {"satisfied": 1, "mostly": 1}
    assert now["review"].split == {"filed": 1, "merged": 1} and now["filing"].n == 2


def test_a_promise_counts_from_the_day_after_its_own_or_from_when_it_was_kept(cast: Cast) -> None:
    story = Story(cast)
    plan, _concern, _twin = story.consultation()
    story.answer(story.recommendation(plan), promised_on=ON + timedelta(days=9))
    on_the_spot()
    due = [numbers(ON + timedelta(days=n))["promises"] for n in (9, 10)]
    assert [(one.n, one.whole) for one in due] == [(0, 0), (0, 1)]


def test_an_answer_that_is_not_due_yet_is_not_counted_as_late(house: House, cast: Cast) -> None:
    handed = house.handed(house.filed(), mode="sole", assisting=(), lead_due_on=ON + timedelta(days=9))
    on_the_spot()
    assert house.lead(handed).due_on == ON + timedelta(days=9)
    due = [numbers(ON + timedelta(days=n))["on_time"] for n in (9, 10)]
    assert [(one.n, one.whole) for one in due] == [(0, 0), (0, 1)]


def test_the_questions_to_the_database_do_not_grow_with_the_matters(house: House) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            rows_on(Matter.objects.all(), on=ON)
        return len(queries)

    house.filed()
    one = asked()
    for n in range(3):
        house.handed(house.filed(f"关于第{n}件事的提案"))
    assert asked() == one <= 6
