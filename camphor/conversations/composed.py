"""Statements that Django composes once, to be carried out many times with other values.

To compose a statement takes Django ten times as long as the database takes to carry it out.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Lookup, Model, Q, QuerySet
from django.db.models.constants import OnConflict
from django.db.models.sql import InsertQuery
from django.db.models.sql.compiler import SQLCompiler

Row = tuple[Any, ...]
Item = TypeVar("Item")
MOST_AT_ONCE = 64
"""Rows in a statement for SQLite, which takes 999 values at the least."""


class Asking:
    """A query that differs in its values only; `marks` stand for them while it is composed."""

    def __init__(self, query: Callable[..., QuerySet[Any, Any]], *marks: int | str) -> None:
        self._query, self._marks = query, marks
        self._composed: dict[str, _Query] = {}

    def rows(self, *values: int | str) -> list[list[Any]]:
        """What the query finds for these values."""
        kind = connection.vendor
        if kind not in self._composed:
            self._composed[kind] = _Query(self._query(*self._marks), self._marks)
        return self._composed[kind].rows(values)


@Field.register_lookup
class AnyOf(Lookup):
    """Keys in one list, as PostgreSQL writes it; `in` has a place for each, which makes a long statement."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[str | int, ...]]:
        left, given = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s::bigint[])", (*given, self.rhs)


class Reading:
    """A query for the rows with these keys, which it is given as a condition.

    Without lists it is composed anew where twice as many are wanted as before.
    """

    def __init__(self, query: Callable[[Q], QuerySet[Any, Any]]) -> None:
        self._query = query
        self._composed: dict[tuple[str, int], _Query] = {}

    def rows(self, keys: Iterable[int]) -> list[list[Any]]:
        """The values of the query for the rows that have these keys."""
        if not (wanted := sorted(set(keys))):
            return []
        if _takes_lists():
            return self._of([_as_array([])], Q(pk__any_of=_as_array([]))).rows([_as_array(wanted)])
        padded = _padded(wanted)
        marks = range(-len(padded), 0)  # no row has such a key
        return self._of(marks, Q(pk__in=marks)).rows(padded)

    def _of(self, marks: Sequence[int | str], condition: Q) -> _Query:
        """The query with as many places, which bear these marks while it is composed."""
        kind = connection.vendor, len(marks)
        if kind not in self._composed:
            self._composed[kind] = _Query(self._query(condition), marks)
        return self._composed[kind]


class _Query:
    """What Django makes of a query, with places for its values."""

    def __init__(self, query: QuerySet[Any, Any], marks: Sequence[int | str]) -> None:
        compiler = query.query.get_compiler(connection=connection)
        self._sql, given = compiler.as_sql()
        self._given = list(given)
        self._places = [self._given.index(mark) for mark in marks]
        self._converters = compiler.get_converters(column for column, _sql, _alias in compiler.select)

    def rows(self, values: Sequence[int | str]) -> list[list[Any]]:
        given = list(self._given)
        for place, value in zip(self._places, values, strict=True):
            given[place] = value
        with _carried_out(self._sql, given) as cursor:
            found = [list(row) for row in cursor.fetchall()]
        for place, (converters, column) in self._converters.items():
            for row in found:
                for convert in converters:
                    row[place] = convert(row[place], column, connection)
        return found


class Adding:
    """An insert of rows that passes over those that are there already."""

    def __init__(self, model: type[Model], columns: Sequence[str], returning: Sequence[str] = ()) -> None:
        by_name = {field.name: field for field in model._meta.concrete_fields}
        self._model = model
        self._columns = [by_name[name] for name in columns]
        self._returning = [by_name[name] for name in returning]
        self._composed: dict[tuple[str, int], str] = {}

    def add(self, rows: Sequence[Row]) -> int:
        """Add them in their order, and say how many were new."""
        return sum(cursor.rowcount for cursor in self._carry_out(rows))

    def added(self, rows: Sequence[Row]) -> list[Row]:
        """Add them, and give the returned columns of those that were new."""
        return [row for cursor in self._carry_out(rows) for row in cursor.fetchall()]

    def _carry_out(self, rows: Sequence[Row]) -> Iterator[Cursor]:
        """One statement on PostgreSQL, which takes a list for each column, and on SQLite one for 64 rows.

        `executemany` would carry out a statement for each row.
        """
        if _takes_lists():
            columns = [_as_array(column) for column in zip(*rows, strict=True)]
            with _carried_out(self._statement(rows[:2]), columns) as cursor:
                yield cursor
            return
        while rows:
            part, rows = rows[:MOST_AT_ONCE], rows[MOST_AT_ONCE:]
            with _carried_out(self._statement(part), _as_sqlite_has_them(part)) as cursor:
                yield cursor

    def _statement(self, rows: Sequence[Row]) -> str:
        """The statement for so many rows; Django composes lists where there are two rows or more."""
        samples = [*rows, *rows][:2] if _takes_lists() else rows
        kind = connection.vendor, len(samples)
        if kind not in self._composed:
            names = [field.attname for field in self._columns]
            query = InsertQuery(self._model, on_conflict=OnConflict.IGNORE)
            made = [self._model(**dict(zip(names, row, strict=True))) for row in samples]
            query.insert_values(self._columns, made)
            compiler = query.get_compiler(connection=connection)
            compiler.returning_fields = self._returning or None
            [(self._composed[kind], _given)] = compiler.as_sql()
        return self._composed[kind]


class Cursor(Protocol):
    """What Django's cursors and those of a driver have in common."""

    @property
    def rowcount(self) -> int: ...

    def fetchall(self) -> list[Any]: ...


@contextlib.contextmanager
def _carried_out(statement: str, values: Sequence[Any]) -> Iterator[Cursor]:
    """The cursor of a statement. PostgreSQL keeps what it read and planned; Django never asks that.

    Where somebody counts the queries, Django carries it out, which knows of no others.
    """
    if not _takes_lists() or connection.queries_logged:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            yield cursor
        return
    from psycopg import Cursor as Preparing

    connection.ensure_connection()
    with connection.wrap_database_errors, Preparing(connection.connection) as preparing:
        yield preparing.execute(statement, values, prepare=True)


def _padded(items: Sequence[Item]) -> list[Item]:
    """Filled up with the last one to a power of two, so that there are few statements to compose."""
    return [*items, *list(items[-1:]) * ((1 << (len(items) - 1).bit_length()) - len(items))]


def _takes_lists() -> bool:
    """PostgreSQL takes one list for each column, SQLite one row after the other."""
    return connection.vendor == "postgresql"


def _as_array(column: Sequence[Any]) -> str:
    """A column without gaps as PostgreSQL writes a list; its driver would look through each value first."""
    if not column or isinstance(column[0], int):
        return "{" + ",".join(map(str, column)) + "}"
    quoted = (str(value).replace("\\", "\\\\").replace('"', '\\"') for value in column)
    return '{"' + '","'.join(quoted) + '"}'


def _as_sqlite_has_them(rows: Sequence[Row]) -> list[Any]:
    """The values in one list, moments as text; those of a batch are few, and each is put into text once."""
    moments = {value for row in rows for value in row if isinstance(value, datetime)}
    text = {moment: connection.ops.adapt_datetimefield_value(moment) for moment in moments}
    return [text[value] if isinstance(value, datetime) else value for row in rows for value in row]
