"""A recommendation is written from the statements that all groups share, and says so in public."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from camphor.consultations.line import line_of_consultation
from camphor.consultations.models import Consultation
from camphor.consultations.support import shared_statements, support_of
from camphor.conversations import actions as conversations
from camphor.conversations.models import Conversation
from camphor.matters import actions as matters
from camphor.matters.models import Matter
from camphor.people.actor import digest

from ..conftest import Cast
from ..story import Story

SHARED = "先看样板楼再决定"


@pytest.fixture
def story(cast: Cast) -> Story:
    return Story(cast, at=timezone.now())


def voted(story: Story, plan: Consultation) -> Conversation:
    """Two camps of twelve, who differ on the first two statements and share the third."""
    talk = story.conversation(plan)
    for one in range(24):
        someone = conversations.join(talk, digest(f"camp {one}"), at=story.at)
        for place, statement in enumerate(talk.statements.all()):
            value = 1 if place == 2 else (1 if one % 2 else -1) * (-1 if place else 1)
            conversations.vote(
                talk, participant=someone, statement=statement, value=value, key=str(place), at=story.at
            )
    return talk


def test_the_form_begins_with_the_shared_statements_and_the_page_shows_what_it_rests_on(
    story: Story, cast: Cast
) -> None:
    plan, _concern, _twin = story.consultation()
    talk = voted(story, plan)
    shared = talk.statements.get(text=SHARED)
    assert [one.statement for one in shared_statements(plan, at=story.at)] == [shared]
    client = Client()
    assert cast.mei.person is not None
    client.force_login(cast.mei.person)
    address = reverse("desk_move", args=["consultations", plan.pk, "recommend"])
    form = client.get(address).context["form"]
    assert form["items"].initial == SHARED and form["statements"].initial == [str(shared.pk)]
    sent = {"title": "关于电梯的建议", "items": "组织参观样板楼", "statements": [shared.pk]}
    assert client.post(address, sent).status_code == 302
    matter = Matter.objects.get(kind="recommendation")
    matters.make(matter, "issue", by=cast.mei, at=story.at)
    (rests,) = support_of(matter, at=story.at)
    assert (rests.statement, rests.agrees, rests.percent) == (shared, True, 100)
    assert [percent for _letter, percent in rests.groups] == [100, 100]
    page = Client().get(reverse("recommendation", args=[matter.pk])).content.decode()
    assert "依据的共识" in page and SHARED in page
    assert any(
        "依据 1 条共识观点" in node.text for node in line_of_consultation(plan, on=timezone.localdate())
    )


def test_a_statement_that_is_not_shared_can_not_be_slipped_in(story: Story, cast: Cast) -> None:
    plan, _concern, _twin = story.consultation()
    talk = voted(story, plan)
    client = Client()
    assert cast.mei.person is not None
    client.force_login(cast.mei.person)
    divided = talk.statements.exclude(text=SHARED)[0]
    address = reverse("desk_move", args=["consultations", plan.pk, "recommend"])
    sent = {"title": "关于电梯的建议", "items": "组织参观样板楼", "statements": [divided.pk]}
    assert client.post(address, sent).status_code == 422
    assert not Matter.objects.filter(kind="recommendation").exists()


def test_without_votes_a_recommendation_is_written_all_the_same(story: Story, cast: Cast) -> None:
    plan, _concern, _twin = story.consultation()
    story.conversation(plan)
    assert shared_statements(plan, at=story.at) == []
    matter = story.recommendation(plan)
    assert support_of(matter, at=story.at) == []
