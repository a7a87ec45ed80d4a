"""The rules are sound: every word in them is known, and every state can be reached."""

from __future__ import annotations

import pytest

from camphor.consultations.needs import NEEDS as PLAN_CHECKS
from camphor.engine.flow import HANDED_IN, UNCHANGED, Flow
from camphor.matters.needs import OF_ASSIGNMENT, OF_MATTER
from camphor.rules import activities, conversations, matters
from camphor.rules.calendar import TIMES
from camphor.rules.consultations import CONSULTATION, METHODS, NEEDS, STEPS
from camphor.rules.people import STANDINGS

FLOWS: dict[str, Flow] = {
    "activity": activities.FLOW,
    "conversation": conversations.CONVERSATION,
    "statement": conversations.STATEMENT,
    "consultation": CONSULTATION,
    "backing": matters.BACKING,
    "instruction": matters.INSTRUCTION,
} | {kind.name: kind.flow for kind in matters.MATTERS.values()}
FLOWS |= {f"part {part.name}": part.flow for part in matters.PARTS.values()}
TONES = {"waiting", "running", "done", "overdue", "refused", "note"}
LABELLED_NEEDS = {*matters.NEEDS, *activities.NEEDS, *NEEDS}


@pytest.mark.parametrize("flow", FLOWS.values(), ids=FLOWS)
def test_every_state_of_a_flow_can_be_reached(flow: Flow) -> None:
    assert flow.reachable() == set(flow.states)


@pytest.mark.parametrize("flow", FLOWS.values(), ids=FLOWS)
def test_every_word_in_a_flow_is_known(flow: Flow) -> None:
    for move in flow.moves.values():
        assert move.by, f"{move.name} may be made by nobody"
        assert move.by | move.tells <= set(STANDINGS)
        assert move.due in {None, HANDED_IN, UNCHANGED, *TIMES}
        assert {move.only_within, move.urgent} <= {None, *TIMES}
        assert set(move.needs) <= LABELLED_NEEDS
    assert {state.tone for state in flow.states.values()} <= TONES


@pytest.mark.parametrize("flow", FLOWS.values(), ids=FLOWS)
def test_who_refuses_gives_a_reason(flow: Flow) -> None:
    refused = {state.name for state in flow.states.values() if state.tone == "refused"}
    for move in flow.moves.values():
        if move.to in refused:
            assert {"reason_text", "remark"} & set(move.asks), move.name


def test_what_a_move_needs_is_checked_somewhere() -> None:
    checked = {*OF_MATTER, *OF_ASSIGNMENT, *PLAN_CHECKS, *activities.NEEDS, "stage", "all_stages"}
    for flow in FLOWS.values():
        assert {need for move in flow.moves.values() for need in move.needs} <= checked


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_a_method_is_made_of_known_steps(method: matters.Word) -> None:
    steps = METHODS[method.name].steps
    assert {step.kind for step in steps} <= set(STEPS)
    assert all(step.days > 0 for step in steps)


def test_the_published_methods_and_both_defaults_are_there() -> None:
    named = {"seven_step": 7, "five_step": 5, "cppcc_procedure": 6, "five_links": 5, "five_people": 5}
    assert {name: len(method.steps) for name, method in METHODS.items()} == named


@pytest.mark.parametrize("kind", STEPS.values(), ids=STEPS)
def test_what_a_step_needs_is_known(kind: matters.Word) -> None:
    assert set(STEPS[kind.name].needs) <= set(PLAN_CHECKS)
