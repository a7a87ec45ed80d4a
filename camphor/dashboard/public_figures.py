"""Figures for everybody: over public matters alone, at the end of a month, and never out of a few."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from camphor.bodies.models import Body
from camphor.dashboard.asked import Asked
from camphor.dashboard.participation import taking_part
from camphor.dashboard.reckoned import AsOf
from camphor.dashboard.shared import shared
from camphor.matters.models import Matter
from camphor.matters.recorded import rows_on
from camphor.matters.telling import told
from camphor.rules.figures import INDICATORS, Numbers, reckon
from camphor.rules.matters import MATTERS

KEPT = 24 * 3600
"""Seconds for which the figures of a day are kept: a day that has passed does not change any more."""


def month_end(day: date) -> date:
    """The last day of a month that is not after this day.

    Only these are told outside: from the figures of two neighbouring days one could read a single rating.
    """
    after = day + timedelta(days=1)
    return day if after.month != day.month else day.replace(day=1) - timedelta(days=1)


@login_not_required
@require_safe
@shared
def figures(request: Asked) -> HttpResponse:
    """What is public of the figures, with what each is out of."""
    last = month_end(timezone.localdate() - timedelta(days=1))
    as_of = AsOf({"on": request.GET.get("on") or last}, last=last)
    on = month_end(as_of.cleaned_data["on"]) if as_of.is_valid() else last
    shown = [told(INDICATORS[name], numbers, outside=True) for name, numbers in _reckoned(on).items()]
    return render(request, "dashboard/public_figures.html", {"on": on, "as_of": as_of, "figures": shown})


def _reckoned(on: date) -> dict[str, Numbers]:
    key = f"figures:{on.isoformat()}"
    known: dict[str, Numbers] | None = cache.get(key)
    if known is None:
        kinds = [kind.name for kind in MATTERS.values() if kind.flow.public_states()]
        raised = rows_on(Matter.objects.filter(kind__in=kinds), on=on)
        rows = [row for row in [*raised, *taking_part(Body.objects.all(), on=on)] if row.public]
        shown = [indicator for indicator in INDICATORS.values() if indicator.public]
        known = {indicator.name: reckon(indicator, rows).numbers for indicator in shown}
        cache.set(key, known, KEPT)
    return known
