"""Several units answer a proposal, each for itself: each answer is rated, and sent back, by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db.models import F
from django.test import Client
from django.urls import reverse

from camphor.matters.models import Assignment, Letter, Matter, Rating
from camphor.matters.origins import sent_back_with
from camphor.matters.recorded import rows_on
from camphor.people.actor import Actor
from camphor.rules.happenings import Row
from camphor.trail.models import Entry
from camphor.trail.moves import possible_moves

from ..conftest import ON, Cast
from ..house import House, again

LATE = "第二条没有日期"


@pytest.fixture
def house(cast: Cast) -> House:
    return House(cast)


def unit(house: House, matter: Matter, name: str = "power") -> Assignment:
    return again(matter).assignments.get(handler=getattr(house.cast, name))


def answer(house: House, matter: Matter, name: str) -> None:
    """The unit drafts, signs, and its letter goes out."""
    officer = {"housing": house.cast.bo, "power": house.cast.rui}[name]
    answers = house.answers(list(matter.items.all()))
    house.do(unit(house, matter, name), "draft_reply", officer, answers=answers, grade="A", contact="")
    house.do(unit(house, matter, name), "sign", officer, signed_by="负责人", letter_number="")
    house.do(unit(house, matter, name), "send", house.qing, checked_grade="A", remark="")


def shared_out(house: House, filed: Matter) -> Matter:
    handed = house.handed(filed, mode="separate", others=[house.cast.power], assisting=())
    for name, officer in (("housing", house.cast.bo), ("power", house.cast.rui)):
        house.do(unit(house, handed, name), "receive", officer)
    return handed


def answered(house: House, filed: Matter | None = None) -> Matter:
    """Housing and power have answered, each for itself."""
    handed = shared_out(house, filed or house.filed())
    for name in ("housing", "power"):
        answer(house, handed, name)
    return again(handed)


def of_two(house: House) -> Matter:
    """A proposal of Yun that An has signed as well, to which both units have answered."""
    proposal = house.draft(form="joint")
    house.do(proposal, "invite", house.yun, invited=[house.an.person], confirm_by=ON + timedelta(days=3))
    house.do(house.backing(proposal, house.an), "confirm", house.an)
    house.do(proposal, "submit", house.yun)
    house.do(proposal, "pass", house.qing, category="city", remark="")
    return answered(house, house.do(proposal, "file", house.qing))


def rate(
    house: House, matter: Matter, who: Actor, name: str, score: str, *, remark: str = "", move: str = "rate"
) -> Matter:
    given = {"handling": "satisfied", "score": score, "remark": remark}
    rated: Matter = house.do(matter, move, who, unit=unit(house, matter, name), **given)
    return rated


def rate_of(
    house: House, matter: Matter, who: Actor, meant: Assignment, score: str, remark: str = ""
) -> Matter:
    given = {"handling": "satisfied", "score": score, "remark": remark}
    rated: Matter = house.do(matter, "rate", who, unit=meant, **given)
    return rated


def moves(house: House, thing: Matter, who: Actor) -> set[str]:
    return {move.name for move in possible_moves(again(thing), who, on=house.on)}


def kept(matter: Matter) -> list[tuple[str, int, str]]:
    rows = matter.ratings.order_by("pk").select_related("assignment__handler")
    return [(one.assignment.handler.name if one.assignment else "", one.round, one.score) for one in rows]


def counted(house: House) -> list[Row]:
    Entry.objects.update(recorded_at=F("at"))
    rows = rows_on(Matter.objects.filter(kind="proposal"), on=house.on)
    return sorted((row for row in rows if row.unit == "rating"), key=lambda row: row.key)


def test_each_answer_is_rated_and_the_proposal_closes_with_the_last(house: House) -> None:
    proposal = answered(house)
    first = rate(house, proposal, house.yun, "power", "mostly")
    assert first.state == "answered" and "rate" in moves(house, proposal, house.yun)
    last = rate(house, proposal, house.yun, "housing", "satisfied")
    assert last.state == "closed"
    assert kept(last) == [(house.cast.power.name, 1, "mostly"), (house.cast.housing.name, 1, "satisfied")]


def test_whose_answer_is_meant_must_be_said_and_is_rated_once(house: House) -> None:
    proposal = answered(house)
    given = {"handling": "satisfied", "score": "satisfied", "remark": ""}
    with pytest.raises(ValidationError) as refusal:
        house.do(proposal, "rate", house.yun, **given)
    assert "rated_answer" in refusal.value.message_dict
    rate(house, proposal, house.yun, "power", "satisfied")
    with pytest.raises(ValueError, match="评价过"):
        rate(house, proposal, house.yun, "power", "mostly")
    assert Rating.objects.count() == 1


def test_one_unit_answers_once_more_and_the_other_stays_answered(house: House, cast: Cast) -> None:
    proposal = answered(house)
    back = rate(house, proposal, house.yun, "power", "dissatisfied", remark=LATE)
    assert (back.state, back.round) == ("assigned", 2)
    assert (unit(house, back).state, unit(house, back, "housing").state) == ("received", "replied")
    assert [one.remark for one in sent_back_with(unit(house, back))] == [LATE]
    assert sent_back_with(unit(house, back, "housing")) == []
    house.later(1)
    answer(house, back, "power")
    now = again(proposal)
    assert now.state == "answered"
    assert list(now.letters.order_by("pk").values_list("assignment__handler", "round")) == [
        (cast.housing.pk, 1),
        (cast.power.pk, 1),
        (cast.power.pk, 2),
    ]
    rate(house, now, house.yun, "power", "satisfied")
    assert again(now).state == "answered"
    assert rate(house, now, house.yun, "housing", "mostly").state == "closed"
    assert sorted(row[1:] for row in kept(now)) == [(1, "dissatisfied"), (1, "mostly"), (2, "satisfied")]


def test_an_answer_that_stands_is_rated_and_sent_back_while_the_other_unit_works(house: House) -> None:
    proposal = of_two(house)
    rate(house, proposal, house.yun, "power", "dissatisfied", remark=LATE)
    assert "rate_earlier" in moves(house, proposal, house.yun) & moves(house, proposal, house.an)
    rate(house, proposal, house.an, "power", "mostly", move="rate_earlier")
    assert unit(house, proposal).state == "received"
    both = rate(
        house, proposal, house.an, "housing", "dissatisfied", remark="没有说清楚", move="rate_earlier"
    )
    assert (both.state, both.round) == ("assigned", 2)
    assert unit(house, proposal, "housing").state == "received"
    rate(house, proposal, house.yun, "housing", "satisfied", move="rate_earlier")
    assert "rate_earlier" not in moves(house, proposal, house.yun) | moves(house, proposal, house.an)
    house.later(1)
    for name in ("housing", "power"):
        answer(house, proposal, name)
    assert again(proposal).state == "answered"
    assert list(Letter.objects.order_by("pk").values_list("round", flat=True)) == [1, 1, 2, 2]
    for who in (house.yun, house.an):
        for name in ("housing", "power"):
            rate(house, proposal, who, name, "satisfied")
    assert again(proposal).state == "closed"


def test_an_answer_is_rated_before_the_other_unit_has_answered(house: House) -> None:
    proposal = shared_out(house, house.filed())
    assert "rate_earlier" not in moves(house, proposal, house.yun)
    answer(house, proposal, "power")
    client = Client()
    assert house.yun.person
    client.force_login(house.yun.person)
    page = client.get(reverse("desk_move", args=["proposals", proposal.pk, "rate_earlier"])).content.decode()
    assert 'class="twin" open' in page and "已公布 320 个共享车位" in page  # read before it is rated
    back = rate(house, proposal, house.yun, "power", "dissatisfied", remark=LATE, move="rate_earlier")
    assert (back.state, unit(house, back).state, unit(house, back, "housing").state) == (
        "assigned",
        "received",
        "received",
    )
    assert [one.remark for one in sent_back_with(unit(house, back))] == [LATE]
    house.later(1)
    answer(house, proposal, "power")
    rate(house, proposal, house.yun, "power", "satisfied", move="rate_earlier")
    assert again(proposal).state == "assigned"
    answer(house, proposal, "housing")
    assert again(proposal).state == "answered"
    assert rate(house, proposal, house.yun, "housing", "mostly").state == "closed"
    assert {row.words["score"] for row in counted(house)} == {"satisfied", "mostly"}


def test_a_unit_is_sent_back_twice_while_another_works_on_its_own_answer(house: House) -> None:
    proposal = answered(house)
    rate(house, proposal, house.yun, "power", "dissatisfied", remark=LATE)
    rate(house, proposal, house.yun, "housing", "dissatisfied", remark=LATE, move="rate_earlier")
    for _time in range(2):
        house.later(1)
        answer(house, proposal, "power")
        rate(house, proposal, house.yun, "power", "dissatisfied", remark=LATE, move="rate_earlier")
    assert (again(proposal).state, unit(house, proposal).state) == ("assigned", "received")
    house.later(1)
    for name in ("power", "housing"):
        answer(house, proposal, name)
    rounds = again(proposal).letters.filter(assignment=unit(house, proposal)).values_list("round", flat=True)
    assert list(rounds) == [1, 2, 3, 4] and again(proposal).state == "answered"


def test_a_merged_proposal_sends_back_a_unit_that_has_answered_the_other_in_this_round(house: House) -> None:
    master = house.filed()
    twin = house.do(house.draft("关于小区停车的提案", by=house.an), "submit", house.an)
    house.do(twin, "merge", house.qing, twin=master)
    answered(house, master)
    for name in ("power", "housing"):
        move = "rate" if name == "power" else "rate_earlier"
        rate(house, master, house.yun, name, "dissatisfied", remark=LATE, move=move)
    house.later(1)
    answer(house, master, "power")
    back = rate_of(house, twin, house.an, unit(house, master), "dissatisfied", LATE)
    assert (back.state, unit(house, master).state) == ("merged", "received")
    house.later(1)
    for name in ("power", "housing"):
        answer(house, master, name)
    assert again(master).state == again(twin).state == "answered"
