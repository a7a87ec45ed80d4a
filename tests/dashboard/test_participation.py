"""Sessions, attendances and members in figures: as of a day, for whom, and without a list of people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from camphor.bodies.models import Body
from camphor.dashboard.participation import taking_part
from camphor.people.actor import Actor
from camphor.trail.models import Entry

from ..conftest import AT, ON, Cast, person
from ..house import House
from ..story import Story

MOST_QUERIES = 9


@pytest.fixture(autouse=True)
def later() -> Iterator[None]:
    with time_machine.travel(AT + timedelta(days=90), tick=False):
        yield


@pytest.fixture
def house(cast: Cast) -> House:
    return House(cast)


def page(actor: Actor, name: str, *args: str, **asked: str) -> str:
    client = Client(headers={"accept-language": "en"})
    assert actor.person
    client.force_login(actor.person)
    answer = client.get(reverse(name, args=args), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def counted(on: date = ON) -> Counter[str]:
    return Counter(fact for row in taking_part(Body.objects.all(), on=on) for fact in row.facts)


def test_a_member_counts_who_proposed_signed_reported_or_came(house: House) -> None:
    joint = house.draft(form="joint")
    asked = [house.an.person, house.hong.person]
    house.do(joint, "invite", house.yun, invited=asked, confirm_by=ON + timedelta(days=3))
    house.do(house.backing(joint, house.an), "confirm", house.an)
    Entry.objects.update(recorded_at=F("at"))
    assert counted() == {}, "what nobody has received counts for nobody"
    house.later(4)  # the day has passed, and Hong has not signed
    house.do(joint, "submit", house.yun)
    Entry.objects.update(recorded_at=F("at"))
    assert counted() == {}, "of the day before it is known nothing"
    assert counted(house.on) == {"proposed": 2, "active": 2}
    text = page(house.qing, "figure", "member_proposals", on=house.on.isoformat())
    assert "2 of 3 members in office" in text


def test_no_page_of_figures_names_a_member(house: House) -> None:
    house.do(house.draft(), "submit", house.yun)
    for part in ("counted", "rest", ""):
        text = page(house.qing, "figure", "member_any", part=part)
        assert "counted here and not listed" in text
        assert not any(name in text for name in ("Yun", "Hong"))


def test_who_comes_to_two_sessions_is_two_attendances_and_one_member(cast: Cast) -> None:
    story = Story(cast)
    plan, _concern, _twin = story.consultation()
    story.session(plan)
    Entry.objects.update(recorded_at=F("at"))
    rows = taking_part(Body.objects.all(), on=ON)
    assert Counter(row.unit for row in rows) == {"session": 1, "attendance": 2, "member": 1}
    assert counted() == {"came": 1, "active": 1}


def test_the_questions_are_as_many_however_much_there_is(house: House, cast: Cast) -> None:
    story = Story(cast)
    plan, _concern, _twin = story.consultation()
    story.session(plan)
    house.filed()
    with CaptureQueriesContext(connection) as few:
        taking_part(Body.objects.all(), on=ON)
    house.filed("第二件", house.an)
    with CaptureQueriesContext(connection) as more:
        taking_part(Body.objects.all(), on=ON)
    assert len(few) == len(more) <= MOST_QUERIES


@pytest.fixture
def zhong(house: House, cast: Cast) -> Actor:
    """The city's clerk: one district filed both of its two proposals, the other did not file its only one."""
    house.filed(), house.filed("第二件", house.an)
    ling = person("ling", cast.stranger.memberships(ON)[0].body, "member")
    cast.district, district = cast.stranger.memberships(ON)[0].body, cast.district
    house.do(house.draft("第三件", ling), "submit", ling)
    cast.district = district
    Entry.objects.update(recorded_at=F("at"))
    return person("zhong", cast.city, "clerk")


def test_each_districts_own_figure_stands_beside_a_sum_that_is_no_sum_of_rates(zhong: Actor) -> None:
    text = page(zhong, "guided_figure", "filing")
    assert "2 of 3 proposals received were filed." in text
    for told in ("余杭区政协", "100%", "桐庐县政协", "0%", "66.7%"):
        assert told in text
    assert "50%" not in text, "a mean of two rates is no rate"


def test_who_guides_sees_sums_and_no_rows_of_those_guided(zhong: Actor) -> None:
    for text in (page(zhong, "guided_figures"), page(zhong, "guided_figure", "filing")):
        assert "停车" not in text and "第三件" not in text
    sheet = page(zhong, "guided_sheet")
    filing = [line.split(",") for line in sheet.splitlines() if "Filing rate" in line and "Filed" in line]
    assert [(line[2], line[4], line[5]) for line in filing] == [
        ("余杭区政协", "2", "2"),
        ("桐庐县政协", "0", "1"),
        ("Sum", "2", "3"),
    ]


def test_who_guides_nobody_is_refused(house: House, cast: Cast) -> None:
    for actor in (house.qing, cast.bo, house.yun):
        client = Client()
        assert actor.person
        client.force_login(actor.person)
        for name, args in (
            ("guided_figures", []),
            ("guided_sheet", []),
            ("guided_excel", []),
            ("guided_figure", ["filing"]),
        ):
            assert client.get(reverse(name, args=args)).status_code == 403
