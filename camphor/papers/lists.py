"""Every list of the desk as Excel: the rows that its page would show to this reader, with these filters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from camphor.kit.download import download
from camphor.kit.pages import Desk
from camphor.kit.workbook import EXCEL, Cell, workbook
from camphor.papers.columns import Maker, Taking, fetched, lines_of
from camphor.rules.matters import MATTERS

CHUNK = 500
"""Rows that are fetched at once: enough to ask for their departments together, and little memory."""


@require_safe
def as_excel(request: HttpRequest, noun: str, desk: Desk) -> HttpResponseBase:
    """The list of a noun as a file, for whoever may see the page of that list."""
    kind, on = desk.noun(request, noun), timezone.localdate()
    rows = fetched(desk.rows(request, kind, on))
    label = _(kind.label)
    foot = f"{request.user} {on.isoformat()}"
    columns = lines_of(kind.name, MATTERS.get(kind.name.removesuffix("s")))
    headings = [heading for heading, _maker in columns]
    lines = _lines(rows, [maker for _heading, maker in columns], Taking(on))
    file = workbook(label, headings, lines, foot=foot)
    return download(
        file, kind=EXCEL, plain=f"{kind.name}-{on.isoformat()}.xlsx", name=f"{label}-{on.isoformat()}.xlsx"
    )


def _lines(rows: QuerySet[Any], makers: Sequence[Maker], taking: Taking) -> Iterator[tuple[Cell, ...]]:
    for thing in rows.iterator(chunk_size=CHUNK):
        yield tuple(maker(thing, taking) for maker in makers)
