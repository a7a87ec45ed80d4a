"""Promises in public: each in the list it belongs to, with its day and its evidence."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from PIL import Image

from camphor.dashboard.promises import counted, in_list, rows
from camphor.matters import actions as matters
from camphor.matters.actions import Answer
from camphor.matters.models import Matter
from camphor.people.actor import Actor
from camphor.trail.history import entries_of
from camphor.trail.models import File

from ..conftest import AT, ON, Cast
from ..house import House
from ..story import Story

DAY = ON + timedelta(days=30)


@pytest.fixture
def promise(cast: Cast) -> Matter:
    story = Story(cast)
    plan, _concern, _twin = story.consultation()
    return story.answer(story.recommendation(plan), promised_on=DAY)


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")
    return out.getvalue()


def keep(promise: Matter, cast: Cast) -> None:
    matters.make(promise, "show", by=cast.bo, at=AT, text="已张贴公示", photo=picture())
    matters.make(promise, "confirm", by=cast.mei, at=AT, seen_on=ON, text="现场看过")


def listed(client: Client, name: str, on: date) -> str:
    with time_machine.travel(datetime(on.year, on.month, on.day, 4), tick=False):
        return client.get(reverse("promises"), {"list": name}).content.decode()


@pytest.mark.parametrize(("days", "where"), [(0, "due"), (1, "overdue")])
def test_a_promise_is_overdue_from_the_day_after_its_day(
    client: Client, promise: Matter, days: int, where: str
) -> None:
    on = DAY + timedelta(days=days)
    assert counted(on=on) == {"due": 0, "overdue": 0, "kept": 0, where: 1}
    for name in ("due", "overdue", "kept"):
        assert (promise.title in listed(client, name, on)) == (name == where)


def test_a_promise_that_was_kept_is_never_overdue(client: Client, promise: Matter, cast: Cast) -> None:
    keep(promise, cast)
    assert counted(on=DAY + timedelta(days=9)) == {"due": 0, "overdue": 0, "kept": 1}
    shown = listed(client, "kept", DAY)
    assert ON.isoformat() in shown, "the day on which it was confirmed"
    assert DAY.isoformat() in shown, "the day for which it was promised"


def test_a_promise_sent_back_is_due_by_the_day_it_was_given_for(promise: Matter, cast: Cast) -> None:
    matters.make(promise, "show", by=cast.bo, at=AT, text="已张贴公示")
    matters.make(promise, "send_back", by=cast.mei, at=AT, reason_text="没有看到")
    promise.refresh_from_db()
    assert promise.due_on == DAY
    assert counted(on=DAY + timedelta(days=1))["overdue"] == 1


def test_the_list_names_department_and_recommendation(client: Client, promise: Matter, cast: Cast) -> None:
    source = Matter.objects.get(kind="recommendation")
    shown = listed(client, "due", ON)
    assert cast.housing.name in shown
    assert source.number in shown
    assert reverse("recommendation", args=[source.pk]) in shown


def test_the_page_shows_line_evidence_and_photo_to_anybody(
    client: Client, promise: Matter, cast: Cast
) -> None:
    keep(promise, cast)
    shown = client.get(reverse("promise", args=[promise.pk])).content.decode()
    file = File.objects.get()
    for text in ("已张贴公示", "现场看过", "老楼没有电梯", reverse("photo", args=[file.pk])):
        assert text in shown
    photo = client.get(reverse("photo", args=[file.pk]))
    assert photo.headers["Content-Type"] == "image/jpeg"
    assert photo.content[:2] == b"\xff\xd8"


def test_a_photo_of_anything_else_does_not_exist(client: Client, promise: Matter) -> None:
    concern = Matter.objects.filter(kind="concern")[0]
    entry = entries_of(concern)[0]
    file = File.objects.create(entry=entry, content=b"secret", kind="image/jpeg", sha256="0")
    assert client.get(reverse("photo", args=[file.pk])).status_code == 404


def test_only_promises_have_a_page_among_promises(client: Client, promise: Matter) -> None:
    other = Matter.objects.exclude(kind="promise").first()
    assert other is not None
    assert client.get(reverse("promise", args=[other.pk])).status_code == 404
    assert client.get(reverse("promises"), {"list": "nonsense"}).status_code == 404


def test_a_promise_of_a_published_proposal_leads_to_the_proposal(client: Client, cast: Cast) -> None:
    house = House(cast)
    proposal = house.answered(house.filed())
    promise = Matter.objects.filter(kind="promise").earliest("pk")
    decide(house, proposal, "full", "full")
    page = client.get(reverse("promise", args=[promise.pk]))
    address = reverse("proposal", args=[proposal.pk])
    for shown in (page.content.decode(), listed(client, "due", ON)):
        assert proposal.number in shown
        assert f'href="{address}"' in shown
        assert reverse("recommendation", args=[proposal.pk]) not in shown
    assert page.context["timeline"][0].who == cast.housing.name, "the unit gives it, though a clerk sends it"
    assert reverse("desk_thing", args=["proposals", proposal.pk]) in on_desk(house.qing, promise)


def decide(house: House, proposal: Matter, of_proposal: str, of_answer: str) -> None:
    """What is published of a proposal and of its answer; nothing where it is not decided yet."""
    decided: tuple[tuple[Any, str], ...] = ((proposal, of_proposal), (house.lead(proposal), of_answer))
    for thing, openness in decided:
        if openness:
            text = "" if openness == "none" else "盲道不通"
            reason = "涉及安全" if openness == "none" else ""
            house.do(thing, "disclose", house.qing, openness=openness, reason_open=reason, public_text=text)


@pytest.mark.parametrize(
    ("of_proposal", "of_answer", "is_public"),
    [
        ("", "", False),
        ("full", "", False),
        ("", "full", False),
        ("none", "full", False),
        ("full", "none", False),
        ("full", "summary", True),
        ("summary", "full", True),
    ],
)
def test_a_promise_of_a_proposal_is_public_once_the_proposal_and_its_answer_are(
    client: Client, cast: Cast, of_proposal: str, of_answer: str, is_public: bool
) -> None:
    house = House(cast)
    proposal = house.answered(house.filed())
    decide(house, proposal, of_proposal, of_answer)
    given = Matter.objects.get(kind="promise")
    assert given.is_public is is_public
    assert client.get(reverse("promise", args=[given.pk])).status_code == (200 if is_public else 404)
    assert (given.title in listed(client, "due", ON)) is is_public
    for actor, sees in ((cast.stranger, is_public), (house.yun, True), (house.qing, True), (cast.bo, True)):
        found = Matter.objects.visible_to(actor, on=ON)
        assert found.filter(pk=given.pk).exists() is sees


def on_desk(actor: Actor, promise: Matter) -> str:
    client = Client()
    assert actor.person
    client.force_login(actor.person)
    return client.get(reverse("desk_thing", args=["promises", promise.pk])).content.decode()


def test_what_an_enterprise_asked_for_stays_hidden_beside_the_public_promise(cast: Cast) -> None:
    house = House(cast)
    request = house.begin(
        "request", "raise", house.qing, title="续贷周期长", text="融资", items=["续贷"], secret="",
        facts={"enterprise": "某公司"},
    )  # fmt: skip
    house.do(request, "assign", house.qing, lead=cast.housing)
    spot = [Answer(request.items.get(), "下周答复某公司", "dated", "出具担保函", ON + timedelta(days=9))]
    house.do(house.lead(request), "answer_on_spot", cast.bo, spot_answers=spot, people="")
    promise = Matter.objects.get(kind="promise")
    assert "续贷周期长" in on_desk(house.qing, promise) and "某公司" in on_desk(cast.bo, promise)
    for other in (house.yun, cast.stranger):
        shown = on_desk(other, promise)
        assert "出具担保函" in shown and "续贷周期长" not in shown and "某公司" not in shown


def test_it_is_kept_from_the_day_on_which_it_was_seen_and_the_clerk_sees_the_photo(
    promise: Matter, cast: Cast
) -> None:
    matters.make(promise, "show", by=cast.bo, at=AT, text="已张贴公示", photo=picture())
    desk = Client()
    assert cast.mei.person
    desk.force_login(cast.mei.person)
    address = reverse("paper", args=[File.objects.get().pk])
    assert address in desk.get(reverse("desk_thing", args=["promises", promise.pk])).content.decode()
    seen_on = ON - timedelta(days=2)
    matters.make(promise, "confirm", by=cast.mei, at=AT, seen_on=seen_on, text="现场看过")
    (row,) = rows(in_list("kept", on=ON), on=ON)
    assert row.kept_on == seen_on


def test_whoever_confirms_a_promise_has_its_evidence_before_him(promise: Matter, cast: Cast) -> None:
    matters.make(promise, "show", by=cast.bo, at=AT, text="已张贴公示", photo=picture())
    client = Client()
    assert cast.mei.person
    client.force_login(cast.mei.person)
    photo = reverse("paper", args=[File.objects.get().pk])
    for address in (
        reverse("desk_thing", args=["promises", promise.pk]),
        reverse("desk_move", args=["promises", promise.pk, "confirm"]),
    ):
        shown = client.get(address).content.decode()
        assert "已张贴公示" in shown and f'src="{photo}"' in shown
    assert client.get(photo).status_code == 200
