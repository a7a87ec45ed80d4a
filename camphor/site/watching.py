"""Every request measured by its route: for the log, for Prometheus and for traces; never by who asked."""

from __future__ import annotations

import atexit
import logging
import os
import threading
import time
from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

if settings.METRICS_FOLDER:  # before the library is imported: the processes count together in files there
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(settings.METRICS_FOLDER))

from prometheus_client import Counter, Histogram

from camphor.site.logs import route_of
from camphor.site.telemetry import span

log = logging.getLogger("camphor.requests")

REQUESTS = Counter("camphor_requests", "Requests answered", ["method", "route", "status"])
SECONDS = Histogram(
    "camphor_request_seconds",
    "How long requests took",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.06, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
QUIET = frozenset({"healthz", "readyz", "metrics"})
"""Asked every few seconds by machines: counted, but not written down."""


class WatchingMiddleware:
    """Counts and times each request, and writes one line about it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        with span("request") as current:
            response = self.get_response(request)
            observe(request, response.status_code, time.perf_counter() - begun, current)
        return response


class Tally:
    """Answers of which so many come that a second's worth of each kind is written as one line.

    A line for each vote would take longer than the vote, and say to the millisecond when somebody voted.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._since = 0.0
        self._kinds: dict[tuple[str, str, int], tuple[int, float]] = {}  # how many, and the slowest

    def add(self, method: str, route: str, status: int, seconds: float) -> None:
        now = time.monotonic()
        with self._guard:
            number, slowest = self._kinds.get((method, route, status), (0, 0.0))
            self._kinds[method, route, status] = number + 1, max(slowest, seconds)
            if now - self._since < 1:
                return
            self._since, kinds, self._kinds = now, self._kinds, {}
        self._write(kinds)

    def close(self) -> None:
        """Write what has come since the last line."""
        with self._guard:
            kinds, self._kinds = self._kinds, {}
        self._write(kinds)

    @staticmethod
    def _write(kinds: dict[tuple[str, str, int], tuple[int, float]]) -> None:
        for (method, route, status), (number, slowest) in kinds.items():
            facts = {"method": method, "route": route, "status": status, "answers": number}
            log.info("answered", extra=facts | {"milliseconds": round(slowest * 1000, 1)})


@cache
def _series(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    return REQUESTS.labels(method, route, str(status)), SECONDS.labels(route)


_tally = Tally()
atexit.register(_tally.close)


def observe(request: Any, status: int, seconds: float, current: Any = None, *, many: bool = False) -> None:
    """Record one answered request, or one of many; also for those who answer before Django does."""
    route = route_of(request)
    method = request.method if request.method in METHODS else "other"  # a word from outside names no series
    counter, histogram = _series(method, route, status)
    counter.inc()
    histogram.observe(seconds)
    if current is not None:
        current.update_name(f"{method} {route}")
        current.set_attributes(
            {"http.request.method": method, "http.route": route, "http.response.status_code": status}
        )
    if many:
        _tally.add(method, route, status, seconds)
    elif route not in QUIET:
        facts = {"method": method, "route": route, "status": status, "milliseconds": round(seconds * 1000, 1)}
        log.info("answered", extra=facts)
