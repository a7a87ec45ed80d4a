"""The cast: a city and its district, the hall that meets people, two departments, and the people in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.utils import translation
from hypothesis import settings as hypothesis_settings
from pytest_django import Settings

from camphor.bodies.actions import found
from camphor.bodies.models import Area, Body, Venue
from camphor.conversations import actions as conversations
from camphor.conversations.models import Conversation
from camphor.kit import kept
from camphor.people.actor import Actor, digest
from camphor.people.models import Membership, Person

hypothesis_settings.register_profile("camphor", deadline=None)  # a busy machine is no failure
hypothesis_settings.load_profile("camphor")

SINCE = date(2026, 1, 1)
AT = datetime(2026, 9, 7, 2, tzinfo=UTC)  # a Monday morning in Hangzhou
ON = date(2026, 9, 7)


@pytest.fixture(autouse=True)
def maps_at_once(settings: Settings) -> None:
    """A map is drawn where it is asked for: no thread looks at the database of a test."""
    settings.MAPS_IN_BACKGROUND = False


@pytest.fixture(autouse=True)
def in_chinese() -> None:
    """A page that an earlier test asked for in English leaves its language behind in the thread."""
    translation.activate("zh-hans")


@pytest.fixture(autouse=True)
def no_page_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test sees what it has just changed; tests/kit/test_kept.py keeps pages on purpose."""
    monkeypatch.setattr(kept, "SECONDS", 0.0)


@dataclass
class Cast:
    """The bodies, and those who act, each by the name that docs and demo use as well."""

    city: Body
    district: Body  # guided by the city
    hall: Body  # part of the district; owns the venue
    housing: Body  # the department that leads
    power: Body  # the unit that assists
    venue: Venue
    lin: Actor  # a resident without an account, known by her code
    lin_code: str
    wen: Actor  # her neighbour
    wen_code: str
    mei: Actor  # clerk of the hall
    bo: Actor  # officer of the housing department
    rui: Actor  # officer of the power supply
    yun: Actor  # committee member
    stranger: Actor  # clerk of another district


def signed_in(actor: Actor, language: str = "zh-hans") -> Client:
    """The browser of somebody who has an account."""
    client = Client(headers={"accept-language": language})
    assert actor.person is not None
    client.force_login(actor.person)
    return client


def person(username: str, body: Body, role: str) -> Actor:
    made = Person.objects.create(username=username, name=username.capitalize())
    Membership.objects.create(person=made, body=body, role=role, since=SINCE)
    return Actor(made)


@pytest.fixture
def cast(db: None) -> Cast:
    area = Area.objects.create(name="余杭区", tier="district", slug="yuhang", since=SINCE)
    city = found(name="杭州市政协", slug="city", kind="committee_city", since=SINCE)
    district = found(
        name="余杭区政协", slug="district", kind="committee_district", since=SINCE, guided_by=city
    )
    hall = found(name="余杭街道民生议事堂", slug="hall", kind="platform", since=SINCE, part_of=district)
    other = found(name="桐庐县政协", slug="other", kind="committee_district", since=SINCE, guided_by=city)
    housing = found(name="余杭区住房和城乡建设局", slug="housing", kind="department", since=SINCE)
    power = found(name="供电公司", slug="power", kind="department", since=SINCE)
    venue = Venue.objects.create(
        name="樟树下议事",
        slug="zhangshuxia",
        body=hall,
        area=area,
        platform="station",
        type="community",
        since=SINCE,
    )
    return Cast(
        city=city,
        district=district,
        hall=hall,
        housing=housing,
        power=power,
        venue=venue,
        lin=Actor(digests=frozenset({digest("KXMT27QP4ZHR")})),
        lin_code="KXMT27QP4ZHR",
        wen=Actor(digests=frozenset({digest("WQ8N5BHT6ZKC")})),
        wen_code="WQ8N5BHT6ZKC",
        mei=person("mei", hall, "clerk"),
        bo=person("bo", housing, "officer"),
        rui=person("rui", power, "officer"),
        yun=person("yun", district, "member"),
        stranger=person("stranger", other, "clerk"),
    )


@pytest.fixture
def kept_long(cast: Cast, no_page_is_kept: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Pages are kept, so long that a slow machine does not forget within a test."""
    monkeypatch.setattr(kept, "SECONDS", 600.0)
    kept.forget()
    yield
    kept.forget()


@pytest.fixture
def talk(cast: Cast) -> Conversation:
    """A conversation that is open for votes, with two statements."""
    made = conversations.prepare(
        title="电梯怎么装？", text="", body=cast.hall, seeds=["先装", "再装"], by=cast.mei, at=AT
    )
    conversations.make(made, "open", by=cast.mei, at=AT)
    return made
