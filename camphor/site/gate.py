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
from typing import Any, TypeVar

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.core.exceptions import BadRequest, DisallowedHost, SuspiciousOperation
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.csrf import CsrfViewMiddleware
from django.middleware.security import SecurityMiddleware
from django.urls import resolve
from django.utils import translation

from camphor.conversations import ballot, readers, voting
from camphor.conversations.told import Headers, Told, View, spelled_out
from camphor.conversations.voting import LARGEST
from camphor.site.incoming import Environ, Incoming, Known, Lean, Words
from camphor.site.outage import OUTAGES, out_of_order
from camphor.site.watching import TALLY

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

MOST_KNOWN = 4_000
"""Words of requests that are known, and answers, kept by a process; with the longest words some 20 MB."""
LONGEST = 2_000
"""Characters of the words of a request that is kept; a browser sends some 500."""
MOST_FORMS = 16
"""Tokens of forms kept for the same words: each page without JavaScript bears another mask."""

SHORT = re.compile(r"/talk/([1-9][0-9]{0,14})/(|votes/|next/)")
VIEWS: dict[tuple[str, str], View] = {
    ("POST", ""): ballot.answer,
    ("POST", "votes/"): ballot.vote,
    ("GET", "next/"): ballot.next_card,
}

log = logging.getLogger(__name__)


App = Callable[[Environ, Any], Iterable[bytes]]
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


class Gate:
    """Camphor as the web server sees it. `work`: has something done that may take its time."""

    def __init__(self, whole: App, work: Callable[[Callable[[], Any]], Awaitable[Any]] = in_thread) -> None:
        self._whole, self._work = whole, work
        self._seats, self._reserved = asyncio.Semaphore(SEATS), asyncio.Semaphore(RESERVED)
        self._helpers = asyncio.Semaphore(HELPERS)
        self._csrf = CsrfViewMiddleware(_nobody)
        self._headers: dict[bool, list[tuple[str, str]]] = {}  # by whether the request came by https
        self._known: dict[Words, Known] = {}
        self._same: dict[tuple[Hashable, bool], Answer] = {}
        self._kinds: dict[tuple[Headers, bool], Headers] = {}

    async def answer(self, incoming: Incoming) -> Answer:
        """The answer to a request, whose body is taken in once there is a place for it."""
        found = SHORT.fullmatch(incoming.path)
        view = VIEWS.get((incoming.method, found[2])) if found else None
        if found and view:
            begun = perf_counter()
            answer = await self._short(incoming, view, int(found[1]))
            if answer is not None:
                route = _route(found[2])
                TALLY.add(incoming.method, route, answer.status, begun=begun, now=perf_counter())
                return answer
        return await self._long(incoming)

    async def _long(self, incoming: Incoming) -> Answer:
        """The answer of Django's whole stack, once a seat is free."""
        seats = self._reserved if incoming.path in HEALTH else self._seats
        try:
            await asyncio.wait_for(seats.acquire(), FOR_A_SEAT) if seats.locked() else await seats.acquire()
        except TimeoutError:
            return Answer.of(out_of_order(incoming.cookies()))
        try:
            answer: Answer = await self._work(partial(_through, self._whole, await incoming.environ()))
            return answer
        finally:
            seats.release()

    async def _short(self, incoming: Incoming, view: View, pk: int) -> Answer | None:
        """The answer by the short way; none where the long way must give it."""
        known = self._known.get(incoming.words) or self._looked_at(incoming)
        if known is None or not incoming.is_within(LARGEST):
            return None
        request = Lean(known, incoming, await incoming.taken_in())
        if not self._lets_in(request, known):
            return None
        await ballot.awaited(request, pk)
        same = ballot.same_for_all(request, pk)
        if same is not None and (kept := self._same.get((same, known.is_secure))):
            return kept
        answer = await self._answered(partial(self._answer, request, view, pk, known, same))
        if answer is None:
            incoming.handed_on = ballot.handed_on(request)
        return answer

    async def _answered(self, answered: Callable[[], Answer | None]) -> Answer | None:
        """Worked out at once where all is in memory, else by a thread."""
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

    def _looked_at(self, incoming: Incoming) -> Known | None:
        """What there is to know of these words; none where the long way must refuse, or lead to https.

        It is kept, so that Django is asked once about the same words.
        """
        request = incoming.head()
        try:
            request.get_host()
        except DisallowedHost:
            return None
        if settings.SECURE_SSL_REDIRECT and not request.is_secure():
            return None
        self._csrf.process_request(request)
        known = Known.of(request, language=translation.get_language_from_request(request))
        if "CSRF_COOKIE_NEEDS_UPDATE" not in request.META and _length(incoming.words) <= LONGEST:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[incoming.words] = known
        return known

    def _lets_in(self, request: WSGIRequest, known: Known) -> bool:
        """What Django's own check against forged requests says; where it refuses, the long way says so."""
        try:
            by_form = request.method == "POST" and request.content_type != voting.JSON
            token = request.POST.get("csrfmiddlewaretoken") if by_form else None
        except (MultiPartParserError, SuspiciousOperation, BadRequest):
            return False
        if token in known.forms:
            return True
        if self._csrf.process_view(request, _nobody, (), {}) is not None:
            return False
        if len(known.forms) >= MOST_FORMS:
            known.forms.clear()
        known.forms.add(token)
        return True

    def _answer(
        self, request: WSGIRequest, view: View, pk: int, known: Known, same: Hashable | None
    ) -> Answer | None:
        """The answer of the view, which is kept where it is the same for all."""
        try:
            with translation.override(known.language):
                response = view(request, pk)
        except OUTAGES as outage:
            log.error("the database does not answer: %s", outage)
            with translation.override(known.language):
                response, same = out_of_order(request.COOKIES), None
        if response is None:
            return None
        if isinstance(response, Told) and "CSRF_COOKIE_NEEDS_UPDATE" not in request.META:
            return self._of_kind(request, response, known.is_secure)
        response = spelled_out(response)
        answer = self._dressed(request, response, known.is_secure)
        if same is not None and not response.cookies:
            if len(self._same) >= MOST_KNOWN:
                self._same.clear()
            self._same[same, known.is_secure] = answer
        return answer

    def _of_kind(self, request: HttpRequest, told: Told, secure: bool) -> Answer:
        """With the headers that every answer of its kind bears, which are worked out once."""
        kind = told.headers, secure
        if kind not in self._kinds:
            self._kinds[kind] = (*told.headers, *self._policies(request, secure))
        return Answer(200, [*self._kinds[kind], ("Content-Length", str(len(told.body)))], told.body)

    def _dressed(self, request: HttpRequest, response: HttpResponse, secure: bool) -> Answer:
        """With the cookie against forged requests and the headers that every answer bears."""
        self._csrf.process_response(request, response)
        return Answer.of(response, self._policies(request, secure))

    def _policies(self, request: HttpRequest, secure: bool) -> list[tuple[str, str]]:
        if secure not in self._headers:
            self._headers[secure] = _policies(request)
        return self._headers[secure]


def _length(words: Words) -> int:
    return sum(len(word or "") for pair in words for word in pair)


@cache
def _route(kind: str) -> str:
    """What the short way stands for, as metrics and logs name it."""
    return str(resolve(f"/talk/1/{kind}").route)


def _policies(request: HttpRequest) -> list[tuple[str, str]]:
    """The headers that the layers of the long way add to any answer; nothing in them is of this request."""
    response = HttpResponse()
    before = set(response.headers)
    for layer in (XFrameOptionsMiddleware, CSPMiddleware, SecurityMiddleware):
        layer(_nobody).process_response(request, response)
    return [(name, value) for name, value in response.items() if name not in before]


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
