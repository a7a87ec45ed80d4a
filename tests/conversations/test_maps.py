"""Maps as they are kept: read from new votes alone, stored short, redrawn beside the requests."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import cast as taken_for

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from camphor.conversations import actions, maps, redrawing, sentences, snapshots, vote_log
from camphor.conversations.models import Conversation, MapSnapshot, Vote
from camphor.conversations.vote_log import VoteLog
from camphor.engine.opinion import OpinionMap, Votes
from camphor.people.actor import digest

from ..conftest import AT, Cast

SEEDS = [f"第 {n} 种看法" for n in range(1, 10)]


@pytest.fixture
def talk(cast: Cast) -> Conversation:
    conversation = actions.prepare(
        title="电梯怎么装？", text="", body=cast.hall, seeds=SEEDS, by=cast.mei, at=AT
    )
    actions.make(conversation, "open", by=cast.mei, at=AT)
    return conversation


@pytest.fixture
def kept() -> Iterator[None]:
    """What a process keeps is forgotten afterwards."""
    vote_log.forget()
    yield
    vote_log.forget()
    snapshots.forget()


def voted(talk: Conversation, name: str, value: int, *, many: int = 9) -> None:
    someone = actions.join(talk, digest(name), at=AT)
    for statement in talk.statements.all()[:many]:
        key = f"{value}:{statement.pk}"
        actions.vote(talk, participant=someone, statement=statement, value=value, key=key, at=AT)


def same(left: Votes, right: Votes) -> bool:
    names = ("participants", "statements", "starts", "columns", "values")
    return all(np.array_equal(getattr(left, name), getattr(right, name)) for name in names)


def rows_read(log: VoteLog, talk: Conversation) -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        log.renew(talk)
    return [query["sql"] for query in asked.captured_queries]


def test_the_log_in_memory_is_the_log_in_the_database_after_every_kind_of_change(
    talk: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vote_log, "UNSETTLED", 3)
    monkeypatch.setattr(vote_log, "CHUNK", 7)
    log = VoteLog()

    def is_whole() -> bool:
        log.renew(talk)
        afresh = VoteLog()
        afresh.renew(talk)
        return same(log.votes(), afresh.votes()) and log.length == talk.votes.count()

    assert is_whole() and log.length == 0
    for one in range(5):
        voted(talk, str(one), 1)
        assert is_whole()
    voted(talk, "2", -1)  # he changes his mind
    assert is_whole() and int((log.votes().values == -1).sum()) == 9
    Vote.objects.filter(pk__in=talk.votes.values_list("pk", flat=True)[4:9]).delete()
    assert is_whole()
    talk.votes.all().delete()
    assert is_whole() and log.length == 0


def test_a_vote_committed_after_a_later_one_is_not_missed(talk: Conversation) -> None:
    voted(talk, "lin", 1)
    late = talk.votes.order_by("pk")[4]
    late.delete()
    log = VoteLog()
    log.renew(talk)
    assert log.length == 8
    late.save(force_insert=True)  # under the key it had taken earlier
    log.renew(talk)
    assert log.length == 9


def test_only_new_votes_are_read(talk: Conversation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vote_log, "UNSETTLED", 0)
    voted(talk, "lin", 1)
    log = VoteLog()
    log.renew(talk)
    last = int(log.columns[0][log.length - 1])
    (_count, read) = rows_read(log, talk)
    assert f'"id" > {last}' in read


def test_few_logs_are_kept_and_the_one_asked_for_longest_ago_goes(
    talk: Conversation, kept: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vote_log, "MOST_LOGS", 2)
    for pk in (talk.pk, talk.pk + 1, talk.pk + 2):
        vote_log.votes_of(Conversation(pk=pk), keep=True)
    assert list(vote_log._logs) == [talk.pk + 1, talk.pk + 2]
    monkeypatch.setattr(vote_log, "MOST_VOTES", 5)
    voted(talk, "lin", 1)
    vote_log.votes_of(talk, keep=True)
    assert talk.pk not in vote_log._logs


def test_a_stored_map_is_the_map_that_was_drawn_and_short(talk: Conversation) -> None:
    for one in range(30):
        voted(talk, str(one), 1 if one % 2 else -1, many=5 + one % 5)
    drawn = maps.draw(talk)
    stored = json.loads(json.dumps(snapshots.packed(drawn)))
    back = snapshots.unpacked(stored)
    assert len(json.dumps(stored)) < 0.75 * len(json.dumps(drawn.to_json()))
    assert back.memory == drawn.memory and back.groups == drawn.groups and back.cells == drawn.cells
    assert (back.shared, back.dividing, back.bridging, back.picks) == (
        drawn.shared, drawn.dividing, drawn.bridging, drawn.picks,
    )  # fmt: skip
    for left, right in zip(back.counted, drawn.counted, strict=True):
        assert (left.statement, left.x, left.y, left.all, left.groups) == (
            right.statement, right.x, right.y, right.all, right.groups,
        )  # fmt: skip
        assert left.priority == pytest.approx(right.priority, rel=1e-3)


def test_a_map_of_a_conversation_without_votes_is_stored_too(talk: Conversation) -> None:
    assert maps.current(talk, at=AT).groups == ()
    assert maps.current(talk, at=AT).groups == ()
    assert talk.maps.count() == 1


def test_one_map_of_each_day_is_kept(talk: Conversation) -> None:
    moments = [AT, AT + timedelta(minutes=1), AT + timedelta(days=1), AT + timedelta(days=1, minutes=1)]
    for place, moment in enumerate(moments):
        voted(talk, str(place), 1)
        maps.current(talk, at=moment)
    assert list(talk.maps.order_by("pk").values_list("drawn_at", flat=True)) == [moments[1], moments[3]]


def test_whoever_changes_what_a_map_remembers_raises_the_layout(talk: Conversation) -> None:
    for one in range(20):
        of_two_minds(talk, one)
    remembered = {
        "chances", "cloud_covariance", "cloud_group", "cloud_mean", "cloud_share", "dimensions", "lean",
        "letters", "moments", "newest", "reach", "routing", "separate", "statements", "valley", "welcome",
    }  # fmt: skip
    assert (snapshots.LAYOUT, set(maps.draw(talk).memory)) == (6, remembered)


def test_a_map_in_an_older_layout_is_drawn_anew(talk: Conversation) -> None:
    voted(talk, "lin", 1)
    vote, entry = maps.state_of(talk)
    MapSnapshot.objects.create(
        conversation=talk, last_vote=vote, last_entry=entry, data={"people": {}}, drawn_at=AT
    )
    assert maps.current(talk, at=AT).participants == 1
    assert talk.maps.count() == 1


def of_two_minds(talk: Conversation, name: int) -> None:
    """Somebody of the camp of his name's parity: the camps differ on all, and pass here and there."""
    someone = actions.join(talk, digest(str(name)), at=AT)
    for place, statement in enumerate(talk.statements.all()):
        side = 1 if (name + place) % 2 else -1
        value = 0 if (name + place) % 7 == 0 else side
        actions.vote(talk, participant=someone, statement=statement, value=value, key=str(place), at=AT)


def agreeing(drawn: OpinionMap) -> str:
    """The letter of the group that agrees most with the first statement."""
    first = min(drawn.counted, key=lambda row: row.statement)
    return max(zip(drawn.groups, first.groups, strict=True), key=lambda pair: pair[1].agree.mean)[0].letter


def test_groups_keep_their_letters_from_map_to_map(talk: Conversation) -> None:
    for one in range(41):
        of_two_minds(talk, one)
    first = maps.current(talk, at=AT)
    for one in range(101, 161, 2):  # now the other camp is the larger one
        of_two_minds(talk, one)
    second = maps.current(talk, at=AT + timedelta(seconds=5))
    assert len(first.groups) == len(second.groups) == 2
    assert first.groups[0].size > first.groups[1].size and second.groups[0].size < second.groups[1].size
    assert agreeing(first) == agreeing(second)


def test_a_page_never_waits_and_says_when_it_is_behind(
    talk: Conversation, kept: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[redrawing.Redraw] = []
    monkeypatch.setattr(redrawing, "watch", lambda _talk, *, redraw, at: asked.append(redraw))
    settings.MAPS_IN_BACKGROUND = True
    voted(talk, "lin", 1)
    first = maps.newest(talk, at=AT)  # there is none yet, so this one is waited for
    assert first.map.participants == 1 and not first.behind
    voted(talk, "wen", -1)
    behind = maps.newest(talk, at=AT)
    assert behind.behind and (behind.key, behind.map) == (first.key, first.map)
    asked[-1](talk, AT + timedelta(seconds=1))  # what the thread beside the requests does
    after = maps.newest(talk, at=AT)
    assert after.map.participants == 2 and not after.behind
    assert after.drawn_at == AT + timedelta(seconds=1)


def test_one_thread_redraws_while_somebody_looks_and_ends_when_nobody_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(redrawing, "WATCHED_FOR", 0.3)
    monkeypatch.setattr(redrawing, "LOOKS_EVERY", 0.02)
    moments: list[datetime] = []
    talk = Conversation(pk=10**9)

    def redraw(_talk: Conversation, at: datetime) -> None:
        moments.append(at)

    for _look in range(3):
        redrawing.watch(talk, redraw=redraw, at=AT)
    name = f"map of conversation {talk.pk}"
    assert len([thread for thread in threading.enumerate() if thread.name == name]) == 1
    deadline = time.monotonic() + 10
    while talk.pk in redrawing._watched and time.monotonic() < deadline:
        time.sleep(0.02)
    assert talk.pk not in redrawing._watched
    assert len(moments) > 2 and moments == sorted(moments) and moments[0] >= AT


def test_a_redraw_that_fails_is_tried_again_at_the_next_look() -> None:
    tried: list[datetime] = []
    talk = Conversation(pk=10**9 + 1)

    def redraw(_talk: Conversation, at: datetime) -> None:
        tried.append(at)
        raise OSError("the disk is full")

    for times in (1, 2):
        redrawing.watch(talk, redraw=redraw, at=AT)
        deadline = time.monotonic() + 10
        while talk.pk in redrawing._watched and time.monotonic() < deadline:
            time.sleep(0.02)
        assert len(tried) == times


@pytest.mark.parametrize(
    ("people", "placed", "told"),
    [
        (148, 140, "共有 140+ 人表态；其中不到 10 人的表态还看不出与哪一方更接近，图上用灰点表示。"),
        (
            148,
            120,
            "共有 140+ 人表态，其中 120+ 人已归位；另有 20+ 人的表态还看不出与哪一方更接近，图上用灰点表示。",
        ),
    ],
)
def test_no_exact_number_stands_beside_the_tens_while_votes_come_in(
    people: int, placed: int, told: str
) -> None:
    drawn = SimpleNamespace(participants=people, placed=placed)
    assert sentences.who_is_on_it(taken_for(OpinionMap, drawn), is_open=True) == told
