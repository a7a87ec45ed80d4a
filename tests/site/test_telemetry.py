"""Traces: off by default, by route where they are on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pytest_django import Settings

from camphor.site import telemetry

from ..conftest import Cast


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(telemetry, "tracer", lambda: provider.get_tracer("test"))
    yield exporter


@pytest.mark.django_db
def test_a_span_names_the_route_and_not_the_code(cast: Cast, spans: InMemorySpanExporter) -> None:
    Client().get(reverse("mine", args=[cast.lin_code]))
    (span,) = spans.get_finished_spans()
    assert span.name == "GET c/<str:code>/"
    assert cast.lin_code not in span.to_json()


def test_traces_are_off_unless_asked_for(settings: Settings) -> None:
    telemetry.tracer.cache_clear()
    assert settings.TELEMETRY is False
    assert telemetry.tracer() is None
