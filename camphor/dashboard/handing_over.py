"""The page on which work goes to a colleague: for a while in one's name, or for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from camphor.dashboard.asked import Asked
from camphor.dashboard.owed import lines
from camphor.kit.words import UNCHOSEN, day
from camphor.people.actor import Actor
from camphor.people.models import Delegation, Person
from camphor.trail.handing_over import (
    Refused,
    colleagues,
    delegate,
    end,
    hand_over,
    handed_over,
    led_by,
    own_seats,
    seats_left,
    take_back,
)
from camphor.trail.models import Entry

MOST_SHOWN = 20
"""Delegations and hand-overs on the page: what went before is on the trail."""


@dataclass(frozen=True)
class Given:
    """A seat that was handed over for good: by which entry, from which day, to whom."""

    entry: Entry
    since: date
    receiver: Person | None


class HandingForm(forms.Form):
    """Whose work goes to whom, for how long."""

    giver = forms.ModelChoiceField(Person.objects.none(), label=gettext_lazy("Whose work"), empty_label=None)
    receiver = forms.ModelChoiceField(
        Person.objects.none(), label=gettext_lazy("To which colleague"), empty_label=UNCHOSEN
    )
    how = forms.ChoiceField(
        label=gettext_lazy("For how long"),
        choices=[
            ("while", gettext_lazy("For a while: the colleague acts in the name of the absent one")),
            ("good", gettext_lazy("For good: the colleague takes the seat, and the other leaves it")),
        ],
        widget=forms.RadioSelect,
        initial="while",
    )
    since = day(gettext_lazy("From"))
    last_on = day(
        gettext_lazy("Up to and including"),
        required=False,
        help_text=gettext_lazy("For a while only; on the day after, the work is back by itself."),
    )

    def __init__(
        self,
        *args: Any,
        givers: QuerySet[Person],
        receivers: QuerySet[Person],
        for_good: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if not for_good:
            how: Any = self.fields["how"]
            how.choices = [choice for choice in how.choices if choice[0] != "good"]
        self.fields["giver"].queryset = givers  # type: ignore[attr-defined]
        self.fields["receiver"].queryset = receivers  # type: ignore[attr-defined]
        if givers.count() == 1:
            self.fields["giver"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("how") == "while" and not given.get("last_on") and "last_on" not in self.errors:
            self.add_error("last_on", _("Please say up to which day."))
        if given.get("how") == "good" and given.get("last_on"):
            self.add_error(
                "last_on", _("Work that is handed over for good has no last day: leave this empty.")
            )
        return given


def handing_over(request: Asked) -> HttpResponse:
    """Give work to a colleague, and see what was given to whom."""
    actor, at = request.actor, timezone.now()
    on = timezone.localdate(at)
    if actor.person is None:
        raise PermissionDenied
    form = _form(request, actor, on)
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid() and _give(request, form, at):
            return redirect("hand_over")
    own = actor.person
    coming, handed = _handed(actor, on)
    context = {
        "form": form,
        "open": len(lines(Actor(own), on=on)),
        "lent": Delegation.objects.filter(giver=own, until__gt=on).select_related("receiver")[:MOST_SHOWN],
        "held": Delegation.objects.filter(receiver=own, until__gt=on).select_related("giver")[:MOST_SHOWN],
        "coming": coming,
        "handed": handed,
        "rest": seats_left(own, on=on),
        "on": on,
    }
    status = 422 if form and form.errors else 200
    return render(request, "dashboard/hand_over.html", context, status=status)


def _form(request: Asked, actor: Actor, on: date) -> HandingForm | None:
    """The form, for those who have work to give: their own, or that of the people they lead."""
    assert actor.person is not None  # noqa: S101 - the page is for those who are signed in
    people = [person for person in (actor.person, *led_by(actor, on=on)) if own_seats(person, on=on).exists()]
    if not people:
        return None
    near = Q(pk__in=())
    for person in people:
        near |= Q(pk__in=colleagues(person, on=on).values("pk"))
    givers = Person.objects.filter(pk__in=[person.pk for person in people])
    initial = {"giver": people[0].pk, "since": on}
    return HandingForm(
        request.POST or None,
        initial=initial,
        givers=givers,
        receivers=Person.objects.filter(near),
        for_good=any(seats_left(person, on=on).exists() for person in people),
    )


def _give(request: Asked, form: HandingForm, at: datetime) -> bool:
    """Carry out what the form says; False with an error on the form where it cannot be."""
    given = form.cleaned_data
    giver, receiver, since, by = given["giver"], given["receiver"], given["since"], request.actor
    try:
        if given["how"] == "while":
            delegate(giver, receiver, since=since, last_on=given["last_on"], by=by, at=at)
            said = _("%(colleague)s does the work in the name of %(giver)s, and has been told.")
        else:
            n = len(lines(Actor(giver), on=timezone.localdate(at)))
            hand_over(giver, receiver, since=since, by=by, at=at, open_things=n)
            said = _("%(colleague)s takes over the work of %(giver)s, and has been told.")
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, said % {"colleague": receiver, "giver": giver})
    return True


def _handed(actor: Actor, on: date) -> tuple[list[Given], list[Given]]:
    """What he, or somebody he leads, has handed over and not taken back: from a day to come, and before."""
    assert actor.person is not None  # noqa: S101 - the page is for those who are signed in
    found = handed_over([actor.person, *led_by(actor, on=on)]).prefetch_related("subject")
    entries = [entry for entry in found[:MOST_SHOWN] if entry.subject is not None]
    receivers = Person.objects.in_bulk([entry.given["receiver"] for entry in entries])
    given = [
        Given(entry, date.fromisoformat(entry.given["since"]), receivers.get(entry.given["receiver"]))
        for entry in entries
    ]
    return [one for one in given if one.since > on], [one for one in given if one.since <= on]


def end_delegation(request: Asked, pk: int) -> HttpResponse:
    """The delegation is over from now on."""
    lent = get_object_or_404(Delegation.objects.select_related("giver", "receiver"), pk=pk)
    end(lent, by=request.actor, at=timezone.now())
    messages.success(request, _("The delegation is ended."))
    return redirect("hand_over")


def take_back_work(request: Asked, pk: int) -> HttpResponse:
    """What was handed over goes back."""
    entry = get_object_or_404(Entry, pk=pk, move="hand_over")
    try:
        take_back(entry, by=request.actor, at=timezone.now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("The work is taken back."))
    return redirect("hand_over")
