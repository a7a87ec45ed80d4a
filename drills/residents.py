"""100,000 residents as fast as they are answered: each comes new, gets a card, and has one vote counted."""

from __future__ import annotations

import http.client
import json
import random
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from drills.ground import Ground
from drills.outcome import Outcome
from drills.recount import query, recount
from drills.service import Service
from drills.town import Town
from drills.voters import PAUSE, VALUES, Ballot, Device, Voter

AT_ONCE = 48
"""Residents on their way at the same moment, each with a connection."""
BY_PAGE = 20
"""One in so many opens the page as a browser does; the others ask for the card alone, as a program does."""
WITHIN = timedelta(hours=1)
"""In which so many must get through."""
KEY = re.compile(r'name="key" value="(\w+)"')
STATEMENT = re.compile(r'name="statement" value="(\d+)"')
PEOPLE = "SELECT count(*) FROM conversations_participant"


@dataclass
class Residents:
    """So many residents, who come one after another on each of some connections."""

    port: int
    town: Town
    number: int
    voters: list[Voter] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    joined: int = 0

    def __post_init__(self) -> None:
        self._guard = threading.Lock()
        self._deadline = time.monotonic() + WITHIN.total_seconds()

    def come(self) -> float:
        """Let all of them vote; the seconds that it took."""
        begun = time.monotonic()
        threads = [threading.Thread(target=self._queue, args=(one,), daemon=True) for one in range(AT_ONCE)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return time.monotonic() - begun

    def _queue(self, place: int) -> None:
        """Those who come on one connection."""
        device, dice = Device(self.port), random.Random(place)
        for number in range(place, self.number, AT_ONCE):
            self._visit(device, number, dice)
        device.close()

    def _visit(self, device: Device, number: int, dice: random.Random) -> None:
        """One resident: she comes without any cookie, and stays until her vote is acknowledged."""
        device.cookies.clear()
        page = number % BY_PAGE == 0
        path = f"/talk/{self.town.conversation}/"
        text = self._until_answered(device, "GET", path if page else f"{path}next/")
        if text is None:
            return
        statement, key = _card_of_page(device, text) if page else _card(text)
        choice = dice.choice(list(VALUES))
        voter = Voter(device, [Ballot(key, statement, VALUES[choice], time.time())])
        with self._guard:
            self.voters.append(voter)
            self.joined += 1
        form = {"statement": str(statement), "key": key, "choice": choice}
        if self._until_answered(device, "POST", path, form) is not None:
            voter.journal[0].acknowledged_at = time.time()

    def _until_answered(
        self, device: Device, method: str, path: str, form: dict[str, str] | None = None
    ) -> str | None:
        """Ask again until there is an answer; none where the hour is over."""
        while time.monotonic() < self._deadline:
            try:
                status, text, given = device.ask(method, path, form)
            except (OSError, http.client.HTTPException):
                status = 0
            else:
                if status in (200, 303) and "messages" not in given:
                    return text
            with self._guard:
                self.refused[str(status or "no answer")] += 1
            time.sleep(PAUSE)
        return None


def _card(text: str) -> tuple[int, str]:
    told = json.loads(text)
    return told["statement"]["id"], told["key"]


def _card_of_page(device: Device, text: str) -> tuple[int, str]:
    key, statement = KEY.search(text), STATEMENT.search(text)
    if not key or not statement:
        raise RuntimeError("the page of a first visit deals no card")
    return int(statement[1]), key[1]


def hold(ground: Ground) -> list[Outcome]:
    return [_on(ground, kind) for kind in ground.kinds]


def _on(ground: Ground, kind: str) -> Outcome:
    number = 300 if ground.short else 100_000
    outcome = Outcome(f"{number:,} residents, {kind}")
    address, town = ground.database(kind)
    service = Service(address).start()
    try:
        residents = Residents(service.port, town, number)
        took = residents.come()
    finally:
        service.stop()
    recount(outcome, residents, address)
    if outcome.acknowledged < number:
        outcome.faults.append(f"{number - outcome.acknowledged} got no answer within {WITHIN}")
    if (people := query(address, PEOPLE)[0][0]) != residents.joined:
        outcome.faults.append(f"{residents.joined} residents became {people} participants")
    outcome.notes.append(
        f"{took:.0f} s for an hour's residents, {number / took:.0f} a second with a join and a vote each, "
        f"{AT_ONCE} at the same moment"
    )
    return outcome
