"""Every list of the desk as Excel: the rows that its page would show to this reader, with these filters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from camphor.kit.download import download
from camphor.kit.pages import Desk
from camphor.matters.models import Assignment, Matter
from camphor.papers.workbook import EXCEL, Cell, Heading, workbook

CHUNK = 500
"""Rows that are fetched at once: enough to ask for their departments together, and little memory."""
BEGUN = ("raised_at", "given_at", "asked_at", "drafted_at", "starts_at", "said_at", "opens_at", "written_on")
"""Where the models keep the day on which a thing began; each has one of them."""


@require_safe
def as_excel(request: HttpRequest, noun: str, desk: Desk) -> HttpResponseBase:
    """The list of a noun as a file, for whoever may see the page of that list."""
    kind, on = desk.noun(request, noun), timezone.localdate()
    rows = desk.rows(request, kind, on)
    if kind.model is Matter:
        rows = rows.select_related("owed_by").prefetch_related("assignments__handler")
    label = _(kind.label)
    foot = f"{request.user} {on.isoformat()}"
    headings = [
        Heading(_("Number"), 18),
        Heading(_("Title"), 48),
        Heading(_("Status"), 16),
        Heading(_("State"), 20),
        Heading(_("Begun on"), 12),
        Heading(_("Body"), 22),
        Heading(_("Departments"), 32),
        Heading(_("By when"), 12),
    ]
    file = workbook(label, headings, _lines(rows, on), foot=foot)
    return download(
        file, kind=EXCEL, plain=f"{kind.name}-{on.isoformat()}.xlsx", name=f"{label}-{on.isoformat()}.xlsx"
    )


def _lines(rows: Any, on: date) -> Iterator[tuple[Cell, ...]]:
    for thing in rows.iterator(chunk_size=CHUNK):
        matter = thing if isinstance(thing, Matter) else getattr(thing, "matter", None)
        yield (
            matter.number if matter else "",
            str(matter or thing),
            thing.status(on)[0],
            _(thing.flow.states[thing.state].label),
            next((getattr(thing, name) for name in BEGUN if getattr(thing, name, None)), None),
            thing.home.name,
            _departments(thing),
            thing.due_on,
        )


def _departments(thing: Any) -> str:
    """Who must answer, those who lead first."""
    if isinstance(thing, Assignment):
        return thing.handler.name
    if not isinstance(thing, Matter):
        return ""
    names = [one.handler.name for one in thing.assignments.all()]
    return _(", ").join([*names, *([thing.owed_by.name] if thing.owed_by else [])])
