"""Everything that writes to matters and their assignments."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError
from django.utils import timezone

from camphor.bodies.actions import next_number
from camphor.bodies.models import Body, Venue
from camphor.matters.evidence import keep_photo
from camphor.matters.models import Assignment, Item, Matter, Rating, Reply
from camphor.matters.origins import concerns_behind, promised_on, recommendations_of
from camphor.people.actor import Actor, digest
from camphor.rules.matters import MATTERS
from camphor.trail.links import link
from camphor.trail.models import Entry
from camphor.trail.moves import moving

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and capitals that nobody mistakes for each other on the phone or on paper."""
CODE_LENGTH = 12
"""30 letters to the power of 12 are 59 bits: nobody guesses a code by trying."""


@dataclass(frozen=True)
class Answer:
    """What the leading department says to one item, and the promise that it gives with it."""

    item: Item
    text: str
    grade: str
    promise: str = ""
    promised_on: date | None = None


def make(
    thing: Matter | Assignment, name: str, /, *, by: Actor, at: datetime, within: bool = False, **given: Any
) -> None:
    """Make the named move with this matter or assignment."""
    with moving(thing, name, by=by, at=at, given=given, within=within) as entry:
        if effect := EFFECTS.get((kind_of(thing), name)):
            effect(thing, by=by, at=at, entry=entry, **given)


def kind_of(thing: Matter | Assignment) -> str:
    return thing.kind if isinstance(thing, Matter) else "assignment"


def new_code() -> str:
    """A lookup code that stands for an account."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


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
    _set_items(matter, items)
    return matter


def _set_items(matter: Matter, items: Sequence[str]) -> None:
    matter.items.all().delete()  # only ever in a draft, which nobody has answered
    Item.objects.bulk_create(Item(matter=matter, place=n, text=text) for n, text in enumerate(items, start=1))


def _merge(matter: Matter, *, by: Actor, at: datetime, entry: Entry, twin: Matter) -> None:
    link(matter, "merged_into", twin, at=at)


def _edit(
    matter: Matter, *, by: Actor, at: datetime, entry: Entry, title: str, text: str, items: Sequence[str]
) -> None:
    matter.title, matter.text = title, text
    matter.save(update_fields=["title", "text"])
    _set_items(matter, items)


def _issue(matter: Matter, *, by: Actor, at: datetime, entry: Entry) -> None:
    kind = MATTERS[matter.kind]
    matter.number = next_number(matter.body, kind.name, kind.series, on=timezone.localdate(at))
    matter.save(update_fields=["number"])


def _assign(
    matter: Matter,
    *,
    by: Actor,
    at: datetime,
    entry: Entry,
    lead: Body,
    assisting: Sequence[Body] = (),
    lead_due_on: date | None = None,
    assisting_due_on: date | None = None,
) -> None:
    parts = [(lead, "lead", lead_due_on)]
    parts += [(body, "assisting", assisting_due_on) for body in assisting if body != lead]
    for body, part, due_on in parts:
        assignment = Assignment(matter=matter, handler=body, part=part, given_at=at)
        make(assignment, f"give_{part}", by=by, at=at, within=True, due_on=due_on)


def _release(assignment: Assignment, *, by: Actor, at: datetime, entry: Entry, reason_text: str) -> None:
    """A recommendation whose leading department is released looks for another one."""
    if assignment.part == "lead":
        make(assignment.matter, "lose_lead", by=by, at=at, within=True)


def _replace_lead(
    matter: Matter, *, by: Actor, at: datetime, entry: Entry, lead: Body, lead_due_on: date | None = None
) -> None:
    assignment = Assignment(matter=matter, handler=lead, part="lead", given_at=at)
    make(assignment, "give_lead", by=by, at=at, within=True, due_on=lead_due_on)


def _reply(
    assignment: Assignment,
    *,
    by: Actor,
    at: datetime,
    entry: Entry,
    answers: Sequence[Answer],
    contact: str = "",
) -> None:
    matter = assignment.matter
    for answer in answers:
        Reply.objects.create(
            assignment=assignment,
            item=answer.item,
            round=matter.round,
            text=answer.text,
            grade=answer.grade,
            contact=contact,
            at=at,
            promise=_promise(assignment, answer, by=by, at=at),
        )
    _answer_if_complete(matter, by=by, at=at)


def _promise(assignment: Assignment, answer: Answer, *, by: Actor, at: datetime) -> Matter | None:
    if not (answer.promise and answer.promised_on):
        return None
    matter = assignment.matter
    promise = Matter(
        kind="promise",
        title=answer.promise,
        body=matter.body,
        venue=matter.venue,
        owed_by=assignment.handler,
        raised_at=at,
    )
    make(promise, "give", by=by, at=at, within=True, due_on=answer.promised_on)
    link(matter, "promised", promise, at=at)
    return promise


def _opine(assignment: Assignment, *, by: Actor, at: datetime, entry: Entry, text: str) -> None:
    Reply.objects.create(assignment=assignment, round=assignment.matter.round, text=text, at=at)


def _answer_if_complete(matter: Matter, *, by: Actor, at: datetime) -> None:
    if not matter.is_replied_to():
        return
    make(matter, "answer", by=by, at=at, within=True)
    for concern in concerns_behind(matter):
        if concern.state in ("taken_up", "merged"):
            make(concern, "answer", by=by, at=at, within=True)


def _rate(concern: Matter, *, by: Actor, at: datetime, entry: Entry, score: str, remark: str = "") -> None:
    Rating.objects.create(matter=concern, round=concern.round, score=score, remark=remark, at=at)


def _insist(concern: Matter, *, by: Actor, at: datetime, entry: Entry, reason_text: str) -> None:
    """Not satisfied: the rating stays on record, and every answered recommendation gets a second round."""
    _rate(concern, by=by, at=at, entry=entry, score="dissatisfied", remark=reason_text)
    Matter.objects.filter(pk=concern.pk).update(round=concern.round + 1)
    concern.round += 1
    for matter in recommendations_of(concern):
        if matter.state == "answered":
            _reopen(matter, by=by, at=at)


def _reopen(matter: Matter, *, by: Actor, at: datetime) -> None:
    matter.round += 1
    matter.save(update_fields=["round"])
    make(matter, "reopen", by=by, at=at, within=True)
    for assignment in matter.assignments.filter(part="lead", state="replied"):
        make(assignment, "give_again", by=by, at=at, within=True)


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


EFFECTS: dict[tuple[str, str], Callable[..., None]] = {
    ("concern", "merge"): _merge,
    ("concern", "rate"): _rate,
    ("concern", "insist"): _insist,
    ("recommendation", "edit"): _edit,
    ("recommendation", "issue"): _issue,
    ("recommendation", "assign"): _assign,
    ("recommendation", "replace_lead"): _replace_lead,
    ("assignment", "reply"): _reply,
    ("assignment", "opine"): _opine,
    ("assignment", "release"): _release,
    ("promise", "show"): _show,
    ("promise", "send_back"): _send_back,
}
