"""The floor: a bare handler that commits in groups and checks nothing, for comparison with the real one."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from queue import Empty, SimpleQueue
from typing import Any

MOST = 256
"""Rows in a transaction at the most."""
COLUMNS = "conversation integer, participant integer, statement integer, value integer, key text"
ROW = (1, 2, 3, 1, "0123456789abcdef0123456789abcdef")

Insert = Callable[[Sequence[tuple[Any, ...]]], object]


def _sqlite(path: str) -> Insert:
    connection = sqlite3.connect(path, isolation_level=None)
    for line in ("PRAGMA journal_mode=DELETE", "PRAGMA synchronous=FULL"):
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


_queue: SimpleQueue[threading.Lock] = SimpleQueue()


def _write() -> None:
    address = os.environ["FLOOR_DATABASE"]
    insert = _postgresql(address) if address.startswith("postgres") else _sqlite(address)
    while True:
        waiting = [_queue.get()]
        while len(waiting) < MOST:
            try:
                waiting.append(_queue.get_nowait())
            except Empty:
                break
        insert([ROW] * len(waiting))
        for lock in waiting:
            lock.release()


_guard = threading.Lock()
_writer: threading.Thread | None = None


def application(environ: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
    """Take a vote, have it committed, say so."""
    global _writer
    with _guard:
        if _writer is None:
            _writer = threading.Thread(target=_write, daemon=True)
            _writer.start()
    environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    lock = threading.Lock()
    lock.acquire()
    _queue.put(lock)
    lock.acquire()
    start("200 OK", [("Content-Length", "2")])
    return [b"ok"]
