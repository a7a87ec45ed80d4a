"""What is quoted: found letter by letter, as far back as it takes."""

from __future__ import annotations

import sys
from datetime import timedelta

import pytest

from camphor.people.actor import NOBODY
from camphor.search import finding, models
from camphor.search.finding import find
from camphor.search.query import parse
from camphor.search.tokens import folded

from ..conftest import AT, ON, Cast
from .test_finding import found, raised


def test_what_is_quoted_must_stand_there_as_it_is(cast: Cast) -> None:
    raised(cast, "老楼加装电梯的费用")
    raised(cast, "电梯坏了，要加装护栏")
    assert set(found("加装电梯")) == {"老楼加装电梯的费用", "电梯坏了，要加装护栏"}
    assert found("“加装电梯”") == ["老楼加装电梯的费用"]
    assert found("“楼加装电”") == ["老楼加装电梯的费用"]  # also where it begins in the middle of a word


def test_a_quoted_text_is_looked_for_as_far_as_it_takes(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in range(6):
        words_ = "停车难" if place % 2 else "停车也不难"
        raised(cast, f"第{place}处{words_}", at=AT - timedelta(days=400 * place))
    monkeypatch.setattr(models, "RARE", -1)
    monkeypatch.setattr(finding, "COMPARED_AT_ONCE", 2)
    monkeypatch.setattr(finding, "CANDIDATES", 2)
    got = find(parse("“停车难”"), {}, NOBODY, on=ON, newest_first=True)
    assert [one.title for one in got.documents] == ["第1处停车难", "第3处停车难"] and got.more
    monkeypatch.setattr(finding, "CANDIDATES", 3)
    got = find(parse("“停车难”"), {}, NOBODY, on=ON, newest_first=True)
    assert len(got.documents) == 3 and not got.more


@pytest.mark.parametrize("written", ["⾞位紧张", "㊑车位", "ＡＢ车位"])
def test_a_quoted_text_is_found_however_its_characters_are_written(cast: Cast, written: str) -> None:
    raised(cast, f"楼下{written}")
    assert found(f"“{written}”") == [f"楼下{written}"]
    assert found(f"“{folded(written)}”") == [f"楼下{written}"]


def test_no_character_is_folded_into_a_chinese_one_unnoticed() -> None:
    for code in range(sys.maxunicode + 1):
        letter = chr(code)
        if not 0xD800 <= code < 0xE000 and letter != (plain := folded(letter)):
            noticed = finding.FOLDED_INTO_CHARACTERS.search(letter)
            assert noticed or not finding.CHARACTERS.search(plain), hex(code)
