"""Everything that writes to matters and their assignments.

What moves bring about stands in the modules that are imported here: writing, handing, answering, proposing
and reporting; what concerns and promises need stands below.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext

from camphor.bodies.models import Body, Venue
from camphor.matters import attaching, proposing, reporting
from camphor.matters.answering import Answer
from camphor.matters.evidence import keep_photo
from camphor.matters.handing import AFTER_ANSWER, reopen
from camphor.matters.making import EFFECTS, kind_of, make
from camphor.matters.models import Matter, Rating
from camphor.matters.origins import concerns_behind, promised_on, recommendations_of
from camphor.matters.writing import set_items
from camphor.people.actor import Actor, digest
from camphor.rules.bodies import BODY_KINDS
from camphor.rules.matters import MATTERS, SENDS_BACK
from camphor.trail import linking
from camphor.trail.links import link
from camphor.trail.models import Entry

__all__ = [
    "Answer",
    "attaching",
    "draft_recommendation",
    "kind_of",
    "make",
    "proposing",
    "raise_concern",
    "reporting",
]

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and capitals that nobody mistakes for each other on the phone or on paper."""
CODE_LENGTH = 12
"""30 letters to the power of 12 are 59 bits: nobody guesses a code by trying."""


def new_code() -> str:
    """A lookup code that stands for an account."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


GROUP = 4
"""Letters of a code that are written together, as on a bank card."""


def grouped(code: str) -> str:
    """The code as people read it aloud: K7M4-92QD-3TXB."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def clean_code(typed: str) -> str:
    """A code as it was given out, however it was typed."""
    return "".join(letter for letter in typed.upper() if letter in CODE_LETTERS)


def raise_concern(
    *, title: str, text: str, body: Body, venue: Venue | None, code: str, by: Actor, at: datetime
) -> Matter:
    """Raise a concern; whoever has the code is its author. The same code twice raises it once."""
    if known := Matter.objects.filter(code_digest=digest(code)).first():
        return known
    concern = Matter(
        kind="concern", title=title, body=body, venue=venue, raised_at=at, code_digest=digest(code), text=text
    )
    try:
        make(concern, "submit", by=by, at=at)
    except IntegrityError:  # sent twice at the same moment
        return Matter.objects.get(code_digest=digest(code))
    return concern


def draft_recommendation(
    *, title: str, text: str, items: Sequence[str], body: Body, by: Actor, at: datetime, within: bool = False
) -> Matter:
    """Draft a recommendation with numbered items."""
    matter = Matter(kind="recommendation", title=title, text=text, body=body, author=by.person, raised_at=at)
    make(matter, "draft", by=by, at=at, within=within)
    set_items(matter, items)
    return matter


def _merge(matter: Matter, *, by: Actor, at: datetime, entry: Entry, twin: Matter) -> None:
    link(matter, "merged_into", twin, at=at)


def _escalate(matter: Matter, *, by: Actor, at: datetime, entry: Entry, upper: Body, **given: Any) -> None:
    """It goes on as the same concern, with the same code, at a committee that can decide more."""
    if upper not in above(matter.body):
        raise ValueError(gettext("This body is not above the one that it was raised with."))
    matter.body = upper
    matter.save(update_fields=["body"])


def above(body: Body) -> list[Body]:
    """The committees that a body is a part of or guided by, the nearest first."""
    return [one for one in _committees(body) if one != body]


def _committees(body: Body) -> list[Body]:
    return [one for one in body.line() if BODY_KINDS[one.kind].committee]


def _report(matter: Matter, *, by: Actor, at: datetime, entry: Entry, **given: Any) -> None:
    """An opinion report is begun from it at the nearest committee; who asked stays behind her code."""
    home = next(iter(_committees(matter.body)), matter.body)
    report = Matter(kind="opinion", title=matter.title, text=matter.text, body=home, raised_at=at)
    make(report, "take_over", by=by, at=at, within=True)
    link(matter, "turned_into", report, at=at)


def _answer_concerns(matter: Matter, *, by: Actor, at: datetime) -> None:
    """The concerns behind an answered recommendation are answered with it."""
    for concern in concerns_behind(matter):
        if concern.state in ("taken_up", "merged"):
            make(concern, "answer", by=by, at=at, within=True)


def _rate(concern: Matter, *, by: Actor, at: datetime, entry: Entry, score: str, remark: str = "") -> None:
    Rating.objects.create(matter=concern, round=concern.round, score=score, remark=remark, at=at)


def _insist(concern: Matter, *, by: Actor, at: datetime, entry: Entry, reason_text: str) -> None:
    """Not satisfied: the rating stays on record, and every answered recommendation gets a second round."""
    _rate(concern, by=by, at=at, entry=entry, score=SENDS_BACK[0], remark=reason_text)
    Matter.objects.filter(pk=concern.pk).update(round=concern.round + 1)
    concern.round += 1
    for matter in recommendations_of(concern):
        if matter.state == "answered":
            reopen(matter, by=by, at=at)


def _show(
    promise: Matter, *, by: Actor, at: datetime, entry: Entry, text: str, photo: bytes | None = None
) -> None:
    """Evidence gives the clerk time to look; evidence that comes late leaves the promise overdue."""
    if photo:
        keep_photo(entry, photo)
    day = promised_on(promise)
    if day and day < timezone.localdate(at):
        _set_due(promise, day)


def _send_back(promise: Matter, *, by: Actor, at: datetime, entry: Entry, **given: Any) -> None:
    """A promise that was not kept yet is due by the day it was given for."""
    _set_due(promise, promised_on(promise))


def _set_due(promise: Matter, day: date | None) -> None:
    promise.due_on = day
    promise.save(update_fields=["due_on"])


def _look_again(
    promise: Matter, *, by: Actor, at: datetime, entry: Entry, due_on: date, **given: Any
) -> None:
    """A promise that was found broken later is promised anew, for a day of its own."""
    _set_due(promise, due_on)


AFTER_ANSWER.append(_answer_concerns)
EFFECTS.update({(kind, name): effect for kind in MATTERS for name, effect in linking.MOVES.items()})
EFFECTS.update(
    {
        ("concern", "merge"): _merge,
        ("concern", "escalate"): _escalate,
        ("concern", "report"): _report,
        ("concern", "rate"): _rate,
        ("concern", "insist"): _insist,
        ("promise", "show"): _show,
        ("promise", "send_back"): _send_back,
        ("promise", "reopen"): _look_again,
    }
)
