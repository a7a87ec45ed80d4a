"""A request as the web server hands it in: what the gate looks at first, and all of it in words of WSGI."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cached_property, lru_cache
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import unquote_plus

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http.cookie import parse_cookie
from django.utils.datastructures import MultiValueDict

if TYPE_CHECKING:
    from granian._granian import RSGIHTTPProtocol as HTTPProtocol
    from granian.rsgi import Scope

Environ = dict[str, Any]
Words = tuple[tuple[str | None, ...], ...]

FORM = "application/x-www-form-urlencoded"
IN_MEMORY = 1024 * 1024
"""Bytes of a body above which it goes to a file, as Django keeps what is uploaded."""
OF_ALL = {
    "SCRIPT_NAME": "", "wsgi.version": (1, 0), "wsgi.errors": sys.stderr,
    "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False,
}  # fmt: skip
LOOKED_AT = frozenset(
    (
        *("host", "x-forwarded-host", "x-forwarded-port", "x-forwarded-proto", "origin", "referer", "cookie"),
        *("x-csrftoken", "accept-language", "content-type", "hx-request"),
    )
)
"""The headers that the checks, the choice of a language and the short way look at."""


class Incoming:
    """A request that came in. `words`: all that decides whether it may take the short way, but its form."""

    __slots__ = ("_length", "_protocol", "_scope", "_words", "body", "handed_on", "method", "path")

    def __init__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        self._scope, self._protocol = scope, protocol
        self._words: Words = ()
        self._length = ""
        self.method, self.path = scope.method, scope.path
        self.body: bytes | None = None  # where the short way has taken it in
        self.handed_on: Environ = {}  # what it found out, for the long way

    @property
    def words(self) -> Words:
        """What it looks at; two requests that have them in common are let in alike."""
        if not self._words:
            scope = self._scope
            first = scope.method, scope.scheme, scope.server, scope.authority
            self._words = first, *[pair for pair in scope.headers.items() if pair[0] in LOOKED_AT]
        return self._words

    def cookies(self) -> dict[str, str]:
        """What it remembers of itself."""
        return parse_cookie("; ".join(str(value) for name, value in self.words[1:] if name == "cookie"))

    @property
    def length(self) -> str:
        """Of its body, as its head says."""
        if not self._length:
            told = self._scope.headers.get_all("content-length")  # type: ignore[attr-defined]
            self._length = "0" if not told else told[0] if len(told) == 1 else "many"
        return self._length

    @property
    def query(self) -> str:
        return self._scope.query_string

    def is_within(self, most: int) -> bool:
        """The body is no longer than so many bytes, and so can be kept and read twice."""
        length = self.length
        return length.isascii() and length.isdecimal() and len(length) <= 6 and int(length) <= most

    async def taken_in(self) -> bytes:
        """The short body."""
        if self.body is None:
            self.body = await self._protocol() if self.length != "0" else b""
        return self.body

    async def environ(self) -> Environ:
        """All of it in words of WSGI, with the body, however long."""
        environ = environ_of(self._scope) | self.handed_on
        environ["wsgi.input"] = await self._input(environ.get("CONTENT_LENGTH", ""))
        return environ

    def head(self) -> WSGIRequest:
        """The request without its body."""
        return WSGIRequest(environ_of(self._scope) | {"wsgi.input": BytesIO()})

    async def _input(self, length: str) -> IO[bytes]:
        if self.body is not None:
            return BytesIO(self.body)
        size = int(length) if length.isdecimal() else 0
        if size <= IN_MEMORY:
            return BytesIO(await self._protocol() if size else b"")
        body = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - it ends with the request
        async for piece in self._protocol:
            body.write(piece)
        body.seek(0)
        return body


def environ_of(scope: Scope) -> Environ:
    """The request as WSGI has it."""
    environ: Environ = {
        **OF_ALL,
        "wsgi.url_scheme": scope.scheme,
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": scope.path.encode(errors="surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
    }
    environ["SERVER_NAME"], environ["SERVER_PORT"] = _place(scope.server)
    environ["REMOTE_ADDR"], environ["REMOTE_PORT"] = _place(scope.client)
    if scope.authority:
        environ["HTTP_HOST"] = scope.authority
    for name, value in scope.headers.items():
        key = _key(name)
        if key in environ and key != "HTTP_HOST":
            value = f"{environ[key]}{';' if key == 'HTTP_COOKIE' else ','}{value}"
        if key:
            environ[key] = value
    return environ


def _place(address: str) -> tuple[str, str]:
    host, _colon, port = address.rpartition(":")
    return host.strip("[]"), port


@lru_cache(maxsize=256)
def _key(name: str) -> str:
    """What WSGI calls a header; nothing where its underscore could pass for a dash."""
    if "_" in name:
        return ""
    word = name.upper().replace("-", "_")
    return word if word in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{word}"


_SHARED = frozenset(OF_ALL) | {
    *("wsgi.url_scheme", "REQUEST_METHOD", "SERVER_PROTOCOL", "SERVER_NAME", "SERVER_PORT"),
    *("CSRF_COOKIE", "CSRF_COOKIE_NEEDS_UPDATE"),
    *map(_key, LOOKED_AT),
}  # fmt: skip
"""The words of WSGI that two requests with the same words have in common."""


@dataclass(frozen=True, slots=True)
class Known:
    """What was found out of the words of a request, and of all that come with the same ones."""

    method: str
    language: str
    is_secure: bool
    meta: Environ
    cookies: dict[str, str]
    content: tuple[str, dict[str, str], str | None]  # its type, the type's parameters, and the encoding
    forms: set[str | None]  # the tokens against forgery with which it was let in

    @classmethod
    def of(cls, request: WSGIRequest, *, language: str) -> Known:
        return cls(
            method=request.method or "",
            language=language,
            is_secure=request.is_secure(),
            meta={name: value for name, value in request.META.items() if name in _SHARED},
            cookies=request.COOKIES,
            content=(request.content_type or "", request.content_params or {}, request.encoding),
            forms=set(),
        )


def fields_of(form: str) -> dict[str, list[str]]:
    """The same as `parse_qsl` with blank values, which takes five times as long where nothing is encoded."""
    fields: dict[str, list[str]] = {}
    for pair in form.split("&"):
        if pair:
            name, _is, value = pair.partition("=")
            if "%" in pair or "+" in pair:
                name, value = unquote_plus(name), unquote_plus(value)
            fields.setdefault(name, []).append(value)
    return fields


class Lean(WSGIRequest):
    """A request whose words are known: what was found out of them is not worked out again.

    It bears neither the address of the client nor headers at which the short way does not look.
    """

    def __init__(self, known: Known, incoming: Incoming, body: bytes) -> None:
        self._known, self._incoming = known, incoming
        self.path = self.path_info = incoming.path
        self.method = known.method
        self.content_type, self.content_params, self._encoding = known.content
        self.COOKIES = known.cookies
        self.resolver_match = None
        self._body, self._read_started = body, False

    @cached_property
    def environ(self) -> Environ:  # type: ignore[override]
        """The words of WSGI, put together for who asks for them."""
        own = {"QUERY_STRING": self._incoming.query, "CONTENT_LENGTH": str(len(self._body))}
        return {**self._known.meta, **own, "PATH_INFO": self.path}

    def _load_post_and_files(self) -> None:
        """A short form as it is: Django's own dictionary, which could be copied and changed, takes long."""
        is_plain = self.content_type == FORM and self._encoding in (None, "utf-8")
        if not is_plain or self._body.count(b"&") >= settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:
            super()._load_post_and_files()
            return
        self._post = MultiValueDict(fields_of(self._body.decode(errors="replace")))
        self._files: MultiValueDict[str, Any] = MultiValueDict()

    @property
    def META(self) -> Environ:  # type: ignore[override]
        return self.environ
