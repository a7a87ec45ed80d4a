"""Who did what in the name of a body, for its auditors: names and moves, and nothing of what was written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from camphor.dashboard.asked import Asked
from camphor.dashboard.named import named
from camphor.dashboard.past import what_happened
from camphor.dashboard.told import who
from camphor.kit.paging import page_of
from camphor.kit.plain_text import PlainLineField
from camphor.kit.words import day
from camphor.matters.models import Assignment
from camphor.people.actor import Actor
from camphor.trail.auditing import audited_by
from camphor.trail.models import Entry

ROWS = 50
"""Of a page: an auditor skims."""
LATEST = 12
"""Deeds on an auditor's desk."""


@dataclass(frozen=True)
class Deed:
    """One entry as an auditor reads it; written down later where `recorded_at` is another day."""

    at: datetime
    recorded_at: datetime
    who: str
    what: str
    about: str

    @property
    def is_late(self) -> bool:
        return timezone.localdate(self.recorded_at) != timezone.localdate(self.at)


class NarrowForm(forms.Form):
    """Whose deeds, and of which day."""

    name = PlainLineField(label=gettext_lazy("Name"), required=False, max_length=50)
    on = day(gettext_lazy("Day"), required=False)


@require_safe
def audit(request: Asked) -> HttpResponse:
    """The deeds of everybody who acts for the bodies that one audits, the newest first."""
    on = timezone.localdate()
    if not request.actor.paths("auditor", on):
        raise PermissionDenied
    entries = audited_by(request.actor, on=on)
    form = NarrowForm(request.GET)
    if form.is_valid():
        if name := form.cleaned_data["name"]:
            entries = entries.filter(by__name__icontains=name)
        if chosen := form.cleaned_data["on"]:
            entries = entries.filter(at__date=chosen)
    page = page_of(entries, ROWS, request.GET.get("page"))
    return render(request, "dashboard/audit.html", {"form": form, "page": page, "deeds": _deeds(page)})


def latest_deeds(actor: Actor, *, on: date) -> list[Deed]:
    """What an auditor's desk shows, who has little else to do there; nothing to anybody else."""
    return _deeds(audited_by(actor, on=on)[:LATEST]) if actor.paths("auditor", on) else []


def _deeds(entries: Iterable[Entry]) -> list[Deed]:
    found = list(entries)
    prefetch_related_objects(found, "subject")
    return [_told(entry) for entry in found]


def _told(entry: Entry) -> Deed:
    thing: Any = entry.subject
    what = what_happened(entry, getattr(thing, "flow", None))
    return Deed(entry.at, entry.recorded_at, who(entry), what, _about(thing))


def _about(thing: Any) -> str:
    """What it was done with; of an assignment, what was to be answered."""
    return named(thing.matter if isinstance(thing, Assignment) else thing)
