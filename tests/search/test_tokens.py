"""Text cut into words, names and their spellings, and what is read from what was typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camphor.search.names import is_meant, meant
from camphor.search.query import LONGEST_QUERY, MOST_WORDS, TooLong, parse
from camphor.search.tokens import MARK, asked_words, facet, in_title, words


def test_a_long_word_is_found_by_the_words_inside_it() -> None:
    assert {"议事", "议事堂", "停车", "停车场"} <= set(words("民生议事堂旁的公共停车场"))


def test_letters_of_any_width_and_case_are_the_same() -> None:
    assert words("ＷＩＦＩ") == words("wifi")


@pytest.mark.parametrize("rare", ["𬭎", "䶮", "喆", "㛃", "𠮷"])
def test_a_rare_character_is_a_word(rare: str) -> None:
    assert rare in words(f"请问{rare}老师在吗")


@given(st.text())
def test_no_word_holds_a_sign_or_a_space_or_begins_with_the_mark(text: str) -> None:
    for word in words(text) + asked_words(text):
        assert word.isalnum() or all(letter.isalnum() or letter.isnumeric() for letter in word), word
        assert MARK not in word and " " not in word and '"' not in word and "'" not in word


def test_nobody_can_type_a_mark() -> None:
    assert facet("kind", "concern") not in asked_words(facet("kind", "concern"))
    assert in_title("停车") not in asked_words(in_title("停车"))


@pytest.mark.parametrize(
    "typed", ["林晓荷", "晓荷", "荷", "lxh", "LXH", "lin", "linxiaohe", "lin xiao he", "lx"]
)
def test_a_name_is_found_by_its_parts_its_pinyin_and_its_initials(typed: str) -> None:
    assert is_meant("林晓荷", typed)


@pytest.mark.parametrize("typed", ["", " ", "xh", "晓林", "hxl", "linh", "%", "林_荷"])
def test_a_name_is_not_found_by_what_it_is_not(typed: str) -> None:
    assert not is_meant("林晓荷", typed)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("单雄信", "sxx"),
        ("曾巩", "zg"),
        ("吕䶮", "ly"),
        ("陈喆", "cz"),
        ("杨𬭎", "yh"),
        ("杨𬭎", "𬭎"),
        ("Mei", "me"),
    ],
)
def test_rare_characters_and_surnames_read_otherwise_are_found(name: str, typed: str) -> None:
    assert is_meant(name, typed)


@given(st.lists(st.tuples(st.integers(), st.text(max_size=20))), st.text(max_size=40))
def test_no_name_and_nothing_typed_breaks_the_search_for_people(
    people: list[tuple[int, str]], typed: str
) -> None:
    assert set(meant(people, typed)) <= {key for key, _name in people}


def test_quoted_text_is_read_in_every_kind_of_quotation_mark() -> None:
    for typed in ('"加装电梯"', "“加装电梯”", "「加装电梯」", "＂加装电梯＂"):
        assert parse(typed).quoted == ("加装电梯",), typed
    assert parse('没有关上的"引号').quoted == ()


@given(st.text(max_size=LONGEST_QUERY))
def test_whatever_is_typed_is_read(typed: str) -> None:
    query = parse(typed)
    assert len(query.words) <= MOST_WORDS
    assert bool(query) == bool(query.words)


def test_more_than_anybody_looks_for_is_refused() -> None:
    with pytest.raises(TooLong):
        parse("长" * (LONGEST_QUERY + 1))
