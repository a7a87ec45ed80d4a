"""From a recommendation back to those who asked, and from a concern on to what came of it."""

from __future__ import annotations

from datetime import date

from django.db.models import Max, QuerySet

from camphor.matters.models import Assignment, Matter, Rating
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


def sent_back_with(assignment: Assignment) -> QuerySet[Rating]:
    """What those who asked still missed in the last answer of this unit; nothing before they have said it."""
    last = assignment.replies.filter(item__isnull=False).aggregate(at=Max("at"))["at"]
    if last is None:
        return Rating.objects.none()
    matter = assignment.matter
    askers = [matter, *twins_of(matter), *concerns_behind(matter)]
    said = Rating.objects.filter(matter__in=askers, score="dissatisfied", at__gte=last)
    return said.exclude(remark="").order_by("at", "pk")


def answered_with(matter: Matter) -> list[Matter]:
    """The proposal itself, and those merged into it that wait for the same answer."""
    return [matter, *twins_of(matter).filter(kind=matter.kind, state="merged")]
