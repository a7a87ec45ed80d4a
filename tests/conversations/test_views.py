"""The ballot, statements, and the map, as a browser without JavaScript sees them."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from camphor.conversations import actions, maps
from camphor.conversations.models import Conversation, Participant, Statement, Vote
from camphor.people.actor import digest

from ..conftest import AT, Cast

SEEDS = [f"第 {n} 种看法" for n in range(1, 10)]


@pytest.fixture
def talk(cast: Cast) -> Conversation:
    conversation = actions.prepare(
        title="电梯怎么装？", text="", body=cast.hall, seeds=SEEDS, by=cast.mei, at=AT
    )
    actions.make(conversation, "open", by=cast.mei, at=AT)
    return conversation


def card(page: str) -> dict[str, str]:
    """What the form on the card would send."""
    return dict(re.findall(r'name="(statement|key)" value="(\w+)"', page))


def ballot(client: Client, talk: Conversation) -> dict[str, str]:
    return card(client.get(reverse("talk", args=[talk.pk])).content.decode())


def cast_vote(client: Client, talk: Conversation, sent: dict[str, str], choice: str = "agree") -> int:
    return client.post(reverse("talk", args=[talk.pk]), {**sent, "choice": choice}).status_code


def test_somebody_votes_through_all_cards_without_javascript(talk: Conversation) -> None:
    client = Client()
    seen = set()
    for _card in SEEDS:
        sent = ballot(client, talk)
        seen.add(sent["statement"])
        assert cast_vote(client, talk, sent) == 303
    assert len(seen) == len(SEEDS) == Vote.objects.count()
    assert "全部观点表态" in client.get(reverse("talk", args=[talk.pk])).content.decode()
    assert Participant.objects.count() == 1


def test_a_ballot_sent_twice_counts_once(talk: Conversation) -> None:
    client = Client()
    sent = ballot(client, talk)
    assert [cast_vote(client, talk, sent), cast_vote(client, talk, sent)] == [303, 303]
    assert Vote.objects.count() == 1


def test_of_two_tabs_on_one_statement_the_last_vote_counts(talk: Conversation) -> None:
    client = Client()
    first = ballot(client, talk)
    second = {**first, "key": "another"}
    cast_vote(client, talk, first, "agree")
    cast_vote(client, talk, second, "disagree")
    assert Participant.objects.count() == 1
    assert Vote.objects.order_by("pk").values_list("value", flat=True).last() == -1


def test_the_cookie_comes_with_the_page_so_that_two_first_votes_are_of_one_participant(
    talk: Conversation,
) -> None:
    page = Client().get(reverse("talk", args=[talk.pk]))
    assert page.cookies["camphor_participant"]["httponly"]
    assert not Participant.objects.exists()


def test_without_a_cookie_no_vote_is_counted_and_it_is_said(talk: Conversation) -> None:
    client = Client()
    sent = {"statement": str(talk.statements.all()[0].pk), "key": "k", "choice": "agree"}
    page = client.post(reverse("talk", args=[talk.pk]), sent, follow=True).content.decode()
    assert "Cookie" in page
    assert not Vote.objects.exists()


@pytest.mark.parametrize(
    "sent",
    [
        {"choice": "agree"},
        {"choice": "maybe", "key": "k"},
        {"choice": "agree", "key": "k", "statement": "0"},
        {"choice": "agree", "key": "k", "statement": "1' OR 1=1"},
        {"choice": "agree", "key": "k", "statement": "9" * 400},
    ],
)
def test_a_ballot_that_cannot_be_read_counts_nothing(talk: Conversation, sent: dict[str, str]) -> None:
    client = Client()
    ballot(client, talk)
    assert client.post(reverse("talk", args=[talk.pk]), sent).status_code == 303
    assert not Vote.objects.exists()


def test_after_the_close_the_page_says_so_and_counts_nothing(talk: Conversation, cast: Cast) -> None:
    client = Client()
    sent = ballot(client, talk)
    actions.make(talk, "close", by=cast.mei, at=timezone.now())
    page = client.post(reverse("talk", args=[talk.pk]), {**sent, "choice": "agree"}, follow=True)
    assert "没有计入" in page.content.decode()
    assert not Vote.objects.exists()


def test_a_statement_waits_to_be_read_and_its_author_sees_the_reason_and_nobody_else(
    talk: Conversation, cast: Cast
) -> None:
    author, other, address = Client(), Client(), reverse("talk", args=[talk.pk])
    author.get(address)
    author.post(reverse("say", args=[talk.pk]), {"text": "请问什么时候动工呢？"})
    statement = Statement.objects.get(seed=False)
    assert statement.state == "pending"
    pending = {"statement": str(statement.pk), "key": "k", "choice": "agree"}
    assert cast_vote(author, talk, pending) == 303
    assert not Vote.objects.exists()
    actions.make(statement, "reject", by=cast.mei, at=AT, statement_reason="question", remark="")
    assert "疑问句" in author.get(address).content.decode()
    assert "动工" not in other.get(address).content.decode()


@pytest.mark.parametrize(
    ("typed", "kept"), [("看\u202e反过来的观点", "看反过来的观点"), ("零\x00字符\n的观点", "零字符 的观点")]
)
def test_characters_that_nobody_sees_are_left_out_of_a_statement(
    talk: Conversation, typed: str, kept: str
) -> None:
    client = Client()
    client.get(reverse("talk", args=[talk.pk]))
    assert client.post(reverse("say", args=[talk.pk]), {"text": typed}).status_code == 303
    assert Statement.objects.get(seed=False).text == kept


@pytest.mark.parametrize("text", ["", "短", "长" * 141, "<b>粗的观点</b>"])
def test_a_statement_that_cannot_be_taken_stays_in_the_form(talk: Conversation, text: str) -> None:
    client = Client()
    client.get(reverse("talk", args=[talk.pk]))
    page = client.post(reverse("say", args=[talk.pk]), {"text": text})
    assert page.status_code == 422
    assert page.context["form"]["text"].value() == text
    assert not Statement.objects.filter(seed=False).exists()


def test_a_prepared_conversation_is_not_to_be_found(cast: Cast) -> None:
    hidden = actions.prepare(title="?", text="", body=cast.hall, seeds=SEEDS, by=cast.mei, at=AT)
    for name in ("talk", "talk_map", "talk_statements"):
        assert Client().get(reverse(name, args=[hidden.pk])).status_code == 404


def crowd(talk: Conversation, people: int, *, camps: int) -> None:
    """People in one or two camps, or in none, each agreeing with a little more than the one before.

    Two camps agree on every third statement alone.
    """
    shown = list(talk.statements.shown())
    for one in range(people):
        participant = actions.join(talk, digest(str(one)), at=AT)
        for place, statement in enumerate(shown):
            apart = camps == 2 and one % 2 and place % 3
            if camps == 0:
                apart = place * people >= one * len(shown)
            value = -1 if apart else 1
            if (one + place) % 7 == 0:
                value = 0
            actions.vote(
                talk, participant=participant, statement=statement, value=value, key=str(place), at=AT
            )


def test_the_map_says_when_there_are_too_few_votes(talk: Conversation) -> None:
    crowd(talk, 3, camps=2)
    page = Client().get(reverse("talk_map", args=[talk.pk]))
    assert page.status_code == 200
    assert "参与人数还不够" in page.content.decode()


def test_the_map_shows_two_groups_what_they_share_and_what_divides(talk: Conversation) -> None:
    crowd(talk, 30, camps=2)
    page = Client().get(reverse("talk_map", args=[talk.pk]))
    assert [len(group["speaks"]) > 0 for group in page.context["groups"]] == [True, True]
    shared = {row.statement.number for row in page.context["shared"]}
    divided = {row.statement.number for row in page.context["dividing"]}
    assert shared == {1, 4, 7}
    assert divided == {2, 3, 5, 6, 8, 9}


def test_the_map_never_names_a_participant(talk: Conversation) -> None:
    crowd(talk, 30, camps=2)
    page = Client().get(reverse("talk_map", args=[talk.pk])).content.decode()
    assert not any(participant.digest in page for participant in Participant.objects.all())


def test_the_map_is_new_after_a_vote_and_after_moderation_and_else_the_same(
    talk: Conversation, cast: Cast
) -> None:
    crowd(talk, 12, camps=2)
    before = maps.current(talk, at=AT)
    assert maps.current(talk, at=AT) == before
    assert talk.maps.count() == 1
    late = actions.join(talk, digest("late"), at=AT)
    actions.vote(talk, participant=late, statement=talk.statements.all()[0], value=1, key="a", at=AT)
    assert maps.current(talk, at=AT).votes == before.votes + 1
    first = talk.statements.all()[0]
    actions.make(first, "reject", by=cast.mei, at=AT, statement_reason="off_topic", remark="")
    drawn = maps.current(talk, at=AT)
    assert first.pk not in {row.statement for row in drawn.counted}


def test_the_map_says_how_sure_it_is_and_what_it_cannot_say(talk: Conversation) -> None:
    crowd(talk, 60, camps=2)
    page = Client().get(reverse("talk_map", args=[talk.pk]))
    text = page.content.decode()
    assert page.context["map"].evidence.separate
    assert "分成 2 个不同的群体" in page.context["says"]
    assert "不是全体居民的抽样" in text
    for row in page.context["shared"]:
        assert re.search(r"每 100 人中 \d+ 至 \d+ 人", row.says) and "票改变" in row.margin
    assert re.search(r"多数人不?同意.*则不然.*相差 \d+ 个百分点", page.context["dividing"][0].says)


def test_where_there_are_no_camps_the_map_speaks_of_regions(talk: Conversation) -> None:
    crowd(talk, 12, camps=0)
    page = Client().get(reverse("talk_map", args=[talk.pk]))
    assert not page.context["map"].evidence.separate
    assert "没有分成不同的群体" in page.context["says"] and "参与的人还少" in page.context["says"]
    assert {group["name"] for group in page.context["groups"]} <= {"A 端", "B 端"}


def test_where_all_are_alike_nothing_is_said_of_groups(talk: Conversation) -> None:
    crowd(talk, 20, camps=1)
    page = Client().get(reverse("talk_map", args=[talk.pk]))
    assert len(page.context["groups"]) == 1 and "没有分出不同群体" in page.context["says"]
    assert len(page.context["shared"]) > 0 and page.context["shared"][0].groups == ()
    assert 'id="groups"' not in page.content.decode() and 'id="picture"' in page.content.decode()


def test_while_votes_come_in_counts_are_rounded_and_afterwards_they_are_not(
    talk: Conversation, cast: Cast
) -> None:
    crowd(talk, 33, camps=2)
    address = reverse("talk_map", args=[talk.pk])
    assert Client().get(address).context["figures"]["people"] == "30+"
    actions.make(talk, "close", by=cast.mei, at=timezone.now())
    assert Client().get(address).context["figures"]["people"] == "33"


def test_only_the_visitor_sees_where_he_stands_and_his_next_vote_moves_him_at_once(
    talk: Conversation,
) -> None:
    crowd(talk, 30, camps=2)
    maps.current(talk, at=AT)
    client, address = Client(), reverse("talk_map", args=[talk.pk])
    assert "map__you" not in client.get(address).content.decode()
    places = []
    for _vote in range(3):
        cast_vote(client, talk, ballot(client, talk))
        places.append(client.get(address).context["plot"]["here"])
    assert all(places) and places[0] != places[1] != places[2]
    assert "map__you" not in Client().get(address).content.decode()


def test_a_page_that_looks_again_gets_nothing_until_there_is_something_new(talk: Conversation) -> None:
    crowd(talk, 12, camps=2)
    client, address = Client(), reverse("talk_map", args=[talk.pk])
    first = client.get(address)
    assert "data-live" in first.content.decode()
    look = {"HX-Request": "true", "If-None-Match": first.context["etag"]}
    assert client.get(address, headers=look).status_code == 304
    someone = actions.join(talk, digest("late"), at=AT)
    actions.vote(talk, participant=someone, statement=talk.statements.all()[0], value=1, key="a", at=AT)
    again = client.get(address, headers=look)
    assert again.status_code == 200 and "<html" not in again.content.decode()
    assert again.context["map"].participants == 13


def test_a_closed_conversation_is_not_looked_at_again(talk: Conversation, cast: Cast) -> None:
    crowd(talk, 12, camps=2)
    actions.make(talk, "close", by=cast.mei, at=timezone.now())
    assert "data-live" not in Client().get(reverse("talk_map", args=[talk.pk])).content.decode()


def test_the_list_of_statements_asks_a_fixed_number_of_questions(
    talk: Conversation, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        Client().get(reverse("talk_statements", args=[talk.pk]))


def test_who_has_only_written_a_statement_is_not_counted_among_those_who_voted(talk: Conversation) -> None:
    writer, voter = Client(), Client()
    cast_vote(voter, talk, ballot(voter, talk))
    writer.get(reverse("talk", args=[talk.pk]))
    writer.post(reverse("say", args=[talk.pk]), {"text": "井道的位置请画出来"})
    assert talk.participants.count() == 2
    assert voter.get(reverse("talk", args=[talk.pk])).context["people"] == 1
