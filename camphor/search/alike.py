"""Things that say nearly the same: candidates by their rarest words, ranked by the weight that they share."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Any

from django.db.models import QuerySet

from camphor.search.finding import rarity
from camphor.search.indexing import catch_up
from camphor.search.models import Document, Group, Progress, Word
from camphor.search.tokens import MARK, facet, words

MOST_HOLDING = 1000
"""The rarest words are taken until so many documents hold one of them."""
MOST_READ = 400
"""Documents whose words are read and weighed: first those that hold several of the rarest words."""
TOGETHER = (5, 3, 2)
"""How many of the rarest words are first looked for together."""
MOST_WORDS = 24
"""Words by which candidates are found; what is really alike shares one of the rarest."""
COMPARED = 40
"""Candidates whose own rare words are weighed as well."""
ALLOWED_AT_ONCE = 80
"""Candidates of which is asked at once whether they may be seen: mostly as many as are compared in full."""
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
    keys = _candidates(own, groups)
    weight = {word: one[0] for word, one in own.items()}
    compared = _compared(_nearest(keys, weight, among), weight)
    found = [Likeness(key, share) for key, share in compared.items() if share]
    return sorted(found, key=lambda one: (-one.share, one.subject_id))[:limit]


def _candidates(own: Mapping[str, tuple[float, int]], groups: tuple[Group, ...]) -> list[int]:
    """The keys of the newest that hold several of the rarest words together, then of those that hold one."""
    known = sorted((documents, word) for word, (_weight, documents) in own.items() if documents)
    asked: list[tuple[int, tuple[Group, ...]]] = [
        (known[0][0], tuple((word,) for _documents, word in known[:many]))
        for many in TOGETHER
        if known[many:]
    ]
    rarest = _rarest(own)
    asked.append((sum(own[word][1] for word in rarest if word in own), (rarest,)))
    keys: dict[int, None] = {}
    for of, together in asked:
        keys |= dict.fromkeys(Document.objects.newest((*groups, *together), MOST_READ, of=of))
        if len(keys) >= MOST_READ:
            break
    return list(keys)[:MOST_READ]


def _nearest(keys: Sequence[int], weight: Mapping[str, float], among: QuerySet[Any]) -> dict[int, set[str]]:
    """The words of those that share the most weight, of the things that may be compared.

    Who may see what is asked of the nearest first, until there are enough: few of them are mostly refused.
    """
    own = weight.keys()
    held = dict(Document.objects.filter(pk__in=keys).values_list("subject_id", "words"))
    shared = {
        key: fsum(weight[word] for word in own & set(words_.split(" "))) for key, words_ in held.items()
    }
    nearest = sorted(shared, key=lambda key: (-shared[key], key))
    chosen: list[int] = []
    for first in range(0, len(nearest), ALLOWED_AT_ONCE):
        some = nearest[first : first + ALLOWED_AT_ONCE]
        allowed = set(among.filter(pk__in=some).order_by().values_list("pk", flat=True))
        chosen += [key for key in some if key in allowed]
        if len(chosen) >= COMPARED:
            break
    return {key: {word for word in held[key].split(" ") if word[:1] != MARK} for key in chosen[:COMPARED]}


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
