"""Who looks for something finds it, as far as he may see it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from django.db.models import Exists, OuterRef, Q

from camphor.people.actor import Actor
from camphor.search.indexing import catch_up
from camphor.search.models import Document, Group, Progress, Word
from camphor.search.query import Query
from camphor.search.sources import PUBLIC, reader, sources
from camphor.search.tokens import facet, folded, in_title

CANDIDATES = 300
"""The newest with the words in the title, and the newest with them anywhere, which are ranked: 15 pages."""
CANDIDATES_QUOTED = 1000
"""More, where a quoted text is then compared letter by letter."""
COMPARED_AT_ONCE = 320
"""Texts are read and compared so many at a time, until enough of them hold what was quoted."""
WIDENED = 64
"""Words, the commonest first, that a single character stands for: 灯 finds 路灯 and 灯光."""
SATURATION, LENGTH = 1.2, 0.75
"""k1 and b of BM25 (Robertson and Zaragoza 2009), at their usual values."""
TITLE_COUNTS = 2
"""Further times that a word in the title counts."""
WHOLE_IN_TITLE = 2.0
"""Added where the title holds all that was typed, as it was typed: about one more rare word."""


SHOWN = ("source", "subject_id", "title")
"""What is read of all that was found; the text only of those on the page that is looked at."""
RANKED = (*SHOWN, "words")
"""What is read of all that is ranked."""


@dataclass(frozen=True)
class Found:
    """What was found, the best or the newest first; `more` where older ones were left out."""

    documents: list[Document] = field(default_factory=list)
    more: bool = False


def find(
    query: Query,
    facets: Mapping[str, object],
    actor: Actor,
    *,
    on: date,
    newest_first: bool = False,
    most: int | None = None,
) -> Found:
    """What holds all words and every quoted text, has these properties, and may be seen by this actor.

    What he may not see is neither counted nor hinted at: `more` says only that he sees more.
    """
    most = most or (CANDIDATES_QUOTED if query.quoted else CANDIDATES)
    known, keys = _candidates(query, facets, actor, most + 1, on=on, titles_first=not newest_first)
    keys, more = keys[:most], len(keys) > most
    if query.quoted:
        holding = list(islice(_holding(keys, query.quoted), CANDIDATES + 1))
        keys, more = holding[:CANDIDATES], more or len(holding) > CANDIDATES
    is_ranked = bool(query) and not newest_first
    rows = Document.objects.filter(pk__in=keys).only(*(RANKED if is_ranked else SHOWN))
    shown = visible(rows, actor, on=on)
    if is_ranked:
        return Found(_ranked(shown, query, known), more)
    return Found(sorted(shown, key=lambda one: -one.pk), more)


def among(
    key: str,
    query: Query,
    facets: Mapping[str, object],
    actor: Actor,
    *,
    on: date,
    most: int,
) -> Q:
    """The rows whose `key` is that of a thing that was found, of the newest so many of one source.

    It is for rows that are themselves all that this actor may see: the index only narrows them down.
    """
    _documents, keys = _candidates(query, facets, actor, most, on=on, titles_first=False)
    if query.quoted:
        keys = list(_holding(keys, query.quoted))
    return Q(**{f"{key}__in": Document.objects.filter(pk__in=keys).values("subject_id")})


def _candidates(
    query: Query,
    facets: Mapping[str, object],
    actor: Actor,
    most: int,
    *,
    on: date,
    titles_first: bool,
) -> tuple[Mapping[str, int], list[int]]:
    """How many documents hold each word, and the keys of the newest of them that hold them all.

    Where it is asked for, those with the words in their titles come before all others.
    """
    catch_up()
    frame = (_readers(actor, on), *((facet(name, value),) for name, value in facets.items()))
    known = _known(query.words)
    groups = [_widened(word, known) for word in query.words]
    of = min((sum(known.get(word, 0) for word in group) for group in groups), default=None)
    keys: list[int] = []
    if groups and titles_first:
        titled = [tuple(map(in_title, group)) for group in groups]
        keys = Document.objects.newest((*frame, *titled), most, of=of)
    if len(keys) < most:
        anywhere = Document.objects.newest((*frame, *groups), most, of=of)
        keys = list(dict.fromkeys([*keys, *anywhere]))[:most]
    return known, keys


def _readers(actor: Actor, on: date) -> Group:
    """All that this actor is to the things that can be found."""
    own = {key for source in sources() for key in source.readers(actor, on)}
    return tuple(sorted(own | {reader(PUBLIC)}))


def _known(words: Collection[str]) -> dict[str, int]:
    """The words asked for that are in the index, and those that a single character can stand for."""
    if not words:
        return {}
    asked = Q(text__in=words)
    for word in words:
        if _stands_for_others(word):
            asked |= Q(text__contains=word)
    rows = Word.objects.filter(asked, documents__gt=0).order_by("-documents")
    return dict(rows.values_list("text", "documents")[: WIDENED * len(words)])


def _stands_for_others(word: str) -> bool:
    """One character that is no Latin letter or digit is a word by itself, or a part of others."""
    return len(word) == 1 and not word.isascii()


def _widened(word: str, known: Mapping[str, int]) -> Group:
    if not _stands_for_others(word):
        return (word,)
    return tuple(dict.fromkeys([word, *(text for text in known if word in text)]))[:WIDENED]


def visible(documents: Iterable[Document], actor: Actor, *, on: date) -> list[Document]:
    """Those that the rights of each source let this actor see now, whatever the index says."""
    by_source: dict[str, list[int]] = defaultdict(list)
    documents = list(documents)
    for document in documents:
        by_source[document.source].append(document.subject_id)
    seen: set[tuple[str, int]] = set()
    for source in sources():
        allowed = source.visible(actor, on).filter(pk=OuterRef("pk")).order_by()
        if keys := by_source.get(source.name):  # asked of each row at hand: there may be many others
            rows = source.model._default_manager.filter(Exists(allowed), pk__in=keys).order_by()
            seen |= {(source.name, key) for key in rows.values_list("pk", flat=True)}
    return [document for document in documents if (document.source, document.subject_id) in seen]


def _holding(keys: Sequence[int], quoted: Collection[str]) -> Iterator[int]:
    """The keys of those in which every quoted text stands letter by letter."""
    for first in range(0, len(keys), COMPARED_AT_ONCE):
        some = keys[first : first + COMPARED_AT_ONCE]
        rows = Document.objects.filter(pk__in=some).values_list("pk", "title", "text")
        texts = {key: folded(f"{title}\n{text}") for key, title, text in rows}
        for key in some:
            if key in texts and all(part in texts[key] for part in quoted):
                yield key


def _total() -> int:
    return Progress.objects.values_list("documents", flat=True).first() or 1


def rarity(documents: int, total: int) -> float:
    """The inverse document frequency of BM25, never below 0 (Lucene's form)."""
    return math.log(1 + (max(total, documents) - documents + 0.5) / (documents + 0.5))


def _ranked(documents: list[Document], query: Query, known: Mapping[str, int]) -> list[Document]:
    """The best first, by BM25 with the title counted thrice; of equals the newest first.

    Lengths are compared in characters of the words held. (Robertson and Zaragoza 2009, section 3.)
    """
    total = _total()
    mean = sum(len(one.words) for one in documents) / (len(documents) or 1)
    weights = [(word, in_title(word), rarity(known.get(word, 1), total)) for word in query.words]
    whole = folded(query.typed)

    def score(document: Document) -> float:
        held = document.words.split(" ")
        norm = SATURATION * (1 - LENGTH + LENGTH * len(document.words) / mean)
        found = WHOLE_IN_TITLE if whole and whole in folded(document.title) else 0.0
        for word, title, weight in weights:
            times = held.count(word) + (TITLE_COUNTS if title in held else 0)
            found += weight * times * (SATURATION + 1) / (times + norm)
        return round(found, 6)

    return sorted(documents, key=lambda one: (-score(one), -one.pk))
