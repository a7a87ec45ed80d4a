"""Ratings that come on paper, also those of an answer that another proposer has sent back since."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from django.urls import reverse

from camphor.matters.models import Matter, Rating
from camphor.matters.recorded import rows_on
from camphor.people.actor import Actor
from camphor.trail.models import Entry, Notice
from camphor.trail.moves import possible_moves

from ..conftest import ON, Cast, signed_in
from ..house import House, again, picture

MOVE = "rate_earlier_on_paper"


@pytest.fixture
def house(cast: Cast) -> House:
    return House(cast)


@pytest.fixture
def sent_back(house: House) -> Matter:
    """A joint proposal of Yun and An; Yun was not satisfied, An has not said anything."""
    return house.rate(house.joint(), house.yun, "dissatisfied", remark="第二条没有日期")


def moves(house: House, thing: Matter, who: Actor) -> set[str]:
    return {move.name for move in possible_moves(again(thing), who, on=house.on)}


def on_paper(house: House, who: Actor, score: str = "mostly") -> dict[str, object]:
    assert who.person
    scan = SimpleUploadedFile("评价表.png", picture(), "image/png")
    return {
        "rated_answer": f"1-{who.person.pk}",
        "handling": "satisfied",
        "score": score,
        "remark": "",
        "scan": scan,
    }


def counted(house: House) -> list[str]:
    """What the figures count of each proposer that day, where all was written down as it happened."""
    Entry.objects.update(recorded_at=F("at"))
    rows = rows_on(Matter.objects.filter(kind="proposal"), on=house.on)
    return sorted(row.words["score"] for row in rows if row.unit == "rating")


def test_a_clerk_enters_the_paper_of_an_earlier_answer_while_the_second_round_runs(
    house: House, cast: Cast, sent_back: Matter
) -> None:
    page = reverse("desk_move", args=["proposals", sent_back.pk, MOVE])
    shown = signed_in(house.qing).get(page).content.decode()
    assert f"An，第 1 轮答复（{ON.isoformat()}）" in shown and "Yun，第 1 轮" not in shown
    given = on_paper(house, house.an)
    assert signed_in(cast.bo).post(page, on_paper(house, house.an)).status_code == 404
    assert signed_in(house.qing).post(page, given).status_code == 302
    kept = Rating.objects.get(person=house.an.person)
    assert (kept.round, kept.score, kept.scan is not None) == (1, "mostly", True)
    now = again(sent_back)
    assert (now.state, now.round) == ("assigned", 2)  # it neither closes the round that runs nor opens one
    assert Notice.objects.filter(person=cast.bo.person, entry__move=MOVE).exists()
    assert MOVE not in moves(house, now, house.qing)
    house.answer(now)
    assert {"rate"} <= moves(house, now, house.an)  # he still rates the second answer


def test_a_paper_that_comes_after_the_second_answer_stands_with_the_first(
    house: House, sent_back: Matter
) -> None:
    house.later(1)
    house.answer(sent_back)
    assert {MOVE, "rate_on_paper"} <= moves(house, sent_back, house.qing)
    house.rate(sent_back, house.an, "satisfied")
    closed = house.rate(sent_back, house.yun, "satisfied")
    assert again(closed).state == "closed" and counted(house) == ["satisfied", "satisfied"]
    rating = {"handling": "satisfied", "score": "mostly", "remark": "", "scan": picture()}
    house.do(closed, MOVE, house.qing, proposer=house.an.person, rated_round=1, **rating)
    assert list(Rating.objects.filter(person=house.an.person).values_list("round", "score")) == [
        (1, "mostly"),
        (2, "satisfied"),
    ]
    assert counted(house) == ["satisfied", "satisfied"]  # the last answer counts, not the last paper


def test_the_paper_of_an_earlier_answer_counts_until_the_next_is_rated(
    house: House, sent_back: Matter
) -> None:
    rating = {"handling": "satisfied", "score": "mostly", "remark": "", "scan": picture()}
    house.do(sent_back, MOVE, house.qing, proposer=house.an.person, rated_round=1, **rating)
    assert counted(house) == ["dissatisfied", "mostly"]
    house.answer(sent_back)
    house.rate(sent_back, house.an, "satisfied")
    assert counted(house) == ["dissatisfied", "satisfied"]


def test_an_earlier_answer_is_rated_once_and_only_with_the_paper(house: House, sent_back: Matter) -> None:
    rating = {"handling": "satisfied", "score": "mostly", "remark": ""}
    paper = {"proposer": house.an.person, "rated_round": 1}
    with pytest.raises(ValueError, match="扫描件"):
        house.do(sent_back, MOVE, house.qing, **paper, scan=None, **rating)
    house.do(sent_back, "rate_earlier", house.an, **rating)
    with pytest.raises(ValueError, match="评价过"):
        house.do(sent_back, MOVE, house.qing, **paper, scan=picture(), **rating)


def test_nobody_enters_a_paper_for_an_earlier_answer_where_there_is_none(house: House) -> None:
    answered = house.answered(house.filed())
    assert MOVE not in moves(house, answered, house.qing)
    assert "rate_on_paper" in moves(house, answered, house.qing)
