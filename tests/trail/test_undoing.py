"""Taking a move back: what is restored, and when it is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from camphor.activities import actions as activities
from camphor.consultations import actions as consultations
from camphor.consultations import taking_back as plan_reverses
from camphor.conversations import actions as conversations
from camphor.conversations import taking_back as talk_reverses
from camphor.dashboard.taking_back import take_back
from camphor.engine.flow import Stale
from camphor.matters import making as matters
from camphor.matters import taking_back as matter_reverses
from camphor.matters.models import Matter
from camphor.rules import activities as activity_rules
from camphor.rules.consultations import CONSULTATION
from camphor.rules.conversations import CONVERSATION, STATEMENT
from camphor.rules.matters import MATTERS, PARTS
from camphor.trail.history import entries_of, made_on
from camphor.trail.links import led_to
from camphor.trail.models import Entry, Notice
from camphor.trail.undoing import NotUndoable, offer

from ..conftest import AT, Cast
from ..story import Story, again

MINUTE = timedelta(minutes=1)


@pytest.fixture
def story(cast: Cast) -> Story:
    return Story(cast)


def last(thing: Model) -> Entry:
    entry = entries_of(thing).last()
    assert entry is not None
    return entry


def test_what_was_looked_at_before_a_move_was_taken_back_is_old(cast: Cast) -> None:
    concern = Story(cast).concern("lin")
    matters.make(concern, "accept", by=cast.mei, at=AT)
    looked_at = again(concern).version
    take_back(again(concern), last(concern).pk, by=cast.mei, at=AT + MINUTE)
    with pytest.raises(Stale):
        matters.make(
            again(concern), "decline", by=cast.mei, at=AT + MINUTE, seen=looked_at, reason="not_public"
        )


def test_a_move_that_may_be_taken_back_says_how_its_effect_is_reversed() -> None:
    for kind in MATTERS.values():
        for move in kind.flow.moves.values():
            if move.undo and (kind.name, move.name) in matters.EFFECTS:
                assert (kind.name, move.name) in matter_reverses.REVERSES
    for part in PARTS.values():
        for move in part.flow.moves.values():
            if move.undo and ("assignment", move.name) in matters.EFFECTS:
                assert ("assignment", move.name) in matter_reverses.REVERSES
    for flow, effects, reverses in (
        (activity_rules.FLOW, set(activities.EFFECTS), set()),
        (CONSULTATION, set(consultations.EFFECTS), set(plan_reverses.REVERSES)),
    ):
        assert {move.name for move in flow.moves.values() if move.undo} & effects <= reverses
    for flow in (CONVERSATION, STATEMENT):
        undoable = {move.name for move in flow.moves.values() if move.undo}
        changed = {name for _model, name in conversations.EFFECTS}
        assert undoable & changed <= {name for _model, name in talk_reverses.REVERSES}


def test_only_moves_within_a_thing_may_be_taken_back() -> None:
    for kind in MATTERS.values():
        assert not [
            move.name for move in kind.flow.moves.values() if move.undo and (move.quiet or not move.of)
        ]


@pytest.mark.parametrize(
    ("move", "given"),
    [
        ("accept", {}),
        ("decline", {"reason": "not_public", "reason_text": "私事"}),
        ("redirect", {"channel": "hotline", "reason_text": "热线"}),
    ],
)
def test_the_state_and_the_day_before_come_back_and_both_entries_stay(
    story: Story, cast: Cast, move: str, given: dict[str, Any]
) -> None:
    concern = story.concern()
    state, day = concern.state, concern.due_on
    matters.make(concern, move, by=cast.mei, at=AT, **given)
    take_back(concern, last(concern).pk, by=cast.mei, at=AT + 4 * MINUTE)
    assert (again(concern).state, again(concern).due_on) == (state, day)
    assert [entry.move for entry in entries_of(concern)] == ["submit", move, "undo"]
    assert made_on(concern, move) is None
    matters.make(again(concern), "accept", by=cast.mei, at=AT + 5 * MINUTE)


def test_a_merged_concern_stands_by_itself_again(story: Story, cast: Cast) -> None:
    first, twin = story.concern("lin"), story.concern("wen")
    matters.make(twin, "merge", by=cast.mei, at=AT, twin=first)
    take_back(twin, last(twin).pk, by=cast.mei, at=AT + MINUTE)
    assert again(twin).state == "submitted"
    assert not led_to(first, "merged_into", Matter).exists()


def test_a_stage_that_was_closed_is_open_again(story: Story, cast: Cast) -> None:
    plan, _concern, _twin = story.consultation()
    stage = plan.current_stage
    consultations.make(plan, "advance", by=cast.mei, at=AT)
    assert plan.current_stage != stage
    take_back(plan, last(plan).pk, by=cast.mei, at=AT + MINUTE)
    assert plan.current_stage == stage


def test_a_promise_sent_back_has_its_day_of_inspection_again(story: Story, cast: Cast) -> None:
    plan, _concern, _twin = story.consultation()
    promised_on = timezone.localdate(AT) + timedelta(days=40)
    promise = story.answer(story.recommendation(plan), promised_on=promised_on)
    matters.make(promise, "show", by=cast.bo, at=AT, text="做好了")
    looked_at_by = again(promise).due_on
    matters.make(promise, "send_back", by=cast.mei, at=AT, reason_text="没有")
    assert again(promise).due_on == promised_on
    take_back(promise, last(promise).pk, by=cast.mei, at=AT + MINUTE)
    assert (again(promise).state, again(promise).due_on) == ("shown", looked_at_by)


def _go_on(story: Story, concern: Matter) -> None:
    matters.make(again(concern), "postpone", by=story.cast.mei, at=AT + MINUTE, reason_text="再看")


def _draft(story: Story, concern: Matter) -> None:
    consultations.draft(
        title="协商",
        text="",
        body=story.cast.hall,
        method="five_step",
        begins_on=timezone.localdate(AT),
        concerns=[concern],
        by=story.cast.mei,
        at=AT + MINUTE,
    )


@pytest.mark.parametrize(
    ("meanwhile", "minutes", "who", "says"),
    [
        (None, 5, "mei", "已过 5 分钟"),
        (None, 1, "stranger", "只有本人"),
        (None, 1, "bo", "只有本人"),
        (_go_on, 2, "mei", "后续"),
        (_draft, 2, "mei", "后续"),
    ],
)
def test_a_refusal_says_why_and_changes_nothing(
    story: Story,
    cast: Cast,
    meanwhile: Callable[[Story, Matter], None] | None,
    minutes: int,
    who: str,
    says: str,
) -> None:
    concern = story.concern()
    matters.make(concern, "accept", by=cast.mei, at=AT)
    entry = last(concern)
    if meanwhile:
        meanwhile(story, concern)
    state = again(concern).state
    with pytest.raises(NotUndoable, match=says):
        take_back(again(concern), entry.pk, by=getattr(cast, who), at=AT + minutes * MINUTE)
    assert again(concern).state == state


def test_what_somebody_has_read_of_is_not_taken_back(story: Story, cast: Cast) -> None:
    plan, _concern, _twin = story.consultation()
    _lead, assisting = story.assignments(story.recommendation(plan))
    matters.make(assisting, "object", by=cast.rui, at=AT, reason_text="不归我们")
    told = Notice.objects.filter(entry=last(assisting))
    assert told.exists() and offer(assisting, cast.rui, at=AT + MINUTE)
    told.update(read_at=AT)
    assert offer(assisting, cast.rui, at=AT + MINUTE) is None
    with pytest.raises(NotUndoable, match="已有人获知"):
        take_back(assisting, last(assisting).pk, by=cast.rui, at=AT + MINUTE)


def test_who_has_not_read_of_it_yet_does_not_hear_of_what_was_taken_back(story: Story, cast: Cast) -> None:
    plan, _concern, _twin = story.consultation()
    _lead, assisting = story.assignments(story.recommendation(plan))
    matters.make(assisting, "object", by=cast.rui, at=AT, reason_text="不归我们")
    entry = last(assisting)
    take_back(assisting, entry.pk, by=cast.rui, at=AT + MINUTE)
    assert not Notice.objects.filter(entry=entry, read_at=None).exists()


def test_a_move_without_a_way_back_offers_none(story: Story, cast: Cast) -> None:
    plan, _concern, _twin = story.consultation()
    matter = story.recommendation(plan)
    assert offer(matter, cast.mei, at=AT) is None
    with pytest.raises(NotUndoable, match="不能撤回"):
        take_back(matter, last(matter).pk, by=cast.mei, at=AT)


def test_an_entry_is_taken_back_once(story: Story, cast: Cast) -> None:
    concern = story.concern()
    matters.make(concern, "accept", by=cast.mei, at=AT)
    entry = last(concern)
    take_back(concern, entry.pk, by=cast.mei, at=AT)
    with pytest.raises(NotUndoable):
        take_back(concern, entry.pk, by=cast.mei, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.create(at=AT, standing="clerk", move="undo", to="", undoes=entry, subject=concern)


def test_a_statement_that_was_voted_on_stays(story: Story, cast: Cast) -> None:
    plan, _concern, _twin = story.consultation()
    talk = story.conversation(plan)
    someone = conversations.join(talk, "a" * 64, at=AT)
    said = conversations.say(talk, "请公开造价", participant=someone, by=cast.lin, at=AT)
    conversations.make(said, "admit", by=cast.mei, at=AT)
    conversations.vote(talk, participant=someone, statement=said, value=1, key="k", at=AT)
    with pytest.raises(NotUndoable, match="表决"):
        take_back(said, last(said).pk, by=cast.mei, at=AT + MINUTE)


def test_the_page_offers_it_with_the_minutes_left_and_takes_it_back(cast: Cast) -> None:
    story = Story(cast, at=timezone.now())
    concern, client = story.concern(), Client()
    assert cast.mei.person is not None
    client.force_login(cast.mei.person)
    done = client.post(reverse("desk_move", args=["concerns", concern.pk, "accept"]), follow=True)
    undo = reverse("desk_undo", args=["concerns", concern.pk, last(concern).pk])
    assert undo in done.content.decode() and done.context["undo"].minutes == 5
    back = client.post(undo, follow=True)
    assert again(concern).state == "submitted"
    assert undo not in back.content.decode()
    assert "撤回：" in back.content.decode()
    twice = client.post(undo, follow=True)
    assert "notice--warning" in twice.content.decode()
