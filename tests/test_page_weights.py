"""What each public page costs: questions to the database, requests, and kilobytes as a browser takes them."""

from __future__ import annotations

import gzip
import re
from datetime import date
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from camphor.consultations.models import Consultation
from camphor.people.models import Person

from .conftest import AT, Cast
from .test_pages import EXPECTED, sample  # noqa: F401 - a fixture

BUDGETS: dict[str, tuple[int, int]] = {
    # name of the address: the most queries, and the most kB compressed at the first visit
    "front": (12, 60),
    "raise": (12, 60),
    "raise_at": (12, 60),
    "poster": (12, 60),
    "code": (12, 60),
    "mine": (53, 60),  # this and the two below tell a whole line: a query for each step of it
    "promises": (12, 60),
    "proposals": (12, 60),
    "public_figures": (12, 60),
    "promise": (49, 60),
    "consultations": (12, 60),
    "consultation": (66, 60),  # the whole line of a consultation, each thing with its moves, and its figures
    "recommendation": (35, 60),
    "activity": (16, 60),
    "door": (12, 60),
    "talk": (8, 60),
    "talk_next": (8, 2),
    "talk_map": (20, 60),
    "talk_statements": (8, 60),
    "search": (12, 60),
    "feedback": (16, 60),
    "account_login": (12, 60),
    "healthz": (0, 1),
    "readyz": (6, 1),
    "metrics": (6, 20),
}
DESKS = {"mei": 22, "bo": 15, "yun": 9}
"""Of a clerk, an officer and a member: the most queries of the desk."""
MOST_REQUESTS = {"front": 7}  # its picture
ELSE = 6
SHORT = 200
"""Bytes below which compressing saves nothing."""
ASSET = re.compile(r'(?:src|href)="/static/([^"#]+)')


def public() -> set[str]:
    return {name for name, (_what, status) in EXPECTED.items() if status["nobody"] == 200}


def test_every_public_page_has_a_budget() -> None:
    assert public() == set(BUDGETS)


@pytest.mark.parametrize("name", sorted(BUDGETS))
def test_a_page_keeps_within_its_budget(
    cast: Cast,
    sample: dict[str, list[Any]],  # noqa: F811
    name: str,
) -> None:
    address = reverse(name, args=sample[EXPECTED[name][0]])
    Client().get(address)  # what is read once for all is read now
    with CaptureQueriesContext(connection) as asked:
        page = Client(headers={"Accept-Encoding": "gzip"}).get(address)
    packed = page.get("Content-Encoding") == "gzip"
    text = gzip.decompress(page.content) if packed else page.content
    assert packed or len(text) < SHORT
    assets = set(ASSET.findall(text.decode()))
    weight = len(page.content) + sum(_weight(path) for path in assets)
    queries, kilobytes = BUDGETS[name]
    assert len(asked) <= queries, [query["sql"] for query in asked.captured_queries]
    assert weight <= kilobytes * 1000 and 1 + len(assets) <= MOST_REQUESTS.get(name, ELSE), (weight, assets)


@pytest.mark.parametrize("who", sorted(DESKS))
def test_the_desk_keeps_within_its_budget(
    cast: Cast,
    sample: dict[str, list[Any]],  # noqa: F811
    who: str,
) -> None:
    client = Client()
    client.force_login(Person.objects.get(username=who))
    client.get(reverse("desk"))
    with CaptureQueriesContext(connection) as asked:
        assert client.get(reverse("desk")).status_code == 200
    assert len(asked) <= DESKS[who], [query["sql"] for query in asked.captured_queries]


@pytest.mark.parametrize("path", ["/", "/consultations/", "/consultations/?list=running"])
def test_a_long_list_takes_no_more_queries_than_a_short_one(cast: Cast, path: str) -> None:
    def asked_with(consultations: int) -> int:
        for n in range(consultations):
            plan = Consultation.objects.create(
                title=f"{n}", body=cast.hall, venue=cast.venue, method="x", method_label="x",
                drafted_at=AT, state="running",
            )  # fmt: skip
            for place in range(1, 8):
                day = date(2026, 9, place)
                plan.stages.create(place=place, kind="talk", label="x", opens_on=day, closes_on=day)
        Client().get(path)
        with CaptureQueriesContext(connection) as asked:
            assert Client().get(path).status_code == 200
        return len(asked)

    assert asked_with(1) == asked_with(30) <= 12


def _weight(path: str) -> int:
    found = finders.find(path)
    assert isinstance(found, str), path
    with open(found, "rb") as file:
        return len(gzip.compress(file.read()))
