"""Search, and what is similar to something that is being written."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from camphor.dashboard.addresses import desk_url
from camphor.dashboard.asked import Asked
from camphor.dashboard.filters import filters
from camphor.dashboard.hits import hits
from camphor.dashboard.narrowing import people
from camphor.dashboard.nouns import listed, nouns
from camphor.dashboard.throttle import Throttle
from camphor.kit.fields import label_of
from camphor.kit.plain_text import plain
from camphor.matters.models import Matter
from camphor.matters.similar import ALIKE, similar_to
from camphor.people.models import Membership
from camphor.rules.matters import MATTERS
from camphor.rules.people import ROLES
from camphor.search.finding import CANDIDATES, Found, find
from camphor.search.names import meant
from camphor.search.query import LONGEST_QUERY, Query, TooLong, parse

ON_A_PAGE = 20
MOST_PEOPLE = 10
"""Persons shown beside what was found; a longer name finds fewer."""
LONGEST_COMPARED = 2000
"""Characters of a text that are compared: some 300 words say what it is about."""
COMPARING = Throttle("similar", most=300)
"""A text is compared at most once a second while it is written; three people write ten minutes on end."""
LONGEST_KEY = 19
"""Digits from which a number is no key of a row any more: a database counts them in 64 bits."""
RAISED = frozenset(f"{kind.name}s" for kind in MATTERS.values() if kind.backed)
"""The lists of what members raise together, which lead on from a name that was found."""
SIMILAR_SHOWN = 3
"""Similar ones beside a form: more would keep people from writing."""


@login_not_required
@never_cache
@require_safe
def search(request: Asked) -> HttpResponse:
    """What was found among all that the reader may see."""
    on = timezone.localdate()
    typed = request.GET.get("q", "")
    error = ""
    try:
        query = parse(typed)
    except TooLong:
        query, error = parse(""), _("At most %(n)d characters, please.") % {"n": LONGEST_QUERY}
    chosen = filters(request.GET.dict(), request.actor, on=on)
    if plain(typed) and not query and not error:
        error = _("There is no word in this that can be looked for.")
    asked = not error and (bool(query) or chosen.narrowed)
    newest_first = request.GET.get("order") == "newest"
    found = find(query, chosen.chosen, request.actor, on=on, newest_first=newest_first) if asked else Found()
    page = Paginator(found.documents, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "q": plain(typed)[: 2 * LONGEST_QUERY],
        "longest": LONGEST_QUERY,
        "error": error,
        "asked": asked,
        "filters": chosen,
        "newest_first": newest_first,
        "page": page,
        "hits": hits(page.object_list, query, request.actor, on=on),
        "count": len(found.documents),
        "more": found.more,
        "most": CANDIDATES,
        "people": _people(request, query, on=on) if asked else [],
    }
    return render(request, "dashboard/search.html", context, status=422 if error else 200)


def _people(request: Asked, query: Query, *, on: date) -> list[dict[str, Any]]:
    """Persons who can be meant, with what they are, for those who may look for them."""
    known = people(request.actor, on=on) if query else []
    keys = meant(known, query.typed)[:MOST_PEOPLE]
    if not keys:
        return []
    seats = Membership.objects.visible_to(request.actor, on=on).filter(person__in=keys)
    rows = seats.select_related("person", "body").order_by("person__name", "person", "body__path")
    lists = [
        (noun.name, noun.label) for noun in nouns() if noun.name in RAISED and listed(noun, request.actor, on)
    ]
    return [
        {
            "name": str(seat.person),
            "role": label_of(ROLES, seat.role),
            "body": seat.body.name,
            "lists": lists if seat.role == "member" else [],
        }
        for seat in rows
    ]


@login_not_required
@never_cache
@require_POST
def similar(request: Asked) -> HttpResponse:
    """A fragment: what is similar to a text that is being written, as far as the writer may see it.

    The form that is being written sends its `title` and `text`, at a desk its `items` too; `kind` narrows it
    down to one kind, and `own` is the number of what is being edited, which is no finding.
    """
    on = timezone.localdate()
    sent = (request.POST.get(name, "") for name in ("title", "text", "items"))
    text = plain("\n".join(sent))[:LONGEST_COMPARED]
    kind, own = request.POST.get("kind") or None, request.POST.get("own", "")
    if COMPARING.is_full(request) or kind not in (None, *MATTERS):
        return HttpResponse()
    COMPARING.count(request)
    seen = Matter.objects.visible_to(request.actor, on=on)
    if own.isascii() and own.isdecimal() and len(own) < LONGEST_KEY:
        seen = seen.exclude(pk=int(own))
    near = [pair for pair in similar_to(text, kind, among=seen, limit=SIMILAR_SHOWN) if pair[1] >= ALIKE]
    shown = [_similar(matter, share, on=on) for matter, share in near]
    context = {"similar": shown, "at_desk": kind is not None and MATTERS[kind].compared}
    return render(request, "dashboard/_similar.html", context) if near else HttpResponse()


def _similar(matter: Matter, share: int, *, on: date) -> dict[str, Any]:
    word, tone = matter.status(on)
    return {
        "kind": label_of(MATTERS, matter.kind),
        "title": matter.title,
        "number": matter.number,
        "url": desk_url(matter),
        "where": matter.body.name,
        "share": share,
        "word": word,
        "tone": tone,
    }
