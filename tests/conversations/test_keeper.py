"""The writer as a process of its own: whichever process dies, a vote is written, then acknowledged."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from camphor.conversations import keeper, posts, writer
from camphor.conversations.ballots import Ballot, Outcome
from camphor.conversations.lines import NotWritten
from camphor.conversations.writer import Writer
from drills.clusters import children_of

SLOW = 0.3
"""Seconds in which a batch is in hand, so that its writer can be killed meanwhile."""
WITHIN = 10.0


def ballot(key: str) -> Ballot:
    return Ballot(1, "lin", 1, 1, key)


class House:
    """A keeper, its writer, and what was written: by which process, under which key."""

    def __init__(self, book: Path) -> None:
        self._book = book
        book.touch()
        self.keeper = keeper.begin(self._record)
        self.writer = Writer(self._record, entrance=writer._elsewhere)

    def _record(self, ballots: Sequence[Ballot]) -> list[Outcome]:
        keys = [each.key for each in ballots]
        with self._book.open("a") as book:
            book.writelines(f"{os.getpid()} began {key}\n" for key in keys)
        if any(key.startswith("slow") for key in keys):
            time.sleep(SLOW)
        if "deadly" in keys and os.getpid() != HERE:
            os.kill(os.getpid(), signal.SIGKILL)
        with self._book.open("a") as book:
            book.writelines(f"{os.getpid()} wrote {key}\n" for key in keys)
        return [Outcome.RECORDED] * len(ballots)

    def wrote(self, key: str) -> set[int]:
        """The processes that wrote it."""
        lines = [line.split() for line in self._book.read_text().splitlines()]
        return {int(process) for process, did, which in lines if did == "wrote" and which == key}

    def wait_until_in_hand(self, key: str) -> None:
        wait_for(lambda: f"began {key}\n" in self._book.read_text())

    def process(self) -> int:
        """That of the writer, once it has begun."""
        wait_for(lambda: bool(children_of(self.keeper)))
        (process,) = children_of(self.keeper)
        return process


HERE = os.getpid()


def wait_for(seen: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WITHIN
    while not seen():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    global HERE
    HERE = os.getpid()
    monkeypatch.setattr(writer, "_elsewhere", None)
    monkeypatch.setattr(writer, "_writer", None)
    house = House(tmp_path / "book")
    entrance = writer._elsewhere
    assert entrance
    yield house
    house.writer.close()
    entrance.leave_outside()


def of_a_thread(own: Writer, *keys: str) -> list[Outcome]:
    with ThreadPoolExecutor(len(keys)) as crowd:
        return list(crowd.map(own.cast, map(ballot, keys)))


def of_a_loop(own: Writer, *keys: str) -> list[Outcome]:
    async def all_at_once() -> list[Outcome]:
        return await asyncio.gather(*(own.awaited(ballot(key)) for key in keys))

    return asyncio.run(all_at_once())


both_ways = pytest.mark.parametrize("cast", [of_a_thread, of_a_loop])
Casting = Callable[..., list[Outcome]]


@both_ways
def test_another_process_writes(house: House, cast: Casting) -> None:
    keys = [f"k{n}" for n in range(40)]
    assert cast(house.writer, *keys) == [Outcome.RECORDED] * 40
    own = house.process()
    assert [house.wrote(key) for key in keys] == [{own}] * 40


@both_ways
def test_a_writer_that_is_killed_is_replaced_and_writes_what_was_in_hand(house: House, cast: Casting) -> None:
    with ThreadPoolExecutor(1) as aside:
        asked = aside.submit(cast, house.writer, "slow1", "slow2")
        house.wait_until_in_hand("slow1")
        os.kill(house.process(), signal.SIGKILL)
        assert asked.result(WITHIN) == [Outcome.RECORDED] * 2
    assert house.wrote("slow1") == {house.process()}
    assert len(house.wrote("slow2")) == 1  # by the one before, where it came first


@both_ways
def test_a_ballot_that_kills_every_writer_is_given_up_and_the_next_is_written(
    house: House, cast: Casting
) -> None:
    with pytest.raises(NotWritten):
        cast(house.writer, "deadly")
    assert cast(house.writer, "next") == [Outcome.RECORDED]
    assert not house.wrote("deadly") and house.wrote("next")


@both_ways
def test_where_no_writer_is_left_this_process_writes(house: House, cast: Casting) -> None:
    own = house.process()
    os.kill(house.keeper, signal.SIGKILL)
    with ThreadPoolExecutor(1) as aside:
        asked = aside.submit(cast, house.writer, "slow")
        house.wait_until_in_hand("slow")
        os.kill(own, signal.SIGKILL)
        assert asked.result(WITHIN) == [Outcome.RECORDED]
    assert house.wrote("slow") == {os.getpid()}
    assert cast(house.writer, "next") == [Outcome.RECORDED]


def test_a_writer_in_a_database_that_hangs_does_not_outlive_the_service(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(keeper, "DRAIN", 0.5)
    monkeypatch.setattr(posts, "PATIENCE", 0.2)

    def hangs(ballots: Sequence[Ballot]) -> list[Outcome]:
        time.sleep(60)
        raise AssertionError("it was not ended")

    kept = keeper.begin(hangs)
    entrance = writer._elsewhere
    monkeypatch.setattr(writer, "_elsewhere", None)
    assert entrance
    own = Writer(hangs, entrance=entrance)
    with pytest.raises(NotWritten):
        of_a_loop(own, "k")
    begun = time.monotonic()
    entrance.leave_outside()
    assert os.waitpid(kept, 0)[1] == 0 and time.monotonic() - begun < WITHIN


def test_lines_that_cannot_be_had_for_a_moment_do_not_end_the_writer_for_good(house: House) -> None:
    entrance = house.writer._entrance
    assert entrance
    own = house.process()
    os.kill(own, signal.SIGSTOP)
    with pytest.raises(BlockingIOError):
        for _line in range(10_000):
            entrance.line()
    with pytest.raises(NotWritten, match="just now"):
        house.writer.cast(ballot("flood"))
    os.kill(own, signal.SIGCONT)
    wait_for(lambda: _written(house, "later"))
    assert house.wrote("later") == {own}


def _written(house: House, key: str) -> bool:
    try:
        return house.writer.cast(ballot(key)).counts
    except NotWritten:
        return False


def test_the_writer_outlives_the_signal_that_ends_the_service_and_ends_when_nobody_is_left(
    house: House,
) -> None:
    assert of_a_thread(house.writer, "first") == [Outcome.RECORDED]
    own = house.process()
    for process in (own, house.keeper):
        for end in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            os.kill(process, end)
    assert of_a_thread(house.writer, "second") == [Outcome.RECORDED]
    assert house.wrote("second") == {own}
    entrance, house.writer._entrance = house.writer._entrance, None
    assert entrance
    entrance.leave_outside()
    assert os.waitpid(house.keeper, 0)[1] == 0
