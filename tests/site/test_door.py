"""The door of the web server: a request as the server hands it in, and the answer that goes out."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest

from camphor.conversations import readers
from camphor.site.door import Door
from camphor.site.gate import PIECE, Gate
from camphor.site.incoming import IN_MEMORY, environ_of

from .heads import Headers


def scope(*headers: tuple[str, str], **more: Any) -> Any:
    told = {
        "proto": "http", "http_version": "1.1", "scheme": "http", "method": "POST", "path": "/\u6a1f x",
        "query_string": "q=%41", "server": "[::1]:8000", "client": "10.0.0.7:4711", "authority": None,
    }  # fmt: skip
    return SimpleNamespace(**{**told, **more}, headers=Headers(list(headers)))


class Protocol:
    """What the server offers, and what was sent by it."""

    def __init__(self, body: bytes = b"") -> None:
        self.body, self.sent = body, b""
        self.status, self.pieces = 0, 0

    async def __call__(self) -> bytes:
        return self.body

    async def __aiter__(self) -> Any:
        for at in range(0, len(self.body), 500_000):
            yield self.body[at : at + 500_000]

    def response_bytes(self, status: int, headers: Any, body: bytes) -> None:
        self.status, self.sent = status, body

    def response_stream(self, status: int, headers: Any) -> Protocol:
        self.status = status
        return self

    async def send_bytes(self, piece: bytes) -> None:
        self.sent += piece
        self.pieces += 1


def served(whole: Any, protocol: Protocol, *headers: tuple[str, str], **more: Any) -> None:
    async def ask() -> None:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(2))
        await Door(Gate(whole)).__rsgi__(scope(*headers, **more), protocol)  # type: ignore[arg-type]

    asyncio.run(ask())


def test_a_request_is_put_into_the_words_of_wsgi() -> None:
    environ = environ_of(
        scope(
            ("host", "example.org"), ("cookie", "a=1"), ("cookie", "b=2"), ("accept", "x"), ("accept", "y"),
            ("content-type", "text/plain"), ("content-length", "2"), ("x-forwarded-proto", "http"),
        )
    )  # fmt: skip
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/\u6a1f x"
    assert (environ["HTTP_COOKIE"], environ["HTTP_ACCEPT"]) == ("a=1;b=2", "x,y")
    assert (environ["CONTENT_TYPE"], environ["CONTENT_LENGTH"]) == ("text/plain", "2")
    assert (environ["SERVER_NAME"], environ["SERVER_PORT"]) == ("::1", "8000")
    assert (environ["REMOTE_ADDR"], environ["HTTP_HOST"]) == ("10.0.0.7", "example.org")
    assert "wsgi.input" not in environ


def test_a_header_with_an_underscore_does_not_pass_for_one_with_a_dash() -> None:
    environ = environ_of(scope(("x_forwarded_proto", "https"), ("x-forwarded-proto", "http")))
    assert environ["HTTP_X_FORWARDED_PROTO"] == "http"
    assert "HTTP_X_FORWARDED_PROTO" not in environ_of(scope(("x_forwarded_proto", "https")))


def test_no_header_takes_the_place_of_what_the_server_says() -> None:
    environ = environ_of(scope(("wsgi.url-scheme", "https"), ("remote-addr", "127.0.0.1")))
    assert (environ["wsgi.url_scheme"], environ["REMOTE_ADDR"]) == ("http", "10.0.0.7")


@pytest.mark.parametrize("size", [0, 5, IN_MEMORY + 7])
def test_a_body_is_taken_in_whole_however_long(size: int) -> None:
    def whole(environ: dict[str, Any], start: Any) -> list[bytes]:
        start("200 OK", [])
        return [b"%d" % len(environ["wsgi.input"].read())]

    protocol = Protocol(b"x" * size)
    served(whole, protocol, ("content-length", str(size)))
    assert (protocol.status, protocol.sent) == (200, b"%d" % size)


class Pieces:
    """A long answer in small pieces, which must be closed."""

    def __init__(self, number: int) -> None:
        self.number, self.closed = number, 0

    def __iter__(self) -> Iterator[bytes]:
        yield from (b"y" * 4096 for _piece in range(self.number))

    def close(self) -> None:
        self.closed += 1


@pytest.mark.parametrize(("number", "sent"), [(3, 0), (PIECE // 4096, 1), (100, 7)])
def test_a_long_answer_goes_out_in_pieces_and_is_closed_once(number: int, sent: int) -> None:
    pieces = Pieces(number)

    def whole(environ: dict[str, Any], start: Any) -> Pieces:
        start("200 OK", [])
        return pieces

    protocol = Protocol()
    served(whole, protocol, method="GET")
    assert (len(protocol.sent), protocol.pieces, pieces.closed) == (number * 4096, sent, 1)


def test_the_event_loop_itself_never_waits_for_the_database() -> None:
    async def on_the_loop() -> None:
        readers.need_thread()

    readers.need_thread()
    with pytest.raises(readers.NotHere):
        asyncio.run(on_the_loop())


def test_what_is_not_in_memory_is_read_by_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.http import HttpResponse

    asked: list[int] = []

    def card(request: Any, pk: int) -> HttpResponse:
        asked.append(pk)
        readers.need_thread()
        return HttpResponse("card")

    monkeypatch.setitem(Gate.__init__.__globals__["VIEWS"], ("GET", "next/"), card)
    protocol = Protocol()
    served(io.BytesIO, protocol, ("host", "127.0.0.1"), method="GET", path="/talk/7/next/")
    assert (protocol.status, protocol.sent, asked) == (200, b"card", [7, 7])
