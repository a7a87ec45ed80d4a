"""From a recommendation back to those who asked, and from a concern on to what came of it."""

from __future__ import annotations

from django.db.models import QuerySet

from camphor.matters.models import Matter
from camphor.trail.links import came_of, led_to, walk


def concerns_behind(recommendation: Matter) -> list[Matter]:
    """The concerns that led to what resulted in this recommendation, with those merged into them."""
    concerns = walk([recommendation], "resulted_in", "led_to", to=Matter, back=True)
    twins = walk(list(concerns), "merged_into", to=Matter, back=True)
    return [*concerns, *twins]


def standing_for(concern: Matter) -> Matter:
    """The concern that this one was merged into, or itself."""
    return came_of(concern, "merged_into", Matter).first() or concern


def twins_of(concern: Matter) -> QuerySet[Matter]:
    return led_to(concern, "merged_into", Matter)


def recommendations_of(concern: Matter) -> QuerySet[Matter]:
    """The recommendations that came of this concern."""
    return walk([standing_for(concern)], "led_to", "resulted_in", to=Matter)


def promises_of(recommendation: Matter) -> QuerySet[Matter]:
    return came_of(recommendation, "promised", Matter).order_by("due_on", "pk")
