"""The rules that a body sets for itself: times, reminders, grades and grounds, with their history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from camphor.bodies.models import Body, LocalRule
from camphor.dashboard.asked import Asked
from camphor.kit.plain_text import PlainLineField
from camphor.kit.words import day
from camphor.trail.local_rules import READERS, set_local_rule
from camphor.trail.working_days import bodies_of

TABLES = {
    "times": gettext_noop("Times"),
    "reminders": gettext_noop("Reminders"),
    "grades": gettext_noop("Grades of answers"),
    "refusals": gettext_noop("Grounds of refusal"),
}
LONGEST = 1000
"""Days, working days or months: beyond, somebody has mistyped."""


class RuleForm(forms.Form):
    """What every rule has: whose it is, and from which day on it holds."""

    body = forms.ModelChoiceField(Body.objects.none(), label=gettext_lazy("Body"), empty_label=None)
    since = day(gettext_lazy("Holds from"))

    def __init__(self, *args: Any, bodies: list[Body], known: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        own = Body.objects.filter(pk__in=[body.pk for body in bodies])
        self.fields["body"].queryset = own  # type: ignore[attr-defined]
        self.fields["body"].initial = bodies[0].pk
        self.fields["since"].initial = on
        if "row" in self.fields:
            rows = [(row.name, _(row.label)) for row in known.values()]
            self.fields["row"].choices = rows  # type: ignore[attr-defined]

    def as_row(self) -> dict[str, object]:
        given = {
            key: value for key, value in self.cleaned_data.items() if key not in ("body", "since", "row")
        }
        name = self.cleaned_data.get("row") or given.pop("name")
        label = given.pop("label", "") or self.known[name].label
        return {"name": name, "label": label, **given}


class TimeForm(RuleForm):
    """A time: months, then days, then working days."""

    row = forms.ChoiceField(label=gettext_lazy("Which time"))
    months = forms.IntegerField(label=gettext_lazy("Months"), min_value=0, max_value=60, initial=0)
    days = forms.IntegerField(label=gettext_lazy("Days"), min_value=0, max_value=LONGEST, initial=0)
    worked = forms.IntegerField(label=gettext_lazy("Working days"), min_value=0, max_value=LONGEST, initial=0)


class ReminderForm(RuleForm):
    """A reminder: how long before the day, or not at all."""

    row = forms.ChoiceField(label=gettext_lazy("Which reminder"))
    before = forms.IntegerField(
        label=gettext_lazy("Days before the day that is due"),
        min_value=-LONGEST,
        max_value=LONGEST,
        help_text=gettext_lazy("A negative number means days after it."),
    )
    off = forms.BooleanField(label=gettext_lazy("Do without it"), required=False)


class WordForm(RuleForm):
    """A word of a dictionary: new, in other words, or taken out."""

    name = forms.SlugField(
        label=gettext_lazy("Short name"),
        max_length=10,
        help_text=gettext_lazy("The letter of the grade, or a name of a ground; a known one is replaced."),
    )
    label = PlainLineField(label=gettext_lazy("In words"), max_length=100)
    gone = forms.BooleanField(label=gettext_lazy("No longer used"), required=False)


class GradeForm(WordForm):
    """A grade, which may need a promise with a day."""

    promised = forms.BooleanField(label=gettext_lazy("Needs a promise with a day"), required=False)


FORMS: dict[str, Callable[..., RuleForm]] = {
    "times": TimeForm,
    "reminders": ReminderForm,
    "grades": GradeForm,
    "refusals": WordForm,
}


def local_rules(request: Asked, table: str) -> HttpResponse:
    """What holds today, what was set and since when, and for clerks the form that sets it."""
    if table not in TABLES:
        raise Http404
    at = timezone.now()
    on = timezone.localdate(at)
    own = bodies_of(request.actor, on=on)
    if not own:
        raise PermissionDenied
    known = READERS[table](own[0], on=on)
    form = FORMS[table](request.POST or None, bodies=own, known=known, on=on)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            set_local_rule(given["body"], table, form.as_row(), since=given["since"], by=request.actor, at=at)
        except ValueError as refusal:
            form.add_error("since", str(refusal))
        else:
            messages.success(request, _("The rule is set. Days that were given before stay as they are."))
            return redirect("local_rules", table)
    lines = {one.pk for body in own for one in body.line()}
    rules = LocalRule.objects.filter(table=table, body__in=lines).select_related("body")
    context = {
        "form": form,
        "table": table,
        "title": _(TABLES[table]),
        "tabs": [(name, _(label)) for name, label in TABLES.items()],
        "holding": [(row, _told(table, row)) for row in known.values()],
        "history": [
            (rule, _(str(rule.row.get("label", ""))), rule.since > on)
            for rule in rules.order_by("-since", "-pk")
        ],
        "whose": own[0],
    }
    return render(request, "dashboard/local_rules.html", context, status=422 if form.errors else 200)


def _told(table: str, row: Any) -> str:
    """The numbers of a row, in words."""
    if table == "times":
        parts = [(_("Months"), row.months), (_("Days"), row.days), (_("Working days"), row.worked)]
        return ", ".join(f"{label} {n}" for label, n in parts if n) or _("the same day")
    if table == "reminders":
        return _("off") if row.off else str(row.before)
    return row.name if table == "grades" else ""
