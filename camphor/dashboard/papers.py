"""Scans and pictures that were handed in, for those who may see the thing that they belong to."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from camphor.dashboard.addresses import noun_of
from camphor.dashboard.asked import Asked
from camphor.matters.attaching import is_unsent
from camphor.people.actor import Actor
from camphor.people.standing import standings
from camphor.rules.people import ANSWERING
from camphor.trail.models import File

ENDINGS = {"image/jpeg": "jpg", "application/pdf": "pdf"}
"""The kinds of file that are kept, and how their names end."""


@require_safe
def paper(request: Asked, pk: int) -> HttpResponse:
    """One file, to be saved and never shown in place; what somebody may not see does not exist for him."""
    file = get_object_or_404(File.objects.select_related("entry"), pk=pk, kind__in=ENDINGS)
    if not _may_see(file, request.actor, on=timezone.localdate()):
        raise Http404
    response = HttpResponse(bytes(file.content), content_type=file.kind)
    response["Content-Disposition"] = f'attachment; filename="{pk}.{ENDINGS[file.kind]}"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store, private"
    return response


def _may_see(file: File, actor: Actor, *, on: date) -> bool:
    thing = file.entry.subject
    if thing is None:
        return False
    noun = noun_of(thing)
    if noun is None or not noun.rows(actor, on).filter(pk=thing.pk).exists():
        return False
    return not is_unsent(file, thing) or bool(standings(actor, thing, on=on) & ANSWERING)
