"""From a recommendation back to those who asked, and from a concern on to what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Max, Q, QuerySet

from camphor.matters.models import Assignment, Matter, Rating
from camphor.rules.matters import SENDS_BACK
from camphor.trail.history import entries_of
from camphor.trail.links import came_of, led_to, walk


def concerns_behind(recommendation: Matter) -> list[Matter]:
    """The concerns that led to what resulted in this recommendation, with those merged into them."""
    concerns = walk([recommendation], "resulted_in", "led_to", to=Matter, back=True)
    twins = walk(list(concerns), "merged_into", to=Matter, back=True)
    return [*concerns, *twins]


def standing_for(matter: Matter) -> Matter:
    """The one that this one was merged into and is handled with, or itself."""
    return came_of(matter, "merged_into", Matter).first() or matter


def twins_of(matter: Matter) -> QuerySet[Matter]:
    """Those that were merged into it."""
    return led_to(matter, "merged_into", Matter).order_by("pk")


def recommendations_of(concern: Matter) -> QuerySet[Matter]:
    """The recommendations that came of this concern."""
    return walk([standing_for(concern)], "led_to", "resulted_in", to=Matter)


def promises_of(recommendation: Matter) -> QuerySet[Matter]:
    return came_of(recommendation, "promised", Matter).order_by("due_on", "pk")


def promised_on(promise: Matter) -> date | None:
    """The day by which it was promised; the day by which it is due can be that of the clerk's check."""
    given = entries_of(promise).filter(move__in=("give", "reopen")).last()
    return (
        date.fromisoformat(given.given["due_on"]) if given and given.given.get("due_on") else promise.due_on
    )


@dataclass(frozen=True)
class Missed:
    """What somebody still missed in an answer, in his own words."""

    remark: str
    person: Any
    at: datetime


def sent_back_with(assignment: Assignment) -> list[Missed]:
    """What was still missed in the last answer of this unit; nothing before somebody has said it.

    Those who asked say it with their ratings, the office where it looked again and asks for another answer.
    """
    last = assignment.replies.filter(item__isnull=False).aggregate(at=Max("at"))["at"]
    if last is None:
        return []
    matter = assignment.matter
    raised = [matter, *twins_of(matter)]
    askers = [*raised, *concerns_behind(matter)]
    rated = Rating.objects.filter(matter__in=askers, score__in=SENDS_BACK, at__gte=last).exclude(remark="")
    rated = rated.filter(Q(assignment=None) | Q(assignment=assignment))
    found = [Missed(one.remark, one.person, one.at) for one in rated.select_related("person")]
    for one in entries_of(*raised).filter(move="insist", at__gte=last, undone_by=None):
        if assignment.pk not in one.given.get("units_again", [assignment.pk]):
            continue
        found.append(Missed(str(one.given.get("reason_text", "")), one.by, one.at))
    return sorted((one for one in found if one.remark), key=lambda one: one.at)


def answered_with(matter: Matter) -> list[Matter]:
    """The proposal itself, and those merged into it that wait for the same answer."""
    return [matter, *twins_of(matter).filter(kind=matter.kind, state="merged")]
