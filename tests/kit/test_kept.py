"""Pages kept for a second: for visitors without a session alone, and nothing of one is in that of another."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from camphor.consultations.models import Consultation
from camphor.conversations.models import Conversation
from camphor.kit import kept

from ..conftest import AT, Cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("kept_long")]
LISTS = ("/", "/consultations/", "/promises/", "/proposals/", "/figures/", "/raise/", "/feedback/")
TOKEN = re.compile(r'(?<=name="csrfmiddlewaretoken" value=")\w+')
OWN = re.compile(r'(?<=name="csrfmiddlewaretoken" value=")\w+|(?<=nonce=")[^"]+')
KEY = re.compile(r'(?<=name="key" value=")\w+')


def text(path: str, client: Client | None = None, cookies: dict[str, str] | None = None) -> str:
    client = client or Client()
    client.cookies.load(cookies or {})
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def consult(cast: Cast, title: str) -> None:
    Consultation.objects.create(
        title=title, body=cast.hall, method="x", method_label="x", drafted_at=AT, state="running"
    )


@pytest.mark.parametrize("path", LISTS)
def test_every_list_is_made_once_for_two_visitors_each_with_a_token_of_his_own(
    path: str, django_assert_num_queries: object
) -> None:
    first = Client()
    mine = text(path, first)
    with django_assert_num_queries(0):  # type: ignore[operator]
        yours = text(path)
    assert set(TOKEN.findall(mine)).isdisjoint(TOKEN.findall(yours)) and TOKEN.findall(mine)
    assert OWN.sub("", mine) == OWN.sub("", yours)
    assert kept.TOKEN not in mine + yours and kept.NONCE not in mine + yours
    with django_assert_num_queries(0):  # type: ignore[operator]
        text(path, first)  # who has been here bears the token, and no more


def test_a_kept_page_bears_the_nonce_of_its_own_answer() -> None:
    text("/")
    answer = Client().get("/")
    nonce = re.search(r'nonce="([^"]+)"', answer.content.decode())
    assert nonce and f"'nonce-{nonce[1]}'" in answer["Content-Security-Policy"]


def test_a_form_of_a_kept_page_is_accepted_from_each_visitor() -> None:
    text("/")
    client = Client(enforce_csrf_checks=True)
    token = TOKEN.findall(text("/", client))[0]
    assert client.post("/elder/", {"on": "1", "csrfmiddlewaretoken": token}).status_code == 302
    assert Client(enforce_csrf_checks=True).post("/elder/", {"on": "1"}).status_code == 403


def test_who_is_signed_in_neither_gets_a_kept_page_nor_leaves_one(cast: Cast, talk: Conversation) -> None:
    path = f"/talk/{talk.pk}/statements/"
    mei = Client()
    mei.force_login(cast.mei.person)  # type: ignore[arg-type]
    hers = text(path, mei)
    assert "/desk/" in hers and not kept._pages
    assert "/desk/" not in text(path)
    talk.statements.filter(text="先装").update(text="新的看法")
    assert "新的看法" in text(path, mei) and "/desk/" in text(path, mei)
    assert "新的看法" not in text(path)  # kept from before


@pytest.mark.parametrize("cookie", ["sessionid", "camphor_mine", "camphor_elder", "camphor_participant", "x"])
def test_any_other_cookie_gets_a_page_of_its_own_and_leaves_none(talk: Conversation, cookie: str) -> None:
    path = f"/talk/{talk.pk}/statements/"
    text(path, cookies={cookie: "1"})
    assert not kept._pages
    text(path)
    talk.statements.filter(text="先装").update(text="新的看法")
    assert "新的看法" in text(path, cookies={cookie: "1"})


def test_languages_queries_and_parts_for_scripts_are_kept_apart() -> None:
    chinese = text("/promises/")
    assert text("/promises/", cookies={settings.LANGUAGE_COOKIE_NAME: "en"}) != chinese
    assert text("/promises/?list=kept") != chinese
    Client().get("/promises/", headers={"HX-Request": "true"})
    Client().head("/promises/")
    assert len(kept._pages) == 3


def test_a_change_shows_within_the_second(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()  # the real second
    assert kept.SECONDS == 1.0
    now = [100.0]
    monkeypatch.setattr("camphor.kit.kept.time.monotonic", lambda: now[0])
    text("/consultations/")
    consult(cast, "新的协商")
    now[0] += 0.99
    assert "新的协商" not in text("/consultations/")
    now[0] += 0.02
    assert "新的协商" in text("/consultations/")


def test_errors_redirects_and_cookies_are_not_kept() -> None:
    assert Client().get("/promises/?list=none").status_code == 404
    request = RequestFactory().get("/x/")

    def with_cookie(request: HttpRequest) -> HttpResponse:
        response = HttpResponse(f"{kept.blanks(request)['csrf_token']}")
        response.set_cookie("mine", "1")
        return response

    answer = kept.kept(with_cookie)(request)
    assert kept.TOKEN not in answer.content.decode() and "mine" in answer.cookies
    kept.kept(lambda request: HttpResponse("busy", status=503))(request)
    assert not kept._pages


def test_the_kept_pages_are_bounded_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_BYTES", 10_000)
    for n in range(50):
        kept.kept(lambda request: HttpResponse("x" * 1000))(RequestFactory().get(f"/{n}/"))
    assert len(kept._pages) == 2 and kept._bytes <= 10_000


def test_each_visitor_of_the_statements_gets_keys_and_a_cookie_of_his_own(talk: Conversation) -> None:
    path = f"/talk/{talk.pk}/statements/"
    one, other = Client(enforce_csrf_checks=True), Client()
    mine, yours = text(path, one), text(path, other)
    keys = KEY.findall(mine)
    assert len(set(keys)) == 2 and not set(keys) & set(KEY.findall(yours)) and len(keys[0]) == 32
    tokens = [client.cookies["camphor_participant"].value for client in (one, other)]
    assert tokens[0] != tokens[1]
    token, statement = TOKEN.findall(mine)[0], talk.statements.first()
    sent = {"csrfmiddlewaretoken": token, "statement": statement.pk, "key": keys[0], "choice": "agree"}  # type: ignore[union-attr]
    assert one.post(f"/talk/{talk.pk}/", sent).status_code == 303
    assert talk.votes.count() == 1
    assert "button--agree" in text(path, one) and "button--agree" not in text(path)
