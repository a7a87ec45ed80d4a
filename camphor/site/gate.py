"""The gate in front of Django's stack: votes and cards take a short way, all else waits for a seat.

The gate runs on the event loop of the process, where a vote waits for its commit without a thread; threads do
what takes its time: pages, and reading what is not in memory. The short way leaves out what a vote does not
need: session, account, messages, address tables. What guards it is the same code that guards the long way:
Django's check of the host, its check against forged requests, and the security headers. Whatever the short
way cannot answer goes the long way, where the answer is a page.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Generator, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from time import perf_counter
from typing import IO, Any, TypeVar

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

from camphor.conversations import ballot, readers, voting
from camphor.conversations.voting import LARGEST
from camphor.site.outage import OUTAGES, out_of_order
from camphor.site.watching import observe

SEATS = 8
"""Pages made at once in a process: more would only wait for each other, each with a connection and memory."""
RESERVED = 2
"""Seats kept for health and metrics: a busy process must not be taken for a dead one and ended."""
HEALTH = ("/healthz", "/readyz", "/metrics")
HELPERS = 4
"""Threads for votes and cards that find something not in memory."""
THREADS = SEATS + RESERVED + HELPERS
FOR_A_SEAT = 5.0
"""Seconds until somebody who waits for a page is told to come again."""
PIECE = 65_536
"""Bytes of a long answer that are handed on at a time."""

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


App = Callable[[Environ, Any], Iterable[bytes]]
Body = Callable[[], Awaitable[IO[bytes]]]
"""Takes in the body of a request."""
Item = TypeVar("Item")


def in_thread(job: Callable[[], Item]) -> Awaitable[Item]:
    """Have it done by one of the threads that the loop has for it."""
    return asyncio.get_running_loop().run_in_executor(None, job)


def _nobody(request: HttpRequest) -> HttpResponse:
    raise AssertionError("these layers are asked, and never hand on")


@dataclass(frozen=True)
class Answer:
    """An answer, as the web server takes it; `more` are the further pieces of a long one."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    more: Generator[bytes] | None = None

    @classmethod
    def of(cls, response: HttpResponse, policies: Sequence[tuple[str, str]] = ()) -> Answer:
        headers = [*response.items(), *policies, ("Content-Length", str(len(response.content)))]
        headers += [("Set-Cookie", cookie.OutputString()) for cookie in response.cookies.values()]
        return cls(response.status_code, headers, response.content)


@dataclass(frozen=True)
class Passed:
    """What was found out of a request that may take the short way."""

    language: str
    secret: str | None  # behind its tokens against forgery


class Gate:
    """Camphor as the web server sees it. `work`: has something done that may take its time."""

    def __init__(self, whole: App, work: Callable[[Callable[[], Any]], Awaitable[Any]] = in_thread) -> None:
        self._whole, self._work = whole, work
        self._seats, self._reserved = asyncio.Semaphore(SEATS), asyncio.Semaphore(RESERVED)
        self._helpers = asyncio.Semaphore(HELPERS)
        self._csrf = CsrfViewMiddleware(_nobody)
        self._headers: dict[bool, list[tuple[str, str]]] = {}  # by whether the request came by https
        self._known: dict[tuple[str | None, ...], Passed] = {}
        self._same: dict[tuple[Hashable, str | None], Answer] = {}

    async def answer(self, environ: Environ, body: Body) -> Answer:
        """The answer to a request, whose body is taken in once there is a place for it."""
        found = SHORT.fullmatch(environ["PATH_INFO"])
        view = VIEWS.get((environ["REQUEST_METHOD"], found[2])) if found else None
        if found and view and not environ.get("SCRIPT_NAME") and _is_short(environ):
            environ["wsgi.input"] = await body()
            begun = perf_counter()
            request = WSGIRequest(environ)
            answer = await self._short(request, view, int(found[1]))
            if answer is not None:
                request.resolver_match = _match(found[2])  # the long way finds it by itself
                observe(request, answer.status, perf_counter() - begun, many=True)
                return answer
            environ["wsgi.input"].seek(0)
        return await self._long(environ, body)

    async def _long(self, environ: Environ, body: Body) -> Answer:
        """The answer of Django's whole stack, once a seat is free."""
        seats = self._reserved if environ["PATH_INFO"] in HEALTH else self._seats
        try:
            await asyncio.wait_for(seats.acquire(), FOR_A_SEAT) if seats.locked() else await seats.acquire()
        except TimeoutError:
            return Answer.of(out_of_order())
        try:
            if "wsgi.input" not in environ:
                environ["wsgi.input"] = await body()
            answer: Answer = await self._work(partial(_through, self._whole, environ))
            return answer
        finally:
            seats.release()

    async def _short(self, request: WSGIRequest, view: View, pk: int) -> Answer | None:
        """The answer by the short way; none where the long way must give it."""
        known = self._passed(request)
        if known is None:
            return None
        if known.secret is not None:
            request.META["CSRF_COOKIE"] = known.secret  # as Django's check leaves it
        await ballot.awaited(request, pk)
        answered = partial(self._answer, request, view, pk, known.language)
        try:
            return answered()
        except readers.NotHere:
            helped = asyncio.ensure_future(self._helped(answered))
        try:
            return await asyncio.wait_for(asyncio.shield(helped), readers.PATIENCE)
        except TimeoutError:
            return Answer.of(out_of_order())

    async def _helped(self, job: Callable[[], Answer | None]) -> Answer | None:
        """Done by a thread, which is taken as long as it is at it, however long anybody waits for it."""
        async with self._helpers:
            answer: Answer | None = await self._work(job)
        return answer

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
        answer = self._dressed(request, response)
        if same is not None and not response.cookies:
            if len(self._same) >= MOST_KNOWN:
                self._same.clear()
            self._same[key] = answer
        return answer

    def _dressed(self, request: HttpRequest, response: HttpResponse) -> Answer:
        """With the cookie against forged requests and the headers that every answer bears."""
        self._csrf.process_response(request, response)
        secure = request.is_secure()
        if secure not in self._headers:
            self._headers[secure] = _policies(request)
        return Answer.of(response, self._headers[secure])


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


def _is_short(environ: Environ) -> bool:
    """The body is no longer than that of any vote, and so can be kept and read twice."""
    length = environ.get("CONTENT_LENGTH") or "0"
    return length.isascii() and length.isdecimal() and len(length) <= 6 and int(length) <= LARGEST


def _through(whole: App, environ: Environ) -> Answer:
    """What Django's whole stack answers, and its further pieces where it is long."""
    told: list[Any] = []
    pieces = whole(environ, lambda line, headers, _error=None: told.extend((line, headers)))
    more = _pieces(pieces)
    first = next(more, b"")
    is_long = len(first) >= PIECE
    if not is_long:
        more.close()
    return Answer(int(told[0][:3]), told[1], first, more if is_long else None)


def _pieces(small: Iterable[bytes]) -> Generator[bytes]:
    """The same in pieces that are worth to be handed on; it ends where the last one has been taken."""
    held = bytearray()
    try:
        for piece in small:
            held += piece
            if len(held) >= PIECE:
                yield bytes(held)
                held.clear()
        yield bytes(held)
    finally:
        getattr(small, "close", bytes)()
