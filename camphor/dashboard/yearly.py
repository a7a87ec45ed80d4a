"""The yearly notice on opinion reports: what each author sent in and what became of it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from camphor.dashboard.asked import Asked
from camphor.kit.fields import label_of
from camphor.matters.reporting import yearly as notice
from camphor.rules.matters import DESTINATIONS, MANNERS


def yearly(request: Asked, year: int) -> HttpResponse:
    """For the clerks and leaders of a committee; each member hears of his own through his reports."""
    seats = request.actor.memberships(timezone.localdate())
    bodies = [seat.body for seat in seats if seat.role in ("clerk", "leader")]
    if not bodies:
        raise PermissionDenied
    tables = []
    for body in dict.fromkeys(bodies):
        rows = notice(body, year)
        for row in rows:
            row["uses"] = [
                (label_of(DESTINATIONS, place), label_of(MANNERS, manner), count)
                for (place, manner), count in sorted(row["places"].items())
            ]
        tables.append((body, rows))
    return render(request, "dashboard/yearly.html", {"year": year, "tables": tables})
