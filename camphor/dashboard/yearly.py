"""The yearly notice on opinion reports: what each author sent in and what became of it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from camphor.dashboard.asked import Asked
from camphor.kit.fields import label_of
from camphor.matters.yearly import Line, bodies_of, notice
from camphor.rules.matters import DESTINATIONS, MANNERS


def yearly(request: Asked, year: int) -> HttpResponse:
    """For the clerks and leaders of a committee; each member hears of his own through his reports."""
    bodies = bodies_of(request.actor, on=timezone.localdate())
    if not bodies:
        raise PermissionDenied
    notices = [notice(body, year) for body in bodies]
    tables = [(one, [(line, _places(line)) for line in one.lines]) for one in notices]
    return render(request, "dashboard/yearly.html", {"year": year, "tables": tables})


def _places(line: Line) -> list[tuple[str, str, int]]:
    return [(label_of(DESTINATIONS, to), label_of(MANNERS, how), n) for to, how, n in line.places()]
