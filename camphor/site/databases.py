"""The database that an address names, set up so that what was acknowledged is on disk."""

from __future__ import annotations

import sqlite3
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

FIXED = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
"""SQLite versions in which the WAL-reset race is mended, the newest branch first."""
MOST_CONNECTIONS = 20
"""Of one process to PostgreSQL: its pages, writer, readers and maps; a server has 100 as a rule."""

CACHE = 4_000
"""kB of memory of a connection to SQLite, of which each thread of a process keeps one."""
JOURNAL = 4_000_000
"""Bytes of its journal that stay on the disk between two transactions."""
GONE = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3, "tcp_user_timeout": 10_000}
"""Until a server that says nothing is taken to be gone, in seconds and milliseconds; else hours pass."""
PREPARED_AFTER = 5
"""Times that a statement is carried out before the driver has it prepared, or at once where it is asked for.
It concerns no statement of Django itself, which puts the values into each."""
RECONNECT = 2.0
"""Seconds after which the pool no longer tries by itself to reach a server that is away: it doubles its
pauses, and after an outage of a minute would wait for another one. The next request tries at once instead."""


class BadAddress(ValueError):
    """The address names no database that Camphor knows."""


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Write-ahead logging cannot corrupt the file in this SQLite version."""
    newest, *branches = FIXED
    return version >= newest or any(version[:2] == fixed[:2] and version >= fixed for fixed in branches)


def database(address: str) -> dict[str, Any]:
    """Django's settings for sqlite:///path or postgres://user:password@host:port/name."""
    parts = urlsplit(address)
    if parts.scheme == "sqlite":
        return _sqlite(unquote(parts.path[1:]) if parts.path != "/:memory:" else ":memory:")
    if parts.scheme in ("postgres", "postgresql"):
        return _postgres(address)
    raise BadAddress(f"CAMPHOR_DATABASE_URL begins with {parts.scheme!r}, not with sqlite or postgres")


def leave(**_told: Any) -> None:
    """Close the connection of a thread whose page failed: a query that it broke off would bar all writing."""
    from django.db import connection

    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        connection.close()


def _sqlite(name: str) -> dict[str, Any]:
    # A journal that is deleted may be back after a loss of power, as SQLite syncs no folder at FULL: what was
    # acknowledged is then rolled back. One whose head is overwritten is synced, and cheaper than one that is
    # emptied: no change of its size has to reach the disk as well.
    journal = "WAL" if wal_is_safe(sqlite3.sqlite_version_info) else "PERSIST"
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": name,
        "CONN_MAX_AGE": None,  # a thread keeps its own, and there are few threads
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",  # a reader never turns writer half-way
            "timeout": 20,
            "init_command": f"PRAGMA journal_mode={journal}; PRAGMA synchronous=FULL; "
            f"PRAGMA foreign_keys=ON; PRAGMA cache_size=-{CACHE}; PRAGMA journal_size_limit={JOURNAL};",
        },
    }


def _postgres(address: str) -> dict[str, Any]:
    """One server, or several with a comma between, of which the one that takes writes is used."""
    parts = urlsplit(address)
    query = parse_qs(parts.query)
    login, _at, where = parts.netloc.rpartition("@")
    user, _colon, password = login.partition(":")
    servers = [_host_and_port(each) for each in where.split(",")]
    hosts, ports = ",".join(host for host, _port in servers), ",".join(port for _host, port in servers)
    options: dict[str, Any] = {
        "connect_timeout": 3 if len(servers) > 1 else 5,
        **GONE,
        "prepare_threshold": PREPARED_AFTER,
        "pool": {
            "min_size": 1,
            "max_size": MOST_CONNECTIONS,
            "timeout": 5,
            "reconnect_timeout": RECONNECT,
        },
    }
    if len(servers) > 1:
        options["target_session_attrs"] = "read-write"
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(user),
        "PASSWORD": unquote(password),
        "HOST": query.get("host", [hosts])[0],
        "PORT": ports.strip(","),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _host_and_port(server: str) -> tuple[str, str]:
    """Of `host`, `host:port` or `[address]:port`."""
    host, colon, port = server.rpartition(":")
    if not colon or port.endswith("]"):
        host, port = server, ""
    return host.strip("[]"), port
