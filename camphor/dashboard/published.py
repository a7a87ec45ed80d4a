"""Proposals in public: what was decided to be shown of each, and of the answers to it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from camphor.bodies.rulebook import grades
from camphor.consultations.around import in_public
from camphor.dashboard.answers import grade_label
from camphor.dashboard.asked import Asked
from camphor.dashboard.shared import shared
from camphor.kit.paging import page_of
from camphor.matters.models import Matter
from camphor.matters.published_text import parted
from camphor.matters.redaction import redacted
from camphor.matters.writing import hidden_names
from camphor.rules.matters import MATTERS

ON_A_PAGE = 30


@login_not_required
@require_safe
@shared
def proposals(request: Asked) -> HttpResponse:
    """All proposals that are published, the newest first."""
    on = timezone.localdate()
    shown = Matter.objects.public().filter(kind="proposal")
    page = page_of(shown, ON_A_PAGE, request.GET.get("page"))
    rows = [(one, _title(one), one.status(on)) for one in page]
    return render(request, "dashboard/proposals.html", {"page": page, "rows": rows})


@login_not_required
@require_safe
@shared
def proposal(request: Asked, pk: int) -> HttpResponse:
    """One proposal: its published text, and the same of each answer, or why it is not shown."""
    found = get_object_or_404(Matter.objects.public().filter(kind="proposal"), pk=pk)
    word, tone = found.status(timezone.localdate())
    letters = found.letters.exclude(openness="").select_related("assignment__handler")
    known = grades(found.body, on=timezone.localdate())
    # it is the bodies' proposal; who wrote it for them is not its proposer
    named = found.sponsors() or (found.proposers() if found.facts.get("name_public") == "yes" else [])
    context = {
        "proposal": found,
        "kind": MATTERS[found.kind],
        "parts": parted(found.public_text),
        "title": _title(found),
        "word": word,
        "tone": tone,
        "letters": [(one, grade_label(known, one.grade)) for one in letters],
        "named": named,
        "undecided": not letters and found.letters.exists(),
        "around": in_public(found, on=timezone.localdate()),
    }
    return render(request, "dashboard/proposal.html", context)


def _title(proposal: Matter) -> str:
    return redacted(proposal.title, hidden_names(proposal))
