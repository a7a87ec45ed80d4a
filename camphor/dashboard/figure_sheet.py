"""Figures as a table for a spreadsheet: a line for each part that adds up, one line for days."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from camphor.matters.telling import Told

Line = Sequence[Any]


def sheet_of(name: str, on: date, told_by: Sequence[str], lines: Iterable[Line]) -> HttpResponse:
    """The file. told_by: the heads of what stands between the figure and its part. lines: of `lines_of`."""
    out = io.StringIO()
    out.write("\ufeff")  # by which Excel knows that it is UTF-8
    numbers = [
        _("How many"),
        _("Out of"),
        _("Per cent"),
        _("Median of days"),
        _("90th percentile"),
        _("Mean of days"),
    ]
    written = csv.writer(out)
    written.writerow([_("As of"), _("Figure"), *told_by, _("Part"), *numbers])
    written.writerows([on.isoformat(), *line] for line in lines)
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{on.isoformat()}.csv"'
    return response


def lines_of(told: Told, *whose: str) -> list[Line]:
    """The lines of one figure, of what `whose` names."""
    head, numbers = [told.label, *map(harmless, whose)], told.numbers
    if told.indicator.takes:
        return [[*head, "", numbers.whole, numbers.whole, "", numbers.median, numbers.p90, numbers.mean]]
    return [
        [*head, harmless(share.label), share.n, numbers.whole, share.percent, "", "", ""]
        for share in told.shares
    ]


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
