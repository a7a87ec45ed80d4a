"""The public page of a consultation and of its recommendation."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from camphor.consultations import actions as consultations
from camphor.matters import actions as matters
from camphor.matters.models import Matter
from camphor.people.actor import Actor, digest

from ..conftest import ON, Cast
from ..story import Story, again

LATER = timezone.localdate() + timedelta(days=100)


@pytest.fixture
def story(cast: Cast) -> Story:
    return Story(cast, at=timezone.now())


def test_a_draft_is_not_to_be_found_by_the_public(story: Story, cast: Cast) -> None:
    plan = consultations.draft(
        title="草稿",
        text="",
        body=cast.hall,
        method="five_step",
        begins_on=ON,
        concerns=[],
        by=cast.mei,
        at=story.at,
    )
    address = reverse("consultation", args=[plan.pk])
    assert Client().get(address).status_code == 404
    clerk = Client()
    assert cast.mei.person is not None
    clerk.force_login(cast.mei.person)
    assert clerk.get(address).status_code == 200


def test_the_page_shows_each_department_its_day_and_what_it_answered(story: Story, cast: Cast) -> None:
    plan, concern, _twin = story.consultation()
    story.conversation(plan)
    story.session(plan)
    matter = story.recommendation(plan)
    address = reverse("consultation", args=[plan.pk])
    page = Client().get(address).content.decode()
    lead, _assisting = story.assignments(matter)
    assert str(lead.due_on) in page and cast.housing.name in page and cast.power.name in page
    story.answer(matter, promised_on=LATER)
    matters.make(again(concern), "rate", by=cast.lin, at=story.at, score="satisfied", remark="谢谢")
    page = Client().get(address).content.decode()
    for wanted in ("样板楼已建成", "公布分摊办法", str(LATER), "不足 5", matter.title):
        assert wanted in page
    for hidden in ("云岫", "柏然", "谢谢", cast.lin_code):
        assert hidden not in page


def test_what_few_say_of_the_result_is_withheld_on_every_public_page(story: Story, cast: Cast) -> None:
    plan, concern, _twin = story.consultation()
    matter = story.recommendation(plan)
    codes = [f"WQ8N5BHT6ZK{letter}" for letter in "DEF"]
    for code in codes:
        by = Actor(digests=frozenset({digest(code)}))
        more = matters.raise_concern(
            title="老楼没有电梯", text="", body=cast.hall, venue=None, code=code, by=by, at=story.at
        )
        matters.make(more, "merge", by=cast.mei, at=story.at, twin=again(concern))
    story.answer(matter, promised_on=LATER)
    asked = Matter.objects.filter(kind="concern").order_by("pk")
    raters = [cast.lin, cast.wen, *(Actor(digests=frozenset({digest(code)})) for code in codes)]
    pages = [reverse("consultation", args=[plan.pk]), reverse("recommendation", args=[matter.pk])]
    for number, (one, who) in enumerate(zip(asked, raters, strict=True), start=1):
        score = "dissatisfied" if number == 1 else "satisfied"
        shown = [Client().get(page).content.decode() for page in pages]
        assert not any("满意" in page.replace("不足 5", "") for page in shown), number
        matters.make(again(one), "rate", by=who, at=story.at, score=score, remark="")
    for page in pages:
        shown_now = Client().get(page).content.decode()
        assert "满意 4 / 5" in shown_now and "不满意 1 / 5" in shown_now


def test_a_unit_that_was_passed_over_stands_there_with_the_reason(story: Story, cast: Cast) -> None:
    plan, _concern, _twin = story.consultation()
    matter = story.recommendation(plan)
    _lead, assisting = story.assignments(matter)
    late = story.later(days=60)
    matters.make(assisting, "go_without", by=cast.mei, at=late, reason_text="逾期未报会办意见")
    for name, pk in (("consultation", plan.pk), ("recommendation", matter.pk)):
        assert "逾期未报会办意见" in Client().get(reverse(name, args=[pk])).content.decode()


def test_a_draft_recommendation_is_not_to_be_found(story: Story, cast: Cast) -> None:
    plan, _concern, _twin = story.consultation()
    consultations.make(plan, "recommend", by=cast.mei, at=story.at, title="草稿", text="", items=["一"])
    matter = cast.hall.matters.get(kind="recommendation")
    assert Client().get(reverse("recommendation", args=[matter.pk])).status_code == 404


def test_both_rounds_stay_on_the_page(story: Story, cast: Cast) -> None:
    plan, concern, _twin = story.consultation()
    matter = story.recommendation(plan)
    story.answer(matter, promised_on=LATER)
    matters.make(again(concern), "insist", by=cast.lin, at=story.at, reason_text="没有说几时动工")
    story.answer(again(matter), promised_on=LATER)
    page = Client().get(reverse("recommendation", args=[matter.pk])).content.decode()
    assert "第 1 轮" in page and "第 2 轮" in page
    assert "没有说几时动工" not in page


def test_the_page_asks_a_bounded_number_of_questions(
    story: Story, django_assert_max_num_queries: object
) -> None:
    plan, _concern, _twin = story.consultation()
    story.conversation(plan)
    story.session(plan)
    story.answer(story.recommendation(plan), promised_on=LATER)
    with django_assert_max_num_queries(75):  # type: ignore[operator]
        Client().get(reverse("consultation", args=[plan.pk]))
