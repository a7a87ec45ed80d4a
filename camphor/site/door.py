"""The door of the web server, by its own protocol (RSGI): a request for the gate, and its answer sent."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import gc
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from django.urls import resolve
from granian.rsgi import ProtocolClosed, ProtocolError  # type: ignore[attr-defined]

from camphor.site.wsgi import application as whole  # settings and apps first: the gate needs both

from camphor.site.incoming import Incoming  # isort: skip
from camphor.site.gate import THREADS, Answer, Gate, in_thread  # isort: skip

if TYPE_CHECKING:
    from granian._granian import RSGIHTTPProtocol as HTTPProtocol
    from granian.rsgi import Scope


ARENAS = 1
"""Heaps of the C library in a process, whose threads take turns anyway; more of them keep 40 MB."""
M_ARENA_MAX = -8
YOUNG = 10_000
"""New objects after which Python looks for garbage in circles; at 700 it took a twentieth of each vote."""
GONE = contextlib.suppress(ProtocolClosed, ProtocolError)
"""The client does not wait any more."""


class Door:
    """The application that the web server runs."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        _share_heaps()
        loop.set_default_executor(ThreadPoolExecutor(THREADS, thread_name_prefix="page"))
        resolve("/")  # loads all pages
        gc.collect()
        gc.set_threshold(YOUNG)
        gc.freeze()  # what was loaded stays: to look through it takes 80 ms each time, and everybody waits

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        if scope.proto != "http":
            protocol.close(404)  # type: ignore[attr-defined] # a socket, which has other words
            return
        with GONE:
            answer = await self._gate.answer(Incoming(scope, protocol))
            if answer.more is None:
                protocol.response_bytes(answer.status, answer.headers, answer.body)
            else:
                await _send(answer, answer.more, protocol)


def _share_heaps() -> None:
    """Let threads share heaps, where the C library is one that has such."""
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, ARENAS)


async def _send(answer: Answer, more: Generator[bytes], protocol: HTTPProtocol) -> None:
    """A long answer, piece by piece."""
    piece = answer.body
    way = protocol.response_stream(answer.status, answer.headers)
    try:
        while piece:
            await way.send_bytes(piece)
            piece = await in_thread(lambda: next(more, b""))
    finally:
        await in_thread(more.close)


application = Door(Gate(whole))
