"""The form of a second answer begins with what was said in the first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from camphor.dashboard.facts import assignment_facts
from camphor.matters import actions as matters
from camphor.matters.handing import reopen
from camphor.matters.models import Assignment, Matter

from ..conftest import Cast
from ..house import House
from ..story import Story, again

SOON = timezone.localdate() + timedelta(days=30)


def form_of(cast: Cast, assignment: Assignment, move: str) -> tuple[dict[str, Any], str]:
    """What stands in the fields of the officer's form, and the page."""
    client = Client()
    assert cast.bo.person
    client.force_login(cast.bo.person)
    page = client.get(reverse("desk_move", args=["assignments", assignment.pk, move]))
    assert page.status_code == 200
    form = page.context["form"]
    return {name: form[name].initial for name in form.fields}, page.content.decode()


@pytest.fixture
def story(cast: Cast) -> Story:
    return Story(cast)


def answered(story: Story) -> tuple[Matter, Assignment]:
    plan, _first, _twin = story.consultation()
    matter = story.recommendation(plan)
    story.answer(matter, promised_on=SOON)
    return again(matter), story.assignments(matter)[0]


def test_the_first_answer_of_a_recommendation_begins_empty(cast: Cast, story: Story) -> None:
    plan, _first, _twin = story.consultation()
    lead, assisting = story.assignments(story.recommendation(plan))
    matters.make(assisting, "opine", by=cast.rui, at=story.at, text="同意")
    fields, page = form_of(cast, lead, "reply")
    assert not any(fields.values()) and "表单已带入" not in page


def test_the_second_answer_of_a_recommendation_begins_with_the_first(cast: Cast, story: Story) -> None:
    matter, lead = answered(story)
    reopen(matter, by=cast.mei, at=story.later(1))
    fields, page = form_of(cast, lead, "reply")
    first, second = (item.pk for item in matter.items.all())
    assert (fields[f"text_{first}"], fields[f"grade_{first}"]) == ("样板楼已建成", "A")
    assert (fields[f"text_{second}"], fields[f"grade_{second}"]) == ("列入计划", "B")
    assert fields[f"promise_{second}"] == "公布分摊办法" and fields[f"promised_on_{second}"] == SOON
    assert "表单已带入第 1 轮答复的内容" in page


def test_a_promise_that_was_kept_is_not_promised_once_more(cast: Cast, story: Story) -> None:
    matter, lead = answered(story)
    promise = Matter.objects.get(kind="promise")
    matters.make(promise, "show", by=cast.bo, at=story.at, text="已公布", photo=None)
    matters.make(
        promise, "confirm", by=cast.mei, at=story.at, seen_on=timezone.localdate(story.at), text="属实"
    )
    reopen(matter, by=cast.mei, at=story.later(1))
    fields, _page = form_of(cast, lead, "reply")
    second = matter.items.all()[1].pk
    assert fields[f"text_{second}"] == "列入计划"
    assert not fields[f"promise_{second}"] and not fields[f"promised_on_{second}"]


def test_a_promise_whose_day_has_passed_asks_for_another_day(cast: Cast, story: Story) -> None:
    plan, _first, _twin = story.consultation()
    matter = story.recommendation(plan)
    story.answer(matter, promised_on=timezone.localdate(story.at) + timedelta(days=9))
    assert timezone.localdate(story.at) + timedelta(days=9) < timezone.localdate()
    lead = story.assignments(again(matter))[0]
    reopen(again(matter), by=cast.mei, at=story.later(20))
    fields, _page = form_of(cast, lead, "reply")
    second = matter.items.all()[1].pk
    assert fields[f"promise_{second}"] == "公布分摊办法" and not fields[f"promised_on_{second}"]


def test_a_promise_said_again_as_the_form_offers_it_stays_one(cast: Cast, story: Story) -> None:
    matter, lead = answered(story)
    reopen(matter, by=cast.mei, at=story.later(1))
    fields, _page = form_of(cast, lead, "reply")
    client = Client()
    assert cast.bo.person
    client.force_login(cast.bo.person)
    given = {name: value if value is not None else "" for name, value in fields.items()}
    address = reverse("desk_move", args=["assignments", lead.pk, "reply"])
    assert client.post(address, given | {"contact": ""}).status_code == 302
    assert again(matter).state == "answered" and Matter.objects.filter(kind="promise").count() == 1
    assert lead.replies.filter(round=2).count() == 2


def test_the_second_draft_for_a_proposal_begins_with_the_answer_that_was_sent(cast: Cast) -> None:
    house = House(cast)
    handed = house.answered(house.filed())
    house.rate(handed, house.yun, "dissatisfied", remark="第二条没有日期")
    fields, page = form_of(cast, house.lead(handed), "draft_reply")
    item = handed.items.all()[0]
    assert fields[f"text_{item.pk}"] == "已公布 320 个共享车位"
    assert fields["contact"] == "柏然 0571-88880000"
    assert "第二条没有日期" in page and "表单已带入第 1 轮答复的内容" in page


def test_a_day_for_an_objection_that_has_passed_is_not_offered_again(cast: Cast, story: Story) -> None:
    plan, _first, _twin = story.consultation()
    matter = story.recommendation(plan)
    lead = story.assignments(matter)[0]
    assert assignment_facts(lead, timezone.localdate(story.at), cast.bo)["objection_until"]
    story.answer(matter, promised_on=SOON)
    reopen(again(matter), by=cast.mei, at=story.later(60))
    lead.refresh_from_db()
    assert assignment_facts(lead, timezone.localdate(story.at), cast.bo)["objection_until"] is None
