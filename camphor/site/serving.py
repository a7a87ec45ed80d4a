"""The web server as we ship it: the same limits for the service, the demo, the benchmarks and the drills."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import sys
from pathlib import Path

APPLICATION = "camphor.site.door:application"
PATIENCE = 10
"""Seconds that a process has to answer what it has in hand when it is told to end."""


class PortTaken(OSError):
    """Somebody else listens there already."""


def need_free(port: int, host: str = "127.0.0.1") -> None:
    """See that nobody listens there. Raises PortTaken.

    The web server would not say so: it shares its port among its processes, so with any other
    that shares.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, kind, protocol, _name, address in found[:1]:
            with contextlib.closing(socket.socket(family, kind, protocol)) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # what has just ended is no bar
                probe.bind(address)
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            return  # the web server says so itself
        raise PortTaken(
            f"port {port} on {host} cannot be used ({error.strerror}): name another one"
        ) from error


def hold(port: int, host: str = "127.0.0.1") -> None:
    """Take the port for the web server that this process becomes, which takes seconds to listen.

    Raises PortTaken. The socket lives as long as the process, also as the web server, which shares the port
    with it; it never listens, so that no request comes to it. (Nor may it reuse an address: two that may and
    do not listen do not see each other.)
    """
    need_free(port, host)
    with contextlib.suppress(OSError):  # the web server says so itself
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _name, address = found[0]
        held = socket.socket(family, kind, protocol)
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        held.bind(address)
        os.set_inheritable(held.detach(), True)


def command(
    port: int,
    *,
    workers: int,
    host: str = "127.0.0.1",
    application: str = APPLICATION,
    interface: str = "rsgi",
    python: str | Path = sys.executable,
) -> list[str]:
    """The words that start the server. `interface`: by which protocol it speaks to the application."""
    listen = ["--interface", interface, "--host", host, "--port", str(port)]
    many = ["--workers", str(workers)]
    care = ["--respawn-failed-workers", "--workers-kill-timeout", str(PATIENCE), "--log-level", "warning"]
    return [str(python), "-m", "camphor.site.server", *listen, *many, *care, application]


def workers_for(database: str) -> int:
    """Web processes, by the address or Django's engine of the database: SQLite has one writer at a time."""
    return 1 if "sqlite" in database.partition(":")[0] else 2
