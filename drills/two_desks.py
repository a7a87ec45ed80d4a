"""A9: two clerks decide the same concern at the same moment: one decision stands, the other is told."""

from __future__ import annotations

import re
import threading

from drills.ground import Ground
from drills.outcome import Outcome
from drills.recount import query
from drills.service import Service
from drills.voters import Device

DECISIONS = ("decline", "redirect")


def hold(ground: Ground) -> list[Outcome]:
    return [_on(ground, kind) for kind in ground.kinds]


def _on(ground: Ground, kind: str) -> Outcome:
    outcome = Outcome(f"A9 two desks, {kind}")
    address, town = ground.database(kind)
    concerns = town.concerns[:10] if ground.short else town.concerns
    service = Service(address).start()
    told = 0
    try:
        desks = [_desk(service.port, session, concerns[0]) for session in town.sessions]
        for concern in concerns:
            told += _race(desks, concern, outcome)
    finally:
        service.stop()
    decided = _decisions(address)
    outcome.tried, outcome.acknowledged = 2 * len(concerns), 2 * len(concerns) - told
    outcome.found = sum(decided.get(concern, 0) for concern in concerns)
    outcome.lost = sum(decided.get(concern, 0) == 0 for concern in concerns)
    outcome.doubled = sum(max(0, decided.get(concern, 0) - 1) for concern in concerns)
    if told != len(concerns):
        outcome.faults.append(f"{told} of {len(concerns)} who came second were told so")
    outcome.notes.append(f"{len(concerns)} concerns, each decided by two at once in different ways")
    return outcome


def _desk(port: int, session: str, concern: int) -> Device:
    """A clerk's browser, signed in and with the cookie of a form."""
    device = Device(port, {"sessionid": session})
    status, text, _given = device.ask("GET", f"/desk/concerns/{concern}/accept/")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text)
    if status != 200 or not token:
        raise RuntimeError(f"the desk answers {status}")
    return device


def _race(desks: list[Device], concern: int, outcome: Outcome) -> int:
    """Both decide at once; how many were told that the other was faster."""
    start, told = threading.Barrier(len(desks)), []

    def decide(device: Device, decision: str) -> None:
        form = {"reason": "already_done", "channel": "hotline", "reason_text": "这件事归别处"}
        start.wait(10)
        status, text, _given = device.ask("POST", f"/desk/concerns/{concern}/{decision}/", form)
        if status == 409:  # the page with both texts: somebody was faster, and what was written is kept
            told.append(decision)
        elif status != 302:
            outcome.faults.append(f"{decision} answers {status}: {_problem(text)}")
        elif "notice--warning" in device.ask("GET", f"/desk/concerns/{concern}/")[1]:
            told.append(decision)

    threads = [threading.Thread(target=decide, args=each) for each in zip(desks, DECISIONS, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return len(told)


def _decisions(address: str) -> dict[int, int]:
    """How many decisions the trail holds of each concern."""
    sql = (
        "SELECT e.subject_id, count(*) FROM trail_entry e "
        "JOIN django_content_type t ON t.id = e.subject_type_id "
        "WHERE t.model = 'matter' AND e.move IN ('decline', 'redirect') GROUP BY e.subject_id"
    )
    return {int(row[0]): int(row[1]) for row in query(address, sql)}


def _problem(text: str) -> str:
    found = re.findall(r'class="[^"]*error[^"]*"[^>]*>(.*?)</', text, re.DOTALL)
    return re.sub(r"<[^>]+>|\s+", " ", " ".join(found))[:200]
