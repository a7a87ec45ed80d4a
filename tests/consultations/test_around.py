"""Where something came from and what came of it: told from either end, and never past what is hidden."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from camphor.activities import actions as activities
from camphor.consultations import actions as consultations
from camphor.consultations.around import in_public, on_the_desk
from camphor.consultations.line import line_of_concern, line_of_consultation
from camphor.conversations import actions as conversations
from camphor.matters import actions as matters
from camphor.matters.models import Matter
from camphor.people.actor import Actor
from camphor.trail.linking import ref
from camphor.trail.links import Circle, link
from camphor.trail.models import Entry, Link

from ..conftest import AT, ON, Cast, person
from ..house import House, again
from ..story import Story


@pytest.fixture
def house(cast: Cast) -> House:
    return House(cast)


def connect(thing: Any, other: Any, by: Actor, *, forth: bool = True, why: str = "同一件事") -> None:
    matters.make(thing, "connect", by=by, at=AT, other=ref(other), forth=forth, reason_text=why)


def titles(knots: list[Any]) -> list[str]:
    return [knot.title for knot in knots]


def test_the_whole_line_is_told_from_either_end(cast: Cast) -> None:
    story = Story(cast)
    plan, concern, twin = story.consultation()
    story.conversation(plan)
    story.session(plan)
    matter = story.recommendation(plan)
    promise = story.answer(matter, promised_on=ON)
    forth = on_the_desk(twin, cast.mei, on=ON)
    back = on_the_desk(promise, cast.mei, on=ON)
    assert forth and back
    assert titles(forth.after)[:2] == [concern.title, plan.title]
    assert set(titles(forth.after)[2:]) == {"电梯怎么装？", "电梯协商会", matter.title, promise.title}
    assert titles(back.before) == [twin.title, concern.title, plan.title, matter.title]
    assert not forth.before and not back.after


def test_on_one_day_every_answer_stands_before_its_ratings(cast: Cast) -> None:
    story = Story(cast)
    plan, concern, _twin = story.consultation()
    matter = story.recommendation(plan)
    story.answer(matter, promised_on=ON)
    matters.make(again(concern), "insist", by=cast.lin, at=AT, reason_text="没有说几时动工")
    story.answer(again(matter), promised_on=ON)
    matters.make(again(concern), "rate", by=cast.lin, at=AT, score="satisfied", remark="")
    for line in (line_of_concern(again(concern), on=ON), line_of_consultation(plan, on=ON)):
        told = [(node.round, node.title) for node in line if "第" in node.text and "轮" in node.text]
        assert [(number, "评价" in title) for number, title in told] == [
            (1, False), (1, True), (2, False), (2, True),
        ]  # fmt: skip


def test_a_matter_can_come_from_a_session_and_lead_to_a_conversation(house: House, cast: Cast) -> None:
    story = Story(cast)
    plan, _concern, _twin = story.consultation()
    talk, session = story.conversation(plan), story.session(plan)
    proposal = house.filed()
    clerk = person("xia", cast.district, "clerk")
    connect(proposal, session, clerk, forth=False)
    conversations.make(talk, "connect", by=clerk, at=AT, other=ref(proposal), forth=False, reason_text="续")
    around = on_the_desk(proposal, clerk, on=ON)
    assert around and titles(around.before)[-1] == session.title and titles(around.after) == [talk.title]


def test_converting_keeps_the_source_in_its_state_and_points_on(house: House) -> None:
    proposal = house.draft()
    house.do(proposal, "submit", house.yun)
    house.do(proposal, "pass", house.qing, category="city", remark="")
    house.do(proposal, "offer", house.qing, reason_text="更适合作为社情民意信息")
    house.do(proposal, "consent", house.yun)
    report = Matter.objects.get(kind="opinion")
    source = again(proposal)
    assert (source.state, source.text) == ("converted", proposal.text)
    around = on_the_desk(source, house.qing, on=ON)
    assert around and [knot.number for knot in around.after] == [report.number]
    back = on_the_desk(report, house.qing, on=ON)
    assert back and titles(back.before) == [proposal.title]


def test_a_link_by_hand_is_an_entry_and_is_taken_back_by_another(house: House) -> None:
    first, second = house.filed(), house.filed("关于助餐点的提案", house.an)
    connect(first, second, house.qing)
    with pytest.raises(ValueError):
        connect(again(first), second, house.qing)
    matters.make(again(second), "disconnect", by=house.qing, at=AT, other=ref(first), forth=False,
                 reason_text="连错了")  # fmt: skip
    assert not Link.objects.exists()
    told = Entry.objects.filter(move__in=("connect", "disconnect")).order_by("pk")
    assert [(entry.move, entry.given["reason_text"]) for entry in told] == [
        ("connect", "同一件事"),
        ("disconnect", "连错了"),
    ]
    assert again(first).state == "filed" and again(first).due_on == first.due_on


def test_what_follows_by_itself_can_not_be_taken_back_by_hand(cast: Cast) -> None:
    plan, concern, _twin = Story(cast).consultation()
    with pytest.raises(ValueError):
        consultations.make(
            plan, "disconnect", by=cast.mei, at=AT, other=ref(concern), forth=False, reason_text="不要"
        )
    assert Link.objects.filter(how="led_to").count() == 1


def test_nothing_can_come_of_what_came_of_it(house: House) -> None:
    first, second, third = (house.filed(f"关于第{n}件事的提案") for n in (1, 2, 3))
    connect(first, second, house.qing)
    connect(second, third, house.qing)
    for source, target in ((third, first), (second, first), (first, first)):
        with pytest.raises(ValueError):
            connect(again(source), target, house.qing)
    with pytest.raises(Circle):
        link(third, "merged_into", first, at=AT)
    assert Link.objects.count() == 2
    assert Entry.objects.filter(move="connect").count() == 2  # what is refused leaves no entry


def test_only_a_clerk_links(house: House, cast: Cast) -> None:
    first, second = house.filed(), house.filed("关于助餐点的提案", house.an)
    for who in (house.yun, house.lu, cast.bo, cast.stranger, cast.lin):
        with pytest.raises(PermissionDenied):
            connect(first, second, who)


def test_what_is_hidden_is_not_hinted_at_and_not_passed_through(house: House, cast: Cast) -> None:
    story = Story(cast)
    plan, _concern, _twin = story.consultation()
    matter = story.recommendation(plan)
    hidden, behind = house.filed(), story.answer(matter, promised_on=ON)
    connect(again(matter), hidden, person("xia", cast.district, "clerk"))
    connect(hidden, behind, house.qing)
    shown = in_public(matter, on=ON)
    assert hidden.title not in titles(shown.after) and behind.title in titles(shown.after)
    Link.objects.filter(how="promised").delete()
    assert titles(in_public(matter, on=ON).after) == []
    for page in (reverse("recommendation", args=[matter.pk]), reverse("promise", args=[behind.pk])):
        text = Client().get(page, headers={"accept-language": "en"}).content.decode()
        assert hidden.title not in text and "Linked with" not in text
    around = on_the_desk(matter, cast.rui, on=ON)
    assert around and hidden.title not in titles(around.after)


def test_the_page_links_and_takes_back(house: House, cast: Cast) -> None:
    first, second = house.filed(), house.filed("关于助餐点的提案", house.an)
    client = Client()
    assert house.qing.person
    client.force_login(house.qing.person)
    page = reverse("links", args=["proposals", first.pk])
    assert second.title in client.get(page, {"q": "助餐"}).content.decode()
    given = {"other": ref(second), "forth": "1", "reason_text": ""}
    assert client.post(page + "?q=助餐", given).status_code == 422
    assert client.post(page + "?q=助餐", {**given, "reason_text": "同源"}).status_code == 302
    assert second.title in client.get(reverse("desk_thing", args=["proposals", first.pk])).content.decode()
    assert first.title in client.get(reverse("desk_thing", args=["proposals", second.pk])).content.decode()
    undo = reverse("unlink", args=["proposals", second.pk])
    client.post(undo, {"other": ref(first), "forth": "0", "reason_text": ""})
    assert Link.objects.count() == 1
    client.post(undo, {"other": ref(first), "forth": "0", "reason_text": "连错"})
    assert not Link.objects.exists()


def test_what_is_begun_from_something_points_back_to_it(house: House) -> None:
    source = house.filed()
    client = Client()
    assert house.yun.person
    client.force_login(house.yun.person)
    page = reverse("desk_begin", args=["opinions"]) + f"?from={ref(source)}"
    assert source.title in client.get(page).content.decode()
    sent = {"title": "停车难的新情况", "text": "晚高峰更挤", "category": "city", "ticket": "t1"}
    answer = client.post(page, sent)
    assert answer.status_code == 302, answer.content.decode()
    report = Matter.objects.get(kind="opinion")
    around = on_the_desk(report, house.yun, on=ON)
    assert around and titles(around.before) == [source.title]
    assert again(source).state == "filed"


def test_nothing_begins_from_what_one_may_not_see(house: House, cast: Cast) -> None:
    hidden = house.filed()
    client = Client()
    assert cast.stranger.person
    client.force_login(cast.stranger.person)
    for noun in ("opinions", "tasks"):
        page = client.get(reverse("desk_begin", args=[noun]) + f"?from={ref(hidden)}")
        assert hidden.title not in page.content.decode()


def test_a_session_links_as_well(house: House, cast: Cast) -> None:
    story = Story(cast)
    plan, _concern, _twin = story.consultation()
    session = story.session(plan)
    proposal = house.filed()
    activities.make(
        session, "connect", by=cast.mei, at=AT, other=ref(proposal), forth=True, reason_text="议后"
    )
    back = on_the_desk(proposal, house.qing, on=ON)
    assert back and titles(back.before)[-2:] == [plan.title, session.title]
