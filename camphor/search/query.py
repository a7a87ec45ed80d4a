"""What somebody looks for, read from what was typed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from camphor.kit.plain_text import plain
from camphor.search.tokens import asked_words, folded

LONGEST_QUERY = 100
"""Characters: a title can be pasted whole; nobody looks for more."""
MOST_WORDS = 16
"""Words that must be met; those after them are left out."""
QUOTED = re.compile('["＂]([^"＂]*)["＂]|“([^”]*)”|「([^」]*)」|『([^』]*)』|《([^》]*)》')


class TooLong(ValueError):
    """More was typed than anybody looks for."""


@dataclass(frozen=True)
class Query:
    """Words that must all be met, and texts that must be met exactly as they were quoted."""

    typed: str
    words: tuple[str, ...]
    quoted: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words)


def parse(typed: str) -> Query:
    """Read what was typed; signs of any query language are only signs. Raises TooLong."""
    text = " ".join(plain(typed).split())
    if len(text) > LONGEST_QUERY:
        raise TooLong(text)
    quoted = [folded("".join(groups)).strip() for groups in QUOTED.findall(text)]
    return Query(
        text,
        tuple(asked_words(text)[:MOST_WORDS]),
        tuple(part for part in quoted if asked_words(part)),
    )
