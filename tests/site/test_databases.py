"""Which database an address names, and that what was acknowledged is on disk."""

from __future__ import annotations

import pytest
from django.core.signals import got_request_exception
from django.db import connection, connections

from camphor.site.databases import BadAddress, database, wal_is_safe


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 54, 1), True),
    ],
)
def test_write_ahead_logging_only_where_its_race_is_mended(version: tuple[int, ...], safe: bool) -> None:
    assert wal_is_safe(version) is safe


def test_a_postgres_address_is_read_whole() -> None:
    found = database("postgres://mei:p%40ss@db.example:5433/camphor")
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"], found["NAME"]) == (
        "mei",
        "p@ss",
        "db.example",
        "5433",
        "camphor",
    )


def test_an_unknown_address_is_refused_by_name() -> None:
    with pytest.raises(BadAddress, match="mysql"):
        database("mysql://x/y")


@pytest.mark.django_db
def test_sqlite_writes_through_to_the_disk() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("this is about SQLite")
    with connection.cursor() as cursor:
        synchronous = cursor.execute("PRAGMA synchronous").fetchone()[0]
    assert synchronous == 2  # FULL


def test_two_servers_are_named_and_the_one_that_takes_writes_is_used() -> None:
    found = database("postgres://mei:p@db1:5432,db2:5433/camphor")
    assert (found["HOST"], found["PORT"], found["USER"]) == ("db1,db2", "5432,5433", "mei")
    assert found["OPTIONS"]["target_session_attrs"] == "read-write"


@pytest.mark.django_db
def test_a_page_that_failed_leaves_no_query_half_read(monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[str] = []
    own = connections["default"]
    monkeypatch.setattr(own, "close", lambda: closed.append(own.vendor))
    got_request_exception.send(None)
    assert not closed, "the transaction of a caller stays whole"
    monkeypatch.setattr(own, "in_atomic_block", False)
    got_request_exception.send(None)
    monkeypatch.undo()
    assert closed == (["sqlite"] if own.vendor == "sqlite" else [])


@pytest.mark.django_db
def test_the_journal_of_sqlite_is_synced_when_it_ends() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("this is about SQLite")
    settings = database("sqlite:///x")["OPTIONS"]["init_command"]
    assert "journal_mode=DELETE" not in settings  # its removal would not be synced
