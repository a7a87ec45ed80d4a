"""Raising a concern: what is taken in, what is turned away, and that nothing is lost or doubled."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from camphor.kit.plain_text import plain
from camphor.matters.models import Matter
from camphor.people.actor import digest
from camphor.people.middleware import SECRETS

from ..conftest import SINCE, Cast

TITLE = "口袋公园晚上路灯太暗"


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


@pytest.fixture
def page(cast: Cast) -> str:
    return reverse("raise_at", args=[cast.venue.slug])


def ticket(client: Client, page: str) -> str:
    value = client.get(page).context["form"]["ticket"].value()
    assert isinstance(value, str)
    return value


def send(client: Client, page: str, **given: str) -> tuple[int, str]:
    """Send a form as it was handed out, with these words in it."""
    answer = client.post(page, {"title": TITLE, "text": "", "ticket": ticket(client, page), **given})
    return answer.status_code, answer.headers.get("Location", "") or answer.content.decode()


def test_a_resident_raises_a_concern_and_is_led_to_her_page(client: Client, page: str, cast: Cast) -> None:
    status, where = send(client, page, text="老人不敢走。")
    concern = Matter.objects.get()
    code = where.split("/")[2]
    assert (status, where) == (302, f"/c/{code}/?new=1")
    assert (concern.title, concern.text, concern.body) == (TITLE, "老人不敢走。", cast.hall)
    assert concern.code_digest == digest(code)
    shown = client.get(where).content.decode()
    assert f"{code[:4]}-{code[4:8]}-{code[8:]}" in shown
    assert TITLE in client.get(reverse("code")).content.decode(), "this device remembers the code"


def test_the_same_form_sent_twice_raises_one_concern(client: Client, page: str) -> None:
    given = {"title": TITLE, "text": "", "ticket": ticket(client, page)}
    first, second = client.post(page, given), client.post(page, given)
    assert Matter.objects.count() == 1
    assert first.headers["Location"] == second.headers["Location"]


def test_other_words_on_a_form_that_was_sent_are_neither_lost_nor_sent_unasked(
    client: Client, page: str
) -> None:
    given = {"title": TITLE, "text": "", "ticket": ticket(client, page)}
    client.post(page, given)
    again = client.post(page, {**given, "title": "菜场门口停满电动车"})
    assert (again.status_code, Matter.objects.count()) == (422, 1)
    assert "菜场门口停满电动车" in again.content.decode()
    renewed = again.context["form"]["ticket"].value()
    client.post(page, {**given, "title": "菜场门口停满电动车", "ticket": renewed})
    assert Matter.objects.count() == 2


@pytest.mark.parametrize(
    "title",
    ["", "   ", "\u200b\u202e\u2066", "\x00\x01", "。", "长" * 61, "请打13812345678", "330106199001011234"],
    ids=["empty", "spaces", "invisible", "control", "sign", "too long", "phone", "identity"],
)
def test_a_bad_sentence_is_turned_away_and_the_text_stays(client: Client, page: str, title: str) -> None:
    status, shown = send(client, page, title=title, text="这一段要留着")
    assert (status, Matter.objects.count()) == (422, 0)
    assert "field__error" in shown
    assert "这一段要留着" in shown


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"text": "长" * 1001}, "1001"),
        ({"text": "打 138-1234-5678 找我"}, "id_text_error"),
        ({"website": "http://spam.example"}, 'role="alert"'),
    ],
)
def test_other_bad_input_is_turned_away_with_its_reason(
    client: Client, page: str, given: dict[str, str], said: str
) -> None:
    status, shown = send(client, page, **given)
    assert (status, Matter.objects.count()) == (422, 0)
    assert said in shown


@pytest.mark.parametrize("bad", ["", "forged:ticket:here"])
def test_a_stale_or_forged_ticket_costs_one_more_press_and_no_text(
    client: Client, page: str, bad: str
) -> None:
    answer = client.post(page, {"title": TITLE, "text": "", "ticket": bad})
    assert (answer.status_code, Matter.objects.count()) == (422, 0)
    assert TITLE in answer.content.decode()
    renewed = answer.context["form"]["ticket"].value()
    assert client.post(page, {"title": TITLE, "text": "", "ticket": renewed}).status_code == 302


def test_markup_is_refused_with_a_clear_word_and_stays_in_the_form_as_letters(
    client: Client, page: str
) -> None:
    ticket = client.get(page).context["form"]["ticket"].value()
    sent = {"title": "<script>alert(1)</script> 路灯", "text": "<img src=x onerror=y>", "ticket": ticket}
    answer = client.post(page, sent)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "不要粘贴网页标签" in shown
    assert "&lt;script&gt;alert(1)" in shown
    assert "<script>alert(1)" not in shown
    assert "<img src=x" not in shown
    assert not Matter.objects.exists()


def test_signs_of_less_and_more_are_no_markup(client: Client, page: str) -> None:
    _status, where = send(client, page, title="费用<3万且>1万可以接受", text="")
    assert "费用&lt;3万且&gt;1万" in client.get(where).content.decode()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("路灯\u202e太暗\u2069", "路灯太暗"),
        ("路\x00灯\x07", "路灯"),
        ("一\r\n二\r三", "一\n二\n三"),
        ("一\n\n\n\n二", "一\n\n二"),
        ("cafe\u0301", "café"),
        ("👨\u200d👩", "👨\u200d👩"),
    ],
)
def test_what_nobody_sees_is_taken_out_of_a_text(typed: str, kept: str) -> None:
    assert plain(typed) == kept


def test_the_eleventh_concern_in_ten_minutes_is_asked_to_wait(client: Client, page: str) -> None:
    for n in range(10):
        assert send(client, page, title=f"第 {n} 件事")[0] == 302
    status, shown = send(client, page, title="第十一件事")
    assert (status, Matter.objects.count()) == (422, 10)
    assert "第十一件事" in shown


def test_venues_are_found_by_a_part_of_their_name(client: Client, cast: Cast) -> None:
    choose = reverse("raise")
    assert cast.venue.name in client.get(choose, {"q": "樟树"}).content.decode()
    assert cast.venue.name not in client.get(choose, {"q": "良渚"}).content.decode()
    assert cast.venue.name in client.get(choose, {"area": "yuhang"}).content.decode()


@pytest.mark.parametrize("name", ["raise_at", "poster"])
def test_a_venue_that_was_closed_takes_nothing_in(client: Client, cast: Cast, name: str) -> None:
    cast.venue.until = SINCE
    cast.venue.save()
    assert client.get(reverse(name, args=[cast.venue.slug])).status_code == 404


def test_the_poster_leads_to_the_form_of_its_venue(client: Client, cast: Cast, page: str) -> None:
    shown = client.get(reverse("poster", args=[cast.venue.slug])).content.decode()
    assert page in shown
    assert "<path d=" in shown


def test_a_clerk_who_writes_it_down_for_another_hands_the_code_over_and_keeps_none(
    client: Client, cast: Cast, page: str
) -> None:
    assert cast.mei.person
    client.force_login(cast.mei.person)
    assert reverse("raise") in client.get(reverse("desk")).content.decode()
    status, where = send(client, page)
    assert status == 302 and SECRETS not in client.cookies
    assert "打印本页" in client.get(where).content.decode()
    code = where.split("/")[2]
    assert client.post(reverse("code"), {"code": code}).status_code == 302 and SECRETS not in client.cookies
    client.logout()
    assert client.post(reverse("code"), {"code": code}).status_code == 302 and SECRETS in client.cookies
