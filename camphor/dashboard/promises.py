"""Promises in public: due, overdue, kept, each with its line and its evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.contrib.auth.decorators import login_not_required
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from camphor.consultations.around import in_public
from camphor.consultations.line import Node, line_of_consultation
from camphor.consultations.models import Consultation
from camphor.dashboard.asked import Asked
from camphor.dashboard.past import Told, told
from camphor.dashboard.shared import shared
from camphor.kit.paging import page_of
from camphor.matters.models import Matter
from camphor.rules.matters import MATTERS
from camphor.trail.history import moves_of
from camphor.trail.links import led_to
from camphor.trail.models import Entry, File, Link

LISTS = {"due": gettext_noop("To be kept"), "overdue": gettext_noop("Overdue"), "kept": gettext_noop("Kept")}
ON_A_PAGE = 30
PHOTO_SECONDS = 3600
"""As long as a picture may be shown from a cache; it can only leave the public by a move, which is rare."""


@dataclass(frozen=True)
class Row:
    """A promise as lists show it: by which day it was promised, where it stands, and what it came of."""

    promise: Matter
    day: date | None
    look: str  # due, overdue or kept
    word: str
    tone: str
    kept_on: date | None
    source_url: str  # of its public page, where its kind has one
    number: str


def public_promises() -> QuerySet[Matter]:
    return Matter.objects.public().filter(kind="promise")


def in_list(name: str, *, on: date) -> QuerySet[Matter]:
    """The promises of one of the three lists, with the recommendation that each was given for."""
    late = Q(due_on__lt=on) & ~Q(state="kept")
    which = {"due": ~late & ~Q(state="kept"), "overdue": late, "kept": Q(state="kept")}[name]
    order = ["-pk"] if name == "kept" else ["due_on", "pk"]
    return with_source(public_promises().filter(which).order_by(*order))


def with_source(promises: QuerySet[Matter]) -> QuerySet[Matter]:
    """The promises with the key, the kind and the number of what each was given for, where that is public."""
    links = Link.objects.filter(
        how="promised",
        target_id=OuterRef("pk"),
        target_type__app_label="matters",
        target_type__model="matter",
    )
    source = Matter.objects.public().filter(pk=OuterRef("source_id")).order_by()
    return (
        promises.select_related("owed_by", "body")
        .annotate(
            source_id=Subquery(links.values("source_id")[:1]),
        )
        .annotate(
            source_number=Subquery(source.values("number")[:1], output_field=CharField()),
            source_kind=Subquery(source.values("kind")[:1], output_field=CharField()),
        )
    )


def counted(*, on: date) -> dict[str, int]:
    """How many promises each of the three lists has."""
    late = Q(due_on__lt=on) & ~Q(state="kept")
    counts: dict[str, int] = public_promises().aggregate(
        due=Count("pk", filter=~late & ~Q(state="kept")),
        overdue=Count("pk", filter=late),
        kept=Count("pk", filter=Q(state="kept")),
    )
    return counts


def rows(promises: Iterable[Matter], *, on: date) -> list[Row]:
    """The promises as lists show them; give them `with_source`."""
    promises = list(promises)
    entries = _days(promises)
    return [_row(promise, entries.get(promise.pk, {}), on=on) for promise in promises]


def _days(promises: list[Matter]) -> dict[int, dict[str, Entry]]:
    """The entries that tell by when each promise was given and since when it is kept."""
    found: dict[int, dict[str, Entry]] = {}
    kind = ContentType.objects.get_for_model(Matter)
    wanted = Entry.objects.filter(
        subject_type=kind, subject_id__in=[promise.pk for promise in promises], move__in=("give", "confirm")
    )
    for entry in wanted:
        found.setdefault(entry.subject_id, {})[entry.move] = entry
    return found


def _row(promise: Matter, entries: dict[str, Entry], *, on: date) -> Row:
    given, confirmed = entries.get("give"), entries.get("confirm")
    named = given.given.get("due_on") if given else None
    day = date.fromisoformat(named) if named else promise.due_on
    word, tone = promise.status(on)
    look = {"kept": "kept"}.get(promise.state, "due")
    if day and promise.is_overdue(on):
        late = (on - day).days
        look, word = "overdue", ngettext("%(n)s day overdue", "%(n)s days overdue", late) % {"n": late}
    return Row(
        promise,
        day,
        look,
        word,
        tone,
        _seen_on(confirmed) if confirmed and promise.state == "kept" else None,
        public_page(getattr(promise, "source_kind", "") or "", getattr(promise, "source_id", None)),
        getattr(promise, "source_number", "") or "",
    )


def _seen_on(confirmed: Entry) -> date:
    """The day on which somebody saw that it is kept, which may be earlier than the day of the entry."""
    seen = confirmed.given.get("seen_on")
    return date.fromisoformat(seen) if seen else timezone.localdate(confirmed.at)


def public_page(kind: str, pk: int | None) -> str:
    """The address of a public matter's page; nothing where its kind has none."""
    page = MATTERS[kind].page if kind else ""
    return reverse(page, args=[pk]) if page else ""


@login_not_required
@require_safe
@shared
def promises(request: Asked) -> HttpResponse:
    """The three lists, one at a time."""
    on = timezone.localdate()
    chosen = request.GET.get("list", "due")
    if chosen not in LISTS:
        raise Http404
    page = page_of(in_list(chosen, on=on), ON_A_PAGE, request.GET.get("page"))
    counts = counted(on=on)
    tabs = [(name, _(label), counts[name]) for name, label in LISTS.items()]
    return render(
        request,
        "dashboard/promises.html",
        {"tabs": tabs, "chosen": chosen, "page": page, "rows": rows(page.object_list, on=on)},
    )


@dataclass(frozen=True)
class Evidence:
    """What was handed in to show that a promise was kept, and what was found on the spot."""

    entry: Told
    text: str
    photos: list[File]


@login_not_required
@require_safe
@shared
def promise(request: Asked, pk: int) -> HttpResponse:
    """One promise: who owes what by when, what it came of, and what shows that it was kept."""
    on = timezone.localdate()
    found = get_object_or_404(with_source(public_promises()), pk=pk)
    row = rows([found], on=on)[0]
    source = Matter.objects.public().filter(pk=getattr(found, "source_id", None) or 0).first()
    entries = list(moves_of(found).prefetch_related(Prefetch("files", File.objects.defer("content"))))
    return render(
        request,
        "dashboard/promise.html",
        {
            "section": "promises",
            "row": row,
            "promise": found,
            "source": source,
            "line": _line(source, on=on) if source else [],
            "around": in_public(found, on=on),
            "timeline": [_told(found, entry) for entry in entries],
            "evidence": [_evidence(found, entry) for entry in entries if entry.move in ("show", "confirm")],
        },
    )


def _told(promise: Matter, entry: Entry) -> Told:
    """An entry of its timeline: the unit gives it, also where a clerk sends the answer that it stands in."""
    said = told(promise, entry)
    return replace(said, who=promise.owed_by.name) if entry.move == "give" and promise.owed_by else said


def _line(source: Matter, *, on: date) -> list[Node]:
    consultation = (
        led_to(source, "resulted_in", Consultation)
        .filter(pk__in=Consultation.objects.public().values("pk"))
        .first()
    )
    return line_of_consultation(consultation, on=on) if consultation else []


def _evidence(thing: Matter, entry: Entry) -> Evidence:
    return Evidence(told(thing, entry), str(entry.given.get("text", "")), list(entry.files.all()))


@login_not_required
@require_safe
@cache_control(public=True, max_age=PHOTO_SECONDS)
def photo(request: Asked, pk: int) -> HttpResponse:
    """A picture handed in as evidence for a public promise; all others do not exist here."""
    shown = public_promises().values("pk")
    file = get_object_or_404(
        File,
        pk=pk,
        kind="image/jpeg",
        entry__subject_type=ContentType.objects.get_for_model(Matter),
        entry__subject_id__in=shown,
    )
    return HttpResponse(bytes(file.content), content_type="image/jpeg")
