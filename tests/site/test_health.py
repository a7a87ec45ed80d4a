"""Health and numbers: what machines ask, and what they are told."""

from __future__ import annotations

import shutil
from collections import namedtuple
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError, connection
from django.test import Client
from pytest_django import Settings

from camphor.site import health
from camphor.site.outage import error as server_error

Usage = namedtuple("Usage", "total used free")


def test_a_living_process_says_so_without_its_database(client: Client) -> None:
    answer = client.get("/healthz")  # no access to the database is allowed in this test
    assert (answer.status_code, answer.content) == (200, b"alive\n")


@pytest.mark.django_db
def test_ready_is_who_can_serve(client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True})


@pytest.mark.django_db
def test_who_can_not_serve_says_what_is_lacking(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_known", lambda: frozenset({("matters", "9999_tomorrow")}))
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10, 10, 0))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {
        "ready": False,
        "migrations": "1 not applied",
        "room": "0 MB free, 64 are needed",
    }


@pytest.mark.django_db
def test_a_database_that_is_away_is_told(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*given: Any) -> Any:
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", away)
    assert client.get("/readyz").json()["database"] == "does not answer"


@pytest.mark.django_db
def test_the_numbers_are_for_this_machine_unless_the_settings_say_otherwise(
    client: Client, settings: Settings
) -> None:
    here = client.get("/metrics")
    assert here.status_code == 200 and b"camphor_database_up 1.0" in here.content
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 404
    settings.METRICS = True
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 200


@pytest.mark.parametrize("kind", [OperationalError, ValueError])
def test_only_what_a_second_try_may_mend_is_answered_with_503(rf: Any, kind: type[Exception]) -> None:
    try:
        raise kind
    except kind:
        answer = server_error(rf.get("/"))
    assert answer.status_code == (503 if kind is OperationalError else 500)
    assert answer.headers.get("Retry-After") == ("5" if kind is OperationalError else None)
