"""Voters who vote over HTTP, keep a journal of what was acknowledged, and send again what was not."""

from __future__ import annotations

import http.client
import random
import re
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from drills.town import Town

VALUES = {"agree": 1, "disagree": -1, "pass": 0}
PAUSE = 0.05
"""Seconds before a ballot that was not acknowledged is sent again."""


@dataclass
class Ballot:
    """A vote as its voter knows it: when it was first sent, and when it was acknowledged, if it was."""

    key: str
    statement: int
    value: int
    sent_at: float
    acknowledged_at: float | None = None


class Device:
    """A browser: a kept connection and its cookies."""

    def __init__(self, port: int, cookies: dict[str, str] | None = None) -> None:
        self.port = port
        self.cookies: dict[str, str] = dict(cookies or {})
        self.connection: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str, set[str]]:
        """Ask for a page: its status, its text, and the names of the cookies that came with it."""
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["X-CSRFToken"] = self.cookies.get("csrftoken", "")
        try:
            self.connection.request(method, path, urlencode(form) if form is not None else None, headers)
            answer = self.connection.getresponse()
            text = answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        return answer.status, text, self._keep(answer)

    def _keep(self, answer: http.client.HTTPResponse) -> set[str]:
        given: set[str] = set()
        for header in answer.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(header).items():
                given.add(name)
                if morsel.value:
                    self.cookies[name] = morsel.value
                else:
                    self.cookies.pop(name, None)
        return given

    def close(self) -> None:
        if self.connection:
            self.connection.close()
            self.connection = None


@dataclass
class Voter:
    """One participant: a device, and the journal of her ballots in the order in which she cast them."""

    device: Device
    journal: list[Ballot] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)


class Crowd:
    """So many voters, who vote until they are told to stop or have had so many acknowledged."""

    def __init__(self, port: int, town: Town, *, voters: int, enough: int, pace: float = 0.0) -> None:
        self.town, self.enough, self.pace = town, enough, pace
        self.voters = [Voter(Device(port)) for _ in range(voters)]
        self.stopped = threading.Event()
        self._acknowledged = [0] * voters
        self._threads = [
            threading.Thread(target=self._vote, args=(number,), daemon=True) for number in range(voters)
        ]

    @property
    def acknowledged(self) -> int:
        return sum(self._acknowledged)

    @property
    def finished(self) -> bool:
        return not any(thread.is_alive() for thread in self._threads)

    def move_to(self, port: int) -> None:
        """The service answers elsewhere now."""
        for voter in self.voters:
            voter.device.port = port

    def begin(self) -> Crowd:
        """Let everybody see the first page, then vote."""
        for voter in self.voters:
            status, text, _given = voter.device.ask("GET", f"/talk/{self.town.conversation}/")
            if status != 200:
                raise RuntimeError(f"the first page answers {status}: {text[:200]}")
            token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text)
            if token and "csrftoken" not in voter.device.cookies:
                voter.device.cookies["csrftoken"] = token[1]
        for thread in self._threads:
            thread.start()
        return self

    def wait(self, seconds: float) -> bool:
        """Wait until all are done; whether they were."""
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return self.finished

    def stop(self) -> None:
        """Let nobody begin another ballot, nor send one again."""
        self.stopped.set()
        self.wait(30)
        for voter in self.voters:
            voter.device.close()

    def _vote(self, number: int) -> None:
        voter, dice = self.voters[number], random.Random(number)
        while not self.stopped.is_set() and self.acknowledged < self.enough:
            choice = dice.choice(list(VALUES))
            ballot = Ballot(uuid.uuid4().hex, dice.choice(self.town.statements), VALUES[choice], time.time())
            voter.journal.append(ballot)
            form = {"statement": str(ballot.statement), "key": ballot.key, "choice": choice}
            if self._cast(voter, form):
                ballot.acknowledged_at = time.time()
                self._acknowledged[number] += 1
            if self.pace:
                time.sleep(self.pace)

    def _cast(self, voter: Voter, form: dict[str, str]) -> bool:
        """Send a ballot until it is acknowledged; the same key each time."""
        while not self.stopped.is_set():
            try:
                status, _text, given = voter.device.ask("POST", f"/talk/{self.town.conversation}/", form)
            except (OSError, http.client.HTTPException):
                voter.refused["no answer"] += 1
            else:
                if status in (200, 204, 303) and "messages" not in given:
                    return True  # a refusal leaves a message for the next page
                voter.device.cookies.pop("messages", None)
                voter.refused[str(status)] += 1
            time.sleep(PAUSE)
        return False

    @property
    def refused(self) -> Counter[str]:
        """The answers that were no acknowledgement, by status."""
        return sum((voter.refused for voter in self.voters), Counter())
