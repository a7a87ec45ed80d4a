"""What the public pages of a consultation and of a session tell in figures."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from django.db.models import F
from django.test import Client
from django.urls import reverse

from camphor.activities import actions as activities
from camphor.kit.panel import Fact
from camphor.trail.models import Entry

from ..conftest import AT, ON, Cast
from ..story import Story


def panel_of(name: str, pk: int) -> dict[str, Fact]:
    page = Client(headers={"accept-language": "en"}).get(reverse(name, args=[pk]))
    assert all(fact.note in page.content.decode() for fact in page.context["panel"])
    return {fact.label: fact for fact in page.context["panel"]}


def test_a_consultation_tells_who_took_part_and_how_it_was_answered(cast: Cast) -> None:
    story = Story(cast)
    plan, _concern, _twin = story.consultation()
    Entry.objects.update(recorded_at=F("at"))
    with time_machine.travel(AT + timedelta(hours=1), tick=False):
        assert {name: fact.number for name, fact in panel_of("consultation", plan.pk).items()} == {
            "Residents who asked": "2",
            "Days to the first word": "0 days",
        }
    story.session(plan)
    matter = story.recommendation(plan)
    story.later(10)
    story.answer(matter, promised_on=ON + timedelta(days=20))
    Entry.objects.update(recorded_at=F("at"))
    with time_machine.travel(AT + timedelta(days=40), tick=False):
        told = panel_of("consultation", plan.pk)
    assert (told["Attendances"].number, told["On-time rate"].number) == ("2", "100%")
    assert told["On-time rate"].note == "1 of 1 answer came by the day that was given or granted."
    assert told["Days to the answer"].number == "10 days"
    assert told["Grades item by item"].number == "2"
    assert (told["Promises kept"].number, told["Promises kept"].note[:6]) == ("0%", "0 of 1")


def test_a_session_tells_who_came_and_how_long_before_people_were_told(cast: Cast) -> None:
    story = Story(cast)
    plan, _concern, _twin = story.consultation()
    meeting = story.session(plan)
    told = panel_of("activity", meeting.pk)
    assert told["Came"] == Fact("Came", "2", "2 of 2 who were invited")
    assert told["Invited before"].number == "0 days" and "shorter" in told["Invited before"].note
    assert (told["Dissent"].number, told["Confirmed the minutes"].number) == ("1", "2")
    assert told["Units"].number == "1"


def test_before_anybody_came_a_session_tells_no_figures(cast: Cast) -> None:
    planned = activities.plan(title="会", starts_at=AT, body=cast.hall, venue=cast.venue, by=cast.mei, at=AT)
    assert panel_of("activity", planned.pk) == {}
