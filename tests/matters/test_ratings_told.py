"""What is asked, entered, counted and told where the answer of each unit is rated by itself."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from docx import Document

from camphor.dashboard.owed import board, lines
from camphor.dashboard.told import told
from camphor.matters.models import Rating
from camphor.matters.origins import sent_back_with
from camphor.papers.proposal_form import proposal_form
from camphor.people.actor import Actor
from camphor.trail.models import Entry

from ..conftest import ON, Cast, signed_in
from ..house import House, again, picture
from ..papers.test_lists import table
from .test_ratings_of_each import (
    LATE,
    answer,
    answered,
    counted,
    moves,
    of_two,
    rate,
    rate_of,
    shared_out,
    unit,
)


@pytest.fixture
def house(cast: Cast) -> House:
    return House(cast)


def test_the_form_asks_whose_answer_and_keeps_both_questions(house: House) -> None:
    proposal = answered(house)
    assert house.yun.person
    client = signed_in(house.yun)
    page = reverse("desk_move", args=["proposals", proposal.pk, "rate"])
    shown = client.get(page).content.decode()
    assert str(house.cast.housing) in shown and str(house.cast.power) in shown
    rating = {"handling": "mostly", "score": "satisfied", "remark": ""}
    assert client.post(page, rating).status_code == 422
    power = unit(house, proposal)
    chosen = f"1-{house.yun.person.pk}-{power.pk}"
    sent = client.post(page, rating | {"rated_answer": chosen})
    assert sent["Location"] == page  # on to the other unit
    one = Rating.objects.get()
    assert (one.assignment, one.handling, one.score) == (power, "mostly", "satisfied")
    thing = client.get(reverse("desk_thing", args=["proposals", proposal.pk])).content.decode()
    assert f"{house.cast.power.name}</" in thing and "尚未评价" in thing
    field = client.get(page).context["form"].fields["rated_answer"]
    assert len(field.choices) == 1 and field.initial == field.choices[0][0]
    last = client.post(page, rating | {"rated_answer": field.initial})
    assert last["Location"] == reverse("desk_thing", args=["proposals", proposal.pk])
    assert again(proposal).state == "closed"


def test_a_clerk_enters_the_paper_of_one_unit(house: House) -> None:
    proposal = answered(house)
    client = Client()
    assert house.qing.person and house.yun.person
    client.force_login(house.qing.person)
    page = reverse("desk_move", args=["proposals", proposal.pk, "rate_on_paper"])
    fields = client.get(page).context["form"].fields
    assert "proposer" not in fields and len(fields["rated_answer"].choices) == 2
    scan = SimpleUploadedFile("评价表.png", picture(), "image/png")
    given: dict[str, Any] = {
        "rated_answer": f"1-{house.yun.person.pk}-{unit(house, proposal).pk}",
        "handling": "satisfied",
        "score": "dissatisfied",
        "remark": LATE,
        "scan": scan,
    }
    assert client.post(page, given).status_code == 302
    one = Rating.objects.get()
    assert (one.person, one.assignment, one.scan is not None) == (
        house.yun.person,
        unit(house, proposal),
        True,
    )
    assert (unit(house, proposal).state, unit(house, proposal, "housing").state) == ("received", "replied")


def test_a_late_paper_stands_with_the_round_and_the_unit_that_it_is_about(house: House) -> None:
    proposal = of_two(house)
    rate(house, proposal, house.yun, "power", "dissatisfied", remark=LATE)
    house.later(1)
    answer(house, proposal, "power")
    assert "rate_earlier_on_paper" in moves(house, proposal, house.qing)
    given = {"handling": "satisfied", "score": "dissatisfied", "remark": LATE, "scan": picture()}
    paper = {"proposer": house.an.person, "rated_round": 1, "unit": unit(house, proposal)}
    house.do(proposal, "rate_earlier_on_paper", house.qing, **paper, **given)
    now = again(proposal)
    assert (now.state, now.round, unit(house, now).state) == ("answered", 2, "replied")
    assert "rate_earlier_on_paper" not in moves(house, proposal, house.qing)


def test_figures_count_each_rating_with_its_unit(house: House, cast: Cast) -> None:
    proposal = answered(house)
    rate(house, proposal, house.yun, "power", "dissatisfied", remark=LATE)
    assert [(row.handler, row.words["score"]) for row in counted(house)] == [(cast.power.pk, "dissatisfied")]
    house.later(1)
    answer(house, proposal, "power")
    rate(house, proposal, house.yun, "power", "satisfied")
    rate(house, proposal, house.yun, "housing", "mostly")
    told = {row.handler: row.words["score"] for row in counted(house)}
    assert told == {cast.power.pk: "satisfied", cast.housing.pk: "mostly"}


def test_the_rating_of_a_unit_alone_is_told_with_that_unit(house: House, cast: Cast) -> None:
    house.rate(house.answered(house.filed()), house.yun, "satisfied")
    assert [row.handler for row in counted(house)] == [cast.housing.pk]


def test_merged_proposals_rate_each_unit_and_wait_for_the_one_that_answers_again(house: House) -> None:
    master = house.filed()
    twin = house.do(house.draft("关于小区停车的提案", by=house.an), "submit", house.an)
    house.do(twin, "merge", house.qing, twin=master)
    answered(house, master)
    back = rate_of(house, twin, house.an, unit(house, master), "dissatisfied", LATE)
    assert (back.state, again(master).state, again(master).round) == ("merged", "assigned", 2)
    assert (unit(house, master).state, unit(house, master, "housing").state) == ("received", "replied")
    house.later(1)
    answer(house, master, "power")
    assert (again(twin).state, again(twin).round) == ("answered", 2)
    for matter, who in ((master, house.yun), (twin, house.an)):
        for name in ("housing", "power"):
            rate_of(house, matter, who, unit(house, master, name), "satisfied")
        assert again(matter).state == "closed"


def test_nothing_is_merged_into_a_proposal_that_one_of_its_units_has_answered(house: House) -> None:
    master = shared_out(house, house.filed())
    answer(house, master, "housing")
    twin = house.do(house.draft("关于小区停车的提案", by=house.an), "submit", house.an)
    with pytest.raises(ValueError, match="尚未答复"):
        house.do(twin, "merge", house.qing, twin=master)


def test_ratings_of_the_whole_from_before_count_for_every_unit_of_their_round(house: House) -> None:
    proposal = of_two(house)
    Rating.objects.create(
        matter=proposal,
        round=1,
        person=house.yun.person,
        score="mostly",
        handling="mostly",
        at=house.at,
    )
    assert "rate" not in moves(house, proposal, house.yun)
    for name in ("housing", "power"):
        assert "rate" in moves(house, proposal, house.an)
        rate(house, proposal, house.an, name, "satisfied")
    assert again(proposal).state == "closed"


def test_the_database_keeps_one_rating_of_each_person_for_each_unit_and_round(house: House) -> None:
    proposal = answered(house)
    row = {"matter": proposal, "round": 1, "person": house.yun.person, "score": "mostly", "at": house.at}
    Rating.objects.create(**row, assignment=unit(house, proposal))
    Rating.objects.create(**row, assignment=unit(house, proposal, "housing"))
    Rating.objects.create(**row)  # of the whole
    for twice in (unit(house, proposal), None):
        with pytest.raises(IntegrityError), transaction.atomic():
            Rating.objects.create(**row, assignment=twice)


def test_a_clerk_who_looked_again_names_the_units_that_handle_it_once_more(house: House) -> None:
    proposal = answered(house)
    for name in ("housing", "power"):
        rate(house, proposal, house.yun, name, "satisfied")
    client = Client()
    assert house.qing.person
    client.force_login(house.qing.person)
    page = reverse("desk_move", args=["proposals", proposal.pk, "insist"])
    given = {"seen_on": ON.isoformat(), "reason_text": "灯仍不亮"}
    assert client.post(page, given).status_code == 422
    assert client.post(page, given | {"units_again": [unit(house, proposal).pk]}).status_code == 302
    assert (unit(house, proposal).state, unit(house, proposal, "housing").state) == ("received", "replied")
    assert [one.remark for one in sent_back_with(unit(house, proposal))] == ["灯仍不亮"]
    assert sent_back_with(unit(house, proposal, "housing")) == []


def test_the_desk_names_whose_answer_is_still_to_be_rated(house: House, cast: Cast) -> None:
    proposal = answered(house)

    def verbs() -> list[str]:
        return [one.verb for one in board(house.yun, on=house.on).owed if one.thing == proposal]

    assert verbs() == ["评价 2 个单位的答复"]
    rate(house, proposal, house.yun, "power", "satisfied")
    assert verbs() == [f"评价{cast.housing.name}的答复"]


def test_who_has_rated_all_has_nothing_more_on_the_desk_while_another_has_not(house: House) -> None:
    each, whole = of_two(house), house.joint()

    def waiting(who: Actor) -> set[int]:
        return {line.pk for line in lines(who, on=house.on) if line.noun == "proposals"}

    assert waiting(house.yun) == waiting(house.an) == {each.pk, whole.pk}
    rate(house, each, house.yun, "power", "satisfied")
    assert waiting(house.yun) == {each.pk, whole.pk}
    rate(house, each, house.yun, "housing", "satisfied")
    house.rate(whole, house.an, "mostly")
    assert (waiting(house.yun), waiting(house.an)) == ({whole.pk}, {each.pk})
    rate(house, each, house.an, "power", "dissatisfied", remark=LATE)
    assert not waiting(house.an)
    house.later(1)
    answer(house, each, "power")
    assert (waiting(house.yun), waiting(house.an)) == ({each.pk, whole.pk}, {each.pk})


def test_the_letter_of_a_unit_that_stays_answered_is_still_there(house: House, cast: Cast) -> None:
    proposal = answered(house)
    rate(house, proposal, house.yun, "power", "dissatisfied", remark=LATE)
    client = Client()
    assert cast.bo.person and house.qing.person
    client.force_login(cast.bo.person)
    stays = unit(house, proposal, "housing")
    assert client.get(reverse("reply_letter", args=[stays.pk])).status_code == 200
    client.force_login(house.qing.person)
    disclose = client.get(reverse("desk_move", args=["assignments", stays.pk, "disclose"]))
    assert "已公布 320 个共享车位" in disclose.context["form"]["public_text"].initial


def test_the_papers_and_what_happened_name_the_unit_that_was_rated(house: House, cast: Cast) -> None:
    proposal = answered(house)
    rate(house, proposal, house.yun, "power", "mostly")
    table = Document(io.BytesIO(proposal_form(again(proposal)))).tables[0]
    cells = [cell.text for row in table.rows for cell in row.cells]
    assert any(f"Yun　{cast.power.name}　第1轮" in cell for cell in cells)
    entry = Entry.objects.get(move="rate")
    assert told(entry, proposal)["text"].endswith(cast.power.name)
    rate(house, proposal, house.yun, "housing", "dissatisfied", remark=LATE)
    reopened = told(Entry.objects.get(move="reopen"), proposal)["text"]
    assert cast.housing.name in reopened and cast.power.name not in reopened


def test_a_list_as_excel_tells_what_was_said_last_of_each_unit(house: House) -> None:
    proposal = answered(house)
    rate(house, proposal, house.yun, "power", "mostly")
    rate(house, proposal, house.yun, "housing", "dissatisfied", remark=LATE)
    house.later(1)
    answer(house, proposal, "housing")
    rate(house, proposal, house.yun, "housing", "satisfied")
    head, row, *_more = table(signed_in(house.qing), "proposals")
    assert row[head.index("对办理结果的评价")] == "基本满意 × 1、满意 × 1"
