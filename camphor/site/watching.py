"""Every request measured by its route: for the log, for Prometheus and for traces; never by who asked."""

from __future__ import annotations

import atexit
import logging
import os
import threading
import time
from bisect import bisect_left
from collections import Counter as Counts
from collections.abc import Callable, Sequence
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


class Waits(Histogram):
    """A histogram that takes many waits at once."""

    def observe_all(self, seconds: Sequence[float]) -> None:
        """The same as `observe` for each, at a tenth of the work."""
        bounds, buckets = self._upper_bounds, self._buckets
        self._sum.inc(sum(seconds))
        for place, number in Counts(bisect_left(bounds, each) for each in seconds).items():
            buckets[place].inc(number)


REQUESTS = Counter("camphor_requests", "Requests answered", ["method", "route", "status"])
SECONDS = Waits(
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


Kind = tuple[str, str, int]
"""Method, route and status of an answer."""


class Tally:
    """Answers of which so many come that a second's worth of each kind is counted and written together.

    A line for each vote would take longer than the vote, and say to the millisecond when somebody voted.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._since = 0.0
        self._waits: dict[Kind, list[float]] = {}

    def add(self, method: str, route: str, status: int, *, begun: float, now: float) -> None:
        """One more answer; both moments in seconds by the same clock."""
        kind = method, route, status
        with self._guard:
            if kind in self._waits:
                self._waits[kind].append(now - begun)
            else:
                self._waits[kind] = [now - begun]
            if now - self._since < 1:
                return
            self._since, waits, self._waits = now, self._waits, {}
        self._write(waits)

    def write(self) -> None:
        """Count and write what has come since the last time."""
        with self._guard:
            waits, self._waits = self._waits, {}
        self._write(waits)

    @staticmethod
    def _write(waits: dict[Kind, list[float]]) -> None:
        for (method, route, status), seconds in waits.items():
            counter, histogram = _series(method, route, status)
            counter.inc(len(seconds))
            histogram.observe_all(seconds)
            facts = {"method": method, "route": route, "status": status, "answers": len(seconds)}
            log.info("answered", extra=facts | {"milliseconds": round(max(seconds) * 1000, 1)})


@cache
def _series(method: str, route: str, status: int) -> tuple[Counter, Waits]:
    return REQUESTS.labels(method, route, str(status)), SECONDS.labels(route)


TALLY = Tally()
"""Those who answer before Django does count here."""
atexit.register(TALLY.write)


def observe(request: Any, status: int, seconds: float, current: Any = None) -> None:
    """Record one answered request."""
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
    if route not in QUIET:
        facts = {"method": method, "route": route, "status": status, "milliseconds": round(seconds * 1000, 1)}
        log.info("answered", extra=facts)
