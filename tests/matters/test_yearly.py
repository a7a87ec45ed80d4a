"""The yearly notice of opinion reports: each author's own, each counted once, and what came of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from camphor.matters.models import Matter
from camphor.matters.yearly import bodies_of, notice
from camphor.people.actor import Actor

from ..conftest import ON, Cast
from ..house import House, again


@pytest.fixture
def house(cast: Cast) -> House:
    return House(cast)


def report(house: House, by: Actor, title: str = "骑手找不到车位") -> Matter:
    drafted = house.begin(
        "opinion", "draft", by, title=title, text="午间难停车。", category="city", is_urgent=False, facts={}
    )  # fmt: skip
    house.at += timedelta(minutes=5)
    return house.do(drafted, "submit", by)


def sent(house: House, matter: Matter, *manners: str) -> None:
    """The report goes to as many destinations, and is used at each in this manner."""
    house.do(matter, "proof", house.qing)
    house.do(matter, "sign", house.lu, signed_by="主席")
    for place, manner in zip(("leadership", "province"), manners, strict=False):
        house.do(matter, "dispatch", house.qing, destination=place, to_whom="", held_on=ON)
        made = again(matter).dispatches.get(destination=place)
        house.do(matter, "adopt", house.qing, dispatch=made, manner=manner, held_on=ON)


def told(house: House) -> dict[str, tuple[int, int, list[tuple[str, str, int]]]]:
    found = notice(house.cast.district, 2026)
    return {str(line.person): (len(line.sent), len(line.used), line.places()) for line in found.lines}


def test_a_combined_report_counts_once_for_each_of_its_authors(house: House) -> None:
    first, second, third = report(house, house.yun), report(house, house.an), report(house, house.an)
    house.do(first, "take", house.qing)
    house.do(first, "combine", house.qing, combined=[again(second)])
    sent(house, first, "single", "not_used")
    once = [("leadership", "single", 1)]
    assert told(house) == {"An": (2, 1, once), "Yun": (1, 1, once)}
    all_of_it = notice(house.cast.district, 2026)
    assert (all_of_it.sent, all_of_it.used) == (3, 2)
    assert third.pk not in next(line for line in all_of_it.lines if str(line.person) == "An").used


def test_two_reports_of_one_author_that_were_combined_are_two_that_were_used_once(house: House) -> None:
    first, second = report(house, house.yun), report(house, house.yun, "驿站太少")
    house.do(first, "take", house.qing)
    house.do(first, "combine", house.qing, combined=[again(second)])
    sent(house, first, "combined", "combined")
    assert told(house) == {"Yun": (2, 2, [("leadership", "combined", 1), ("province", "combined", 1)])}


def test_what_was_combined_twice_is_used_where_the_last_one_is(house: House) -> None:
    first, second, third = (report(house, who) for who in (house.yun, house.an, house.hong))
    house.do(second, "take", house.qing)
    house.do(second, "combine", house.qing, combined=[again(first)])
    house.do(third, "take", house.qing)
    house.do(third, "combine", house.qing, combined=[again(second)])
    sent(house, third, "single")
    once = (1, 1, [("leadership", "single", 1)])
    assert told(house) == {"An": once, "Hong": once, "Yun": once}


def test_drafts_and_other_years_are_left_out_and_only_its_own_body_draws_it_up(house: House) -> None:
    house.begin("opinion", "draft", house.yun, title="草稿", text="", category="", is_urgent=False, facts={})
    assert told(house) == {}
    report(house, house.yun)
    assert notice(house.cast.district, 2025).lines == []
    assert bodies_of(house.qing, on=ON) == [house.cast.district]
    assert bodies_of(house.yun, on=ON) == []
