"""The writer of votes: what is acknowledged is written, once and in order, whatever breaks meanwhile."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from camphor.conversations import actions, newcomers, posts, writer
from camphor.conversations.ballots import Ballot, Outcome, record
from camphor.conversations.lines import NotWritten
from camphor.conversations.models import Conversation, Participant, Vote
from camphor.conversations.writer import Writer
from camphor.conversations.writing import _Asked, written
from camphor.people.actor import digest

from ..conftest import AT, Cast

SEEDS = [f"第 {n} 种看法" for n in range(1, 7)]
LIN, WEN = digest("lin"), digest("wen")


@pytest.fixture
def talk(cast: Cast) -> Conversation:
    made = actions.prepare(title="电梯怎么装？", text="", body=cast.hall, seeds=SEEDS, by=cast.mei, at=AT)
    actions.make(made, "open", by=cast.mei, at=AT)
    return made


@pytest.fixture
def live(transactional_db: None, talk: Conversation) -> Iterator[Conversation]:
    """The conversation in a database in which each thread has a transaction of its own."""
    newcomers.forget()
    yield talk
    writer.close()
    newcomers.forget()


def first(talk: Conversation) -> int:
    return talk.statements.all()[0].pk


def by(who: str, talk: Conversation, *, key: str = "k", value: int = 1, statement: int = 0) -> Ballot:
    return Ballot(talk.pk, who, statement or first(talk), value, key)


# What counts


def test_a_ballot_that_does_not_count_leaves_its_neighbours_alone(talk: Conversation, cast: Cast) -> None:
    hidden = actions.prepare(title="?", text="", body=cast.hall, seeds=SEEDS, by=cast.mei, at=AT)
    taken_down = talk.statements.all()[1]
    actions.make(taken_down, "reject", by=cast.mei, at=AT, statement_reason="off_topic", remark="")
    outcomes = record(
        [
            by(LIN, talk),
            by(LIN, talk, key="a", statement=taken_down.pk),
            by(LIN, talk, key="b", statement=10**9),
            by(LIN, hidden),
            Ballot(10**9, LIN, first(talk), 1, "c"),
            by(WEN, talk),
        ]
    )
    assert [outcome.value for outcome in outcomes] == [
        "joined", "not_shown", "not_shown", "closed", "closed", "joined",
    ]  # fmt: skip
    assert set(Vote.objects.values_list("participant__digest", "statement")) == {
        (LIN, first(talk)), (WEN, first(talk)),
    }  # fmt: skip


def test_a_statement_of_another_conversation_is_not_voted_on(talk: Conversation, cast: Cast) -> None:
    other = actions.prepare(title="?", text="", body=cast.hall, seeds=SEEDS, by=cast.mei, at=AT)
    actions.make(other, "open", by=cast.mei, at=AT)
    assert record([by(LIN, talk, statement=first(other))]) == [Outcome.NOT_SHOWN]


def test_who_does_not_count_does_not_join(talk: Conversation) -> None:
    record([by(LIN, talk, statement=10**9)])
    assert not Participant.objects.exists()


def test_the_same_key_counts_once_and_another_choice_under_it_is_told(talk: Conversation) -> None:
    twice = record([by(LIN, talk), by(LIN, talk), by(LIN, talk, value=-1), by(WEN, talk)])
    assert twice == [Outcome.JOINED, Outcome.RECORDED, Outcome.USED, Outcome.JOINED]
    assert record([by(LIN, talk), by(LIN, talk, value=-1)]) == [Outcome.RECORDED, Outcome.USED]
    assert list(Vote.objects.order_by("pk").values_list("participant__digest", "value")) == [
        (LIN, 1),
        (WEN, 1),
    ]


def test_the_last_of_several_votes_in_a_batch_is_the_last(talk: Conversation) -> None:
    record([by(LIN, talk, key=str(n), value=value) for n, value in enumerate((1, 0, 1, -1))])
    assert list(Vote.objects.order_by("pk").values_list("value", flat=True)) == [1, 0, 1, -1]


def test_voting_closes_by_the_clock_of_the_database(talk: Conversation) -> None:
    Conversation.objects.filter(pk=talk.pk).update(closes_at=AT)
    assert record([by(LIN, talk)]) == [Outcome.CLOSED]
    Conversation.objects.filter(pk=talk.pk).update(closes_at=None)
    assert record([by(LIN, talk)]) == [Outcome.JOINED]


def test_what_was_recorded_is_so_also_when_it_is_sent_again_after_the_close(talk: Conversation) -> None:
    record([by(LIN, talk)])
    Conversation.objects.filter(pk=talk.pk).update(closes_at=AT)
    again = [by(LIN, talk), by(LIN, talk, key="new"), by(LIN, talk, value=-1), by(WEN, talk)]
    assert record(again) == [Outcome.RECORDED, Outcome.CLOSED, Outcome.CLOSED, Outcome.CLOSED]
    assert Vote.objects.count() == 1


def test_a_batch_asks_a_fixed_number_of_questions(
    talk: Conversation, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    many = [by(digest(str(n)), talk, key=str(n)) for n in range(100)]
    with django_assert_max_num_queries(12):
        assert set(record(many)) == {Outcome.JOINED}


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite prepares nothing")
def test_the_server_keeps_the_statements_of_a_batch_and_takes_an_altered_table(live: Conversation) -> None:
    state = Conversation._meta.get_field("state")

    def is_now(kind: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {Conversation._meta.db_table} ALTER state TYPE {kind}")

    assert record([by(LIN, live)]) == [Outcome.JOINED]
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        assert any("conversations_vote" in statement for (statement,) in cursor.fetchall())
    assert writer.cast(by(LIN, live, key="before")) is Outcome.RECORDED
    try:
        is_now("text")
        assert writer.cast(by(LIN, live, key="after")) is Outcome.RECORDED
    finally:
        is_now(f"varchar({state.max_length})")


# The queue


BALLOT = Ballot(1, LIN, 1, 1, "k")


def test_one_transaction_serves_all_who_came_while_the_last_one_was_under_way() -> None:
    sizes: list[int] = []

    def slow(ballots: Sequence[Ballot]) -> list[Outcome]:
        sizes.append(len(ballots))
        time.sleep(0.2)
        return [Outcome.RECORDED] * len(ballots)

    own = Writer(slow)
    with ThreadPoolExecutor(40) as crowd:
        assert set(crowd.map(own.cast, [BALLOT] * 40)) == {Outcome.RECORDED}
    own.close()
    assert sum(sizes) == 40 and len(sizes) <= 4


def test_when_too_many_wait_the_next_is_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posts, "MOST_WAITING", 4)
    monkeypatch.setattr(posts, "FOR_A_PLACE", 0.01)
    gate = threading.Event()

    def held(ballots: Sequence[Ballot]) -> list[Outcome]:
        gate.wait(10)
        return [Outcome.RECORDED] * len(ballots)

    own = Writer(held)

    async def flood() -> None:
        waiting = [asyncio.create_task(own.awaited(BALLOT)) for _one in range(4)]
        await asyncio.sleep(0)
        with pytest.raises(NotWritten, match="too many"):
            await own.awaited(BALLOT)
        gate.set()
        assert set(await asyncio.gather(*waiting)) == {Outcome.RECORDED}
        assert await own.awaited(BALLOT) is Outcome.RECORDED, "the flood has passed"

    asyncio.run(flood())
    own.close()


def of_a_thread(own: Writer, ballot: Ballot) -> Outcome:
    return own.cast(ballot)


def of_a_loop(own: Writer, ballot: Ballot) -> Outcome:
    return asyncio.run(own.awaited(ballot))


@pytest.mark.parametrize("cast", [of_a_thread, of_a_loop])
def test_a_vote_that_is_not_written_in_time_is_not_acknowledged_nor_written_later(
    monkeypatch: pytest.MonkeyPatch, cast: Callable[[Writer, Ballot], Outcome]
) -> None:
    for where in (writer, posts):
        monkeypatch.setattr(where, "PATIENCE", 0.05)
    gate = threading.Event()
    written: list[Ballot] = []

    def held(ballots: Sequence[Ballot]) -> list[Outcome]:
        gate.wait(10)
        written.extend(ballots)
        return [Outcome.RECORDED] * len(ballots)

    own = Writer(held)
    for key in ("begun", "behind it"):
        with pytest.raises(NotWritten):
            cast(own, Ballot(1, LIN, 1, 1, key))
    gate.set()
    own.close()
    assert [ballot.key for ballot in written] == ["begun"]


def after(errors: list[BaseException]) -> Callable[[Sequence[Ballot]], list[Outcome]]:
    """Writes all that it is given, once it has raised each of these."""

    def record_(ballots: Sequence[Ballot]) -> list[Outcome]:
        if errors:
            raise errors.pop()
        return [Outcome.RECORDED] * len(ballots)

    return record_


def test_a_database_that_is_away_ends_the_requests_and_not_the_writer() -> None:
    own = Writer(after([OperationalError("no server"), OperationalError("no server")]))
    with pytest.raises(NotWritten):
        own.cast(BALLOT)
    assert own.cast(BALLOT) is Outcome.RECORDED
    own.close()


def test_a_connection_that_was_cut_is_made_anew_without_anybody_noticing() -> None:
    own = Writer(after([OperationalError("server closed the connection")]))
    assert own.cast(BALLOT) is Outcome.RECORDED
    own.close()


def test_a_ballot_that_spoils_its_transaction_fails_alone() -> None:
    gate = threading.Event()

    def record_(ballots: Sequence[Ballot]) -> list[Outcome]:
        gate.wait(10)
        if any(ballot.key == "bad" for ballot in ballots):
            raise IntegrityError("spoilt")
        return [Outcome.RECORDED] * len(ballots)

    own = Writer(record_)
    with ThreadPoolExecutor(9) as crowd:
        asked = {key: crowd.submit(own.cast, Ballot(1, LIN, 1, 1, key)) for key in ("first", "a", "bad", "b")}
        time.sleep(0.2)
        gate.set()
        assert {key for key, one in asked.items() if one.exception(10) is None} == {"first", "a", "b"}
    own.close()


def test_where_the_database_goes_away_among_ballots_written_one_by_one_the_rest_does_not_wait() -> None:
    asked: list[int] = []

    def record_(ballots: Sequence[Ballot]) -> list[Outcome]:
        asked.append(len(ballots))
        if len(ballots) > 1:
            raise IntegrityError("spoilt")
        raise OperationalError("no server")

    batch = [_Asked(None, time.monotonic() + 5, BALLOT) for _one in range(9)]  # type: ignore[arg-type]
    assert written(batch, record_) == [None] * 9
    assert asked == [9, 1, 1], "once more over a fresh connection, and no further"


@pytest.mark.parametrize("error", [OSError(24, "too many open files"), RuntimeError("no thread")])
def test_where_no_line_can_be_had_it_is_told_and_nobody_waits_for_ever(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    own = Writer(after([]))
    real = own._begin

    def fails() -> Any:
        raise error

    monkeypatch.setattr(own, "_begin", fails)
    for cast in (of_a_thread, of_a_loop):
        with pytest.raises(NotWritten):
            cast(own, BALLOT)
    monkeypatch.setattr(own, "_begin", real)
    assert of_a_thread(own, BALLOT) is of_a_loop(own, BALLOT) is Outcome.RECORDED
    own.close()


def test_a_writer_that_dies_is_replaced_and_nobody_waits_for_the_dead() -> None:
    own = Writer(after([SystemExit(), SystemExit(), SystemExit()]))
    with pytest.raises(NotWritten):
        own.cast(BALLOT)  # which its successor was given once more, and died as well
    assert own.cast(BALLOT) is Outcome.RECORDED
    own.close()


def test_what_waits_at_the_end_is_written_and_nothing_is_taken_after() -> None:
    written: list[Ballot] = []

    def slow(ballots: Sequence[Ballot]) -> list[Outcome]:
        time.sleep(0.1)
        written.extend(ballots)
        return [Outcome.RECORDED] * len(ballots)

    own = Writer(slow)
    with ThreadPoolExecutor(20) as crowd:
        waiting = [crowd.submit(own.cast, BALLOT) for _one in range(20)]
        time.sleep(0.05)
        own.close()
        acknowledged = sum(one.exception(10) is None for one in waiting)
    assert acknowledged == len(written) == 20
    with pytest.raises(NotWritten):
        own.cast(BALLOT)


# Many at once, in a real database


def test_sixty_four_first_votes_at_once_are_all_recorded(live: Conversation) -> None:
    statement = first(live)
    start = threading.Barrier(64)

    def vote(n: int) -> Outcome:
        start.wait(30)
        return writer.cast(Ballot(live.pk, digest(f"voter {n // 2}"), statement, 1, f"key{n % 2}"))

    with ThreadPoolExecutor(64) as crowd:
        outcomes = list(crowd.map(vote, range(64)))
    assert Counter(outcomes) == {Outcome.JOINED: 32, Outcome.RECORDED: 32}
    assert Participant.objects.count() == 32 and Vote.objects.count() == 64


@hypothesis_settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_of_votes_at_once_with_double_sendings_none_is_lost_none_doubled_and_the_order_kept(
    seed: int, live: Conversation
) -> None:
    statements, rng = list(live.statements.values_list("pk", flat=True)), Random(seed)
    plans = {
        digest(f"{seed}:{n}"): [
            (rng.choice(statements), rng.choice((-1, 0, 1)), rng.randrange(3)) for _vote in range(12)
        ]
        for n in range(16)
    }

    def vote_all(who: str) -> None:
        for place, (statement, value, more) in enumerate(plans[who]):
            for _sending in range(1 + more):
                assert writer.cast(Ballot(live.pk, who, statement, value, str(place))).counts

    with ThreadPoolExecutor(16) as crowd:
        list(crowd.map(vote_all, plans))
    for who, plan in plans.items():
        rows = Vote.objects.filter(participant__digest=who).order_by("pk")
        assert list(rows.values_list("statement", "value")) == [vote[:2] for vote in plan]
        assert list(rows.values_list("key", flat=True)) == [str(n) for n in range(12)]
