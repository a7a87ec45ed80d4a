"""Sentences that count: out of one thing they speak of one, out of more of more."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from camphor.matters.telling import told, told_days
from camphor.rules.figures import INDICATORS, Numbers
from camphor.rules.matters import SPOT_ANSWERS

OF_ONE = re.compile(r"\b1 (?:[a-z]+ )?(?:answers|proposals|matters|letters|items|people|promises|reports"
                    r"|sessions|attendances|residents|members|days)\b")  # fmt: skip


@pytest.mark.parametrize("name", INDICATORS)
def test_a_figure_out_of_one_speaks_of_one(name: str) -> None:
    indicator = INDICATORS[name]
    with translation.override("en"):
        one = told(indicator, Numbers(1, 1, {}, 1, 1, 1)).sentence
        many = told(indicator, Numbers(3, 12, {}, 4, 9, 5)).sentence
    assert "1" in one and not OF_ONE.search(one), one
    assert "12" in many and "%(" not in one + many


def test_days_are_told_in_both_languages() -> None:
    with translation.override("en"):
        assert [told_days(n) for n in (0, 1, 2)] == ["0 days", "1 day", "2 days"]
        said = told(INDICATORS["days"], Numbers(0, 7, {}, 1, 12, 5))
        assert said.headline == "1 day"
        assert said.sentence == (
            "Half of 7 answers came within 1 day, nine in ten within 12 days, on average after 5 days."
        )
    with translation.override("zh-hans"):
        said = told(INDICATORS["days"], Numbers(0, 7, {}, 1, 12, 5))
        assert said.sentence == "共 7 件答复，半数在 1 天内，九成在 12 天内，平均 5 天。"


@pytest.mark.parametrize("name", SPOT_ANSWERS)
def test_what_is_answered_on_the_spot_is_told_in_words(name: str) -> None:
    with translation.override("zh-hans"):
        (part,) = told(INDICATORS["item_grades"], Numbers(1, 1, {name: 1})).shares
    assert part.label and part.label != name
