"""The part of a text in which the words that were looked for stand, with these marked."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from camphor.search.query import Query
from camphor.search.tokens import folded

LONG = 120
"""Characters of a snippet: two lines at 1280 px, four on a phone."""
BEFORE = 24
"""Characters shown before the first word that was found."""


def marked(text: str, query: Query) -> SafeString:
    """The whole text, with what was looked for marked."""
    return format_html_join("", "{}", ((piece,) for piece in _pieces(text, query)))


def snippet(text: str, query: Query) -> SafeString:
    """The text around the first place in which something stands that was looked for."""
    flat = " ".join(text.split())
    first = next(iter(_spans(flat, query)), (0, 0))[0]
    begin = max(0, first - BEFORE) if len(flat) > LONG else 0
    begin = min(begin, max(0, len(flat) - LONG))
    shown = flat[begin : begin + LONG]
    before, after = "…" if begin else "", "…" if begin + LONG < len(flat) else ""
    return format_html("{}{}{}", before, marked(shown, query), after)


def _pieces(text: str, query: Query) -> Iterator[str]:
    end = 0
    for begin, then in _spans(text, query):
        yield text[end:begin]
        yield format_html("<mark>{}</mark>", text[begin:then])
        end = then
    yield text[end:]


def _spans(text: str, query: Query) -> list[tuple[int, int]]:
    """Where the words stand, overlapping places made one."""
    found: list[tuple[int, int]] = []
    folded_text, places = _with_places(text)
    for begin, end in sorted(_hits(folded_text, (*query.quoted, *query.words))):
        first, last = places[begin], places[end - 1] + 1
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def _hits(text: str, words: Collection[str]) -> Iterator[tuple[int, int]]:
    for word in words:
        yield from (match.span() for match in re.finditer(re.escape(word), text))


def _with_places(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the place of the one that it came from."""
    letters = [folded(letter) for letter in text]
    places = [place for place, letter in enumerate(letters) for _ in letter]
    return "".join(letters), places
