"""What moves do to answers: opinions, drafts, signatures, the letter that goes out, and its promises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone

from camphor.bodies.actions import next_number
from camphor.bodies.rulebook import pattern
from camphor.matters.evidence import keep_photo
from camphor.matters.handing import answer_if_complete
from camphor.matters.making import EFFECTS, make
from camphor.matters.models import Assignment, Item, Letter, Matter, Reply
from camphor.matters.origins import answered_with, promised_on
from camphor.people.actor import Actor
from camphor.rules.matters import MATTERS, WITHHELD
from camphor.trail.links import link
from camphor.trail.models import Entry

LETTERS = "{place}函〔{year}〕{n}号"
"""How a unit numbers its letters, unless it types a number of its own."""


@dataclass(frozen=True)
class Answer:
    """What the leading department says to one item, and the promise that it gives with it."""

    item: Item
    text: str
    grade: str
    promise: str = ""
    promised_on: date | None = None


def reply(
    assignment: Assignment,
    *,
    by: Actor,
    at: datetime,
    entry: Entry,
    answers: Sequence[Answer],
    contact: str = "",
    **given: Any,
) -> None:
    """The answers stand, with the promises in them; the matter is answered when all have answered."""
    keep_replies(assignment, answers, contact, by=by, at=at)
    answer_if_complete(assignment.matter, by=by, at=at, behind=entry)


def keep_replies(
    assignment: Assignment, answers: Sequence[Answer], contact: str, *, by: Actor, at: datetime
) -> None:
    for answer in answers:
        Reply.objects.create(
            assignment=assignment,
            item=answer.item,
            round=assignment.matter.round,
            text=answer.text,
            grade=answer.grade,
            contact=contact,
            at=at,
            promise=_promise(assignment, answer, by=by, at=at),
        )


def _promise(assignment: Assignment, answer: Answer, *, by: Actor, at: datetime) -> Matter | None:
    if not (answer.promise and answer.promised_on):
        return None
    said = assignment.replies.filter(item=answer.item, promise__title=answer.promise).select_related(
        "promise"
    )
    for earlier in said:
        if earlier.promise and promised_on(earlier.promise) == answer.promised_on:
            return earlier.promise  # said once more in a later round: it stays one promise
    matter = assignment.matter
    promise = Matter(
        kind="promise",
        title=answer.promise,
        body=matter.body,
        venue=matter.venue,
        owed_by=assignment.handler,
        raised_at=at,
        openness=WITHHELD if MATTERS[matter.kind].disclosed else "",
    )
    make(promise, "give", by=by, at=at, within=True, due_on=answer.promised_on)
    link(answer.item.matter, "promised", promise, at=at)
    return promise


def opine(assignment: Assignment, *, by: Actor, at: datetime, entry: Entry, text: str) -> None:
    Reply.objects.create(assignment=assignment, round=assignment.matter.round, text=text, at=at)


def draft_reply(
    assignment: Assignment,
    *,
    by: Actor,
    at: datetime,
    entry: Entry,
    answers: Sequence[Answer],
    grade: str,
    contact: str = "",
) -> None:
    """The draft is kept with the assignment, and laid before every assisting unit to be countersigned."""
    rows = [_as_row(one) for one in answers]
    number = unsent_number(assignment)
    assignment.draft = {"answers": rows, "grade": grade, "contact": contact, "number": number}
    assignment.save(update_fields=["draft"])
    joined = assignment.matter.assignments.filter(leads=False)
    for other in joined.filter(state__in=("opined", "laid", "countersigned")):
        make(other, "lay_before", by=by, at=at, within=True, behind=entry)


def _as_row(answer: Answer) -> dict[str, Any]:
    day = answer.promised_on.isoformat() if answer.promised_on else ""
    return {
        "item": answer.item.pk,
        "text": answer.text,
        "grade": answer.grade,
        "promise": answer.promise,
        "promised_on": day,
    }


def drafted(assignment: Assignment) -> list[Answer]:
    """The drafted answers, as they were handed in."""
    rows: list[Mapping[str, Any]] = assignment.draft.get("answers", [])
    items = Item.objects.select_related("matter").in_bulk([row["item"] for row in rows])
    return [
        Answer(
            items[row["item"]],
            row["text"],
            row["grade"],
            row["promise"],
            date.fromisoformat(row["promised_on"]) if row["promised_on"] else None,
        )
        for row in rows
        if row["item"] in items
    ]


def round_before(assignment: Assignment) -> int:
    """The last round in which this unit answered before the one that runs now; 0 where it has not."""
    earlier = assignment.replies.filter(round__lt=assignment.matter.round).exclude(item=None)
    return earlier.aggregate(last=Max("round"))["last"] or 0


def said_before(assignment: Assignment, on: date) -> list[Answer]:
    """What the last answer said to each item, without promises that were kept and days that have passed."""
    replies = assignment.replies.filter(round=round_before(assignment)).exclude(item=None)
    found = []
    for reply in replies.select_related("item__matter", "promise"):
        still = reply.promise if reply.promise and reply.promise.state != "kept" else None
        day = promised_on(still) if still else None
        if reply.item:
            ahead = day if day and day > on else None
            found.append(Answer(reply.item, reply.text, reply.grade, str(still or ""), ahead))
    return found


def sign(
    assignment: Assignment, *, by: Actor, at: datetime, entry: Entry, signed_by: str, letter_number: str = ""
) -> None:
    number = letter_number or unsent_number(assignment) or _next_letter(assignment, at)
    assignment.draft = {**assignment.draft, "signed_by": signed_by, "number": number}
    assignment.save(update_fields=["draft"])


def unsent_number(assignment: Assignment) -> str:
    """The number that was given to a letter which has not gone out yet: it keeps it, so that none is lost."""
    number = str(assignment.draft.get("number", ""))
    return "" if assignment.letters.filter(number=number).exists() else number


def _next_letter(assignment: Assignment, at: datetime) -> str:
    on = timezone.localdate(at)
    return next_number(
        assignment.handler, "letter", pattern("letter", LETTERS, assignment.handler, on=on), on=on
    )


def send(
    assignment: Assignment, *, by: Actor, at: datetime, entry: Entry, checked_grade: str, remark: str = ""
) -> None:
    """The letter goes out to the proposers of every proposal that was handled together."""
    draft = assignment.draft
    for n, matter in enumerate(answered_with(assignment.matter)):
        if n:
            matter.round = assignment.matter.round
            matter.save(update_fields=["round"])
        Letter.objects.create(
            assignment=assignment,
            matter=matter,
            round=assignment.matter.round,
            number=_next_letter(assignment, at) if n else draft["number"],
            grade=checked_grade,
            declared_grade=draft["grade"],
            signed_by=draft["signed_by"],
            contact=draft.get("contact", ""),
            at=at,
        )
    reply(assignment, by=by, at=at, entry=entry, answers=drafted(assignment), contact=draft["contact"])


def answer_on_spot(
    assignment: Assignment, *, by: Actor, at: datetime, entry: Entry, spot_answers: Sequence[Answer], **_: Any
) -> None:
    keep_replies(assignment, spot_answers, "", by=by, at=at)


def complete(
    assignment: Assignment, *, by: Actor, at: datetime, entry: Entry, text: str, photo: bytes | None = None
) -> None:
    """A task is complete as a whole when everybody has reported it."""
    if photo:
        keep_photo(entry, photo)
    opine(assignment, by=by, at=at, entry=entry, text=text)
    answer_if_complete(assignment.matter, by=by, at=at, behind=entry)


EFFECTS.update(
    {
        ("assignment", "reply"): reply,
        ("assignment", "opine"): opine,
        ("assignment", "plan"): opine,
        ("assignment", "plan_anew"): opine,
        ("assignment", "progress"): opine,
        ("assignment", "tell_more"): opine,
        ("assignment", "draft_reply"): draft_reply,
        ("assignment", "edit"): draft_reply,
        ("assignment", "sign"): sign,
        ("assignment", "send"): send,
        ("assignment", "answer_on_spot"): answer_on_spot,
        ("assignment", "complete"): complete,
    }
)
