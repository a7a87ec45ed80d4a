"""The door of the web server, by its own protocol (RSGI): a request in words of WSGI, and its answer sent."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Any

from django.urls import resolve
from granian.rsgi import ProtocolClosed, ProtocolError  # type: ignore[attr-defined]

from camphor.site.wsgi import application as whole  # settings and apps first: the gate needs both

from camphor.site.gate import THREADS, Answer, Gate, in_thread  # isort: skip

if TYPE_CHECKING:
    from granian._granian import RSGIHTTPProtocol as HTTPProtocol
    from granian.rsgi import Scope

IN_MEMORY = 1024 * 1024
"""Bytes of a body above which it goes to a file, as Django keeps what is uploaded."""
OF_ALL = {
    "SCRIPT_NAME": "", "wsgi.version": (1, 0), "wsgi.errors": sys.stderr,
    "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False,
}  # fmt: skip


class Door:
    """The application that the web server runs."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        loop.set_default_executor(ThreadPoolExecutor(THREADS, thread_name_prefix="page"))
        resolve("/")  # loads all pages
        gc.collect()
        gc.freeze()  # what was loaded stays: to look through it takes 80 ms each time, and everybody waits

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        if scope.proto != "http":
            protocol.close(404)  # type: ignore[attr-defined] # a socket, which has other words
            return
        environ = environ_of(scope)

        async def body() -> IO[bytes]:
            length = environ.get("CONTENT_LENGTH", "")
            return await _taken_in(protocol, int(length) if length.isdecimal() else 0)

        with contextlib.suppress(ProtocolClosed, ProtocolError):  # the client has gone
            await _send(await self._gate.answer(environ, body), protocol)


def environ_of(scope: Scope) -> dict[str, Any]:
    """The request as WSGI has it."""
    environ: dict[str, Any] = {
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


async def _taken_in(protocol: HTTPProtocol, length: int) -> IO[bytes]:
    if length <= IN_MEMORY:
        return BytesIO(await protocol() if length else b"")
    body = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - it ends with the request
    async for piece in protocol:
        body.write(piece)
    body.seek(0)
    return body


async def _send(answer: Answer, protocol: HTTPProtocol) -> None:
    if answer.more is None:
        protocol.response_bytes(answer.status, answer.headers, answer.body)
        return
    more, piece = answer.more, answer.body
    way = protocol.response_stream(answer.status, answer.headers)
    try:
        while piece:
            await way.send_bytes(piece)
            piece = await in_thread(lambda: next(more, b""))
    finally:
        await in_thread(more.close)


application = Door(Gate(whole))
