"""The readers: a few threads, each with a connection, that fetch what is missing in memory.

However many requests wait, the database sees no more connections than there are readers.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection

READERS = 2
"""As many as there are cores in the smallest server we serve from; what they read takes a millisecond."""
PATIENCE = 5.0
"""Seconds until a waiting request is told to come again, as for votes."""

_T = TypeVar("_T")
_pool: ThreadPoolExecutor | None = None
_process = 0
_guard = threading.Lock()


def is_private() -> bool:
    """The caller has a transaction of his own, so that others see something else than he does."""
    return connection.in_atomic_block


def read(fetch: Callable[[], _T]) -> _T:
    """What a reader fetches; raises OperationalError or TimeoutError where the database does not answer."""
    if is_private():
        return fetch()
    return _of_this_process().submit(_once_more, fetch).result(PATIENCE)


def close() -> None:
    """End the readers and their connections; the next read starts new ones."""
    global _pool
    with _guard:
        ending, _pool = _pool, None
    if ending:
        for _reader in range(READERS):
            ending.submit(connection.close)
        ending.shutdown()


def _once_more(fetch: Callable[[], _T]) -> _T:
    """Over a fresh connection where the old one has ended."""
    try:
        return fetch()
    except (OperationalError, InterfaceError):
        connection.close()
    try:
        return fetch()
    except Exception:
        connection.close()
        raise


def _of_this_process() -> ThreadPoolExecutor:
    global _pool, _process
    with _guard:
        if _pool is None or _process != os.getpid():  # threads do not outlive a fork
            _pool = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
            _process = os.getpid()
        return _pool
