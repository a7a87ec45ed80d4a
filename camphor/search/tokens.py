"""Text cut into words, and the marks that stand among them in the index."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 40
"""Characters of a word that are kept: longer runs are serial numbers or noise."""
MARK = "·"
"""Begins what is no word of a text. No text holds it as part of a word, so nobody can type a mark."""
RUN = re.compile(r"[^\W_]+")
NOT_IN_A_MARK = re.compile(r"[\W_]")


def folded(text: str) -> str:
    """The text with full-width letters made half-width and capitals made small."""
    return unicodedata.normalize("NFKC", text).casefold()


def words(text: str) -> list[str]:
    """The words of a text for the index: each word, and the shorter words of the dictionary inside it.

    The guessing of unknown words is off: it depends on what stands around them, and a name that was
    guessed as one word in the text would not be found by its second half.
    """
    import rjieba  # its dictionary takes 31 MB: the web server reads it before it forks

    return _runs(rjieba.cut_for_search(folded(text), False))


def asked_words(text: str) -> list[str]:
    """The words of what somebody looks for: the longest ones only, as each must be met."""
    import rjieba  # as above

    return list(dict.fromkeys(_runs(rjieba.cut(folded(text), False))))


def _runs(pieces: list[str]) -> list[str]:
    """Letters and digits only: neither database reads any of them as a sign of its query language."""
    return [run[:LONGEST] for piece in pieces for run in RUN.findall(piece)]


def facet(name: str, *values: object) -> str:
    """A word of the index that no text holds, for a property of a thing: ·kind·concern."""
    return MARK + MARK.join(NOT_IN_A_MARK.sub(MARK, str(part)) for part in (name, *values))


def in_title(word: str) -> str:
    """The mark for a word that stands in the title."""
    return facet("t", word)
