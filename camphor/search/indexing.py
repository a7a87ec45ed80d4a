"""The index follows the journal.

Whatever changes a thing goes through the one door, which writes an Entry. So the index needs neither signals
nor code in save(): it remembers the last entry that it has read, and whoever searches first lets it read on.
That way the one who just wrote finds what he wrote, the ballot and every other writer pay nothing for the
index, and no trigger can be forgotten. Reading on is bounded, taken by one reader at a time, and what fails
in it (a full disk, a busy database) leaves the index as it was: the search then answers from that.

Keys of entries are given out before they are committed, so a slow transaction can commit a smaller key after
the index has read a larger one. Therefore the last entries before the mark are looked at again, and each
document knows the entry that it was made after. What even this would miss, `camphor reindex` makes anew.
"""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Max, Subquery

from camphor.search.models import Document, Progress, Word, key_of
from camphor.search.sources import Draft, Source, sources
from camphor.search.tokens import MARK, facet, in_title, words
from camphor.trail.models import Entry

AT_ONCE = 500
"""Entries read by one search: some 0.2 s; the next search reads on."""
LOOKED_BACK = 200
"""Entries before the mark that are looked at again: more than are ever under way at the same time."""
BATCH = 1000
"""Documents written in one transaction when all are made anew, so that others can write in between."""
MOST_TEXT = 20_000
"""Characters of a thing that are indexed: three times the longest text that a form takes."""
COLUMNS = ["source", "subject_id", "entry", "day", "title", "text", "words"]
Latest = dict[int, int]
"""Of a subject, the last entry that changed it."""
log = logging.getLogger(__name__)


def catch_up(most: int = AT_ONCE) -> int:
    """Read on in the journal, at most so many entries, and index what they changed; how many were read."""
    last = Subquery(Entry.objects.order_by("-pk").values("pk")[:1])
    read_and_last = Progress.objects.order_by("pk").values_list("entry", last).first()
    if read_and_last and read_and_last[0] >= (read_and_last[1] or 0):
        return 0
    try:
        with transaction.atomic():
            return _read_on(most)
    except DatabaseError:
        log.warning("The search index could not read on; it answers as it is", exc_info=True)
        return 0


def _read_on(most: int) -> int:
    Progress.objects.get_or_create(pk=1)
    skip = connection.features.has_select_for_update_skip_locked
    progress = Progress.objects.select_for_update(skip_locked=skip).filter(pk=1).first()
    if progress is None:  # somebody else is at it
        return 0
    new = list(Entry.objects.filter(pk__gt=progress.entry).order_by("pk").values_list("pk", flat=True)[:most])
    if not new:
        return 0
    read = Entry.objects.filter(pk__gt=progress.entry - LOOKED_BACK, pk__lte=new[-1])
    rows = read.order_by().values_list("subject_type", "subject_id").annotate(Max("pk"))
    for source, latest in _changed(rows):
        if stale := _stale(source, latest):
            progress.documents += _index(source, stale)
    progress.entry = new[-1]
    _note(progress)
    return len(new)


def _changed(rows: Iterable[tuple[int, int, int]]) -> Iterator[tuple[Source, Latest]]:
    """For each source, its things that these entries changed, with the last of them."""
    by_model: dict[str, Latest] = defaultdict(dict)
    for type_id, subject_id, entry in rows:
        kind = ContentType.objects.get_for_id(type_id)
        by_model[f"{kind.app_label}.{kind.model}"][subject_id] = entry
    for source in sources():
        latest: Latest = {}
        for model, touched in source.touched.items():
            for key, thing in touched(list(by_model[model])) if model in by_model else ():
                latest[thing] = max(latest.get(thing, 0), by_model[model][key])
        if latest:
            yield source, latest


def _stale(source: Source, latest: Latest) -> Latest:
    """Those that are not in the index yet, or were written before their last entry."""
    known = Document.objects.filter(source=source.name, subject_id__in=list(latest))
    made_after = dict(known.values_list("subject_id", "entry"))
    return {key: entry for key, entry in latest.items() if made_after.get(key, -1) < entry}


def _index(source: Source, latest: Latest) -> int:
    """Write these documents, and keep the number of those of each word; how many there are more of."""
    rows = _rows(source, latest)
    before = Document.objects.filter(source=source.name, subject_id__in=list(latest))
    change: Counter[str] = Counter()
    old = list(before.values_list("words", flat=True))
    for held in old:
        change.subtract(_vocabulary(held))
    before.exclude(pk__in=[row.pk for row in rows]).delete()
    for row in rows:
        change.update(_vocabulary(row.words))
    _write(rows)
    _recount(change)
    return len(rows) - len(old)


def _rows(source: Source, latest: Latest) -> list[Document]:
    return [
        Document(
            id=key_of(draft.day, source.number, draft.subject_id),
            source=source.name,
            subject_id=draft.subject_id,
            entry=latest.get(draft.subject_id, 0),
            day=draft.day,
            title=draft.title,
            text=draft.text[:MOST_TEXT],
            words=" ".join(_words(source, draft)),
        )
        for draft in source.drafts(list(latest))
    ]


def _words(source: Source, draft: Draft) -> list[str]:
    title = words(draft.title)
    marks = [facet("source", source.name)]
    marks += [facet(name, value) for name, value in draft.facets]
    marks += sorted(draft.readers)
    return [*title, *words(draft.text[:MOST_TEXT]), *map(in_title, dict.fromkeys(title)), *marks]


def _vocabulary(held: str) -> set[str]:
    return {word for word in held.split(" ") if word and word[0] != MARK}


def _write(rows: list[Document]) -> None:
    Document.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["id"], update_fields=COLUMNS, batch_size=BATCH
    )


def _recount(change: Counter[str]) -> None:
    by_difference: dict[int, list[str]] = defaultdict(list)
    for word, difference in change.items():
        if difference:
            by_difference[difference].append(word)
    new = [Word(text=word) for words_ in by_difference.values() for word in words_]
    Word.objects.bulk_create(new, ignore_conflicts=True, batch_size=BATCH)
    for difference, changed in by_difference.items():
        for some in _batches(changed):
            Word.objects.filter(text__in=some).update(documents=F("documents") + difference)


def _note(progress: Progress) -> None:
    """Note how far the index has come; the key of the oldest document is the least."""
    progress.since = Document.objects.order_by("pk").values_list("day", flat=True).first()
    progress.save()


def rebuild() -> int:
    """Make the whole index anew, batch by batch while others search and write; how many documents it has."""
    upto = Entry.objects.aggregate(last=Max("pk"))["last"] or 0
    counted: Counter[str] = Counter()
    for source in sources():
        for keys in _batches(source.model._default_manager.order_by("pk").values_list("pk", flat=True)):
            counted.update(_remake(source, keys, upto))
        there = source.model._default_manager.values("pk")
        Document.objects.filter(source=source.name).exclude(subject_id__in=there).delete()
    Document.objects.exclude(source__in=[source.name for source in sources()]).delete()
    _replace_words(counted)
    with transaction.atomic():
        progress, _new = Progress.objects.get_or_create(pk=1)
        progress.entry, progress.documents = upto, Document.objects.count()
        _note(progress)
    _settle()
    return progress.documents


@transaction.atomic
def _remake(source: Source, keys: list[int], upto: int) -> Counter[str]:
    rows = _rows(source, dict.fromkeys(keys, upto))
    old = Document.objects.filter(source=source.name, subject_id__in=keys)
    old.exclude(pk__in=[row.pk for row in rows]).delete()
    _write(rows)
    counted: Counter[str] = Counter()
    for row in rows:
        counted.update(_vocabulary(row.words))
    return counted


@transaction.atomic
def _replace_words(counted: Counter[str]) -> None:
    Word.objects.all().delete()
    Word.objects.bulk_create((Word(text=text, documents=n) for text, n in counted.items()), batch_size=BATCH)


def _settle() -> None:
    """Let the database put its index in order: merged in SQLite, its statistics taken in PostgreSQL."""
    statements = {
        "sqlite": ["INSERT INTO search_words(search_words) VALUES ('optimize')"],
        "postgresql": ["ANALYZE search_document", "ANALYZE search_word"],
    }
    with connection.cursor() as cursor:
        for statement in statements[connection.vendor]:
            cursor.execute(statement)


def _batches(keys: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(keys)
    while some := list(islice(rest, BATCH)):
        yield some
