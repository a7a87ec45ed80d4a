"""The list of consultations, those that are running first."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from camphor.bodies.models import Area
from camphor.consultations.models import Consultation
from camphor.dashboard.asked import Asked
from camphor.dashboard.districts import districts, inside
from camphor.dashboard.news import going, with_stages
from camphor.dashboard.shared import shared

LISTS = {"running": gettext_noop("Running"), "finished": gettext_noop("Finished")}
IN_LIST = {"running": ("running",), "finished": ("finished", "stopped")}
ON_A_PAGE = 12


@login_not_required
@require_safe
@shared
def consultations(request: Asked) -> HttpResponse:
    """Running or finished ones, all over the city or in one district."""
    at = timezone.now()
    chosen, area = request.GET.get("list", "running"), request.GET.get("area", "")
    if chosen not in LISTS:
        raise Http404
    found = Consultation.objects.public()
    if area:
        district = get_object_or_404(Area, slug=area)
        found = found.filter(
            inside(district, to="venue__area") | inside(district, to="body__area")
        ).distinct()
    counts = dict(found.order_by().values_list("state").annotate(Count("pk", distinct=True)))
    tabs = [
        (name, _(label), sum(counts.get(state, 0) for state in IN_LIST[name]))
        for name, label in LISTS.items()
    ]
    listed = with_stages(found.filter(state__in=IN_LIST[chosen]))
    page = Paginator(listed, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "dashboard/consultations.html",
        {
            "tabs": tabs,
            "chosen": chosen,
            "area": area,
            "districts": districts(on=timezone.localdate(at)),
            "page": page,
            "going": going(page.object_list, at=at),
        },
    )
