"""Concerns that say nearly the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from camphor.matters import actions as matters
from camphor.matters.similar import likeness, most_similar

from ..conftest import AT, Cast
from ..story import Story


@given(st.text(), st.text())
def test_likeness_is_a_share_and_works_both_ways(first: str, second: str) -> None:
    assert 0 <= likeness(first, second) <= 1
    assert likeness(first, second) == likeness(second, first)


def test_the_same_trouble_in_other_words_is_more_alike_than_another() -> None:
    told = "老楼七层没有电梯，老人下不了楼"
    assert likeness(told, "三幢没有电梯，老人上下楼困难") > likeness(told, "垃圾房早上七点就满了")


def test_only_open_concerns_of_the_same_body_are_offered(cast: Cast) -> None:
    story = Story(cast)
    first, second = story.concern("lin"), story.concern("wen")
    assert [other for other, _share in most_similar(first)] == [second]
    matters.make(second, "decline", by=cast.mei, at=AT, reason="not_public", reason_text="个人事务")
    assert most_similar(first) == []
