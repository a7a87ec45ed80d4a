"""The web server: one set of limits, wherever it is started."""

from __future__ import annotations

import itertools
import os
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from camphor.site import serving

ROOT = Path(__file__).resolve().parents[2]
STARTS = (
    "deploy/systemd/camphor-web.service",
    "deploy/compose.yaml",
    "deploy/Dockerfile",
    "docs/operate.md",
)


@pytest.mark.parametrize("name", STARTS)
def test_whoever_starts_the_service_leaves_its_limits_to_it(name: str) -> None:
    text = (ROOT / name).read_text()
    assert re.search(r"manage\.py\W+serve", text)
    assert "granian" not in text and "blocking-threads" not in text


@pytest.mark.parametrize(("engine", "workers"), [("sqlite3", "1"), ("postgresql", "2")])
def test_serve_becomes_the_server_with_as_many_processes_as_suit_the_database(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, engine: str, workers: str
) -> None:
    became: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda program, words: became.append(words))
    monkeypatch.setattr(os, "chdir", lambda folder: None)
    whole = {**settings.DATABASES["default"], "ENGINE": f"django.db.backends.{engine}"}
    monkeypatch.setitem(settings.DATABASES, "default", whole)
    call_command("serve", port=8123, host="10.0.0.21")
    (words,) = became
    options = dict(itertools.pairwise(words))
    assert options["--workers"] == workers and options["--port"] == "8123"
    assert options["--host"] == "10.0.0.21"
    assert options["--blocking-threads"] == str(serving.THREADS)


def test_the_address_and_the_engine_of_a_database_lead_to_the_same_number_of_processes() -> None:
    assert serving.workers_for("sqlite:////srv/postgresql/camphor.sqlite3") == 1
    assert serving.workers_for("postgres://camphor@db/sqlite") == 2
