"""Concerns that say nearly the same, found by the pairs of characters that they share."""

from __future__ import annotations

from itertools import pairwise

from camphor.matters.models import Matter

MOST = 8
"""Candidates shown; who is not among the nearest eight is no twin."""
SEARCHED = 500
"""Newest open concerns that are compared."""
OPEN = ("submitted", "accepted", "postponed", "taken_up")


def pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring letters in a text, which serve Chinese and Latin alike."""
    letters = [letter for letter in text.lower() if letter.isalnum()]
    return frozenset(a + b for a, b in pairwise(letters))


def likeness(first: str, second: str) -> float:
    """From 0 to 1: shared pairs over all pairs of the shorter text (overlap coefficient)."""
    one, other = pairs(first), pairs(second)
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def most_similar(concern: Matter) -> list[tuple[Matter, int]]:
    """The open concerns of the same body and their likeness in per cent, the most similar first."""
    others = Matter.objects.filter(kind="concern", body=concern.body, state__in=OPEN).exclude(pk=concern.pk)
    told = f"{concern.title} {concern.text}"
    ranked = [
        (other, round(100 * likeness(told, f"{other.title} {other.text}"))) for other in others[:SEARCHED]
    ]
    return sorted(ranked, key=lambda pair: (-pair[1], pair[0].pk))[:MOST]
