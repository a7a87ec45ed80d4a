"""Reading what is missing in memory: by a thread, over a connection that is mended where it has ended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, NotSupportedError, OperationalError, connection

PATIENCE = 5.0
"""Seconds until a waiting request is told to come again, as for votes."""

CUT_OFF = (OperationalError, InterfaceError, NotSupportedError)
"""What a connection says that has ended, or that prepared a statement before a table was altered."""

_T = TypeVar("_T")


class NotHere(Exception):
    """What is asked for is not in memory, and the event loop, which all wait for, must not wait itself."""


def on_loop() -> bool:
    """The caller is on the event loop, where Django refuses the database."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def need_thread() -> None:
    """See that the caller may wait. Raises NotHere on the event loop."""
    if on_loop():
        raise NotHere


def is_private() -> bool:
    """The caller has a transaction of his own, so that others see something else than he does."""
    return not on_loop() and connection.in_atomic_block


def read(fetch: Callable[[], _T]) -> _T:
    """What is fetched, once more over a fresh connection where the old one has ended."""
    if is_private():
        return fetch()
    need_thread()
    try:
        return fetch()
    except CUT_OFF:
        connection.close()
    try:
        return fetch()
    except Exception:
        connection.close()
        raise
