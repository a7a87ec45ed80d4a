"""What moves do to the assignments of a matter: handing over, objecting, more time, and a second round."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext

from camphor.bodies.models import Body
from camphor.bodies.rulebook import deadline
from camphor.matters.making import EFFECTS, make
from camphor.matters.models import Assignment, Matter
from camphor.people.actor import Actor
from camphor.rules.happenings import DAY_MOVES_ON
from camphor.rules.matters import MATTERS, MODES, PARTS, Mode
from camphor.trail.models import Entry


def assign(
    matter: Matter,
    *,
    by: Actor,
    at: datetime,
    entry: Entry,
    lead: Body | None = None,
    others: Sequence[Body] = (),
    assisting: Sequence[Body] = (),
    guided: Sequence[Body] = (),
    mode: str = "",
    lead_due_on: date | None = None,
    assisting_due_on: date | None = None,
    led_by: str = "",
) -> None:
    """Hand the matter over: every body gets a part, a state and a day of its own."""
    chosen = MODES[mode or MATTERS[matter.kind].modes[0]]
    leading = list(dict.fromkeys([*([lead] if lead else []), *others, *guided]))
    joining = [body for body in assisting if body not in leading]
    _judge(chosen, leading, joining)
    for body in leading:
        give(matter, body, chosen.leads, by=by, at=at, due_on=lead_due_on)
    for body in joining:
        give(matter, body, chosen.assists, by=by, at=at, due_on=assisting_due_on)
    if led_by:
        matter.facts = {**matter.facts, "led_by": led_by}
        matter.save(update_fields=["facts"])
    _wait_until(matter, matter.assignments.aggregate(last=Max("due_on"))["last"])


def _judge(mode: Mode, leading: Sequence[Body], joining: Sequence[Body]) -> None:
    if not leading:
        raise ValueError(gettext("Please choose at least one unit."))
    if len(leading) > 1 and not mode.several:
        raise ValueError(gettext("In this way only one unit answers: choose no further ones."))
    if joining and not mode.assists:
        raise ValueError(gettext("In this way no unit assists."))
    if len(leading) + len(joining) < mode.least:
        if mode.assists:
            raise ValueError(gettext("Please choose at least one unit that assists."))
        raise ValueError(gettext("Please choose at least one further unit that answers for itself."))


def give(
    matter: Matter, body: Body, part: str, *, by: Actor, at: datetime, due_on: date | None = None
) -> Assignment:
    """Give a body its part in a matter, with the day that its kind of matter allows."""
    leads, on = PARTS[part].leads, timezone.localdate(at)
    if due_on is None and leads:
        due_on = deadline(MATTERS[matter.kind].reply, matter.body, on=on)
    assignment = Assignment(matter=matter, handler=body, part=part, leads=leads, given_at=at)
    make(assignment, f"give_{part}", by=by, at=at, within=True, due_on=due_on)
    if matter.kind not in DAY_MOVES_ON:  # there the first day is for a contact, and none for the answer yet
        _set_answer_by(assignment, assignment.due_on)
    return assignment


def _set_answer_by(assignment: Assignment, day: date | None) -> None:
    assignment.answer_by = day
    assignment.save(update_fields=["answer_by"])


def release(assignment: Assignment, *, by: Actor, at: datetime, entry: Entry, **given: Any) -> None:
    """A matter of which nobody leads any more looks for another unit."""
    matter = assignment.matter
    if not assignment.leads:
        return
    if matter.assignments.filter(leads=True).exclude(state="released").exists():
        answer_if_complete(matter, by=by, at=at)
    else:
        make(matter, "lose_lead", by=by, at=at, within=True)


def replace_lead(
    matter: Matter, *, by: Actor, at: datetime, entry: Entry, lead: Body, lead_due_on: date | None = None
) -> None:
    """The new unit gets the part that the released one had."""
    before = matter.assignments.filter(leads=True).latest("given_at")
    give(matter, lead, before.part, by=by, at=at, due_on=lead_due_on)


def run_on(assignment: Assignment, *, by: Actor, at: datetime, entry: Entry, **given: Any) -> None:
    """The clock of the answer runs on, after a decision that had a clock of its own."""
    if assignment.answer_by:
        assignment.due_on = assignment.answer_by
        assignment.save(update_fields=["due_on"])


def ask_time(
    assignment: Assignment, *, by: Actor, at: datetime, entry: Entry, until: date, reason_text: str
) -> None:
    """More time is asked for before the day has passed, and only up to the limit."""
    if assignment.answer_by and timezone.localdate(at) > assignment.answer_by:
        raise ValueError(gettext("The day for the answer has passed: more time must be asked for before."))
    if assignment.answer_by and until <= assignment.answer_by:
        raise ValueError(gettext("This day is not later than the one that was given."))
    _judge_limit(assignment, until)
    assignment.asked_until = until
    assignment.save(update_fields=["asked_until"])


def grant_time(
    assignment: Assignment, *, by: Actor, at: datetime, entry: Entry, due_on: date, **given: Any
) -> None:
    _judge_limit(assignment, due_on)
    _set_answer_by(assignment, due_on)


def _judge_limit(assignment: Assignment, day: date) -> None:
    limit = deadline("extension_limit", assignment.home, on=assignment.given_on)
    if day > limit:
        said = gettext("With all extensions the answer is due by %(day)s at the latest.")
        raise ValueError(said % {"day": limit.isoformat()})


def give_again(assignment: Assignment, *, by: Actor, at: datetime, entry: Entry, **given: Any) -> None:
    _set_answer_by(assignment, assignment.due_on)


def reopen(matter: Matter, *, by: Actor, at: datetime, units: Sequence[Assignment] = ()) -> None:
    """Open a second round: those who led and answered, or these of them, are asked for another answer."""
    matter.round += 1
    matter.save(update_fields=["round"])
    named: dict[str, Any] = {"units": list(units)} if units else {}  # told where not all of them answer again
    make(matter, "reopen", by=by, at=at, within=True, **named)
    ask_again(matter, by=by, at=at, units=units)


def ask_again(matter: Matter, *, by: Actor, at: datetime, units: Sequence[Assignment] = ()) -> None:
    """Those who have answered, or these of them, answer in the round that runs, or in one more."""
    answered = matter.assignments.filter(leads=True, state="replied")
    if units:
        answered = answered.filter(pk__in=[unit.pk for unit in units])
    if any(assignment.round == matter.round for assignment in answered):
        matter.round += 1
        matter.save(update_fields=["round"])
    for assignment in answered:
        make(assignment, "give_again", by=by, at=at, within=True)


def insist(matter: Matter, *, by: Actor, at: datetime, entry: Entry, **given: Any) -> None:
    reopen(matter, by=by, at=at)


def give_back(assignment: Assignment, *, by: Actor, at: datetime, entry: Entry, **given: Any) -> None:
    """A task that is not complete yet is not complete as a whole either, and its own day still holds."""
    if assignment.answer_by and timezone.localdate(at) <= assignment.answer_by:
        assignment.due_on = assignment.answer_by
        assignment.save(update_fields=["due_on"])
    if assignment.matter.state == "answered":
        make(assignment.matter, "reopen", by=by, at=at, within=True)
        _wait_until(assignment.matter, assignment.due_on)


def _wait_until(matter: Matter, day: date | None) -> None:
    """A kind with a day of its own runs until this one: then it is late as a whole, and can be closed so."""
    if MATTERS[matter.kind].own_day:
        matter.due_on = day
        matter.save(update_fields=["due_on"])


def answer_if_complete(matter: Matter, *, by: Actor, at: datetime, behind: Entry | None = None) -> None:
    """The matter is answered as soon as all who lead have answered; those behind it hear of it."""
    if not matter.is_replied_to():
        return
    make(matter, "answer", by=by, at=at, within=True, behind=behind)
    for after in AFTER_ANSWER:
        after(matter, by=by, at=at)


AFTER_ANSWER: list[Any] = []
"""What else happens when a matter was answered, entered by the modules of those whom it concerns."""

EFFECTS.update({(kind.name, "assign"): assign for kind in MATTERS.values()})
EFFECTS.update({(kind.name, "replace_lead"): replace_lead for kind in MATTERS.values()})
EFFECTS.update({(kind, "insist"): insist for kind in ("finding", "resolution")})
EFFECTS.update(
    {
        ("assignment", "release"): release,
        ("assignment", "uphold"): run_on,
        ("assignment", "deny_time"): run_on,
        ("assignment", "send_back"): run_on,
        ("assignment", "give_again"): give_again,
        ("assignment", "give_back"): give_back,
    }
)
EFFECTS[("assignment", "ask_time")] = ask_time
EFFECTS[("assignment", "grant_time")] = grant_time
