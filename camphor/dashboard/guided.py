"""The bodies that somebody's committee guides, side by side: each with its own figure, and the sum beside.

The sum is reckoned from all rows together: numbers are added, and no rate or median is added or averaged.
Whoever guides sees what is counted, and not the rows of those who are guided.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from camphor.bodies.models import Body
from camphor.dashboard.asked import Asked
from camphor.dashboard.figure_sheet import Line, lines_of, sheet_of
from camphor.dashboard.figures import Reckoning, reckoning, reporting_seats, within
from camphor.dashboard.reckoned import all_of
from camphor.engine.tally import grouped
from camphor.matters.telling import Told, told
from camphor.rules.figures import INDICATORS, Indicator, reckon
from camphor.rules.happenings import Row

CHOICES = ("kind", "year", "category")
"""What can be chosen beforehand: bodies stand side by side, and each has sessions of its own term."""


@dataclass(frozen=True)
class Beside:
    """One body among the others, with its figure."""

    body: Body
    told: Told


@dataclass(frozen=True)
class Guided:
    """The bodies that are guided, and what was reckoned over all of them."""

    bodies: list[Body]
    asked: Reckoning

    @cached_property
    def rows_of(self) -> dict[int, list[Row]]:
        """The rows of each body, with those of its parts; sorted once for all figures."""
        roots = {body.path: body.pk for body in self.bodies}
        paths = {body.pk: body.path for body in self.asked.names.bodies.values()}
        return grouped(self.asked.rows, lambda row: roots[_root(paths[row.body], roots)])

    def beside(self, indicator: Indicator) -> list[Beside]:
        return [
            Beside(body, told(indicator, reckon(indicator, self.rows_of.get(body.pk, [])).numbers))
            for body in self.bodies
        ]

    def total(self, indicator: Indicator) -> Told:
        return told(indicator, reckon(indicator, self.asked.rows).numbers)


def _root(path: str, roots: dict[str, int]) -> str:
    """The path of the guided body that a body is part of."""
    return next(root for root in roots if path.startswith(root))


def _guided(request: Asked) -> Guided:
    seats = reporting_seats(request)
    on = timezone.localdate()
    bodies = list(Body.objects.filter(guided_by__in=[seat.body_id for seat in seats], since__lte=on))
    if not bodies:
        raise PermissionDenied
    return Guided(bodies, reckoning(request, within([body.path for body in bodies]), CHOICES))


@require_safe
def figures(request: Asked) -> HttpResponse:
    """All figures summed over the bodies that are guided."""
    found = _guided(request)
    shown = [told(figure.indicator, figure.numbers) for figure in all_of(found.asked.rows, found.asked.kind)]
    context = found.asked.context | {"figures": shown, "bodies": found.bodies}
    return render(request, "dashboard/guided.html", context)


@require_safe
def figure(request: Asked, name: str) -> HttpResponse:
    """One figure: that of each body, and the sum."""
    if name not in INDICATORS:
        raise Http404
    found = _guided(request)
    indicator = INDICATORS[name]
    context = found.asked.context | {
        "figure": found.total(indicator),
        "beside": found.beside(indicator),
        "n": len(found.bodies),
    }
    return render(request, "dashboard/guided_figure.html", context)


@require_safe
def sheet(request: Asked, *, excel: bool = False) -> HttpResponseBase:
    """All figures of all bodies and their sums, a line for each part, for a spreadsheet."""
    found = _guided(request)
    lines: list[Line] = []
    for indicator in INDICATORS.values():
        for one in found.beside(indicator):
            lines += lines_of(one.told, one.body.name)
        lines += lines_of(found.total(indicator), _("Sum"))
    return sheet_of(request, "guided", found.asked.on, [_("Body")], lines, excel=excel)
