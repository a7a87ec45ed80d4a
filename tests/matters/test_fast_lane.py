"""A proposal that is time-critical is put on the fast lane until it is handed over."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from camphor.bodies.rulebook import deadline
from camphor.matters.models import Matter
from camphor.trail.moves import possible_moves

from ..conftest import Cast, signed_in
from ..house import House, again
from .test_taken_back import back


@pytest.fixture
def house(cast: Cast) -> House:
    return House(cast)


@pytest.fixture
def submitted(house: House) -> Matter:
    return house.do(house.draft(), "submit", house.yun)


def hurried(house: House, proposal: Matter) -> Matter:
    return house.do(proposal, "hurry", house.qing, remark="汛期前须办结")


def next_day(house: House, proposal: Matter) -> date:
    return deadline("fast_lane", proposal.home, on=house.on)


def test_each_step_until_the_hand_over_has_the_shorter_time(house: House, submitted: Matter) -> None:
    proposal = hurried(house, submitted)
    assert proposal.due_on == next_day(house, proposal)
    assert submitted.due_on and proposal.due_on < submitted.due_on
    for move, given in (("pass", {"category": "city", "remark": ""}), ("file", {})):
        proposal = house.do(proposal, move, house.qing, **given)
        assert proposal.due_on == next_day(house, proposal), move


def test_only_a_clerk_hurries_it_and_once(house: House, submitted: Matter) -> None:
    def offered(who: object) -> bool:
        moves = possible_moves(again(submitted), who, on=house.on)  # type: ignore[arg-type]
        return "hurry" in {move.name for move in moves}

    assert offered(house.qing) and not offered(house.yun) and not offered(house.cast.bo)
    hurried(house, submitted)
    assert not offered(house.qing)


def test_a_slip_is_taken_back_and_the_day_with_it(house: House, submitted: Matter) -> None:
    day = submitted.due_on
    proposal = hurried(house, submitted)
    now = back(house, proposal, house.qing)
    assert (now.is_urgent, now.due_on) == (False, day)


def test_the_list_can_be_narrowed_to_them_and_its_page_says_so(house: House, submitted: Matter) -> None:
    other = house.do(house.draft(title="关于绿道的提案"), "submit", house.yun)
    hurried(house, submitted)
    client = signed_in(house.qing)
    listed = client.get(reverse("desk_list", args=["proposals"]), {"only": "urgent"}).content.decode()
    assert submitted.title in listed and other.title not in listed
    page = client.get(reverse("desk_thing", args=["proposals", submitted.pk])).content.decode()
    assert "汛期前须办结" in page and "已列入快速办理" in page
