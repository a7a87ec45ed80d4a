"""The door of the web server, by its own protocol (RSGI): a request for the gate, and its answer sent."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from granian.rsgi import ProtocolClosed, ProtocolError  # type: ignore[attr-defined]

from camphor.site.wsgi import application as whole  # settings and apps first: the gate needs both

from camphor.site.incoming import Incoming  # isort: skip
from camphor.site.gate import THREADS, Answer, Gate, in_thread  # isort: skip

if TYPE_CHECKING:
    from granian._granian import RSGIHTTPProtocol as HTTPProtocol
    from granian.rsgi import Scope


GONE = contextlib.suppress(ProtocolClosed, ProtocolError)
"""The client does not wait any more."""


class Door:
    """The application that the web server runs."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        loop.set_default_executor(ThreadPoolExecutor(THREADS, thread_name_prefix="page"))

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
