"""What can be found: a row for each thing, which the database itself keeps in an inverted index.

The row holds the words; the migration lays the index beside it, in SQLite as an FTS5 table that triggers keep
with the rows, in PostgreSQL as a generated tsvector column with a GIN index. So Python writes one row, and
both databases answer the same question in the same way: which are the newest rows that hold these words?

SQLite reads the lists of words from their newest end and stops when it has enough. PostgreSQL reads all rows
that hold the words before it knows the newest. So its index marks each row with the pieces of time in which
it lies. Where one of the words is rare, all is looked at; else first the last weeks, and then as far back
as it takes at the rate at which they were met there, until there is enough.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connections, models
from django.db.models import ExpressionWrapper, F, Max, Min

from camphor.search.tokens import facet

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

    def newest(self, groups: tuple[Group, ...], most: int, *, of: int | None = None) -> list[int]:
        """The keys of the newest rows that hold a word of each group, the newest first.

        of: how many rows these can be at most, where that is known.
        """
        return list(self.newest_first(groups, most, of=of))

    def newest_first(self, groups: tuple[Group, ...], most: int, *, of: int | None = None) -> Iterator[int]:
        """The same, looked for as far as they are taken."""
        if connections[self.db].vendor == "sqlite" or (of is not None and of <= RARE):
            yield from self._look(groups, most)
            return
        ends = self.aggregate(first=Min("pk"), last=Max("pk"))
        if ends["last"] is None:
            return
        oldest, top = ends["first"], ends["last"] + 1
        shift, end, left = PIECES[0] if most <= MANY else PIECES[1], top, most
        begin = ((end >> shift) - AT_FIRST) << shift
        while left > 0:
            marks = (_pieces(shift, begin, end),) if begin > oldest else ()
            found = self._look((*groups, *marks), left, below=end if end < top else None)
            yield from found
            if begin <= oldest:
                return
            left -= len(found)
            end, span = begin, _span(top - begin, most - left, left)
            shift = next((bits for bits in PIECES if span >> bits <= MOST_PIECES), PIECES[-1])
            begin = ((end - span) >> shift) << shift if span < end - oldest else oldest

    def _look(self, groups: tuple[Group, ...], most: int, *, below: int | None = None) -> list[int]:
        # no index has this order, so that the rows are found by their words, and sorted then
        rows = self.filter(words__matches=Wanted(groups, most)).annotate(
            key=ExpressionWrapper(F("pk") + 0, models.BigIntegerField())
        )
        rows = rows if below is None else rows.filter(key__lt=below)
        return list(rows.order_by("-key").values_list("key", flat=True)[:most])


def _pieces(shift: int, begin: int, end: int) -> Group:
    """The marks of the pieces of time from one key up to another."""
    return tuple(facet("time", shift, number) for number in range(begin >> shift, ((end - 1) >> shift) + 1))


def _span(looked_at: int, found: int, left: int) -> int:
    """How much further back to look: where as many are met as before, a quarter more than it takes.

    Where none was met, none is common, and all that is left is looked at.
    """
    return max(looked_at, looked_at * left * 5 // (found * 4)) if found else ALL


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
PIECES = tuple(SHIFT_OF_DAY + bits for bits in (3, 5, 7, 9, 11))
"""Of the key of a row, the bits below its piece of time: pieces of 8, 32, 128, 512 and 2048 days. The
migration marks the rows with them, and has these numbers as well."""
AT_FIRST, MOST_PIECES = 5, 6
"""Whole pieces that are looked at first, and at most at once after that: each of them takes time."""
ALL = 1 << 62
"""More than all keys have between them."""
MANY = 500
"""Rows of which the last weeks alone seldom hold as many."""
RARE = 20_000
"""Rows that are read faster at once than piece by piece."""


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
