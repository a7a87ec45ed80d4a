"""Pages that are the same for everybody: made once for all, and nothing of anybody is in them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.messages import SUCCESS, get_messages
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve

from camphor.consultations.models import Consultation
from camphor.dashboard.shared import ELDER, shared
from camphor.kit import kept
from camphor.people.actor import NOBODY
from camphor.people.middleware import SECRETS

from ..conftest import AT, Cast, signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("kept_long")]
PAGES = ("/", "/consultations/", "/promises/", "/proposals/", "/figures/", "/raise/", "/feedback/")
OWN = re.compile(r'(?<=name="csrfmiddlewaretoken" value=")\w+|(?<=nonce=")[^"]+')
SIGNED_IN = 2
"""Queries that tell who is signed in: his session and himself."""


def text(path: str, client: Client) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def bare(page: str) -> str:
    return OWN.sub("", page)


@pytest.mark.parametrize("path", PAGES)
def test_it_is_made_once_for_all_who_are_signed_in_and_once_for_all_others(
    cast: Cast, path: str, django_assert_num_queries: Callable[[int], Any]
) -> None:
    mei, bo, voter, nobody = signed_in(cast.mei), signed_in(cast.bo), Client(), Client()
    voter.cookies.load({"camphor_participant": "x", SECRETS: "y"})
    hers, outside = text(path, mei), text(path, nobody)
    with django_assert_num_queries(SIGNED_IN):
        his = text(path, bo)
    with django_assert_num_queries(0):
        assert bare(text(path, voter)) == bare(outside)
    assert bare(his) == bare(hers) and "/desk/" in hers and "/desk/" not in outside
    assert set(OWN.findall(his)).isdisjoint(OWN.findall(hers)), "each has tokens of his own"


@pytest.mark.parametrize("path", PAGES)
def test_who_is_signed_in_sees_in_it_what_everybody_sees(cast: Cast, path: str) -> None:
    def content(page: str) -> str:
        return bare(page).partition("<main")[2]

    assert content(text(path, signed_in(cast.mei))) == content(text(path, Client()))


def test_large_type_is_kept_apart(cast: Cast) -> None:
    elder = signed_in(cast.mei)
    elder.cookies.load({ELDER: "1"})
    assert 'class="elder"' in text("/", elder)
    assert 'class="elder"' not in text("/", signed_in(cast.bo))


def test_a_form_of_a_shared_page_is_accepted_from_who_is_signed_in(cast: Cast) -> None:
    text("/", signed_in(cast.bo))
    mei = Client(enforce_csrf_checks=True)
    mei.force_login(cast.mei.person)  # type: ignore[arg-type]
    token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', text("/", mei))[0]
    assert mei.post("/elder/", {"on": "1", "csrfmiddlewaretoken": token}).status_code == 302


def test_a_message_is_shown_to_whom_it_is_for_and_stays_in_no_page(cast: Cast) -> None:
    mei = signed_in(cast.mei)
    storage = CookieStorage(RequestFactory().get("/"))
    mei.cookies[storage.cookie_name] = storage._encode([Message(SUCCESS, "Only for Mei")])  # type: ignore[attr-defined]
    assert "Only for Mei" in text("/", mei)
    assert "Only for Mei" not in text("/", mei) + text("/", signed_in(cast.bo))


def test_the_view_does_not_learn_who_asks(cast: Cast) -> None:
    seen: list[HttpRequest] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request)
        return HttpResponse("the same")

    client = signed_in(cast.mei)
    client.cookies.load({SECRETS: "x"})
    client.get("/feedback/")
    request = client.get("/feedback/").wsgi_request
    kept.forget()
    request.resolver_match = resolve("/feedback/")
    assert request.user == cast.mei.person and shared(view)(request).content == b"the same"
    [asked] = seen
    assert asked.actor is NOBODY and asked.user.pk is None and asked.user.is_authenticated  # type: ignore[attr-defined]
    assert not hasattr(asked, "session") and asked.COOKIES == {} and list(get_messages(asked)) == []
    assert asked.resolver_match == request.resolver_match
    assert request.user == cast.mei.person, "the request itself is as it was"


def test_a_change_shows_to_who_is_signed_in_within_the_second(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "SECONDS", 1.0)
    now = [100.0]
    monkeypatch.setattr("camphor.kit.kept.time.monotonic", lambda: now[0])
    mei = signed_in(cast.mei)
    text("/consultations/", mei)
    Consultation.objects.create(
        title="新的协商", body=cast.hall, method="x", method_label="x", drafted_at=AT, state="running"
    )
    assert "新的协商" not in text("/consultations/", mei)
    now[0] += 1.01
    assert "新的协商" in text("/consultations/", mei)
