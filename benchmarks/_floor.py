"""The floors: bare handlers that commit in groups and check nothing, for comparison with the real one.

One is called as Python web applications mostly are (WSGI, a thread for each request), the other as this
service is, on an event loop.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from queue import Empty, SimpleQueue
from typing import Any

MOST = 256
"""Rows in a transaction at the most."""
COLUMNS = "conversation integer, participant integer, statement integer, value integer, key text"
ROW = (1, 2, 3, 1, "0123456789abcdef0123456789abcdef")

Insert = Callable[[Sequence[tuple[Any, ...]]], object]


def _sqlite(path: str) -> Insert:
    connection = sqlite3.connect(path, isolation_level=None)
    for line in ("PRAGMA journal_mode=PERSIST", "PRAGMA synchronous=FULL"):
        connection.execute(line)
    connection.execute(f"CREATE TABLE IF NOT EXISTS floor (id integer PRIMARY KEY, {COLUMNS})")

    def insert(rows: Sequence[tuple[Any, ...]]) -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(
            "INSERT INTO floor (conversation, participant, statement, value, key) VALUES (?, ?, ?, ?, ?)",
            rows,
        )
        connection.execute("COMMIT")

    return insert


def _postgresql(address: str) -> Insert:
    import psycopg

    connection = psycopg.connect(address, autocommit=True)
    connection.execute(f"CREATE TABLE IF NOT EXISTS floor (id bigserial PRIMARY KEY, {COLUMNS})".encode())
    one = "(%s, %s, %s, %s, %s)"

    def insert(rows: Sequence[tuple[Any, ...]]) -> None:
        places = ", ".join([one] * len(rows))
        told = f"INSERT INTO floor (conversation, participant, statement, value, key) VALUES {places}"  # noqa: S608
        connection.execute(told.encode(), [value for row in rows for value in row])

    return insert


Told = Callable[[Sequence[Any]], object]
"""Those who wait for a batch are told that it is on disk."""


class _Group:
    """One thread, which commits all that wait in one transaction."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self.queue: SimpleQueue[Any] = SimpleQueue()
        threading.Thread(target=self._write, daemon=True).start()

    def _write(self) -> None:
        address = os.environ["FLOOR_DATABASE"]
        kind = _postgresql if address.startswith("postgres") else _sqlite
        insert = kind(address.removeprefix("sqlite:///"))
        while True:
            batch = [self.queue.get()]
            while len(batch) < MOST:
                try:
                    batch.append(self.queue.get_nowait())
                except Empty:
                    break
            insert([ROW] * len(batch))
            self._told(batch)


class OnLoop:
    """Takes a vote, has it committed, says so: by the protocol of the web server that we use."""

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._group = _Group(lambda batch: loop.call_soon_threadsafe(_ripen, batch))

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        await protocol()
        waiting = self._loop.create_future()
        self._group.queue.put(waiting)
        await waiting
        protocol.response_bytes(200, [("content-length", "2")], b"ok")


def _ripen(batch: Sequence[asyncio.Future[None]]) -> None:
    for waiting in batch:
        waiting.set_result(None)


@cache
def _released() -> _Group:
    return _Group(lambda batch: [lock.release() for lock in batch])


def in_threads(environ: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
    """The same by WSGI."""
    environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    lock = threading.Lock()
    lock.acquire()
    with _GUARD:
        group = _released()
    group.queue.put(lock)
    lock.acquire()
    start("200 OK", [("Content-Length", "2")])
    return [b"ok"]


_GUARD = threading.Lock()
on_loop = OnLoop()
