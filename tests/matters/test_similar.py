"""Matters that say nearly the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camphor.matters import actions as matters
from camphor.matters.models import Matter
from camphor.matters.similar import alike_to, most_similar, similar_to
from camphor.people.actor import NOBODY
from camphor.search import alike
from camphor.search.alike import likeness

from ..conftest import AT, Cast
from ..house import House
from ..story import Story

WEIGHTS = st.dictionaries(st.sampled_from("停车难电梯路灯"), st.floats(0.01, 10))


@given(WEIGHTS, st.sets(st.sampled_from("停车难电梯路灯")))
def test_likeness_is_a_share_and_whole_with_itself(own: dict[str, float], held: set[str]) -> None:
    other = {word: own.get(word, 1.0) for word in held}
    assert 0 <= likeness(own, other) <= 1
    assert abs(likeness(own, other) - likeness(other, own)) < 1e-9
    assert not own or likeness(own, own) > 0.999


def raised(cast: Cast, title: str, text: str = "", *, accept: bool = True) -> Matter:
    code = f"CODE{Matter.objects.count():08}"
    concern = matters.raise_concern(
        title=title, text=text, body=cast.hall, venue=None, code=code, by=NOBODY, at=AT
    )
    if accept:
        matters.make(concern, "accept", by=cast.mei, at=AT)
    return concern


def test_the_same_trouble_in_other_words_is_more_alike_than_another(cast: Cast) -> None:
    raised(cast, "垃圾房早上七点就满了", "味道很大，老人开窗都不行")
    raised(cast, "三幢没有电梯", "老人上下楼困难")
    raised(cast, "公交站台没有雨棚")
    got = similar_to("老楼七层没有电梯，老人下不了楼")
    assert got[0][0].title == "三幢没有电梯"
    assert got[0][1] > 2 * max([share for _matter, share in got[1:]], default=0)


def test_the_same_text_is_wholly_alike(cast: Cast) -> None:
    same = raised(cast, "三幢没有电梯", "老人上下楼困难")
    raised(cast, "垃圾房早上七点就满了")
    assert similar_to("三幢没有电梯，老人上下楼困难") == [(same, 100)]


def test_nothing_is_similar_to_nothing_or_to_words_that_nobody_wrote(cast: Cast) -> None:
    raised(cast, "三幢没有电梯")
    for text in ("", "，。！", "量子纠缠", "'; --"):
        assert similar_to(text) == [], text


def test_only_what_is_public_is_compared_unless_the_reader_may_see_more(cast: Cast) -> None:
    hidden = raised(cast, "三幢没有电梯", accept=False)
    assert similar_to("三幢没有电梯") == []
    seen = Matter.objects.visible_to(cast.mei, on=AT.date())
    assert similar_to("三幢没有电梯", among=seen) == [(hidden, 100)]


def test_any_kind_is_compared_and_one_kind_or_body_where_it_is_asked_for(cast: Cast) -> None:
    story = Story(cast)
    plan, concern, _twin = story.consultation()
    recommendation = story.recommendation(plan)
    assert {matter for matter, _share in similar_to("老楼加装电梯的建议")} == {concern, recommendation}
    asked = similar_to("老楼加装电梯的建议", kind="recommendation", body=cast.hall, limit=1)
    assert [matter for matter, _share in asked] == [recommendation]
    assert similar_to("老楼加装电梯的建议", body=cast.district) == []


def test_only_open_concerns_of_the_same_body_are_offered(cast: Cast) -> None:
    story = Story(cast)
    first, second = story.concern("lin"), story.concern("wen")
    assert most_similar(first) == [(second, 100)]
    matters.make(second, "decline", by=cast.mei, at=AT, reason="not_public", reason_text="个人事务")
    assert most_similar(first) == []


def test_a_proposal_can_be_merged_into_similar_ones_that_are_not_answered(cast: Cast) -> None:
    house = House(cast)
    filed = house.filed("关于破解老旧小区停车难的提案")
    answered = house.answered(house.filed("关于破解老旧小区停车难问题的提案", by=house.an))
    house.draft("关于老旧小区停车难的提案", by=house.hong)  # of which nobody else knows yet
    proposal = house.do(house.draft("关于老旧小区夜间停车难的提案", by=house.hong), "submit", house.hong)
    assert answered.state == "answered"
    assert [other for other, _share in alike_to(proposal)] == [filed]


def test_what_the_suggestions_say_makes_proposals_alike_as_well(cast: Cast) -> None:
    house = House(cast)
    first = house.do(house.draft("甲", text="一"), "submit", house.yun)
    other = house.draft("乙", by=house.an, text="二", items=("公布夜间停车的共享车位",))
    assert [found for found, _share in alike_to(house.do(other, "submit", house.an))] == [first]


def test_a_twin_is_found_among_many_newer_ones_that_hold_its_rarest_word(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    twin = raised(cast, "三幢电梯停用，老人上下楼困难，希望公布检修时间")
    for n in range(6):
        raised(cast, f"第{n}幢电梯很吵")
    monkeypatch.setattr(alike, "MOST_READ", 2)
    got = similar_to("三幢的电梯停用了，老人上下楼困难，请公布检修时间")
    assert got[0][0] == twin and len(got) <= 2


def test_what_may_not_be_seen_does_not_hide_what_may(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = raised(cast, "三幢没有电梯，老人下楼难")
    for n in range(5):
        raised(cast, f"三幢没有电梯，老人下楼难 {n}", accept=False)
    monkeypatch.setattr(alike, "ALLOWED_AT_ONCE", 2)
    assert [matter for matter, _share in similar_to("三幢没有电梯，老人下楼难")] == [seen]
