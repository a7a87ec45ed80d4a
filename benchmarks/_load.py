"""Many clients over HTTP keep-alive against a server on this machine: one process, raw sockets."""

from __future__ import annotations

import resource
import selectors
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter

HOST = "127.0.0.1"
"""Nothing else is ever loaded."""
PATIENCE = 30.0
"""Seconds without any answer until a run is given up."""
CHUNK = 65_536

Ask = Callable[[int, int], bytes]
"""The n-th request of a client, as bytes: ask(client, n)."""
Told = Callable[[int, int, int, bytes], None]
"""What came back: told(client, n, status, whole answer)."""


@dataclass
class Load:
    """What one run found. seconds: its length. waits: of each answer, seconds, in order of arrival."""

    seconds: float = 0.0
    client_seconds: float = 0.0  # of processor time that the clients took
    waits: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    bytes: int = 0
    broken: int = 0  # connections that ended without an answer

    @property
    def answered(self) -> int:
        return len(self.waits)

    def rate(self, *statuses: int) -> float:
        """Answers a second; of these statuses alone, where some are named."""
        number = sum(self.statuses.get(status, 0) for status in statuses) if statuses else self.answered
        return number / self.seconds if self.seconds else 0.0

    def wait(self, share: float) -> float:
        """The wait that this share of the answers does not exceed, in seconds."""
        ordered = sorted(self.waits)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else 0.0


@dataclass(eq=False)
class _Client:
    """One connection with one request on its way."""

    number: int
    socket: socket.socket
    n: int = 0
    sent_at: float = 0.0
    got: bytearray = field(default_factory=bytearray)
    length: int = -1  # of the whole answer, once its head is there

    def send(self, request: bytes) -> None:
        self.sent_at = perf_counter()
        self.socket.sendall(request)

    def read(self) -> bool:
        """Take what has come; True when the answer is whole."""
        chunk = self.socket.recv(CHUNK)
        if not chunk:
            raise ConnectionResetError
        self.got += chunk
        if self.length < 0 and (end := self.got.find(b"\r\n\r\n")) >= 0:
            self.length = end + 4 + _body_length(bytes(self.got[:end]).lower())
        return 0 <= self.length <= len(self.got)


def _body_length(head: bytes) -> int:
    at = head.find(b"content-length:")
    if at < 0:
        return 0  # 204 and 304 bear none
    return int(head[at + 15 :].split(b"\r\n", 1)[0])


def run(
    port: int, ask: Ask, *, clients: int, seconds: float, requests: int = 10**6, told: Told | None = None
) -> Load:
    """Keep so many clients busy, each with one request at a time, until the time or the number is up."""
    load, selector = Load(), selectors.DefaultSelector()
    used = _processor()
    for number in range(clients):
        client = _Client(number, connect(port))
        selector.register(client.socket, selectors.EVENT_READ, client)
    began = perf_counter()
    until, asked = began + seconds, 0
    for key in list(selector.get_map().values()):
        key.data.send(ask(key.data.number, 0))
        asked += 1
    while selector.get_map():
        ready = selector.select(PATIENCE)
        if not ready:
            break
        for key, _events in ready:
            client = key.data
            try:
                if not client.read():
                    continue
            except OSError:
                load.broken += 1
                _end(selector, client)
                continue
            _note(load, client, told)
            if perf_counter() >= until or asked >= requests:
                _end(selector, client)
                continue
            client.send(ask(client.number, client.n))
            asked += 1
    load.seconds, load.client_seconds = perf_counter() - began, _processor() - used
    for key in list(selector.get_map().values()):
        load.broken += 1
        _end(selector, key.data)
    selector.close()
    return load


def _note(load: Load, client: _Client, told: Told | None) -> None:
    load.waits.append(perf_counter() - client.sent_at)
    status = int(client.got[9:12])
    load.statuses[status] = load.statuses.get(status, 0) + 1
    load.bytes += client.length
    if told:
        told(client.number, client.n, status, bytes(client.got[: client.length]))
    client.n, client.length = client.n + 1, -1
    client.got.clear()


def connect(port: int) -> socket.socket:
    made = socket.create_connection((HOST, port), timeout=PATIENCE)
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return made


def _end(selector: selectors.BaseSelector, client: _Client) -> None:
    selector.unregister(client.socket)
    client.socket.close()


def _processor() -> float:
    own = resource.getrusage(resource.RUSAGE_SELF)
    return own.ru_utime + own.ru_stime
