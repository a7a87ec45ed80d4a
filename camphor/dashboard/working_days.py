"""The calendar that deadlines are reckoned by, and the days that a clerk declares otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from camphor.bodies.models import Body, LocalRule
from camphor.engine.calendar import Calendar
from camphor.kit.words import day
from camphor.people.actor import Actor
from camphor.rules.calendar import official
from camphor.trail.working_days import bodies_of, declare, withdraw


@dataclass(frozen=True)
class Run:
    """Days in a row that the official calendar names, all of them free or all worked."""

    first: date
    last: date
    worked: bool
    provisional: bool


class DayForm(forms.Form):
    """A day that is worked or free here, whatever the official calendar says."""

    body = forms.ModelChoiceField(Body.objects.none(), label=gettext_lazy("Body"), empty_label=None)
    day = day(gettext_lazy("Day"))
    worked = forms.ChoiceField(
        label=gettext_lazy("What it is"),
        choices=[("no", gettext_lazy("Free")), ("yes", gettext_lazy("Working day"))],
        widget=forms.RadioSelect,
    )
    label = forms.CharField(
        label=gettext_lazy("Why, and by which notice"),
        max_length=100,
        help_text=gettext_lazy("For example the notice of the State Council, or a closure for a typhoon."),
    )

    def __init__(self, *args: Any, bodies: list[Body], on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on
        own = Body.objects.filter(pk__in=[body.pk for body in bodies])
        self.fields["body"].queryset = own  # type: ignore[attr-defined]
        if len(bodies) == 1:
            self.fields["body"].widget = forms.HiddenInput()
            self.fields["body"].initial = bodies[0].pk

    def clean_day(self) -> date:
        chosen: date = self.cleaned_data["day"]
        if chosen < self.on:
            raise forms.ValidationError(_("This day has passed already."))
        return chosen


def working_days(request: HttpRequest) -> HttpResponse:
    """What is free and what is worked from today on, and the days that were declared otherwise."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    at = timezone.now()
    on = timezone.localdate(at)
    own = bodies_of(actor, on=on)
    form = DayForm(request.POST or None, bodies=own, on=on) if own else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid():
            given = form.cleaned_data
            worked = given["worked"] == "yes"
            declare(given["body"], given["day"], worked=worked, label=given["label"], by=actor, at=at)
            messages.success(request, _("The day is declared. Days that were given before stay as they are."))
            return redirect("working_days")
    context = {
        "form": form,
        "declared": [(rule, rule.body in own) for rule in _declared(actor, on)],
        "runs": runs(official((on.year, on.year + 1)), since=on),
    }
    return render(
        request, "dashboard/working_days.html", context, status=422 if form and form.errors else 200
    )


def withdraw_day(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a day that was declared."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    at = timezone.now()
    in_force = LocalRule.objects.in_force(timezone.localdate(at))
    rule = get_object_or_404(in_force.filter(table="calendar").select_related("body"), pk=pk)
    withdraw(rule, by=actor, at=at)
    messages.success(request, _("The day is as in the official calendar again."))
    return redirect("working_days")


def _declared(actor: Actor, on: date) -> list[LocalRule]:
    """The declared days to come that hold for the bodies of this actor, the next one first."""
    bodies = {one.pk for seat in actor.memberships(on) for one in seat.body.line()}
    rules = LocalRule.objects.in_force(on).filter(Q(body__in=bodies), table="calendar").select_related("body")
    return sorted(
        (rule for rule in rules if rule.row["name"] >= on.isoformat()), key=lambda rule: str(rule.row["name"])
    )


def runs(calendar: Calendar, *, since: date) -> list[Run]:
    """The holidays from a day on with the weekends that they touch, and each make-up day by itself."""
    found: list[Run] = []
    for one in _days(since, max(calendar.named, default=since)):
        if calendar.is_worked(one):
            if calendar.named.get(one):
                found.append(Run(one, one, True, calendar.is_provisional(one)))
            continue
        before = found[-1] if found else None
        if before and not before.worked and before.last + timedelta(days=1) == one:
            found[-1] = Run(before.first, one, False, before.provisional)
        else:
            found.append(Run(one, one, False, calendar.is_provisional(one)))
    return [run for run in found if any(one in calendar.named for one in _days(run.first, run.last))]


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
