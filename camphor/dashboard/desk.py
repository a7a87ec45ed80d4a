"""The desk: what I owe next, the generic pages, and the draft of a consultation."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from camphor.bodies.models import Body, Venue
from camphor.bodies.rulebook import methods
from camphor.consultations import actions as consultations
from camphor.consultations.around import on_the_desk
from camphor.dashboard import needs
from camphor.dashboard.addresses import desk_url
from camphor.dashboard.audit import latest_deeds
from camphor.dashboard.linking import begin_from, seen_thing
from camphor.dashboard.narrowing import narrowed
from camphor.dashboard.nouns import listed, nouns
from camphor.dashboard.owed import LAMPS, board, lines
from camphor.dashboard.taking_back import take_back
from camphor.dashboard.told import told, told_reminding
from camphor.kit.pages import Desk
from camphor.kit.words import UNCHOSEN, day, long_text
from camphor.matters.models import Assignment, Matter
from camphor.people.actor import Actor
from camphor.trail.history import moves_of
from camphor.trail.models import Notice
from camphor.trail.moves import opening_moves, possible_moves
from camphor.trail.sessions import committees_of
from camphor.trail.undoing import offer

MOST_NOTICES = 10
"""Unread notices that the desk shows; the rest are counted, and move up when these are read."""


def _is_staff(actor: Actor) -> bool:
    return bool(actor.memberships(timezone.localdate()))


def _history(thing: Any) -> list[dict[str, Any]]:
    """What happened; links by hand are told on a page of their own, to those who can see both ends."""
    return [told(entry, thing) for entry in moves_of(thing)]


def _source(request: HttpRequest) -> Any:
    """Of what a new thing shall come, where he who begins it may see that."""
    named = request.GET.get("from", "")
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return seen_thing(named, actor, on=timezone.localdate()) if named else None


PAGES = Desk(
    nouns,
    possible=possible_moves,
    openings=opening_moves,
    history=_history,
    needs=needs.LABELS,
    is_staff=_is_staff,
    offer=offer,
    take_back=take_back,
    narrowed=narrowed,
    around=on_the_desk,
    source=_source,
    begun=begin_from,
    listed=listed,
)


def desk(request: HttpRequest) -> HttpResponse:
    """What I owe next, by when; or what is awaited of the unit that I lead."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    on, asked = timezone.localdate(), request.GET
    seats = actor.memberships(on)
    leads = any(seat.role == "leader" for seat in seats)
    whose = asked.get("whose") or ("unit" if all(seat.role == "leader" for seat in seats) else "mine")
    unit = leads and whose == "unit"
    kind, lamp = asked.get("kind", ""), asked.get("lamp", "")
    last_first = asked.get("order") == "last"
    shown = board(
        actor,
        on=on,
        kind=kind,
        lamp=lamp if lamp in LAMPS else "",
        last_first=last_first,
        page=asked.get("page"),
        unit=unit,
    )
    notices, more = unread(actor)
    own = len(lines(actor, on=on)) if unit else 0
    context = {
        "board": shown,
        "owed": shown.owed,
        "page": shown.page,
        "lamps": [(one, shown.lamps[one.name]) for one in LAMPS.values() if shown.lamps[one.name]],
        "late": shown.lamps["overdue"],
        "kind": kind,
        "lamp": lamp,
        "last_first": last_first,
        "leads": leads,
        "unit": unit,
        "own": own,
        "nouns": [noun for noun in nouns() if listed(noun, actor, on)],
        "begins": _begins(actor, on),
        "audits": any(seat.role == "auditor" for seat in seats),
        "deeds": latest_deeds(actor, on=on),
        "convenes": bool(committees_of(actor, on=on)),
        "owns_rules": any(seat.role == "clerk" for seat in seats),
        "notices": notices,
        "more_notices": more,
        "memberships": seats,
        "reports": any(seat.role in ("clerk", "leader") for seat in seats),
        "on": on,
    }
    return render(request, "dashboard/desk.html", context)


def _begins(actor: Actor, on: date) -> list[tuple[str, str]]:
    """What he can begin: the name of the noun, and the label of the move."""
    found = []
    for noun in nouns():
        if blank := noun.blank(actor, timezone.now())[:1]:
            found.append((noun.name, opening_moves(blank[0], actor, on=on)[0].label))
    return found


def unread(actor: Actor) -> tuple[list[dict[str, Any]], int]:
    """The newest notices that he has not read, told, and how many more there are."""
    found = Notice.objects.filter(person=actor.person, read_at=None)
    found = found.order_by(Coalesce("entry__at", "reminding__at").desc(), "-pk")
    related = ("entry__by", "entry__in_name_of", "entry__on_behalf_of", "reminding")
    notices = list(found.select_related(*related)[:MOST_NOTICES])
    prefetch_related_objects(notices, "entry__subject", "reminding__subject")
    answering = [one for one in map(_subject, notices) if isinstance(one, Assignment)]
    prefetch_related_objects(answering, "matter", "handler")  # which give it its name
    more = found.count() - len(notices) if len(notices) == MOST_NOTICES else 0
    return [_notice(notice) for notice in notices], more


def _subject(notice: Notice) -> Any:
    """What it is about."""
    told_by = notice.reminding or notice.entry
    assert told_by is not None  # a notice is of one of the two  # noqa: S101
    return told_by.subject


def _notice(notice: Notice) -> dict[str, Any]:
    thing = _subject(notice)
    if notice.reminding:
        said = told_reminding(notice.reminding)
    else:
        assert notice.entry is not None  # else it is of a reminding  # noqa: S101
        said = told(notice.entry, thing)
    return said | {"pk": notice.pk, "title": str(thing), "url": desk_url(thing)}


@require_POST
def read_notices(request: HttpRequest) -> HttpResponse:
    """The notices that were shown are read; those that were not stay."""
    person = request.actor.person  # type: ignore[attr-defined]
    shown = [int(pk) for pk in request.POST.getlist("notice") if pk.isdecimal()][:MOST_NOTICES]
    Notice.objects.filter(person=person, pk__in=shown, read_at=None).update(read_at=timezone.now())
    return redirect("desk")


class DraftForm(forms.Form):
    """A consultation: what about, by which method, from when, and from which concerns."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=100)
    text = long_text(gettext_lazy("What is it about, in a few sentences"))
    method = forms.ChoiceField(label=gettext_lazy("Step method"), widget=forms.RadioSelect)
    begins_on = day(gettext_lazy("Begins on"))
    venue = forms.ModelChoiceField(
        Venue.objects.none(), label=gettext_lazy("Venue"), required=False, empty_label=UNCHOSEN
    )
    concerns = forms.ModelMultipleChoiceField(
        Matter.objects.none(),
        label=gettext_lazy("Concerns from the topic pool"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Please choose at least one concern to start from.")},
    )

    def __init__(self, *args: Any, body: Body, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        steps = [
            (method.name, f"{_(method.label)}: " + " → ".join(_(step.label) for step in method.steps))
            for method in methods(body, on=on).values()
        ]
        self.fields["method"].choices = steps  # type: ignore[attr-defined]
        pool = Matter.objects.filter(kind="concern", state="accepted", body__path__startswith=body.path)
        self.fields["concerns"].queryset = pool  # type: ignore[attr-defined]
        near = Venue.objects.filter(body__path__startswith=body.path, until=None)
        self.fields["venue"].queryset = near  # type: ignore[attr-defined]


def new_consultation(request: HttpRequest) -> HttpResponse:
    """Lay out a consultation by a step method; its dates can be shifted while it is a draft."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    on = timezone.localdate()
    seats = [seat for seat in actor.memberships(on) if seat.role == "clerk"]
    if not seats:
        raise PermissionDenied
    body = seats[0].body
    chosen = [pk for pk in request.GET.getlist("concern") if pk.isdecimal()]
    first = Matter.objects.visible_to(actor, on=on).filter(pk__in=chosen, kind="concern").first()
    initial = {"begins_on": on, "concerns": chosen, "method": "seven_step"}
    if first:
        initial |= {"title": first.title, "venue": first.venue_id}
    form = DraftForm(request.POST or None, initial=initial, body=body, on=on)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        home = given["concerns"][0].body
        plan = consultations.draft(by=actor, at=timezone.now(), body=home, **given)
        messages.success(request, _("The stages are laid out. You can shift the dates, then begin."))
        return redirect("desk_thing", "consultations", plan.pk)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "pool": form.fields["concerns"].queryset.exists()}  # type: ignore[attr-defined]
    return render(request, "dashboard/draft.html", context, status=status)
