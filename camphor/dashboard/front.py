"""The front page, and the small pages that every page leads to."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db.models import DateTimeField, OuterRef, QuerySet, Subquery
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from camphor.consultations.models import Consultation
from camphor.dashboard.asked import Asked
from camphor.dashboard.districts import districts
from camphor.dashboard.forms import CodeForm
from camphor.dashboard.news import going, votable, with_stages
from camphor.dashboard.promises import counted, in_list, rows
from camphor.dashboard.shared import ELDER, shared
from camphor.matters.models import Matter, Reply

ELDER_SECONDS = 365 * 24 * 3600
SHOWN = 6
"""Consultations on the front page: two rows of three."""
FEW = 4
"""Promises and answers on the front page: as many as fit beside each other without scrolling on."""


@login_not_required
@require_safe
@shared
def front(request: Asked) -> HttpResponse:
    """What is going on, what one can say, and what became of what was said."""
    at = timezone.now()
    on = timezone.localdate(at)
    running = Consultation.objects.public().filter(state="running")
    public = Matter.objects.visible_to(request.actor, on=on).public()
    shown = going(with_stages(running)[:SHOWN], at=at)
    overdue_first = [*in_list("overdue", on=on)[:FEW], *in_list("due", on=on)[:FEW]][:FEW]
    return render(
        request,
        "dashboard/front.html",
        {
            "going": sorted(shown, key=lambda item: not item.ways),  # first where one can take part
            "running": running.count(),
            "votable": votable(at=at),
            "promises": counted(on=on),
            "promise_rows": rows(overdue_first, on=on),
            "answers": answered_lately(public)[:FEW],
            "districts": districts(on=on),
            "code_form": CodeForm(),
        },
    )


def answered_lately(matters: QuerySet[Matter]) -> QuerySet[Matter]:
    """The recommendations with an answer to an item, the newest answer first, each with that answer."""
    replies = Reply.objects.filter(
        assignment__matter=OuterRef("pk"), assignment__part="lead", item__isnull=False
    ).order_by("-at", "-pk")
    return (
        matters.filter(kind="recommendation")
        .annotate(
            answered_at=Subquery(replies.values("at")[:1], output_field=DateTimeField()),
            answered_by=Subquery(replies.values("assignment__handler__name")[:1]),
            answer=Subquery(replies.values("text")[:1]),
        )
        .exclude(answered_at=None)
        .order_by("-answered_at", "-pk")
    )


@login_not_required
@require_safe
@shared
def feedback(request: Asked) -> HttpResponse:
    """Complaints and suggestions: the ways in which they reach somebody who answers."""
    return render(request, "dashboard/feedback.html")


@login_not_required
@require_POST
def elder(request: Asked) -> HttpResponse:
    """Large type on or off, then back to where the reader was."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(wanted if safe else reverse("front"))
    if request.POST.get("on") == "1":
        response.set_cookie(
            ELDER, "1", max_age=ELDER_SECONDS, httponly=True, samesite="Lax", secure=request.is_secure()
        )
    else:
        response.delete_cookie(ELDER, samesite="Lax")
    return response
