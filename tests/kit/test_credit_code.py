"""The unified social credit code: its length, its alphabet, its check, and a plain word on each fault."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from camphor.kit.credit_code import ALPHABET, LENGTH, CreditCodeField, check_character, cleaned

FIRST = st.text(ALPHABET, min_size=LENGTH - 1, max_size=LENGTH - 1)
INVENTED = "91330110XXXXXXXXX"
CODE = INVENTED + check_character(INVENTED)


def test_the_check_is_that_of_the_standard() -> None:
    assert check_character("91350100M000100Y4") == "3"  # the example by which other programs are tested


@given(FIRST, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_found(first: str, place: int, other: str) -> None:
    code = first + check_character(first)
    assert CreditCodeField().clean(code) == code
    if other != code[place]:
        with pytest.raises(ValidationError):
            CreditCodeField().clean(code[:place] + other + code[place + 1 :])


@given(FIRST, st.integers(0, LENGTH - 2))
def test_two_neighbours_in_the_wrong_order_are_found(first: str, place: int) -> None:
    code = first + check_character(first)
    turned = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    if turned != code:
        with pytest.raises(ValidationError):
            CreditCodeField().clean(turned)


def test_small_and_wide_letters_and_spaces_are_taken_as_what_they_mean() -> None:
    for typed in (CODE.lower(), f" {CODE[:8]} {CODE[8:]} ", "９１" + CODE[2:]):
        assert CreditCodeField().clean(typed) == CODE == cleaned(typed)


@pytest.mark.parametrize(
    ("typed", "chinese", "english"),
    [
        (CODE[:-1], "应为 18 位，现在是 17 位", "has 18 characters; these are 17"),
        (CODE + "1", "现在是 19 位", "these are 19"),
        ("O" + CODE[1:-1] + "Z", "不会出现这些字符：OZ", "do not occur in such a code: OZ"),
        (CODE[:-1] + ("0" if CODE[-1] != "0" else "1"), "校验码", "compare the code with the licence"),
    ],
)
def test_each_fault_is_told_plainly_in_both_languages(typed: str, chinese: str, english: str) -> None:
    for language, words in (("zh-hans", chinese), ("en", english)):
        with translation.override(language), pytest.raises(ValidationError) as told:
            CreditCodeField().clean(typed)
        with translation.override(language):
            assert words in told.value.messages[0]


def test_nothing_is_taken_where_it_is_not_required() -> None:
    assert CreditCodeField(required=False).clean("") == ""
