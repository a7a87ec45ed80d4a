"""The first process of the web server: what all others need is read here, and they share it.

All others are forked from this one: the web processes by the web server, and before them the writer of votes.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import multiprocessing
import sys

from granian.cli import entrypoint

from camphor.search.tokens import words
from camphor.site.serving import APPLICATION

ARENAS = 1
"""Heaps of the C library in a process, whose threads take turns anyway; more of them keep 40 MB."""
M_ARENA_MAX = -8
YOUNG = 10_000
"""New objects after which Python looks for garbage in circles; at 700 it took a twentieth of each vote."""


def main() -> None:
    """Read the program and its dictionary, begin the writer of votes, and serve."""
    _share_heaps()
    if APPLICATION in sys.argv:
        _begin()
    entrypoint()  # type: ignore[no-untyped-call]


def _begin() -> None:
    """What the service needs before its processes are forked; nobody writes into it, so it is in memory once.

    The dictionary of Chinese words alone takes 30 MB, and the program 80, in each process that reads them.
    """
    words("词典")
    load()
    gc.collect()
    gc.set_threshold(YOUNG)
    gc.freeze()  # what was loaded stays: to look through it takes 80 ms each time, and everybody waits
    if can_fork():
        from camphor.conversations import keeper

        keeper.begin()


def load() -> None:
    """Read all of the program, and leave no connection to a database open: two processes would share it."""
    from django.db import connections
    from django.urls import resolve

    import camphor.site.door  # noqa: F401 - settings and apps come with it

    resolve("/")  # loads all pages
    connections.close_all()
    for connection in connections.all(initialized_only=True):
        if leave := getattr(connection, "close_pool", None):
            leave()


def can_fork() -> bool:
    """The web server will fork its processes from this one."""
    return multiprocessing.get_start_method() == "fork"


def _share_heaps() -> None:
    """Let threads share heaps, where the C library is one that has such."""
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, ARENAS)


if __name__ == "__main__":
    main()
