"""What is written down of a request: never who asked, nor what for."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from prometheus_client import CollectorRegistry, Histogram

from camphor.site.logs import JsonFormatter
from camphor.site.watching import Tally, Waits

from ..conftest import Cast

SECRETS = ("KXMT27QP4ZHR", "203.0.113.9", "楼道里的灯", "camphor_mine", "sessionid", "secret-agent")


def lines(records: list[logging.LogRecord]) -> list[dict[str, object]]:
    return [json.loads(JsonFormatter().format(record)) for record in records]


@pytest.mark.django_db
def test_no_line_names_an_address_a_code_a_cookie_or_a_text(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    client = Client(REMOTE_ADDR="203.0.113.9", headers={"User-Agent": "secret-agent"})
    with caplog.at_level(logging.DEBUG):
        client.get(reverse("mine", args=[cast.lin_code]))
        client.post(reverse("raise"), {"title": "楼道里的灯", "text": "楼道里的灯"})
        client.get("/no/such/page/KXMT27QP4ZHR")
        client.get("/desk/", headers={"Host": "203.0.113.9"})
    written = lines([record for record in caplog.records if not record.name.startswith("django.db")])
    assert {line.get("route") for line in written} >= {"c/<str:code>/", "unknown"}
    text = json.dumps(written, ensure_ascii=False)
    assert [secret for secret in SECRETS if secret in text] == []


def test_of_an_exception_the_kind_is_kept_and_not_what_it_says() -> None:
    try:
        raise ValueError("KXMT27QP4ZHR")
    except ValueError as fault:
        kind = (type(fault), fault, fault.__traceback__)
    record = logging.LogRecord("django", 40, "", 1, "%s failed after %d", ("楼道里的灯", 3), kind)
    (line,) = lines([record])
    assert line["exception"] == "builtins.ValueError"
    assert line["message"] == "… failed after 3"
    assert "KXMT" not in json.dumps(line)


def test_votes_are_written_down_by_the_second_and_not_one_by_one(
    caplog: pytest.LogCaptureFixture,
) -> None:
    tally = Tally()
    taken = ((100.0, 0.001), (100.1, 0.003), (100.9, 0.002), (101.1, 0.001), (101.2, 0.001))
    with caplog.at_level(logging.INFO):
        for now, seconds in taken:
            tally.add("POST", "talk/<int:pk>/votes/", 200, begun=now - seconds, now=now)
        tally.write()
    found = [(line["answers"], line["milliseconds"]) for line in lines(caplog.records)]
    assert found == [(1, 1.0), (3, 3.0), (1, 1.0)]


def test_many_waits_counted_together_are_counted_as_one_by_one() -> None:
    waits = (0.0, 0.005, 0.0051, 0.06, 0.3, 11.0)
    one_by_one, together = CollectorRegistry(), CollectorRegistry()
    about: Any = {"name": "waits", "documentation": "Waits", "buckets": (0.005, 0.06, 1)}
    histogram = Histogram(**about, registry=one_by_one)
    for seconds in waits:
        histogram.observe(seconds)
    Waits(**about, registry=together).observe_all(waits)

    def numbers(registry: CollectorRegistry) -> dict[str, float]:
        samples = [sample for family in registry.collect() for sample in family.samples]
        return {
            f"{sample.name}{sample.labels}": sample.value
            for sample in samples
            if not sample.name.endswith("_created")
        }

    assert numbers(together) == pytest.approx(numbers(one_by_one))
