"""The short way of votes and cards: quicker than the long way, and not one bit less strict."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from prometheus_client import REGISTRY
from pytest_django import Settings

from camphor.conversations import actions, decks, lines, voting, writer
from camphor.conversations.ballots import Ballot
from camphor.conversations.models import Conversation, Participant, Vote
from camphor.site import gate
from camphor.site.watching import TALLY

from ..conftest import AT, Cast
from .browsing import CSRF, FORM, Browser, asked, done

SEEDS = [f"第 {n} 种看法" for n in range(1, 7)]


@pytest.fixture
def talk(cast: Cast) -> Conversation:
    made = actions.prepare(title="电梯怎么装？", text="", body=cast.hall, seeds=SEEDS, by=cast.mei, at=AT)
    actions.make(made, "open", by=cast.mei, at=AT)
    return made


@pytest.fixture
def lin(talk: Conversation) -> Browser:
    browser = Browser()
    browser.ask("GET", f"/talk/{talk.pk}/next/")  # which gives her cookie
    return browser


def test_a_program_votes_card_by_card(talk: Conversation, lin: Browser) -> None:
    for n in range(len(SEEDS)):
        dealt = lin.ask("GET", f"/talk/{talk.pk}/next/")
        card = json.loads(dealt.text)
        assert not dealt.went_long and card["open"] and card["voted"] == n
        cast = lin.vote(talk, statement=card["statement"]["id"], key=card["key"])
        assert (cast.status, json.loads(cast.text)) == (200, {"result": "recorded"})
        assert not cast.went_long
    assert json.loads(lin.ask("GET", f"/talk/{talk.pk}/next/").text)["statement"] is None
    assert Vote.objects.count() == len(SEEDS) and Participant.objects.count() == 1


def test_a_cookie_that_was_mended_goes_to_its_browser_alone(talk: Conversation, lin: Browser) -> None:
    """Cards bear the same head; what stands in it beside that is of one browser."""
    address = f"/talk/{talk.pk}/next/"
    lin.ask("GET", address)
    good = dict(lin.cookies)
    for cookies, mended in ((good, False), ({**good, "csrftoken": "?"}, True), (good, False)):
        lin.cookies = dict(cookies)
        answer = lin.ask("GET", address)
        assert not answer.went_long
        assert ("csrftoken" in str(answer.headers.get("set-cookie"))) is mended


def test_a_form_leads_back_to_its_page_and_htmx_gets_the_next_card(talk: Conversation, lin: Browser) -> None:
    plain = lin.send(talk)
    assert (plain.status, plain.headers["location"], plain.went_long) == (303, f"/talk/{talk.pk}/", False)
    card = lin.send(talk, HTTP_HX_REQUEST="true", HTTP_ACCEPT_LANGUAGE="en")
    assert card.status == 200 and "data-ballot" in card.text and "2 of 6" in card.text
    assert not card.went_long and Vote.objects.count() == 1
    sent = dict(re.findall(r'name="(statement|key|csrfmiddlewaretoken)" value="(\w+)"', card.text))
    again = "&".join(f"{name}={value}" for name, value in sent.items())
    assert lin.send(talk, f"{again}&choice=pass").status == 303 and Vote.objects.count() == 2


def test_the_card_of_the_short_way_is_the_card_of_the_page(talk: Conversation, lin: Browser) -> None:
    short = lin.send(talk, HTTP_HX_REQUEST="true").text
    page = lin.ask("GET", f"/talk/{talk.pk}/", HTTP_HX_REQUEST="true")
    assert page.went_long

    def bare(text: str) -> str:
        text = re.sub(r'value="\w+"', "", text)
        return re.sub("|".join(SEEDS), "", text).strip()

    assert bare(short) == bare(page.text)


@pytest.mark.parametrize(
    "changed",
    [
        {"HTTP_X_CSRFTOKEN": ""},
        {"HTTP_X_CSRFTOKEN": "d" * 32},
        {"HTTP_ORIGIN": "https://elsewhere.example"},
    ],
)
def test_a_forged_vote_is_refused_on_both_ways(
    talk: Conversation, lin: Browser, changed: dict[str, str]
) -> None:
    body = json.dumps({"statement": talk.statements.all()[0].pk, "choice": "agree", "key": "k"}).encode()
    headers = {"CONTENT_TYPE": "application/json", "HTTP_X_CSRFTOKEN": CSRF, **changed}
    answer = lin.ask("POST", f"/talk/{talk.pk}/votes/", body, **headers)
    assert (answer.status, answer.went_long) == (403, True)
    assert not Vote.objects.exists()


def test_a_host_that_is_not_ours_is_refused(talk: Conversation, lin: Browser) -> None:
    assert lin.send(talk, HTTP_HOST="elsewhere.example").status == 400
    assert not Vote.objects.exists()


def test_where_https_is_demanded_plain_http_is_led_there(
    talk: Conversation, lin: Browser, settings: Settings
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert lin.ask("GET", f"/talk/{talk.pk}/next/").went_long


def test_a_cookie_that_was_altered_is_no_cookie(talk: Conversation, lin: Browser) -> None:
    lin.cookies["camphor_participant"] += "x"
    assert json.loads(lin.vote(talk).text)["result"] == "no_cookie"
    assert not Vote.objects.exists()


@pytest.mark.parametrize(
    "changed",
    [
        {"choice": "maybe"}, {"choice": None}, {"choice": 1}, {"key": ""}, {"key": "k" * 33}, {"key": "k\0"},
        {"key": "键"}, {"statement": True}, {"statement": "1' OR 1=1"}, {"statement": 1e300},
        {"statement": [1]},
        {"statement": -1}, {"statement": 10**40}, {"statement": {"pk": 1}}, {"choice": "agree" * 2000},
    ],
)  # fmt: skip
def test_a_vote_that_cannot_be_read_is_told_so(
    talk: Conversation, lin: Browser, changed: dict[str, Any]
) -> None:
    answer = lin.vote(talk, **changed)
    assert (answer.status, json.loads(answer.text)["result"]) == (400, "unreadable")
    assert not Vote.objects.exists()


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b"\xff\xfe", b"[" * 4000, b'{"key": NaN}'])
def test_a_body_that_is_no_object_is_told_so(talk: Conversation, lin: Browser, body: bytes) -> None:
    address = f"/talk/{talk.pk}/votes/"
    answer = lin.ask("POST", address, body, CONTENT_TYPE="application/json", HTTP_X_CSRFTOKEN=CSRF)
    assert answer.status == 400


def test_only_json_is_taken_from_a_program(talk: Conversation, lin: Browser) -> None:
    answer = lin.ask(
        "POST", f"/talk/{talk.pk}/votes/", b"a", CONTENT_TYPE="text/plain", HTTP_X_CSRFTOKEN=CSRF
    )
    assert answer.status == 415


def test_a_hidden_conversation_and_a_missing_one_look_the_same(
    talk: Conversation, lin: Browser, cast: Cast
) -> None:
    hidden = actions.prepare(title="?", text="", body=cast.hall, seeds=SEEDS, by=cast.mei, at=AT)
    first, second = (lin.ask("GET", f"/talk/{pk}/next/") for pk in (hidden.pk, 10**9))
    assert (first.status, first.text) == (second.status, second.text) == (404, second.text)
    hidden_vote = lin.vote(hidden)
    missing = lin.ask(
        "POST",
        f"/talk/{10**9}/votes/",
        json.dumps({"statement": 1, "choice": "agree", "key": "k"}).encode(),
        CONTENT_TYPE="application/json",
        HTTP_X_CSRFTOKEN=CSRF,
    )
    assert (hidden_vote.status, hidden_vote.text) == (missing.status, missing.text)
    assert lin.send(hidden).status == 404


def test_every_answer_of_the_short_way_carries_the_policies_of_the_long_way(
    talk: Conversation, lin: Browser
) -> None:
    names = (
        "content-security-policy", "x-content-type-options", "x-frame-options", "referrer-policy",
        "cross-origin-opener-policy", "cache-control",
    )  # fmt: skip
    long = Client().get(f"/talk/{talk.pk}/next/").headers
    for short in (
        lin.ask("GET", f"/talk/{talk.pk}/next/"),
        lin.vote(talk),
        lin.send(talk, HTTP_HX_REQUEST="true"),
    ):
        assert not short.went_long
        for name in names[:5]:
            assert short.headers[name] == long[name]
    assert lin.vote(talk).headers["cache-control"] == "no-store"


def busy(*_given: Any) -> Any:
    raise lines.NotWritten("too many votes are waiting")


def test_when_too_many_vote_the_ballot_is_kept_for_another_try(
    talk: Conversation, lin: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "cast", busy)
    answers = [lin.vote(talk), lin.send(talk), lin.send(talk, HTTP_HX_REQUEST="true")]
    assert {answer.status for answer in answers} == {503}
    assert {answer.headers["retry-after"] for answer in answers} == {str(voting.COME_AGAIN)}
    assert not Vote.objects.exists()
    monkeypatch.undo()
    for answer in answers[1:]:
        kept = dict(re.findall(r'name="(\w+)" value="(\w+)"', answer.text))
        assert kept["key"] == "k" and kept["choice"] == "agree"
        assert lin.send(talk, "&".join(f"{name}={value}" for name, value in kept.items())).status == 303
    assert Vote.objects.count() == 1


def test_when_the_database_is_away_it_is_said_and_no_error_is_shown(
    talk: Conversation, lin: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(pk: int) -> None:
        raise OperationalError("no server")

    monkeypatch.setattr(decks, "public", away)
    answer = lin.ask("GET", f"/talk/{talk.pk}/next/")
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")


def test_a_page_is_told_to_come_again_when_the_database_is_away(
    talk: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(pk: int) -> None:
        raise OperationalError("no server")

    monkeypatch.setattr(decks, "public", away)
    page = Client(raise_request_exception=False).get(reverse("talk", args=[talk.pk]))
    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")


def test_a_refused_vote_is_told_on_the_next_page_and_not_cast_again(
    talk: Conversation, lin: Browser, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions.make(talk, "close", by=cast.mei, at=AT)
    casts: list[object] = []
    real: Callable[..., Any] = writer.cast

    def counted(ballot: Ballot) -> Any:
        casts.append(ballot)
        return real(ballot)

    monkeypatch.setattr(writer, "cast", counted)
    answer = lin.send(talk, HTTP_HX_REQUEST="true")
    assert answer.went_long and len(casts) == 1 and "没有计入" in answer.text


def test_when_all_seats_are_taken_a_page_is_not_waited_for_without_end(
    lin: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("camphor.site.gate.FOR_A_SEAT", 0.01)

    async def ask() -> gate.Answer:
        while not lin.gate._seats.locked():
            await lin.gate._seats.acquire()
        return await lin.gate.answer(asked("GET", "/"))

    answer = asyncio.run(ask())
    assert answer.status == 503 and ("Retry-After", "5") in answer.headers and not lin.went_long


@pytest.mark.django_db
def test_what_goes_the_short_way_is_counted_under_the_address_it_stands_for(talk: Conversation) -> None:
    labels = {"method": "POST", "route": "talk/<int:pk>/votes/", "status": "200"}
    TALLY.write()
    before = REGISTRY.get_sample_value("camphor_requests_total", labels) or 0
    browser = Browser()
    browser.ask("GET", f"/talk/{talk.pk}/")
    voted = browser.vote(talk)
    assert not voted.went_long and voted.status == 200
    TALLY.write()
    assert REGISTRY.get_sample_value("camphor_requests_total", labels) == before + 1


@pytest.mark.django_db
def test_who_passed_once_does_not_pass_with_other_words(talk: Conversation) -> None:
    browser = Browser()
    browser.ask("GET", f"/talk/{talk.pk}/")
    assert browser.vote(talk).status == 200
    assert browser.vote(talk, key="b").status == 200
    for more in (
        {"HTTP_ORIGIN": "https://evil.example"},
        {"HTTP_X_CSRFTOKEN": "d" * 32},
        {"HTTP_HOST": "evil.example"},
    ):
        sent = json.dumps({"statement": talk.statements.all()[0].pk, "choice": "agree", "key": "c"})
        more = {"CONTENT_TYPE": "application/json", "HTTP_X_CSRFTOKEN": CSRF, **more}
        answer = browser.ask("POST", f"/talk/{talk.pk}/votes/", sent.encode(), **more)
        assert answer.status in (400, 403), more
    assert Vote.objects.count() == 2


@pytest.mark.django_db
def test_a_form_that_is_broken_off_is_told_so(talk: Conversation, lin: Browser) -> None:
    kind = "multipart/form-data; boundary="
    assert lin.ask("POST", f"/talk/{talk.pk}/", b"x", CONTENT_TYPE=kind).status in (400, 403)


def test_a_form_in_another_encoding_is_refused(talk: Conversation, lin: Browser) -> None:
    assert lin.send(talk).status == 303
    answer = lin.ask("POST", f"/talk/{talk.pk}/", b"choice=agree", CONTENT_TYPE=f"{FORM}; charset=gbk")
    assert (answer.status, answer.went_long) == (400, True)


def test_a_process_whose_seats_are_all_taken_still_says_that_it_lives(lin: Browser) -> None:
    while not lin.gate._seats.locked():
        done(lin.gate._seats.acquire())
    assert lin.ask("GET", "/healthz").status == 200
