"""Raising a concern: choose a venue, write one sentence, be given a code."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from camphor.bodies.models import Venue
from camphor.bodies.rulebook import deadline, times
from camphor.dashboard.asked import Asked
from camphor.dashboard.districts import by_district, open_venues
from camphor.dashboard.forms import ConcernForm, new_ticket
from camphor.dashboard.shared import shared
from camphor.dashboard.throttle import Throttle
from camphor.kit.plain_text import plain
from camphor.kit.qr import address_of, drawing_of
from camphor.kit.times import told_time
from camphor.matters.actions import raise_concern
from camphor.matters.models import Matter
from camphor.people.actor import digest
from camphor.people.middleware import remember

RAISING = Throttle("raise", most=10)
"""Ten concerns in ten minutes from one address: a venue's shared line stays below, a script does not."""


@login_not_required
@require_safe
@shared
def choose(request: Asked) -> HttpResponse:
    """The venues by district, with a filter by a part of their names."""
    wanted = plain(request.GET.get("q", ""))[:50]
    district = plain(request.GET.get("area", ""))[:50]
    venues = open_venues(on=timezone.localdate())
    for word in wanted.split():
        venues = venues.filter(
            Q(name__icontains=word)
            | Q(place__icontains=word)
            | Q(body__name__icontains=word)
            | Q(area__name__icontains=word)
            | Q(area__part_of__name__icontains=word)
        )
    grouped = by_district(venues)
    chosen = {area: found for area, found in grouped.items() if district in ("", area.slug)}
    return render(
        request,
        "dashboard/raise.html",
        {"grouped": chosen, "districts": list(grouped), "q": wanted, "area": district},
    )


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def raise_at(request: Asked, venue: str) -> HttpResponse:
    """The form for one venue; the same form sent twice raises one concern."""
    place = get_object_or_404(open_venues(on=timezone.localdate()), slug=venue)
    form = ConcernForm(request.POST or None, initial={"ticket": new_ticket()})
    if request.method == "POST" and form.is_valid():
        return _raised(request, form, place) or _form(request, form, place, status=422)
    return _form(request, form, place, status=422 if form.errors else 200)


def _raised(request: Asked, form: ConcernForm, venue: Venue) -> HttpResponse | None:
    """Raise what the form says and lead to its page; none, with the reason in the form, if that cannot be."""
    code = form.code
    if code is None:
        form.renewed(_("The form lay open for too long. Your text is still here: please send it once more."))
        return None
    words = (form.cleaned_data["title"], form.cleaned_data["text"])
    known = Matter.objects.filter(code_digest=digest(code)).first()
    if known and (known.title, known.text, known.venue_id) != (*words, venue.pk):
        form.renewed(
            _("This form had been sent already. To raise this as another concern, send it once more.")
        )
        return None
    if not known and RAISING.is_full(request):
        form.add_error(
            None,
            _(
                "Many concerns came from this connection just now. Please try again in ten minutes, "
                "or go to the venue: they write it down for you."
            ),
        )
        return None
    if not known:
        RAISING.count(request)
    raise_concern(
        title=words[0],
        text=words[1],
        body=venue.body,
        venue=venue,
        code=code,
        by=request.actor,
        at=timezone.now(),
    )
    response = HttpResponseRedirect(reverse("mine", args=[code]) + "?new=1")
    if not request.actor.works_for(venue.body, timezone.localdate()):  # who writes it down for another
        remember(request, response, code)
    return response


def _form(request: Asked, form: ConcernForm, venue: Venue, *, status: int) -> HttpResponse:
    on = timezone.localdate()
    context = {
        "section": "raise",
        "venue": venue,
        "form": form,
        "answer_by": deadline("concern_answer", venue.body, on=on),
    }
    return render(request, "dashboard/raise_at.html", context, status=status)


@login_not_required
@require_safe
def poster(request: Asked, venue: str) -> HttpResponse:
    """A sheet for the door: one code to scan, three steps."""
    place = get_object_or_404(open_venues(on=timezone.localdate()), slug=venue)
    address = address_of(reverse("raise_at", args=[place.slug]))
    time = times(place.body, on=timezone.localdate())["concern_answer"]
    context = {
        "venue": place,
        "address": address,
        "qr": drawing_of(address),
        "answered_within": told_time(months=time.months, days=time.days, worked=time.worked),
    }
    return render(request, "dashboard/poster.html", context)
