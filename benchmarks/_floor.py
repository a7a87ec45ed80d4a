"""The floor: a bare handler that commits in groups and checks nothing, for comparison with the real one."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import threading
from collections.abc import Callable, Sequence
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


Waiting = asyncio.Future[None]


class Floor:
    """Takes a vote, has it committed, says so: by the protocol of the web server that we use."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[Waiting] = SimpleQueue()

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        threading.Thread(target=self._write, daemon=True).start()

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        await protocol()
        waiting = self._loop.create_future()
        self._queue.put(waiting)
        await waiting
        protocol.response_bytes(200, [("content-length", "2")], b"ok")

    def _write(self) -> None:
        address = os.environ["FLOOR_DATABASE"]
        insert = _postgresql(address) if address.startswith("postgres") else _sqlite(address)
        while True:
            batch = [self._queue.get()]
            while len(batch) < MOST:
                try:
                    batch.append(self._queue.get_nowait())
                except Empty:
                    break
            insert([ROW] * len(batch))
            self._loop.call_soon_threadsafe(_tell, batch)


def _tell(batch: Sequence[Waiting]) -> None:
    for waiting in batch:
        waiting.set_result(None)


application = Floor()
