"""The votes of those who are voting now, kept in memory: right also where other processes record votes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from camphor.conversations import decks, hands, newcomers
from camphor.conversations.ballots import Ballot, Outcome, record
from camphor.conversations.models import Conversation
from camphor.people.actor import digest

LIN, WEN = digest("lin"), digest("wen")


@pytest.fixture
def beside(
    transactional_db: None, talk: Conversation, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Conversation]:
    """The conversation, as a process knows it that is not alone."""
    monkeypatch.setattr(hands, "_is_alone", lambda: False)
    for memory in (hands, newcomers, decks):
        memory.forget()
    yield talk
    for memory in (hands, newcomers, decks):
        memory.forget()


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    clock = [1000.0]
    monkeypatch.setattr(hands, "monotonic", lambda: clock[0])
    return clock


def elsewhere(talk: Conversation, who: str, place: int, value: int, key: str) -> int:
    """A vote that another process records; its statement."""
    statement = talk.statements.all()[place].pk
    record([Ballot(talk.pk, who, statement, value, key)])
    return statement


def test_what_another_process_recorded_is_known_when_it_has_been_read(
    beside: Conversation, django_assert_num_queries: Callable[[int], Any]
) -> None:
    hands.catch_up(beside.pk)
    assert hands.votes(beside.pk, LIN) == hands.votes(beside.pk, WEN) == {}
    first = elsewhere(beside, LIN, 0, 1, "a")
    second = elsewhere(beside, LIN, 1, -1, "b")
    with django_assert_num_queries(1):
        hands.catch_up(beside.pk)
        assert hands.votes(beside.pk, LIN) == {first: 1, second: -1} and hands.votes(beside.pk, WEN) == {}
    elsewhere(beside, LIN, 0, 0, "c")
    hands.catch_up(beside.pk)
    assert hands.votes(beside.pk, LIN) == {first: 0, second: -1}, "the last vote counts"


def test_a_vote_of_this_process_is_known_at_once(
    beside: Conversation, django_assert_num_queries: Callable[[int], Any]
) -> None:
    hands.catch_up(beside.pk)
    hands.votes(beside.pk, LIN)
    statement = beside.statements.all()[0].pk
    ballot = Ballot(beside.pk, LIN, statement, 1, "a")
    record([ballot])
    with django_assert_num_queries(0):
        hands.play(ballot)
        assert hands.votes(beside.pk, LIN) == {statement: 1}
    hands.catch_up(beside.pk)
    assert hands.votes(beside.pk, LIN) == {statement: 1}


def test_whose_first_vote_was_recorded_has_a_hand_that_need_not_be_read(
    beside: Conversation, django_assert_num_queries: Callable[[int], Any]
) -> None:
    hands.catch_up(beside.pk)
    statement = beside.statements.all()[0].pk
    ballot, at = Ballot(beside.pk, LIN, statement, 1, "a"), hands.moment(beside.pk)
    assert record([ballot]) == [Outcome.JOINED]
    with django_assert_num_queries(0):
        hands.play(ballot, joined_after=at)
        assert hands.votes(beside.pk, LIN) == {statement: 1}


def test_whose_first_vote_was_recorded_while_others_were_caught_up_lacks_nothing(
    beside: Conversation,
) -> None:
    hands.catch_up(beside.pk)
    first = beside.statements.all()[0].pk
    ballot, at = Ballot(beside.pk, LIN, first, 1, "a"), hands.moment(beside.pk)
    record([ballot])
    second = elsewhere(beside, LIN, 1, -1, "b")
    hands.catch_up(beside.pk)
    hands.play(ballot, joined_after=at)
    assert hands.votes(beside.pk, LIN) == {first: 1, second: -1}


def test_a_hand_that_was_read_while_others_were_caught_up_lacks_nothing(
    beside: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands.catch_up(beside.pk)
    real = hands._fetch
    cast: list[int] = []

    def slow(conversation: int, who: str) -> dict[int, int]:
        found = real(conversation, who)
        if not cast:
            cast.append(elsewhere(beside, LIN, 0, 1, "a"))
            hands.catch_up(beside.pk)
        return found

    monkeypatch.setattr(hands, "_fetch", slow)
    hands.votes(beside.pk, LIN)
    assert hands.votes(beside.pk, LIN) == {cast[0]: 1}


def test_without_the_others_a_hand_is_good_for_seconds_only(beside: Conversation, now: list[float]) -> None:
    hands.catch_up(beside.pk)
    assert hands.votes(beside.pk, LIN) == {}
    statement = elsewhere(beside, LIN, 0, 1, "a")
    now[0] += hands.BESIDE_OTHERS - 1
    assert hands.votes(beside.pk, LIN) == {}
    now[0] += 2
    assert hands.votes(beside.pk, LIN) == {statement: 1}


@pytest.mark.parametrize("lost", ["after a pause", "among too many"])
def test_who_has_fallen_behind_reads_anew(
    beside: Conversation, now: list[float], monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    hands.catch_up(beside.pk)
    assert hands.votes(beside.pk, LIN) == {}
    statement = elsewhere(beside, LIN, 0, 1, "a")
    elsewhere(beside, WEN, 0, 1, "b")
    if lost == "after a pause":
        now[0] += hands.LOST + 1
    else:
        monkeypatch.setattr(hands, "MOST_SINCE", 2)
    hands.catch_up(beside.pk)
    assert hands.votes(beside.pk, LIN) == {statement: 1}


def test_whoever_renews_the_deck_catches_up(beside: Conversation) -> None:
    assert decks.public(beside.pk) and hands.votes(beside.pk, LIN) == {}
    statement = elsewhere(beside, LIN, 0, 1, "a")
    decks.forget()
    assert decks.public(beside.pk) and hands.votes(beside.pk, LIN) == {statement: 1}
