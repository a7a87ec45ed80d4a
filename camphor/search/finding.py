"""Who looks for something finds it, as far as he may see it."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice

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


CHARACTERS = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
FOLDED_INTO_CHARACTERS = re.compile(
    r"[\u2e80-\u2fdf\u3038-\u303a\u3190-\u33ff\uf900-\ufaff\U0001f200-\U0001f2ff\U0002f800-\U0002fa1f]"
)
"""Radicals, circled characters and doubles, which are other ones once they are folded."""
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
    first, chosen = islice(keys, most), CANDIDATES if query.quoted else most
    taken = list(islice(_holding(first, query.quoted), chosen + 1) if query.quoted else first)
    more = len(taken) > chosen or next(keys, None) is not None
    is_ranked = bool(query) and not newest_first
    rows = Document.objects.filter(pk__in=taken[:chosen]).only(*(RANKED if is_ranked else SHOWN))
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
    found = list(_holding(keys, query.quoted) if query.quoted else keys)
    return Q(**{f"{key}__in": Document.objects.filter(pk__in=found).values("subject_id")})


def _candidates(
    query: Query,
    facets: Mapping[str, object],
    actor: Actor,
    most: int,
    *,
    on: date,
    titles_first: bool,
) -> tuple[Mapping[str, int], Iterator[int]]:
    """How many documents hold each word, and the keys of the newest of them that hold them all.

    Where it is asked for, those with the words in their titles come before all others. They are looked for
    as far as they are taken: a quoted text is mostly found in the first of them.
    """
    catch_up()
    frame = (_readers(actor, on), *((facet(name, value),) for name, value in facets.items()))
    known = _known(query.words)
    groups = _needed([_widened(word, known) for word in query.words])
    of = min((sum(known.get(word, 0) for word in group) for group in groups), default=None)
    asked = [(*frame, *groups)]
    if groups and titles_first:
        asked.insert(0, (*frame, *(tuple(map(in_title, group)) for group in groups)))
    newest = chain.from_iterable(Document.objects.newest_first(one, most, of=of) for one in asked)
    return known, islice(_once(newest), most)


def _once(keys: Iterable[int]) -> Iterator[int]:
    """Each of them the first time that it comes."""
    seen: set[int] = set()
    for key in keys:
        if key not in seen:
            seen.add(key)
            yield key


def _needed(groups: Sequence[Group]) -> list[Group]:
    """Those that say something: whoever meets 老人 meets 人 or 老人 as well."""
    sets = [set(group) for group in groups]
    return [
        group
        for place, group in enumerate(groups)
        if not any(
            other < sets[place] or (other == sets[place] and before < place)
            for before, other in enumerate(sets)
        )
    ]


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
        if keys := by_source.get(source.name):  # asked of each row at hand: there may be many others
            allowed = source.visible(actor, on).filter(pk=OuterRef("pk")).order_by()
            rows = source.model._default_manager.filter(Exists(allowed), pk__in=keys).order_by()
            seen |= {(source.name, key) for key in rows.values_list("pk", flat=True)}
    return [document for document in documents if (document.source, document.subject_id) in seen]


def _holding(keys: Iterator[int], quoted: Collection[str]) -> Iterator[int]:
    """The keys of those in which every quoted text stands letter by letter."""
    while some := list(islice(keys, COMPARED_AT_ONCE)):
        rows = Document.objects.filter(pk__in=some).values_list("pk", "title", "text")
        holding = {key for key, title, text in rows if _holds(f"{title}\n{text}", quoted)}
        yield from (key for key in some if key in holding)


def _holds(text: str, quoted: Collection[str]) -> bool:
    """Whether all of it stands there. Chinese characters are what most texts hold as they are, unfolded."""
    if all(CHARACTERS.fullmatch(part) for part in quoted) and not FOLDED_INTO_CHARACTERS.search(text):
        return all(part in text for part in quoted)
    whole = folded(text)
    return all(part in whole for part in quoted)


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
