"""Traces by OpenTelemetry, where the operator asks for them and has installed the extra `telemetry`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


@lru_cache(maxsize=1)
def tracer() -> Any:
    """The tracer of this process, which sends to the address in OTEL_EXPORTER_OTLP_ENDPOINT; none if off."""
    if not settings.TELEMETRY:
        return None
    try:
        from opentelemetry import trace
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as missing:
        raise ImproperlyConfigured("CAMPHOR_TELEMETRY is on: install the extra `telemetry`") from missing
    provider = TracerProvider(resource=Resource.create({"service.name": "camphor"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    return provider.get_tracer("camphor")


@contextmanager
def span(name: str) -> Iterator[Any]:
    """A span around the block; nothing where traces are off."""
    found = tracer()
    if found is None:
        yield None
        return
    with found.start_as_current_span(name, record_exception=False) as current:  # its text may name people
        yield current
