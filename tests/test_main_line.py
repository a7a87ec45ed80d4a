"""The whole line once: from a resident's sentence to a verified deed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from camphor.activities import actions as activities
from camphor.activities.models import Activity
from camphor.bodies.actions import set_rule
from camphor.consultations import actions as consultations
from camphor.consultations.line import line_of_concern, line_of_consultation, outcome
from camphor.conversations import actions as conversations
from camphor.engine.flow import Lacking, NotPossible
from camphor.matters import actions as matters
from camphor.matters.models import Matter, Reply
from camphor.matters.origins import promised_on
from camphor.people.actor import NOBODY
from camphor.trail.models import Entry, Notice
from camphor.trail.moves import possible_moves

from .conftest import AT, ON, SINCE, Cast, person
from .story import Story, again

IN_MAY = ON + timedelta(days=240)


@pytest.fixture
def story(cast: Cast) -> Story:
    return Story(cast)


def test_the_line_ends_in_kept_only_when_the_deed_was_confirmed(story: Story, cast: Cast) -> None:
    plan, concern, twin = story.consultation()
    story.conversation(plan)
    story.session(plan)
    promise = story.answer(story.recommendation(plan), promised_on=IN_MAY)
    assert outcome(line_of_concern(concern, on=ON)) == "running"
    matters.make(promise, "show", by=cast.bo, at=AT, text="已张贴公示")
    assert outcome(line_of_consultation(plan, on=ON)) == "running"
    matters.make(promise, "confirm", by=cast.mei, at=AT, seen_on=ON, text="现场看过")
    assert outcome(line_of_concern(concern, on=ON)) == "kept"
    assert outcome(line_of_concern(twin, on=ON)) == "kept"
    assert outcome(line_of_consultation(plan, on=ON)) == "kept"


def test_a_promise_that_is_past_its_day_is_overdue_in_public(story: Story) -> None:
    plan, concern, _twin = story.consultation()
    promise = story.answer(story.recommendation(plan), promised_on=IN_MAY)
    assert promise.is_public
    assert outcome(line_of_concern(concern, on=IN_MAY)) == "running"
    assert outcome(line_of_concern(concern, on=IN_MAY + timedelta(days=1))) == "overdue"


def test_both_askers_hear_the_answer_and_each_rates_for_herself(story: Story, cast: Cast) -> None:
    plan, concern, twin = story.consultation()
    story.answer(story.recommendation(plan), promised_on=IN_MAY)
    concern, twin = again(concern), again(twin)
    assert (concern.state, twin.state) == ("answered", "answered")
    matters.make(concern, "rate", by=cast.lin, at=AT, score="satisfied", remark="")
    matters.make(twin, "rate", by=cast.wen, at=AT, score="mostly", remark="")
    assert [again(concern).state, again(twin).state] == ["rated", "rated"]


@pytest.mark.parametrize("who", ["wen", "mei", "bo", "rui", "yun", "stranger"])
def test_nobody_else_can_rate_for_the_one_who_asked(story: Story, cast: Cast, who: str) -> None:
    plan, concern, _twin = story.consultation()
    story.answer(story.recommendation(plan), promised_on=IN_MAY)
    with pytest.raises(PermissionDenied):
        matters.make(again(concern), "rate", by=getattr(cast, who), at=AT, score="satisfied", remark="")
    with pytest.raises(PermissionDenied):
        matters.make(again(concern), "insist", by=NOBODY, at=AT, reason_text="")


def test_who_is_not_satisfied_opens_a_second_round_and_both_rounds_are_kept(story: Story, cast: Cast) -> None:
    plan, concern, _twin = story.consultation()
    matter = story.recommendation(plan)
    story.answer(matter, promised_on=IN_MAY)
    matters.make(again(concern), "insist", by=cast.lin, at=AT, reason_text="没有说几时动工")
    lead, assisting = story.assignments(matter)
    assert (again(matter).state, lead.state, assisting.state) == ("assigned", "given", "replied")
    assert lead.due_on is not None and lead.due_on > ON
    story.answer(again(matter), promised_on=IN_MAY)
    assert again(concern).state == "answered"
    matters.make(again(concern), "rate", by=cast.lin, at=AT, score="satisfied", remark="")
    assert list(concern.ratings.values_list("round", "score")) == [(1, "dissatisfied"), (2, "satisfied")]
    told = [(node.title, node.text) for node in line_of_concern(again(concern), on=ON)]
    rounds = [text for title, text in told if title in ("主办单位答复", "提出人评价")]
    assert rounds == ["第 1 轮"] * 2 + ["第 2 轮"] * 2
    assert set(Reply.objects.filter(item__isnull=False).values_list("round", flat=True)) == {1, 2}


def test_a_late_assisting_unit_holds_up_the_lead_only_until_the_recorded_override(
    story: Story, cast: Cast
) -> None:
    plan, _concern, _twin = story.consultation()
    matter = story.recommendation(plan)
    lead, assisting = story.assignments(matter)
    with pytest.raises(Lacking) as lack:
        matters.make(lead, "reply", by=cast.bo, at=AT, answers=[], contact="")
    assert lack.value.needs == ("assisting_in",)
    with pytest.raises(NotPossible):  # it is not late yet
        matters.make(assisting, "go_without", by=cast.mei, at=AT, reason_text="逾期未报")
    assert "go_without" not in [move.name for move in possible_moves(assisting, cast.mei, on=ON)]
    story.later(days=60)
    matters.make(assisting, "go_without", by=cast.mei, at=story.at, reason_text="逾期未报")
    story.answer(matter, promised_on=IN_MAY)
    assert again(matter).state == "answered"
    assert Entry.objects.get(move="go_without").given == {"reason_text": "逾期未报"}


def test_each_part_has_its_own_moves(story: Story, cast: Cast) -> None:
    plan, _concern, _twin = story.consultation()
    lead, assisting = story.assignments(story.recommendation(plan))
    offered = [move.name for move in possible_moves(lead, cast.bo, on=ON)]
    assert offered == ["reply", "attach", "object"]
    assert [move.name for move in possible_moves(assisting, cast.rui, on=ON)] == ["opine", "object"]
    assert possible_moves(lead, cast.mei, on=ON + timedelta(days=400)) == []  # nobody goes on without a lead


def test_an_objection_stops_no_clock(story: Story, cast: Cast) -> None:
    plan, _concern, _twin = story.consultation()
    lead, _assisting = story.assignments(story.recommendation(plan))
    day = lead.due_on
    matters.make(lead, "object", by=cast.bo, at=AT, reason_text="不属我局职责")
    matters.make(lead, "uphold", by=cast.mei, at=AT, reason_text="职责清单第三条")
    assert (lead.state, lead.due_on) == ("given", day)


def test_a_released_lead_is_replaced_so_that_somebody_answers(story: Story, cast: Cast) -> None:
    plan, concern, _twin = story.consultation()
    matter = story.recommendation(plan)
    lead, assisting = story.assignments(matter)
    with pytest.raises(NotPossible):
        matters.make(matter, "replace_lead", by=cast.mei, at=AT, lead=cast.city)
    matters.make(lead, "object", by=cast.bo, at=AT, reason_text="不属我局职责")
    matters.make(lead, "release", by=cast.mei, at=AT, reason_text="确不属职责")
    matter = again(matter)
    assert [move.name for move in possible_moves(matter, cast.mei, on=ON)] == ["replace_lead"]
    matters.make(matter, "replace_lead", by=cast.mei, at=AT, lead=cast.city, lead_due_on=IN_MAY)
    matters.make(assisting, "opine", by=cast.rui, at=AT, text="可以")
    new = matter.assignments.get(part="lead", state="given")
    assert (new.handler, new.due_on) == (cast.city, IN_MAY)
    officer = person("an", cast.city, "officer")
    answers = [matters.Answer(item, "已办", "A") for item in matter.items.all()]
    matters.make(new, "reply", by=officer, at=AT, answers=answers, contact="")
    assert (again(matter).state, again(concern).state) == ("answered", "answered")


def test_evidence_gives_the_clerk_a_day_and_late_evidence_leaves_the_promise_overdue(
    story: Story, cast: Cast
) -> None:
    plan, _concern, _twin = story.consultation()
    promise = story.answer(story.recommendation(plan), promised_on=IN_MAY)
    in_time = AT + timedelta(days=200)
    matters.make(promise, "show", by=cast.bo, at=in_time, text="已印发")
    assert promise.due_on == ON + timedelta(days=215) and promised_on(promise) == IN_MAY
    assert promise.is_overdue(ON + timedelta(days=216))
    matters.make(promise, "send_back", by=cast.mei, at=in_time, reason_text="未见张贴")
    assert promise.due_on == IN_MAY
    late = AT + timedelta(days=250)
    matters.make(promise, "show", by=cast.bo, at=late, text="已张贴")
    assert promise.status(ON + timedelta(days=250))[1] == "overdue"
    matters.make(promise, "confirm", by=cast.mei, at=late, seen_on=ON, text="属实")
    assert promise.status(ON + timedelta(days=251)) == ("已兑现", "done")


def test_each_department_has_its_own_day(story: Story) -> None:
    plan, _concern, _twin = story.consultation()
    lead, assisting = story.assignments(story.recommendation(plan))
    assert lead.due_on is not None and assisting.due_on is not None
    assert ON < assisting.due_on < lead.due_on


def test_a_running_consultation_keeps_its_stages_when_the_method_changes(story: Story, cast: Cast) -> None:
    old, _concern, _twin = story.consultation()
    before = list(old.stages.values_list("label", flat=True))
    row: dict[str, object] = {
        "name": "seven_step",
        "label": "两步",
        "steps": [{"kind": "meet", "label": "吃茶", "days": 3}],
    }
    set_rule(cast.district, "methods", row, since=SINCE)
    new = consultations.draft(
        title="新",
        text="",
        body=cast.hall,
        method="seven_step",
        begins_on=ON,
        concerns=[],
        by=cast.mei,
        at=AT,
    )
    assert list(old.stages.values_list("label", flat=True)) == before
    assert [stage.label for stage in new.stages.all()] == ["吃茶"]


def test_dates_are_shifted_only_in_a_draft_and_only_forward(story: Story, cast: Cast) -> None:
    plan = consultations.draft(
        title="新", text="", body=cast.hall, concerns=[], method="five_step", begins_on=ON, by=cast.mei, at=AT
    )
    later = {2: ON + timedelta(days=20)}
    consultations.make(plan, "shift", by=cast.mei, at=AT, stage_days=later)
    first, second, *_rest = plan.stages.all()
    assert first.closes_on == second.opens_on == later[2]
    with pytest.raises(consultations.OutOfOrder):
        consultations.make(plan, "shift", by=cast.mei, at=AT, stage_days={2: ON})
    running, _concern, _twin = story.consultation()
    with pytest.raises(NotPossible):
        consultations.make(running, "shift", by=cast.mei, at=AT, stage_days=later)


def test_a_stage_is_closed_only_when_it_has_what_its_kind_needs(story: Story, cast: Cast) -> None:
    plan, _concern, _twin = story.consultation("five_step")
    for _stage in ("collect", "select"):
        consultations.make(plan, "advance", by=cast.mei, at=AT)
    with pytest.raises(Lacking) as lack:
        consultations.make(plan, "advance", by=cast.mei, at=AT)
    assert lack.value.needs == ("session",)
    story.session(plan)
    consultations.make(plan, "advance", by=cast.mei, at=AT)
    assert plan.current_stage is not None and plan.current_stage.kind == "assign"


def test_a_consultation_is_finished_only_once_nobody_is_asked_to_vote(story: Story, cast: Cast) -> None:
    plan, _concern, _twin = story.consultation()
    talk = story.conversation(plan)
    plan.stages.update(done_on=ON)
    with pytest.raises(Lacking) as lack:
        consultations.make(plan, "finish", by=cast.mei, at=AT)
    assert lack.value.needs == ("votes_ended",)
    conversations.make(talk, "close", by=cast.mei, at=AT)
    consultations.make(plan, "finish", by=cast.mei, at=AT)
    assert plan.state == "finished"


def test_minutes_are_closed_only_when_everybody_who_came_has_confirmed(story: Story, cast: Cast) -> None:
    plan, _concern, _twin = story.consultation()
    meeting = story.session(plan)
    assert meeting.state == "confirmed"
    consultations.make(plan, "meet", by=cast.mei, at=AT, title="二", starts_at=AT, venue=None)
    second = Activity.objects.get(title="二")
    activities.make(second, "check_in", by=cast.lin, at=AT, name="林", part="resident", code=cast.lin_code)
    activities.make(second, "check_in", by=cast.lin, at=AT, name="林", part="resident", code=cast.lin_code)
    assert second.attendances.count() == 1
    activities.make(second, "note", by=cast.mei, at=AT, point_kind="voice", text="说了")
    activities.make(second, "minute", by=cast.mei, at=AT)
    with pytest.raises(Lacking):
        activities.make(second, "close", by=cast.mei, at=AT)
    with pytest.raises(PermissionDenied):
        activities.make(second, "agree", by=cast.wen, at=AT)
    activities.make(second, "agree", by=cast.lin, at=AT)
    activities.make(second, "close", by=cast.mei, at=AT)


def test_a_vote_counts_once_a_key_and_the_last_one_counts(story: Story) -> None:
    plan, _concern, _twin = story.consultation()
    talk = story.conversation(plan)
    lin, first = conversations.join(talk, "cookie", at=AT), talk.statements.all()[0]
    for value, key in ((1, "a"), (1, "a"), (-1, "b")):
        conversations.vote(talk, participant=lin, statement=first, value=value, key=key, at=AT)
    assert list(talk.votes.order_by("pk").values_list("value", flat=True)) == [1, -1]


def test_after_the_close_no_vote_counts(story: Story, cast: Cast) -> None:
    plan, _concern, _twin = story.consultation()
    talk = story.conversation(plan)
    lin, first = conversations.join(talk, "cookie", at=AT), talk.statements.all()[0]
    conversations.make(talk, "close", by=cast.mei, at=AT)
    with pytest.raises(conversations.VotingClosed):
        conversations.vote(talk, participant=lin, statement=first, value=1, key="a", at=AT)


def test_the_same_code_raises_a_concern_once(story: Story) -> None:
    assert story.concern().pk == story.concern().pk
    assert Matter.objects.count() == 1


def test_the_clerk_hears_of_a_concern_and_the_officers_of_what_they_must_answer(
    story: Story, cast: Cast
) -> None:
    plan, _concern, _twin = story.consultation()
    told = Notice.objects.filter(entry__move="submit")
    assert {notice.person for notice in told} == {cast.mei.person}
    story.recommendation(plan)
    told = Notice.objects.filter(entry__move__in=("give_lead", "give_assisting"))
    assert {notice.person for notice in told} == {cast.bo.person, cast.rui.person}


def test_of_two_who_move_at_once_the_second_is_refused(story: Story, cast: Cast) -> None:
    concern = story.concern()
    stale = again(concern)
    matters.make(concern, "accept", by=cast.mei, at=AT)
    with pytest.raises(NotPossible):
        matters.make(stale, "accept", by=cast.mei, at=AT)
