"""The lists of the desk stay quick however long they are."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from camphor.conversations.models import Conversation, Statement
from camphor.dashboard.nouns import nouns
from camphor.matters.models import Assignment, Matter
from camphor.search.indexing import catch_up

from ..conftest import AT, ON, Cast
from ..story import Story

MOST_QUERIES = 12
ASKED: tuple[dict[str, str], ...] = ({}, {"state": "overdue"}, {"q": "电梯 分摊"}, {"page": "2"})


@pytest.fixture
def story(cast: Cast) -> Story:
    told = Story(cast, at=timezone.now())
    told.whole()
    return told


def queries(client: Client, noun: str, asked: dict[str, str]) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(reverse("desk_list", args=[noun]), asked).status_code == 200
    return len(seen)


def lengthen(cast: Cast, rows: int) -> None:
    """Many more matters of each kind, assignments and statements."""
    for kind, state in (("concern", "accepted"), ("recommendation", "assigned"), ("promise", "given")):
        Matter.objects.bulk_create(
            Matter(
                kind=kind, state=state, title=f"电梯费用的分摊{n}", body=cast.hall, raised_at=AT,
                owed_by=cast.housing if kind == "promise" else None, due_on=ON,
            )
            for n in range(rows)
        )  # fmt: skip
    Assignment.objects.bulk_create(
        Assignment(matter=one, handler=cast.housing, part="lead", state="given", given_at=AT)
        for one in Matter.objects.filter(kind="recommendation", assignments=None)
    )
    talk = Conversation.objects.earliest("pk")
    Statement.objects.bulk_create(
        Statement(conversation=talk, number=100 + n, text="电梯费用应当分摊", state="accepted", said_at=AT)
        for n in range(rows)
    )


def test_a_list_takes_few_queries_and_no_more_when_it_is_long(story: Story, client: Client) -> None:
    catch_up()  # so that what had happened is indexed before anybody searches
    for who in (story.cast.mei, story.cast.bo):
        assert who.person
        client.force_login(who.person)
        short = {(noun.name, n): queries(client, noun.name, ASKED[n]) for noun in nouns() for n in range(4)}
        assert max(short.values()) <= MOST_QUERIES, short
    lengthen(story.cast, 60)
    for noun in ("concerns", "recommendations", "promises", "assignments", "statements"):
        for asked in ASKED:
            assert queries(client, noun, asked) <= MOST_QUERIES, (noun, asked)


def test_a_list_is_in_its_order_page_after_page(story: Story, client: Client) -> None:
    lengthen(story.cast, 60)
    assert story.cast.mei.person
    client.force_login(story.cast.mei.person)
    for noun in ("concerns", "assignments"):
        shown: list[int] = []
        page = 1
        while True:
            got = client.get(reverse("desk_list", args=[noun]), {"page": page}).context["page"]
            shown += [thing.pk for thing in got]
            if not got.has_next():
                break
            page = got.next_page_number()
        found = next(one for one in nouns() if one.name == noun)
        assert shown == [thing.pk for thing in found.rows(story.cast.mei, timezone.localdate())]
        assert len(shown) > 60
