"""The gate in front of Django's stack: votes and cards take a short way, all else waits for a seat.

The short way leaves out what a vote does not need: session, account, messages, address tables. What guards it
is the same code that guards the long way: Django's check of the host, its check against forged requests, and
the security headers. Whatever the short way cannot answer goes the long way, where the answer is a page.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable
from functools import cache
from http import HTTPStatus
from io import BytesIO
from threading import BoundedSemaphore
from time import perf_counter
from typing import Any, Protocol

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.csrf import CsrfViewMiddleware
from django.middleware.security import SecurityMiddleware
from django.urls import ResolverMatch, resolve
from django.utils import translation

from camphor.conversations import ballot
from camphor.conversations.voting import LARGEST
from camphor.site.outage import OUTAGES, out_of_order
from camphor.site.watching import observe

SEATS = 8
"""Pages made at once in a process: more would only wait for each other, each with a connection and memory."""
FOR_A_SEAT = 5.0
"""Seconds until somebody who waits for a page is told to come again."""

Environ = dict[str, Any]
View = Callable[[HttpRequest, int], HttpResponse | None]

SHORT = re.compile(r"/talk/([1-9][0-9]{0,14})/(|votes/|next/)")
VIEWS: dict[tuple[str, str], View] = {
    ("POST", ""): ballot.answer,
    ("POST", "votes/"): ballot.vote,
    ("GET", "next/"): ballot.next_card,
}

log = logging.getLogger(__name__)


class Start(Protocol):
    """What a web server hands in to begin an answer."""

    def __call__(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None, /) -> object: ...


App = Callable[[Environ, Any], Iterable[bytes]]


def _nobody(request: HttpRequest) -> HttpResponse:
    raise AssertionError("these layers are asked, and never hand on")


class Gate:
    """Camphor as the web server sees it."""

    def __init__(self, whole: App) -> None:
        self._whole = whole
        self._seats = BoundedSemaphore(SEATS)
        self._csrf = CsrfViewMiddleware(_nobody)
        self._headers: dict[bool, list[tuple[str, str]]] = {}  # by whether the request came by https

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        found = SHORT.fullmatch(environ.get("PATH_INFO", ""))
        view = VIEWS.get((environ["REQUEST_METHOD"], found[2])) if found else None
        if found and view and not environ.get("SCRIPT_NAME") and _take_body(environ):
            begun = perf_counter()
            request = WSGIRequest(environ)
            response = self._short(request, view, int(found[1]))
            if response is not None:
                request.resolver_match = _match(found[2])  # the long way finds it by itself
                observe(request, response.status_code, perf_counter() - begun)
                return _send(response, start)
            environ["wsgi.input"].seek(0)
        if not self._seats.acquire(timeout=FOR_A_SEAT):
            return _send(out_of_order(), start)
        try:
            return self._whole(environ, start)
        finally:
            self._seats.release()

    def _short(self, request: WSGIRequest, view: View, pk: int) -> HttpResponse | None:
        """The answer by the short way; none where the long way must give it."""
        try:
            request.get_host()
        except DisallowedHost:
            return None
        if settings.SECURE_SSL_REDIRECT and not request.is_secure():
            return None
        self._csrf.process_request(request)
        if self._csrf.process_view(request, _nobody, (), {}) is not None:  # the long way says so
            return None
        with translation.override(translation.get_language_from_request(request)):
            response = self._answer(request, view, pk)
        return self._dressed(request, response) if response is not None else None

    def _answer(self, request: HttpRequest, view: View, pk: int) -> HttpResponse | None:
        try:
            return view(request, pk)
        except OUTAGES as outage:
            log.error("the database does not answer: %s", outage)
            return out_of_order()

    def _dressed(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """With the cookie against forged requests and the headers that every answer bears."""
        self._csrf.process_response(request, response)
        secure = request.is_secure()
        if secure not in self._headers:
            self._headers[secure] = _policies(request)
        for name, value in self._headers[secure]:
            response.headers[name] = value
        return response


@cache
def _match(kind: str) -> ResolverMatch:
    """The address that the short way stands for, as metrics and logs name it."""
    return resolve(f"/talk/1/{kind}")


def _policies(request: HttpRequest) -> list[tuple[str, str]]:
    """The headers that the layers of the long way add to any answer; nothing in them is of this request."""
    response = HttpResponse()
    before = set(response.headers)
    for layer in (XFrameOptionsMiddleware, CSPMiddleware, SecurityMiddleware):
        layer(_nobody).process_response(request, response)
    return [(name, value) for name, value in response.items() if name not in before]


def _take_body(environ: Environ) -> bool:
    """Take in the body, so that it can be read twice; False where it is longer than any vote."""
    length = environ.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or len(length) > 6 or int(length) > LARGEST:
        return False
    environ["wsgi.input"] = BytesIO(environ["wsgi.input"].read(int(length)))
    return True


def _send(response: HttpResponse, start: Start) -> Iterable[bytes]:
    headers = [*response.items(), ("Content-Length", str(len(response.content)))]
    headers += [("Set-Cookie", cookie.OutputString()) for cookie in response.cookies.values()]
    status = HTTPStatus(response.status_code)
    start(f"{status.value} {status.phrase}", headers)
    return [response.content]
