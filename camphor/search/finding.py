"""Who looks for something finds it, as far as he may see it."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

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
WIDENED = 64
"""Words, the commonest first, that a single character stands for: 灯 finds 路灯 and 灯光."""
SATURATION, LENGTH = 1.2, 0.75
"""k1 and b of BM25 (Robertson and Zaragoza 2009), at their usual values."""
TITLE_COUNTS = 2
"""Further times that a word in the title counts."""
WHOLE_IN_TITLE = 2.0
"""Added where the title holds all that was typed, as it was typed: about one more rare word."""


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
    catch_up()
    most = most or (CANDIDATES_QUOTED if query.quoted else CANDIDATES)
    frame = (_readers(actor, on), *((facet(name, value),) for name, value in facets.items()))
    known = _known(query.words)
    groups = [_widened(word, known) for word in query.words]
    titled = [tuple(map(in_title, group)) for group in groups]
    candidates = list(Document.objects.newest((*frame, *titled), most + 1)) if groups else []
    cut = len(candidates) > most
    if not cut:
        more = Document.objects.newest((*frame, *groups), most + 1)
        there = {document.pk for document in candidates}
        candidates += [document for document in more if document.pk not in there]
        cut = len(candidates) > most
    shown = [document for document in visible(candidates[:most], actor, on=on) if _holds(document, query)]
    if newest_first:
        return Found(sorted(shown, key=lambda one: -one.pk), more=cut)
    return Found(_ranked(shown, query, known), more=cut)


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
    seen = Q(pk__in=())
    for source in sources():
        if keys := by_source.get(source.name):
            allowed = source.visible(actor, on).filter(pk__in=keys).order_by().values("pk")
            seen |= Q(source=source.name, subject_id__in=allowed)
    if not by_source:
        return []
    known = Document.objects.filter(seen, pk__in=[document.pk for document in documents])
    allowed_keys = set(known.values_list("pk", flat=True))
    return [document for document in documents if document.pk in allowed_keys]


def _holds(document: Document, query: Query) -> bool:
    if not query.quoted:
        return True
    texts = (folded(document.title), folded(document.text))
    return all(any(part in text for text in texts) for part in query.quoted)


def _total() -> int:
    return Progress.objects.values_list("documents", flat=True).first() or 1


def rarity(documents: int, total: int) -> float:
    """The inverse document frequency of BM25, never below 0 (Lucene's form)."""
    return math.log(1 + (max(total, documents) - documents + 0.5) / (documents + 0.5))


def _mean_length(documents: Collection[Document]) -> float:
    return sum(len(one.words) for one in documents) / len(documents) if documents else 1.0


def _ranked(documents: list[Document], query: Query, known: Mapping[str, int]) -> list[Document]:
    """The best first, by BM25 with the title counted thrice; of equals the newest first.

    Lengths are compared in characters of the words held. (Robertson and Zaragoza 2009, section 3.)
    """
    total, mean = _total(), _mean_length(documents)
    rarities = {word: rarity(known.get(word, 1), total) for word in query.words}
    whole = folded(query.typed)

    def score(document: Document) -> float:
        held = Counter(document.words.split(" "))
        norm = SATURATION * (1 - LENGTH + LENGTH * len(document.words) / mean)
        found = WHOLE_IN_TITLE if whole and whole in folded(document.title) else 0.0
        for word, weight in rarities.items():
            times = held[word] + (TITLE_COUNTS if held[in_title(word)] else 0)
            found += weight * times * (SATURATION + 1) / (times + norm)
        return round(found, 6)

    return sorted(documents, key=lambda one: (-score(one), -one.pk))
