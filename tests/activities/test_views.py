"""The door of a session, its minutes, and its public page."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from camphor.activities import actions
from camphor.activities.models import Activity
from camphor.engine.flow import Lacking

from ..conftest import AT, Cast

HERE = {"name": "林晓樟", "part": "resident"}


@pytest.fixture
def session(cast: Cast) -> Activity:
    return actions.plan(
        title="电梯协商会", starts_at=AT, body=cast.hall, venue=cast.venue, by=cast.mei, at=AT
    )


def door(session: Activity) -> str:
    return reverse("door", args=[session.door_code])


def minute(session: Activity, cast: Cast) -> None:
    actions.make(session, "note", by=cast.mei, at=AT, point_kind="dissent", text="采光没有谈拢")
    actions.make(session, "minute", by=cast.mei, at=AT)


def test_somebody_checks_in_once_however_often_she_scans(session: Activity) -> None:
    phone = Client()
    assert phone.post(door(session), HERE).status_code == 302
    phone.post(door(session), HERE)
    assert session.attendances.count() == 1
    assert "您已签到" in phone.get(door(session)).content.decode()


def test_what_was_typed_stays_when_something_is_missing(session: Activity) -> None:
    page = Client().post(door(session), {"name": "林晓樟"})
    assert page.status_code == 422
    assert "林晓樟" in page.content.decode()
    assert not session.attendances.exists()


def test_only_those_who_came_read_and_confirm_the_minutes_at_the_door(session: Activity, cast: Cast) -> None:
    phone, stranger = Client(), Client()
    phone.post(door(session), HERE)
    minute(session, cast)
    assert "采光没有谈拢" in phone.get(door(session)).content.decode()
    assert "采光没有谈拢" not in stranger.get(door(session)).content.decode()
    stranger.post(door(session), {"move": "agree"})
    assert session.attendances.get().confirmed_at is None
    phone.post(door(session), {"move": "agree"})
    assert session.attendances.get().confirmed_at is not None


def test_after_the_session_nobody_checks_in(session: Activity, cast: Cast) -> None:
    Client().post(door(session), HERE)
    minute(session, cast)
    page = Client().post(door(session), HERE)
    assert "不能再签到" in page.content.decode()
    assert session.attendances.count() == 1


def test_the_public_page_names_nobody(session: Activity, cast: Cast) -> None:
    Client().post(door(session), HERE)
    minute(session, cast)
    page = Client().get(reverse("activity", args=[session.pk])).content.decode()
    assert "采光没有谈拢" in page
    assert "林晓樟" not in page
    assert session.door_code not in page


def test_the_code_of_the_door_is_for_the_clerk(session: Activity, cast: Cast) -> None:
    address = reverse("door_poster", args=[session.pk])
    for actor, status in ((cast.mei, 200), (cast.bo, 404), (cast.stranger, 404)):
        client = Client()
        assert actor.person is not None
        client.force_login(actor.person)
        assert client.get(address).status_code == status
    assert Client().get(address).status_code == 302


def test_who_came_can_object_to_the_minutes_and_is_answered_for(session: Activity, cast: Cast) -> None:
    phone = Client()
    phone.post(door(session), HERE)
    minute(session, cast)
    blank = phone.post(door(session), {"move": "object", "text": " "})
    assert blank.status_code == 422
    phone.post(door(session), {"move": "object", "text": "补偿的数字记错了"})
    seat = session.attendances.get()
    assert (seat.objection, seat.confirmed_at) == ("补偿的数字记错了", None)
    assert "补偿的数字记错了" in phone.get(door(session)).content.decode()
    public = Client().get(reverse("activity", args=[session.pk])).content.decode()
    assert "补偿的数字记错了" not in public
    assert "1 人对纪要有异议" in public
    session.refresh_from_db()
    assert session.lacking(("confirmed",), {}) == ()


def test_a_stranger_cannot_object(session: Activity, cast: Cast) -> None:
    Client().post(door(session), HERE)
    minute(session, cast)
    Client().post(door(session), {"move": "object", "text": "不是这样"})
    assert session.attendances.get().objected_at is None


def test_who_confirmed_is_not_asked_again_and_cannot_object_any_more(session: Activity, cast: Cast) -> None:
    phone = Client()
    phone.post(door(session), HERE)
    minute(session, cast)
    phone.post(door(session), {"move": "agree"})
    phone.post(door(session), {"move": "object", "text": "改主意了"})
    seat = session.attendances.get()
    assert seat.confirmed_at is not None
    assert seat.objected_at is None


def test_a_guest_on_the_list_who_scans_takes_the_seat_kept_for_her(session: Activity, cast: Cast) -> None:
    guest = actions.Guest("林晓樟", "stakeholder")
    actions.make(session, "invite", by=cast.mei, at=AT, invited=[guest], short_notice="急")
    Client().post(door(session), HERE)
    seat = session.attendances.get()
    assert seat.came_at is not None
    assert seat.part == "stakeholder"


def test_minutes_are_closed_without_the_silent_only_with_a_reason_that_all_can_read(
    session: Activity, cast: Cast
) -> None:
    Client().post(door(session), HERE)
    minute(session, cast)
    with pytest.raises(Lacking):
        actions.make(session, "close", by=cast.mei, at=AT)
    actions.make(session, "close_without", by=cast.mei, at=AT, reason_text="七个工作日内没有回复")
    page = Client().get(reverse("activity", args=[session.pk])).content.decode()
    assert "七个工作日内没有回复" in page
    assert "0 / 1" in page


def test_the_clerk_edits_the_minutes_before_laying_them_out(session: Activity, cast: Cast) -> None:
    Client().post(door(session), HERE)
    for text in ("采光没有谈拢", "记错的一条"):
        actions.make(session, "note", by=cast.mei, at=AT, point_kind="voice", text=text)
    desk = Client()
    assert cast.mei.person
    desk.force_login(cast.mei.person)
    address = reverse("desk_move", args=["sessions", session.pk, "revise"])
    first, second = session.points.all()
    fields = {
        f"kind_{first.pk}": "dissent",
        f"text_{first.pk}": "采光补偿没有谈拢",
        f"kind_{second.pk}": "voice",
        f"text_{second.pk}": "",
    }
    assert "记错的一条" in desk.get(address).content.decode()
    assert desk.post(address, {**fields, f"text_{first.pk}": ""}).status_code == 422
    desk.post(address, fields)
    assert list(session.points.values_list("kind", "text")) == [("dissent", "采光补偿没有谈拢")]


def test_one_point_is_written_after_the_other_without_leaving_the_form(session: Activity, cast: Cast) -> None:
    Client().post(door(session), HERE)
    desk = Client()
    assert cast.mei.person
    desk.force_login(cast.mei.person)
    address = reverse("desk_move", args=["sessions", session.pk, "note"])
    done = desk.post(address, {"point_kind": "answer", "text": "可以先看样板楼", "again": "1"})
    assert done.headers["Location"] == address
    assert "可以先看样板楼" in desk.get(address).content.decode()


def test_a_member_who_came_confirms_from_his_desk(session: Activity, cast: Cast) -> None:
    assert cast.yun.person
    guest = actions.Guest("云岫", "member", cast.yun.person)
    actions.make(session, "invite", by=cast.mei, at=AT, invited=[guest], short_notice="急")
    actions.make(session, "attend", by=cast.mei, at=AT, came=list(session.attendances.all()))
    minute(session, cast)
    desk = Client()
    desk.force_login(cast.yun.person)
    assert "电梯协商会" in desk.get(reverse("desk")).content.decode()
    desk.post(reverse("desk_move", args=["sessions", session.pk, "agree"]))
    assert session.attendances.get().confirmed_at is not None
    owed = [one.thing for one in desk.get(reverse("desk")).context["owed"]]
    assert session not in owed
