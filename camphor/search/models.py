"""What can be found: a row for each thing, which the database itself keeps in an inverted index.

The row holds the words; the migration lays the index beside it, in SQLite as an FTS5 table that triggers keep
with the rows, in PostgreSQL as a generated tsvector column with a GIN index. So Python writes one row, and
both databases answer the same question in the same way: which rows hold these words?
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models

Group = tuple[str, ...]
"""Words of the index of which one must be met."""


@dataclass(frozen=True)
class Wanted:
    """A group of each must be met; of what meets them, the newest so many."""

    groups: tuple[Group, ...]
    newest: int


class WordsField(models.TextField):  # type: ignore[type-arg]
    """Words and marks with a space between."""

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs


@WordsField.register_lookup
class Matches(models.Lookup):
    """The rows that hold a word of each group. The question is a parameter, never part of the statement."""

    lookup_name = "matches"
    prepare_rhs = False

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        wanted: Wanted = self.rhs
        asked = " AND ".join(f"({' OR '.join(map(_doubly_quoted, group))})" for group in wanted.groups)
        table = connection.ops.quote_name(self.lhs.alias)
        found = "SELECT rowid FROM search_words WHERE search_words MATCH %s ORDER BY rowid DESC LIMIT %s"
        return f"{table}.id IN ({found})", (asked, wanted.newest)

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """The newest are left to the order and the limit of the query."""
        wanted: Wanted = self.rhs
        asked = " & ".join(f"({' | '.join(map(_singly_quoted, group))})" for group in wanted.groups)
        return f"{connection.ops.quote_name(self.lhs.alias)}.lexemes @@ %s::tsquery", (asked,)


def _doubly_quoted(word: str) -> str:
    return '"' + word.replace('"', "") + '"'


def _singly_quoted(word: str) -> str:
    return "'" + word.replace("'", "").replace("\\", "") + "'"


class DocumentQuerySet(models.QuerySet["Document"]):
    """What can be found, in the words of those who look."""

    def newest(self, groups: tuple[Group, ...], most: int) -> DocumentQuerySet:
        """The newest rows that hold a word of each group."""
        return self.filter(words__matches=Wanted(groups, most)).order_by("-pk")[:most]


class Document(models.Model):
    """One thing that can be found. Its key grows with the day on which it was raised, so it orders by age."""

    id = models.BigIntegerField(primary_key=True)
    source = models.CharField(max_length=20)
    subject_id = models.PositiveBigIntegerField()
    entry = models.PositiveBigIntegerField(default=0)  # the last entry that it was made after
    day = models.DateField()
    title = models.TextField(blank=True)
    text = models.TextField(blank=True)
    words = WordsField()

    objects = DocumentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["source", "subject_id"], name="document_of_subject")]

    def __str__(self) -> str:
        return f"{self.source} {self.subject_id}"


SHIFT_OF_DAY, SHIFT_OF_SOURCE = 30, 27
"""Bits below the day: three for the source, 27 for the subject. Two subjects of one source and day would
need keys that lie 134 million apart to share one."""


def key_of(day: date, source: int, subject_id: int) -> int:
    """The key of a document: its day first, then its source and its subject."""
    return (
        day.toordinal() << SHIFT_OF_DAY
        | source << SHIFT_OF_SOURCE
        | subject_id & ((1 << SHIFT_OF_SOURCE) - 1)
    )


class Word(models.Model):
    """A word that documents hold, and in how many of them it stands."""

    text = models.CharField(max_length=40, primary_key=True)
    documents = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["-documents"], name="commonest_first")]

    def __str__(self) -> str:
        return self.text


class Progress(models.Model):
    """How far the index has read the journal; there is one row."""

    entry = models.PositiveBigIntegerField(default=0)
    documents = models.PositiveIntegerField(default=0)
    since = models.DateField(null=True)  # the day of the oldest document

    def __str__(self) -> str:
        return f"entry {self.entry}"
