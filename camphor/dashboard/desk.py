"""The desk: what I owe next, the generic pages, and the draft of a consultation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
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
from camphor.dashboard.linking import begin_from, seen_thing
from camphor.dashboard.next_move import next_move
from camphor.dashboard.nouns import nouns
from camphor.dashboard.told import told
from camphor.kit.nouns import Noun
from camphor.kit.pages import Desk
from camphor.kit.words import day, long_text
from camphor.matters.models import Matter
from camphor.people.actor import Actor
from camphor.rules import activities, matters
from camphor.rules import consultations as plans
from camphor.trail.history import moves_of
from camphor.trail.models import Notice
from camphor.trail.moves import opening_moves, possible_moves

NEEDS: dict[str, Any] = {
    name: gettext_lazy(need.label)
    for table in (matters.NEEDS, activities.NEEDS, plans.NEEDS)
    for name, need in table.items()
}
MOST_OWED = 100
"""Things looked at per noun; a clerk with more has other troubles than a list."""
OWED = {
    "concerns": ("submitted", "accepted"),
    "consultations": ("draft", "running"),
    "statements": ("pending",),
    "sessions": ("planned", "held", "minuted"),
    "recommendations": ("draft", "issued", "unled"),
    "assignments": ("given", "objected"),
    "promises": ("given", "shown"),
}
"""The states in which somebody's move is awaited, so that it stands on his desk; of nouns that are not named
here, those that are waiting or running."""


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
    needs=NEEDS,
    is_staff=_is_staff,
    around=on_the_desk,
    source=_source,
    begun=begin_from,
)


@dataclass(frozen=True)
class Owed:
    """Something on the desk: what it is, what is to be done and where, and by when."""

    noun: Noun
    thing: Any
    verb: str
    url: str
    due_on: date | None
    word: str
    tone: str


def desk(request: HttpRequest) -> HttpResponse:
    """What I owe next, the oldest day first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    on = timezone.localdate()
    owed = [one for noun in nouns() for one in _owed(noun, actor, on)]
    owed.sort(key=lambda one: (one.due_on is None, one.due_on or on))
    notices = Notice.objects.filter(person=actor.person, read_at=None).select_related(
        "entry__by", "entry__in_name_of", "entry__subject_type"
    )
    context = {
        "owed": owed,
        "late": sum(one.tone == "overdue" for one in owed),
        "nouns": nouns(),
        "notices": [_notice(notice) for notice in notices.order_by("-entry__at", "-pk")[:20]],
        "memberships": actor.memberships(on),
        "reports": any(seat.role in ("clerk", "leader") for seat in actor.memberships(on)),
        "on": on,
    }
    return render(request, "dashboard/desk.html", context)


def _owed(noun: Noun, actor: Actor, on: date) -> list[Owed]:
    waiting = [state.name for state in noun.states().values() if state.tone in ("waiting", "running")]
    rows = noun.rows(actor, on).filter(state__in=OWED.get(noun.name, waiting))
    found = []
    for thing in rows.select_related(*noun.related)[:MOST_OWED]:
        moves = possible_moves(thing, actor, on=on)
        if moves and (then := next_move(noun, thing, moves, on=on)):
            late = then.due_on is not None and then.due_on < on
            word, tone = (_("Overdue"), "overdue") if late else thing.status(on)
            found.append(Owed(noun, thing, then.label, then.url, then.due_on, word, tone))
    return found


def _notice(notice: Notice) -> dict[str, Any]:
    thing = notice.entry.subject
    return told(notice.entry, thing) | {"title": str(thing), "url": desk_url(thing)}


def desk_url(thing: Any) -> str:
    """The page of a thing on the desk."""
    kind = getattr(thing, "kind", "")
    for noun in nouns():
        if isinstance(thing, noun.model) and (noun.model is not Matter or noun.name == f"{kind}s"):
            return f"/desk/{noun.name}/{thing.pk}/"
    return "/desk/"


@require_POST
def read_notices(request: HttpRequest) -> HttpResponse:
    """All notices are read."""
    person = request.actor.person  # type: ignore[attr-defined]
    Notice.objects.filter(person=person, read_at=None).update(read_at=timezone.now())
    return redirect("desk")


class DraftForm(forms.Form):
    """A consultation: what about, by which method, from when, and from which concerns."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=100)
    text = long_text(gettext_lazy("What is it about, in a few sentences"))
    method = forms.ChoiceField(label=gettext_lazy("Step method"), widget=forms.RadioSelect)
    begins_on = day(gettext_lazy("Begins on"))
    venue = forms.ModelChoiceField(Venue.objects.none(), label=gettext_lazy("Venue"), required=False)
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
