"""What differs between kinds, moves and words of matters is said by their rows, and followed everywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from camphor.dashboard.facts import SIGNED, assignment_facts
from camphor.dashboard.forms import RatingForm
from camphor.engine.flow import Flow
from camphor.engine.table import Table
from camphor.kit.nouns import Asking
from camphor.matters import handing, rateable
from camphor.matters.fields import FIELDS
from camphor.rules import matters as rules
from camphor.rules.matters import MATTERS, PARTS, SCORES, SENDS_BACK

from ..conftest import Cast
from ..house import House, again

FLOWS: dict[str, Flow] = {
    **{kind.name: kind.flow for kind in MATTERS.values()},
    **{f"part {part.name}": part.flow for part in PARTS.values()},
}


@pytest.fixture
def house(cast: Cast) -> House:
    return House(cast)


@pytest.mark.parametrize("flow", FLOWS.values(), ids=FLOWS)
def test_a_move_insists_only_on_what_it_asks_and_pleads_only_with_a_reason(flow: Flow) -> None:
    for move in flow.moves.values():
        assert set(move.insists) <= set(move.asks), move.name
        assert not move.pleads or "reason_text" in move.asks, move.name


def test_a_field_is_needed_where_the_move_insists_on_it(house: House) -> None:
    asked = [
        (kind.name, move, word)
        for kind in MATTERS.values()
        for move in kind.flow.moves.values()
        for word in ("led_by", "category")
        if word in move.asks
    ]
    needed = {(kind, move.name) for kind, move, word in asked if word in move.insists}
    assert needed == {("opinion", "instruct"), ("proposal", "pass")}
    proposal = house.filed()
    for _kind, move, word in asked:
        asking = Asking(proposal, move, house.qing, house.on, timezone.now())
        assert FIELDS[word](asking)[word].required is (word in move.insists), move.name


def test_a_kind_with_a_day_of_its_own_runs_until_the_last_that_was_given(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [kind.name for kind in MATTERS.values() if kind.own_day] == ["task"]
    proposal = house.filed()
    rows = Table(*(replace(kind, own_day=kind.name == "proposal") for kind in MATTERS.values()))
    monkeypatch.setattr(handing, "MATTERS", rows)
    handed = house.handed(proposal, mode="sole", assisting=())
    assert handed.due_on == house.lead(handed).due_on is not None


def test_the_remark_that_a_score_asks_for_is_the_same_for_residents_and_members(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert SENDS_BACK == ("dissatisfied",)
    judged: list[Callable[[str], Any]] = [
        lambda score: RatingForm({"score": score, "remark": ""}).errors.get("remark"),
        lambda score: _refusal(score),
    ]
    for sent_back in (SENDS_BACK, ("mostly",)):
        monkeypatch.setattr(rateable, "SENDS_BACK", sent_back)
        for judge in judged:
            assert [score for score in SCORES if judge(score)] == list(sent_back)
    form = RatingForm()
    assert str(form.fields["remark"].help_text) == "选“不满意”时必填：还差什么？承办部门会看到。"


def _refusal(score: str) -> list[str]:
    try:
        rateable.judge_remark(score, "")
    except ValidationError as refusal:
        return refusal.message_dict["remark"]
    return []


def test_what_waits_for_a_decision_stands_above_it(house: House, cast: Cast) -> None:
    assert SIGNED == {"confirmed": "confirm", "refused": "refuse"}
    handed = house.handed(house.filed())
    lead = house.do(house.lead(handed), "object", cast.bo, reason_text="应由城管局主办")
    shown = assignment_facts(again(lead), house.on, house.qing)["to_decide"]
    assert "应由城管局主办" in shown["text"]
    upheld = house.do(lead, "uphold", house.qing, reason_text="职责清单载明")
    assert assignment_facts(again(upheld), house.on, house.qing)["to_decide"] is None


def test_the_ways_in_which_each_unit_is_rated_are_rows() -> None:
    rated = [mode.name for mode in rules.MODES.values() if mode.rated_each]
    assert rated == ["separate"] and rules.RATED_EACH == ("separate",)
