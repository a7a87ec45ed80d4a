"""The front page and the pages around it: right counts, few queries, and nobody's secrets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from camphor.consultations import actions as consultations
from camphor.conversations import actions as talks
from camphor.conversations.models import Conversation
from camphor.matters.models import Matter, Reply
from camphor.people.models import Person

from ..conftest import AT, ON, Cast
from ..story import Story

MOST_QUERIES = 13


@pytest.fixture(autouse=True)
def fixed_day() -> Iterator[None]:
    cache.clear()
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def story(cast: Cast) -> Story:
    return Story(cast)


@pytest.fixture
def running(story: Story) -> Story:
    """A consultation with a conversation, a session, an answer and a promise that is overdue."""
    plan, _concern, _twin = story.consultation()
    story.conversation(plan)
    story.session(plan)
    story.answer(story.recommendation(plan), promised_on=ON - timedelta(days=1))
    return story


def test_the_empty_front_page_says_what_to_do(client: Client, cast: Cast) -> None:
    answer = client.get(reverse("front"))
    assert answer.status_code == 200
    assert answer.context["promises"] == {"due": 0, "overdue": 0, "kept": 0}
    assert reverse("raise") in answer.content.decode()


def test_the_front_page_counts_from_the_database(client: Client, running: Story) -> None:
    answer = client.get(reverse("front"))
    assert answer.context["running"] == 1
    assert answer.context["promises"] == {"due": 0, "overdue": 1, "kept": 0}
    shown = answer.content.decode()
    for text in ("樟荫社区加装电梯", "公布分摊办法", "关于加装电梯的建议", "?list=overdue"):
        assert text in shown


def test_the_front_page_offers_the_vote_first(client: Client, running: Story) -> None:
    going = client.get(reverse("front")).context["going"]
    assert [way.url.split("/")[1] for way in going[0].ways] == ["talk", "talk"]


def test_a_session_to_come_is_offered(client: Client, story: Story, cast: Cast) -> None:
    plan, _concern, _twin = story.consultation()
    starts = AT + timedelta(days=3)
    consultations.make(
        plan, "meet", by=cast.mei, at=AT, title="电梯协商会", starts_at=starts, venue=cast.venue
    )
    ways = client.get(reverse("front")).context["going"][0].ways
    assert [way.icon for way in ways] == ["people"]


def test_the_front_page_takes_few_queries_however_much_goes_on(
    client: Client, running: Story, cast: Cast
) -> None:
    for n in range(5):
        plan = consultations.draft(
            title=f"第 {n} 项",
            text="",
            body=cast.hall,
            venue=cast.venue,
            method="five_step",
            begins_on=ON,
            concerns=[Matter.objects.filter(kind="concern")[0]],
            by=cast.mei,
            at=AT,
        )
        consultations.make(plan, "begin", by=cast.mei, at=AT)
    ContentType.objects.clear_cache()
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(reverse("front"))
    assert answer.context["running"] == 6
    assert len(queries) <= MOST_QUERIES, [query["sql"][:90] for query in queries]


def test_public_pages_give_away_no_code_contact_name_or_unread_text(
    client: Client, running: Story, cast: Cast
) -> None:
    Reply.objects.update(contact="13800000000")
    Matter.objects.filter(kind="concern").update(text="只有经办人能看的内容")
    promise = Matter.objects.get(kind="promise")
    pages = [reverse(name) for name in ("front", "raise", "code", "promises", "consultations", "feedback")]
    pages += [reverse("promises") + "?list=overdue", reverse("promise", args=[promise.pk])]
    digests = list(Matter.objects.exclude(code_digest="").values_list("code_digest", flat=True))
    Person.objects.update(name="不外传的姓名")
    secret = [
        "13800000000",
        "只有经办人能看的内容",
        "云岫",
        "柏然",
        "不外传的姓名",
        cast.lin_code,
        cast.wen_code,
    ]
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200
        text = answer.content.decode()
        assert not [word for word in [*secret, *digests] if word in text], page


@pytest.mark.parametrize(("area", "found"), [("", True), ("yuhang", True)])
def test_consultations_are_listed_by_district(client: Client, running: Story, area: str, found: bool) -> None:
    shown = client.get(reverse("consultations"), {"area": area}).content.decode()
    assert ("樟荫社区加装电梯" in shown) == found
    finished = client.get(reverse("consultations"), {"area": area, "list": "finished"})
    assert "樟荫社区加装电梯" not in finished.content.decode()


def test_a_district_that_is_not_there_is_not_found(client: Client, cast: Cast) -> None:
    assert client.get(reverse("consultations"), {"area": "nowhere"}).status_code == 404


def test_a_draft_is_in_no_public_list(client: Client, story: Story, cast: Cast) -> None:
    consultations.draft(
        title="还没开始", text="", body=cast.hall, method="five_step", begins_on=ON, concerns=[],
        by=cast.mei, at=AT,
    )  # fmt: skip
    for name in ("front", "consultations"):
        assert "还没开始" not in client.get(reverse(name)).content.decode()


@pytest.mark.parametrize(
    ("wanted", "where"),
    [
        ("/promises/", "/promises/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_large_type_leads_back_within_the_site_only(
    client: Client, cast: Cast, wanted: str, where: str
) -> None:
    answer = client.post(reverse("elder"), {"on": "1", "next": wanted})
    assert answer.headers["Location"] == where
    assert 'class="elder"' in client.get(reverse("front")).content.decode()
    client.post(reverse("elder"), {"on": "0", "next": wanted})
    assert 'class="elder"' not in client.get(reverse("front")).content.decode()


def test_the_switch_of_the_type_is_no_link(client: Client, cast: Cast) -> None:
    assert client.get(reverse("elder")).status_code == 405


def test_an_address_that_leads_nowhere_says_so_calmly(client: Client, cast: Cast) -> None:
    answer = client.get("/nowhere/at/all/")
    assert answer.status_code == 404
    assert reverse("front") in answer.content.decode()


@pytest.mark.parametrize("name", ["account_login", "feedback", "raise", "code"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_for_everybody_open_in_both_languages(
    client: Client, cast: Cast, name: str, language: str
) -> None:
    client.cookies["django_language"] = language
    answer = client.get(reverse(name))
    assert answer.status_code == 200
    assert f'lang="{language.lower()}"' in answer.content.decode().lower()


def test_the_first_screen_counts_where_one_can_vote(client: Client, running: Story, cast: Cast) -> None:
    assert client.get(reverse("front")).context["votable"] == 1
    talk = Conversation.objects.get()
    talks.make(talk, "close", by=cast.mei, at=AT)
    assert client.get(reverse("front")).context["votable"] == 0


def test_the_link_to_say_something_leads_to_the_form(client: Client, running: Story) -> None:
    ways = client.get(reverse("front")).context["going"][0].ways
    address = next(way.url for way in ways if way.icon == "chat")
    assert client.get(address).status_code == 200
    assert 'id="say"' in client.get(address).content.decode()
    talk = Conversation.objects.get()
    old = client.get(reverse("say", args=[talk.pk]))
    assert old.headers["Location"] == address
