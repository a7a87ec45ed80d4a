"""A8: the same ballot sent many times at once, has one effect."""

from __future__ import annotations

import http.client
import random
import re
import threading
import uuid

from drills.ground import Ground
from drills.outcome import Outcome
from drills.recount import rows_of
from drills.service import Service
from drills.town import Town
from drills.voters import Device

AT_ONCE = 10


def hold(ground: Ground) -> list[Outcome]:
    trials = 5 if ground.short else 1000
    return [_on(ground, kind, trials) for kind in ground.kinds]


def _on(ground: Ground, kind: str, trials: int) -> Outcome:
    """Each trial is the first vote of somebody new, so that two requests also make one participant."""
    outcome = Outcome(f"A8 sent {AT_ONCE} times at once, {kind}")
    address, town = ground.database(kind)
    service = Service(address, workers=2).start()  # so that the sendings meet in the database
    keys: list[str] = []
    answers = 0
    try:
        for trial in range(trials):
            key = uuid.uuid4().hex
            answers += _trial(service.port, town, key, random.Random(trial))
            keys.append(key)
    finally:
        service.stop()
    rows = rows_of(address)
    found = [key for key in keys if any(row[0] == key for row in rows)]
    people = {row[1] for row in rows}
    outcome.tried, outcome.acknowledged = trials * AT_ONCE, answers
    outcome.found, outcome.lost = len(found), len(keys) - len(found)
    outcome.doubled = len(rows) - len(found)
    if len(people) != len(found):
        outcome.faults.append(f"{len(found)} voters became {len(people)} participants")
    if answers != trials * AT_ONCE:
        outcome.faults.append(f"{trials * AT_ONCE - answers} sendings got no acknowledgement")
    outcome.notes.append(f"{trials} ballots: found and lost count ballots, the first two columns sendings")
    return outcome


def _trial(port: int, town: Town, key: str, dice: random.Random) -> int:
    """Send one ballot from several connections with the same cookies; how many got an acknowledgement."""
    first = Device(port)
    _status, text, _given = first.ask("GET", f"/talk/{town.conversation}/")
    if token := re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text):
        first.cookies.setdefault("csrftoken", token[1])
    form = {"statement": str(dice.choice(town.statements)), "key": key, "choice": "agree"}
    start, good = threading.Barrier(AT_ONCE), []

    def send() -> None:
        device = Device(port, first.cookies)
        start.wait(10)
        try:
            status, _text, given = device.ask("POST", f"/talk/{town.conversation}/", form)
        except (OSError, http.client.HTTPException):
            return
        finally:
            device.close()
        if status in (200, 204, 303) and "messages" not in given:
            good.append(status)

    threads = [threading.Thread(target=send) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    first.close()
    return len(good)
