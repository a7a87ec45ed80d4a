"""The ballot at a first visit: kept for a second, and yet each visitor's own."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client

from camphor.conversations import actions, decks, first_page
from camphor.conversations.models import Conversation

from ..conftest import AT, Cast

OWN = re.compile(r'(?<=name="csrfmiddlewaretoken" value=")\w+|(?<=name="key" value=")\w+|(?<=nonce=")[^"]+')


@pytest.fixture
def talk(transactional_db: None, cast: Cast) -> Iterator[Conversation]:
    made = actions.prepare(title="电梯怎么装？", text="", body=cast.hall, seeds=["先装"], by=cast.mei, at=AT)
    actions.make(made, "open", by=cast.mei, at=AT)
    decks.forget()
    first_page.forget()
    yield made
    decks.forget()
    first_page.forget()


def page(talk: Conversation, **cookies: str) -> str:
    client = Client()
    client.cookies.load(cookies)
    answer = client.get(f"/talk/{talk.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_kept_page_is_the_page_that_is_made_for_one_visitor(talk: Conversation) -> None:
    made, kept = page(talk, other="1"), page(talk)
    assert OWN.sub("", kept) == OWN.sub("", made)
    assert len(OWN.findall(kept)) == len(OWN.findall(made)) >= 3


def test_nothing_of_one_visitor_is_in_the_page_of_another(talk: Conversation) -> None:
    mine, yours = page(talk), page(talk)
    assert mine != yours and not set(OWN.findall(mine)) & set(OWN.findall(yours))


def test_a_vote_from_the_kept_page_counts(talk: Conversation) -> None:
    client = Client(enforce_csrf_checks=True)
    text = client.get(f"/talk/{talk.pk}/").content.decode()
    ballot = text[text.index("data-ballot") :]
    sent = {
        name: re.search(rf'name="{name}" value="(\w+)"', ballot)[1]  # type: ignore[index]
        for name in ("csrfmiddlewaretoken", "statement", "key")
    }
    assert client.post(f"/talk/{talk.pk}/", {**sent, "choice": "agree"}).status_code == 303
    assert talk.votes.count() == 1
