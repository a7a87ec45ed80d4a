"""A leader's instruction on a report, opened by somebody who was named: each opening is an entry."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from camphor.dashboard.asked import Asked
from camphor.matters import actions as matters
from camphor.matters.models import Instruction
from camphor.people.standing import standings
from camphor.rules.people import READER


@never_cache
def read(request: Asked, pk: int) -> HttpResponse:
    """Asked for, it says that the reading is logged; sent, it logs it and shows the text, this once."""
    at, on = timezone.now(), timezone.localdate()
    known = Instruction.objects.visible_to(request.actor, on=on)
    kept = get_object_or_404(known, pk=pk)
    if not standings(request.actor, kept, on=on) & READER:
        return render(request, "403.html", status=403)
    if request.method == "POST":
        matters.make(kept, "read", by=request.actor, at=at)
    return render(request, "dashboard/instruction.html", {"kept": kept, "shown": request.method == "POST"})
