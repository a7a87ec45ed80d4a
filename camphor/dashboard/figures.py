"""Figures on the desk: of the bodies that somebody works for, as of any day, with the rows behind each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from camphor.activities.models import Activity
from camphor.bodies.models import Body
from camphor.dashboard.asked import Asked
from camphor.dashboard.figure_sheet import Line, lines_of, sheet_of
from camphor.dashboard.participation import taking_part
from camphor.dashboard.reckoned import (
    CHOICES,
    DIMENSIONS,
    AsOf,
    Names,
    Narrowing,
    all_of,
    breakdown,
    rows_behind,
)
from camphor.matters.models import Matter
from camphor.matters.recorded import rows_on
from camphor.matters.telling import part_label, told, told_days
from camphor.people.models import Membership
from camphor.rules.figures import INDICATORS, MEETINGS, Figure, reckon
from camphor.rules.happenings import Row

ON_A_PAGE = 30


@dataclass(frozen=True)
class Reckoning:
    """What was asked for: the day, the forms, and the rows that are left."""

    on: date
    as_of: AsOf
    narrowing: Narrowing
    rows: list[Row]
    names: Names

    @property
    def kind(self) -> str:
        return str(self.narrowing.cleaned_data.get("kind", "")) if self.narrowing.is_valid() else ""

    @property
    def context(self) -> dict[str, Any]:
        return {"on": self.on, "as_of": self.as_of, "narrowing": self.narrowing}


def own_bodies(request: Asked, on: date) -> QuerySet[Body]:
    """The bodies in which he is a clerk or a leader, and all that is part of them."""
    actor = request.actor
    paths = actor.paths("clerk", on) + actor.paths("leader", on)
    if not paths:
        raise PermissionDenied
    return within(paths)


def within(paths: Iterable[str]) -> QuerySet[Body]:
    """The bodies with these paths, and their parts."""
    found = Q(pk__in=())
    for path in paths:
        found |= Q(path__startswith=path)
    return Body.objects.filter(found).order_by()


def reckoning(request: Asked, bodies: QuerySet[Body], by: Sequence[str] = CHOICES) -> Reckoning:
    """The rows of these bodies as they were known on the day that is asked for, narrowed as asked."""
    today = timezone.localdate()
    as_of = AsOf({"on": request.GET.get("on") or today}, last=today)
    on = as_of.cleaned_data["on"] if as_of.is_valid() else today
    matters = Matter.objects.filter(body__in=bodies.values("pk"))
    rows = [*rows_on(matters, on=on), *taking_part(bodies, on=on)]
    names = Names(rows, on)
    narrowing = Narrowing(request.GET, rows, names, by)
    return Reckoning(on, as_of, narrowing, narrowing.narrowed(rows), names)


def _reckoning(request: Asked) -> Reckoning:
    return reckoning(request, own_bodies(request, timezone.localdate()))


@require_safe
def figures(request: Asked) -> HttpResponse:
    """All figures of one's own bodies, each with what it is out of."""
    asked = _reckoning(request)
    shown = [told(figure.indicator, figure.numbers) for figure in all_of(asked.rows, asked.kind)]
    guides = Body.objects.filter(guided_by__in=[seat.body for seat in reporting_seats(request)]).exists()
    return render(request, "dashboard/figures.html", asked.context | {"figures": shown, "guides": guides})


def reporting_seats(request: Asked) -> list[Membership]:
    """The seats by which somebody sees figures."""
    seats = request.actor.memberships(timezone.localdate())
    return [seat for seat in seats if seat.role in ("clerk", "leader")]


@require_safe
def figure(request: Asked, name: str) -> HttpResponse:
    """One figure: broken down, and with all the rows that add up to it."""
    asked = _reckoning(request)
    if name not in INDICATORS:
        raise Http404
    found = reckon(INDICATORS[name], asked.rows)
    part = request.GET.get("part", "")
    shown = told(found.indicator, found.numbers)
    if part and part not in [share.word for share in shown.shares]:
        part = ""
    page = Paginator(rows_behind(found, part), ON_A_PAGE).get_page(request.GET.get("page"))
    broken = [(label, breakdown(found, one, asked.names), one) for one, (label, _key) in DIMENSIONS.items()]
    context = asked.context | {
        "figure": shown,
        "groups": [(label, groups, one) for label, groups, one in broken if len(groups) > 1],
        "page": page,
        "rows": _shown(page.object_list, found, asked.names),
        "part": part,
    }
    return render(request, "dashboard/figure.html", context)


def _shown(rows: Any, figure: Figure, names: Names) -> list[dict[str, Any]]:
    """The rows of one page with the matters or sessions they are about: one query; members are not listed."""
    if not figure.indicator.is_listed:
        return []
    meets = figure.indicator.unit in MEETINGS
    model: Any = Activity if meets else Matter
    things = model.objects.in_bulk([row.matter for row in rows])
    return [
        {
            "thing": things[row.matter],
            "noun": "sessions" if meets else f"{row.kind}s",
            "kind": names.of("kind", row.kind),
            "body": names.of("body", row.body),
            "unit": names.of("handler", row.handler) if row.handler else "",
            "part": _part(row, figure),
        }
        for row in rows
    ]


def _part(row: Row, figure: Figure) -> str:
    indicator = figure.indicator
    if indicator.takes:
        return told_days(row.days)
    if indicator.by:
        return part_label(indicator, row.words.get(indicator.by, ""))
    return part_label(indicator, "counted" if indicator.counts in row.facts else "rest")


@require_safe
def sheet(request: Asked, *, excel: bool = False) -> HttpResponseBase:
    """All figures with their breakdowns, a line each, for a spreadsheet."""
    asked = _reckoning(request)
    lines: list[Line] = []
    for found in all_of(asked.rows, asked.kind):
        lines += lines_of(told(found.indicator, found.numbers), "", "")
        for one, (label, key_of) in DIMENSIONS.items():
            for group in breakdown(found, one, asked.names):
                own = [row for row in rows_behind(found, "") if str(key_of(row) or "") == group.key]
                part = told(found.indicator, reckon(found.indicator, own).numbers)
                lines += lines_of(part, str(label), group.label)
    heads = [_("Broken down by"), _("Of which")]
    return sheet_of(request, "figures", asked.on, heads, lines, excel=excel)
