"""Things that say nearly the same: candidates by their rarest words, ranked by the weight that they share."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from camphor.search.finding import rarity
from camphor.search.indexing import catch_up
from camphor.search.models import Document, Progress, Word
from camphor.search.tokens import MARK, facet, words

MOST_HOLDING = 1000
"""Documents that are looked at: the rarest words are taken until so many hold one of them."""
MOST_WORDS = 24
"""Words by which candidates are found; what is really alike shares one of the rarest."""
COMPARED = 40
"""Candidates whose own rare words are weighed as well."""
LEAST_SHARE = 0.3
"""A text that says less than this part of the other is compared with this part: two common words that
stand in a long text are no likeness."""


@dataclass(frozen=True)
class Likeness:
    """A thing, and how alike it is in per cent."""

    subject_id: int
    share: int


def alike(
    text: str, source: str, among: QuerySet[Any], *, facets: Mapping[str, object], limit: int
) -> list[Likeness]:
    """The most similar things of a source among those given, the most similar first."""
    catch_up()
    own = _weights(set(words(text)))
    if not own:
        return []
    groups = tuple((facet(name, value),) for name, value in {"source": source, **facets}.items())
    rarest = _rarest(own)
    of = sum(own[word][1] for word in rarest if word in own)
    keys = Document.objects.newest((*groups, rarest), MOST_HOLDING, of=of)
    rows = Document.objects.filter(pk__in=keys).values_list("subject_id", "words")
    held = {key: {word for word in words_.split(" ") if word[:1] != MARK} for key, words_ in rows}
    allowed = set(among.filter(pk__in=list(held)).order_by().values_list("pk", flat=True))
    weight = {word: one[0] for word, one in own.items()}
    shared = {key: sum(weight.get(word, 0.0) for word in held[key]) for key in held if key in allowed}
    nearest = sorted(shared, key=lambda key: (-shared[key], key))[:COMPARED]
    compared = _compared({key: held[key] for key in nearest}, weight)
    found = [Likeness(key, share) for key, share in compared.items() if share]
    return sorted(found, key=lambda one: (-one.share, one.subject_id))[:limit]


def likeness(own: Mapping[str, float], other: Mapping[str, float]) -> float:
    """From 0 to 1: the weight of the shared words over that of the lighter text (overlap coefficient)."""
    shared = sum(weight for word, weight in own.items() if word in other)
    first, second = sum(own.values()), sum(other.values())
    lighter = max(min(first, second), LEAST_SHARE * max(first, second))
    return min(1.0, shared / lighter) if lighter else 0.0


def _compared(held: Mapping[int, set[str]], own: Mapping[str, float]) -> dict[int, int]:
    others = {word: one[0] for word, one in _weights(set().union(*held.values())).items()}
    return {
        key: round(100 * likeness(own, {word: others[word] for word in vocabulary}))
        for key, vocabulary in held.items()
    }


def _weights(vocabulary: Collection[str]) -> dict[str, tuple[float, int]]:
    """How much each word weighs, which is the more the rarer it is, and how many documents hold it."""
    total = Progress.objects.values_list("documents", flat=True).first() or 1
    counted = dict(Word.objects.filter(text__in=vocabulary).values_list("text", "documents"))
    return {word: (rarity(counted.get(word, 0), total), counted.get(word, 0)) for word in vocabulary}


def _rarest(own: Mapping[str, tuple[float, int]]) -> tuple[str, ...]:
    """The rarest words that others hold as well, as long as not too many documents hold one of them."""
    chosen: list[str] = []
    holding = 0
    for word, (_weight, documents) in sorted(own.items(), key=lambda pair: (pair[1][1], pair[0])):
        if not documents:
            continue
        if chosen and (holding + documents > MOST_HOLDING or len(chosen) == MOST_WORDS):
            break
        chosen.append(word)
        holding += documents
    return tuple(chosen) or ("-",)
