"""The door of a session, its minutes, and its public page."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from camphor.activities import actions
from camphor.activities.models import Activity

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
