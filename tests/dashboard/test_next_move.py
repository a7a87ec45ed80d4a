"""The move that a desk names: where it still lacks something, the step to that, or what is waited for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from camphor.dashboard.awaited import SHELVES, is_open
from camphor.dashboard.needs import NEEDS
from camphor.dashboard.next_move import NextMove, next_move
from camphor.dashboard.nouns import nouns
from camphor.dashboard.owed import board
from camphor.engine.flow import Flow, Move
from camphor.kit.nouns import Noun
from camphor.matters.models import Matter
from camphor.rules.matters import MATTERS, PARTS

from ..conftest import ON, Cast
from ..house import House
from ..story import Story


@dataclass
class Bare:
    """A thing that stands in a state and lacks all that can be lacking."""

    flow: Flow
    state: str
    pk: int = 1
    due_on: date | None = None

    def lacking(self, needs: Collection[str], given: Mapping[str, Any]) -> tuple[str, ...]:
        return tuple(needs)


@dataclass(frozen=True)
class Case:
    """What somebody with one standing can do with a thing in one state."""

    noun: Noun
    name: str
    flow: Flow
    state: str
    standing: str

    @property
    def moves(self) -> list[Move]:
        found = [move for move in self.flow.moves_from(self.state) if self.standing in move.by]
        return [move for move in found if not (move.quiet or move.apart)]

    def named(self) -> NextMove | None:
        return next_move(self.noun, Bare(self.flow, self.state), self.moves, on=ON)


def flows() -> Iterator[tuple[str, str, Flow]]:
    """The name of the noun, the name of the row, and its flow."""
    yield from ((f"{kind.name}s", kind.name, kind.flow) for kind in MATTERS.values())
    yield from (("assignments", part.name, part.flow) for part in PARTS.values())
    for shelf in SHELVES:
        if shelf.noun and shelf.noun != "assignments":
            yield from ((shelf.noun, shelf.noun, flow) for _row, flow in shelf.flows())


def cases() -> list[Case]:
    named = {noun.name: noun for noun in nouns()}
    return [
        Case(named[noun], name, flow, state.name, standing)
        for noun, name, flow in flows()
        for state in flow.states.values()
        for standing in sorted({who for move in flow.moves_from(state.name) for who in move.by})
        if is_open(state) and any(move.needs for move in flow.moves_from(state.name))
    ]


def move_of(case: Case, then: NextMove) -> Move:
    return case.flow.moves[then.url.rstrip("/").rpartition("/")[2]]


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.name}-{case.state}-{case.standing}")
def test_no_move_is_named_that_lacks_what_another_step_would_bring(case: Case) -> None:
    then = case.named()
    if then is None:
        return  # nothing is owed by this standing here
    if not then.label:
        assert then.lacking and "/" + case.noun.name in then.url
        return
    move = move_of(case, then)
    own = all(move.name in NEEDS[need].steps for need in move.needs)  # the form itself brings what it needs
    assert own, f"{move.name} is named, and lacks {move.needs}"


@pytest.mark.parametrize(
    ("name", "state", "standing", "step"),
    [
        ("recommendation", "draft", "clerk", "edit"),
        ("proposal", "recorded", "author", "take_home"),
        ("proposal", "reviewed", "clerk", ""),
        ("request", "raised", "clerk", "edit"),
        ("finding", "answered", "clerk", "visit"),
        ("finding", "draft", "leader", ""),
        ("lead", "given", "handler", ""),
        ("sole", "received", "handler", ""),
        ("sole", "drafted", "head", ""),
        ("sessions", "planned", "clerk", "invite"),
        ("consultations", "draft", "clerk", "shift"),
    ],
)
def test_the_step_is_the_one_that_brings_what_is_lacking(
    name: str, state: str, standing: str, step: str
) -> None:
    case = next(one for one in cases() if (one.name, one.state, one.standing) == (name, state, standing))
    then = case.named()
    assert then and (move_of(case, then).name if then.label else "") == step


@pytest.mark.parametrize("need", NEEDS.values(), ids=lambda need: need.name)
def test_every_step_is_a_move_of_some_flow(need: Any) -> None:
    known = {move for _noun, _name, flow in flows() for move in flow.moves}
    assert set(need.steps) <= known


def test_who_waits_for_an_assisting_unit_reads_what_is_lacking(cast: Cast) -> None:
    house = House(cast, at=timezone.now())
    handed = house.handed(house.filed())
    lead = house.do(house.lead(handed), "receive", cast.bo)
    row = next(one for one in board(cast.bo, on=timezone.localdate()).owed if one.thing == lead)
    assert row.verb == "" and "会办" in row.missing
    client = Client()
    assert cast.bo.person
    client.force_login(cast.bo.person)
    assert row.missing in client.get(reverse("desk")).content.decode()
    house.do(house.joining(handed), "receive", cast.rui)
    house.do(house.joining(handed), "opine", cast.rui, text="同意")
    row = next(one for one in board(cast.bo, on=timezone.localdate()).owed if one.thing == lead)
    assert row.url == reverse("desk_move", args=["assignments", lead.pk, "draft_reply"]) and not row.missing


def test_a_recommendation_without_items_is_edited_before_it_is_signed(cast: Cast) -> None:
    story = Story(cast, at=timezone.now())
    plan, _concern, _twin = story.consultation()
    matter = story.recommendation(plan)
    Matter.objects.filter(pk=matter.pk).update(state="draft")
    matter.items.all().delete()
    row = next(one for one in board(cast.mei, on=timezone.localdate()).owed if one.thing == matter)
    assert row.url == reverse("desk_move", args=["recommendations", matter.pk, "edit"])


def test_a_desk_asks_no_more_for_seven_assignments_than_for_five(cast: Cast) -> None:
    house, client = House(cast), Client()
    assert cast.bo.person
    client.force_login(cast.bo.person)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("desk")).status_code == 200
        return len(queries)

    def receive() -> None:
        handed = house.handed(house.filed(), mode="sole", assisting=())
        house.do(house.lead(handed), "receive", cast.bo)

    counts = []
    for _one in range(7):
        receive()
        counts.append(asked())
    assert counts[-1] == counts[-3], "the messages, of which there are more than are shown, are counted once"
