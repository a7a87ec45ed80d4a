"""Names of people, found by a part of them, by their pinyin, or by its initials."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import lru_cache

from camphor.search.tokens import folded

KEPT = 100_000
"""Names whose spelling is remembered: the people of a large city, some 20 MB."""
SPELT = 4
"""Characters of a name of which every reading is tried; a person's name has no more as a rule."""


@lru_cache(maxsize=KEPT)
def spellings(name: str) -> frozenset[str]:
    """The name, its pinyin and its initials, in every reading: 单 and 曾 are read otherwise as surnames."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # 43 of its 57 MB, and every reading is tried anyway
    from pypinyin import Style, pinyin  # for those who look for people

    plain = folded(name).replace(" ", "")
    found = {plain}
    for style in (Style.NORMAL, Style.FIRST_LETTER):
        readings = pinyin(plain, style=style, heteronym=True, v_to_u=False)
        spelt = [""]
        for place, options in enumerate(readings):
            heard = options if place < SPELT else options[:1]
            spelt = [begun + option for begun in spelt for option in dict.fromkeys(heard)]
        found.update(spelt)
    return frozenset(found)


def is_meant(name: str, typed: str) -> bool:
    """Whether somebody who types this can mean this name: 林晓荷 by 晓荷, linxiaohe, linx or lxh."""
    wanted = folded(typed).replace(" ", "")
    if not wanted or not name:
        return False
    if not wanted.isascii():
        return wanted in folded(name).replace(" ", "")
    return any(spelling.startswith(wanted) for spelling in spellings(name))


def meant(people: Iterable[tuple[int, str]], typed: str) -> list[int]:
    """The keys of those whose name can be meant."""
    return [key for key, name in people if is_meant(name, typed)]
