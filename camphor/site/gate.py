"""The gate in front of Django's stack: votes and cards take a short way, all else waits for a seat.

The short way leaves out what a vote does not need: session, account, messages, address tables. What guards it
is the same code that guards the long way: Django's check of the host, its check against forged requests, and
the security headers. Whatever the short way cannot answer goes the long way, where the answer is a page.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from io import BytesIO
from threading import BoundedSemaphore
from time import perf_counter
from typing import Any, Protocol

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.core.exceptions import DisallowedHost, SuspiciousOperation
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.csrf import CsrfViewMiddleware
from django.middleware.security import SecurityMiddleware
from django.urls import ResolverMatch, resolve
from django.utils import translation

from camphor.conversations import ballot, voting
from camphor.conversations.voting import LARGEST
from camphor.site.outage import OUTAGES, out_of_order
from camphor.site.watching import observe

SEATS = 8
"""Pages made at once in a process: more would only wait for each other, each with a connection and memory."""
RESERVED = 2
"""Seats kept for health and metrics: a busy process must not be taken for a dead one and ended."""
HEALTH = ("/healthz", "/readyz", "/metrics")
FOR_A_SEAT = 5.0
"""Seconds until somebody who waits for a page is told to come again."""

CHECKED = (
    *("wsgi.url_scheme", "SERVER_NAME", "SERVER_PORT", "HTTP_HOST", "HTTP_X_FORWARDED_HOST"),
    *("HTTP_X_FORWARDED_PORT", "HTTP_X_FORWARDED_PROTO", "HTTP_ORIGIN", "HTTP_REFERER", "HTTP_COOKIE"),
    *("HTTP_X_CSRFTOKEN", "HTTP_ACCEPT_LANGUAGE", "REQUEST_METHOD"),
)
"""All that the checks and the choice of a language look at, besides the token in a form."""
MOST_KNOWN = 10_000
"""Requests that have passed, and answers, kept by a process; with the longest words some 20 MB."""
LONGEST = 2_000
"""Characters of the words of a request that is kept; a browser sends some 500."""

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


@dataclass(frozen=True)
class Answer:
    """A whole answer, as web servers take it."""

    status: int
    line: str
    headers: list[tuple[str, str]]
    body: bytes

    @classmethod
    def of(cls, response: HttpResponse) -> Answer:
        headers = [*response.items(), ("Content-Length", str(len(response.content)))]
        headers += [("Set-Cookie", cookie.OutputString()) for cookie in response.cookies.values()]
        status = HTTPStatus(response.status_code)
        return cls(status.value, f"{status.value} {status.phrase}", headers, response.content)


@dataclass(frozen=True)
class Passed:
    """What was found out of a request that may take the short way."""

    language: str
    secret: str | None  # behind its tokens against forgery


class Gate:
    """Camphor as the web server sees it."""

    def __init__(self, whole: App) -> None:
        self._whole = whole
        self._seats, self._reserved = BoundedSemaphore(SEATS), BoundedSemaphore(RESERVED)
        self._csrf = CsrfViewMiddleware(_nobody)
        self._headers: dict[bool, list[tuple[str, str]]] = {}  # by whether the request came by https
        self._known: dict[tuple[str | None, ...], Passed] = {}
        self._same: dict[tuple[Hashable, str | None], Answer] = {}

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        found = SHORT.fullmatch(environ.get("PATH_INFO", ""))
        view = VIEWS.get((environ["REQUEST_METHOD"], found[2])) if found else None
        if found and view and not environ.get("SCRIPT_NAME") and _take_body(environ):
            begun = perf_counter()
            request = WSGIRequest(environ)
            answer = self._short(request, view, int(found[1]))
            if answer is not None:
                request.resolver_match = _match(found[2])  # the long way finds it by itself
                observe(request, answer.status, perf_counter() - begun, many=True)
                return _send(answer, start)
            environ["wsgi.input"].seek(0)
        seats = self._reserved if environ.get("PATH_INFO") in HEALTH else self._seats
        if not seats.acquire(timeout=FOR_A_SEAT):
            return _send(Answer.of(out_of_order()), start)
        try:
            return self._whole(environ, start)
        finally:
            seats.release()

    def _short(self, request: WSGIRequest, view: View, pk: int) -> Answer | None:
        """The answer by the short way; none where the long way must give it."""
        known = self._passed(request)
        if known is None:
            return None
        if known.secret is not None:
            request.META["CSRF_COOKIE"] = known.secret  # as Django's check leaves it
        return self._answer(request, view, pk, known.language)

    def _passed(self, request: WSGIRequest) -> Passed | None:
        """What the checks found out; none where it is for the long way to refuse, or to lead to https.

        What Django let pass once it lets pass again, so that it is asked once about the same words.
        """
        words = [request.META.get(name) for name in CHECKED]
        try:
            if request.method == "POST" and request.content_type != voting.JSON:
                words.append(request.POST.get("csrfmiddlewaretoken"))
        except (MultiPartParserError, SuspiciousOperation):
            return None
        key = tuple(words)
        known = self._known.get(key)
        if known is None:
            known = self._checked(request)
            if known is not None and "CSRF_COOKIE_NEEDS_UPDATE" not in request.META:
                self._keep(key, known)
        return known

    def _keep(self, key: tuple[str | None, ...], known: Passed) -> None:
        if sum(map(len, filter(None, key))) > LONGEST:
            return
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[key] = known

    def _checked(self, request: WSGIRequest) -> Passed | None:
        """What Django's own checks say."""
        try:
            request.get_host()
        except DisallowedHost:
            return None
        if settings.SECURE_SSL_REDIRECT and not request.is_secure():
            return None
        self._csrf.process_request(request)
        if self._csrf.process_view(request, _nobody, (), {}) is not None:  # the long way says so
            return None
        return Passed(translation.get_language_from_request(request), request.META.get("CSRF_COOKIE"))

    def _answer(self, request: WSGIRequest, view: View, pk: int, language: str) -> Answer | None:
        """The answer of the view, which is kept where it is the same for all."""
        try:
            same = ballot.same_for_all(request, pk)
            key = (same, request.scheme)
            if same is not None and key in self._same:
                return self._same[key]
            with translation.override(language):
                response = view(request, pk)
        except OUTAGES as outage:
            log.error("the database does not answer: %s", outage)
            with translation.override(language):
                response, same = out_of_order(), None
        if response is None:
            return None
        answer = Answer.of(self._dressed(request, response))
        if same is not None and not response.cookies:
            if len(self._same) >= MOST_KNOWN:
                self._same.clear()
            self._same[key] = answer
        return answer

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


def _send(answer: Answer, start: Start) -> Iterable[bytes]:
    start(answer.line, [*answer.headers])
    return [answer.body]
