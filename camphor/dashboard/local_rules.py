"""The rules that a body sets for itself: times, reminders, grades and grounds, with their history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext

from camphor.bodies.models import Body, LocalRule
from camphor.dashboard.asked import Asked
from camphor.engine.table import Table
from camphor.kit.plain_text import PlainLineField
from camphor.kit.times import told_time
from camphor.kit.words import UNCHOSEN, day
from camphor.rules.calendar import TIME_GROUPS, TimeGroup
from camphor.rules.numbers import judge_pattern
from camphor.trail.local_rules import READERS, set_local_rule, withdraw_local_rule
from camphor.trail.models import Entry
from camphor.trail.working_days import bodies_of

LONGEST = 1000
"""Days, working days or months: beyond, somebody has mistyped."""


class RuleForm(forms.Form):
    """What every rule has: whose it is, and from which day on it holds."""

    body = forms.ModelChoiceField(Body.objects.none(), widget=forms.HiddenInput)
    since = day(gettext_lazy("Holds from"))
    copied: tuple[str, ...] = ()  # what the form of a known row begins with

    def __init__(
        self, *args: Any, bodies: list[Body], body: Body, known: Mapping[str, Any], chosen: str, on: date,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.known = known
        own = Body.objects.filter(pk__in=[one.pk for one in bodies])
        self.fields["body"].queryset = own  # type: ignore[attr-defined]
        self.initial.update(body=body.pk, since=on)
        if "row" in self.fields:
            rows = [("", UNCHOSEN), *((row.name, _(row.label)) for row in known.values())]
            self.fields["row"].choices = rows  # type: ignore[attr-defined]
        if row := known.get(chosen):
            self.initial.update({name: getattr(row, name) for name in self.copied})
            self.initial.update(row=chosen, name=chosen, label=_(row.label))

    def as_row(self) -> dict[str, object]:
        given = {
            key: value for key, value in self.cleaned_data.items() if key not in ("body", "since", "row")
        }
        name = self.cleaned_data.get("row") or given.pop("name")
        label = given.pop("label", "") or self.known[name].label
        return {"name": name, "label": label, **given}


class TimeForm(RuleForm):
    """A time: months, then days, then working days."""

    copied = ("months", "days", "worked")
    row = forms.ChoiceField(label=gettext_lazy("Which time"))
    months = forms.IntegerField(
        label=gettext_lazy("Calendar months"), min_value=0, max_value=60, required=False
    )
    days = forms.IntegerField(
        label=gettext_lazy("Calendar days"), min_value=0, max_value=LONGEST, required=False
    )
    worked = forms.IntegerField(
        label=gettext_lazy("Working days (number)"),
        min_value=0,
        max_value=LONGEST,
        required=False,
        help_text=gettext_lazy("What is filled in is added up. A single 0 means: on the same day."),
    )

    def clean(self) -> dict[str, Any]:
        """Numbers that were left empty are none; nobody shortens a time to nothing by leaving all empty."""
        given = super().clean() or {}
        if not self.errors and all(given.get(name) is None for name in self.copied):
            raise forms.ValidationError(_("Please say how long: in months, days or working days."))
        return given | {name: given.get(name) or 0 for name in self.copied}


class ReminderForm(RuleForm):
    """A reminder: how long before the day, or not at all."""

    copied = ("before", "off")
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
        max_length=40,
        help_text=gettext_lazy("Latin letters and digits; a known one is replaced."),
    )
    label = PlainLineField(label=gettext_lazy("In words"), max_length=100)
    gone = forms.BooleanField(label=gettext_lazy("No longer used"), required=False)


class GradeForm(WordForm):
    """A grade, which may need a promise with a day."""

    name = forms.SlugField(
        label=gettext_lazy("Short name"),
        max_length=10,
        help_text=gettext_lazy("The letter of the grade; a known one is replaced."),
    )
    promised = forms.BooleanField(label=gettext_lazy("Needs a promise with a day"), required=False)


class NumberingForm(RuleForm):
    """How the numbers of a series are written."""

    copied = ("pattern",)
    row = forms.ChoiceField(label=gettext_lazy("Which numbers"))
    pattern = PlainLineField(
        label=gettext_lazy("How they are written"),
        max_length=50,
        help_text=gettext_lazy("{n} is the running number, {n:04} with four digits; {year}, {term}, "
                               "{session} and {place} are filled in."),
    )  # fmt: skip

    def clean_pattern(self) -> str:
        """Numbers are told apart also after a year: what begins anew with each names it."""
        typed: str = self.cleaned_data["pattern"]
        try:
            judge_pattern(typed)
        except ValueError as cause:
            raise forms.ValidationError(_(str(cause))) from cause
        return typed


def _told_numbers(row: Mapping[str, Any]) -> str:
    return told_time(**{name: int(row.get(name, 0)) for name in TimeForm.copied})


def _told_reminder(row: Mapping[str, Any]) -> str:
    before = int(row.get("before", 0))
    if before == 0:
        return _("on the day itself")
    if before > 0:
        return ngettext("%(n)s day before", "%(n)s days before", before) % {"n": before}
    return ngettext("%(n)s day after", "%(n)s days after", -before) % {"n": -before}


def _told_word(row: Mapping[str, Any]) -> str:
    return _("Needs a promise with a day") if row.get("promised") else ""


def _told_pattern(row: Mapping[str, Any]) -> str:
    return str(row.get("pattern", ""))


@dataclass(frozen=True)
class Overlaid:
    """A table of which a body can set rows: the form that sets one, and what one says in words.

    groups: by what its rows are about they are folded, where they are many; else the table is shown whole.
    """

    name: str
    label: str
    form: Callable[..., RuleForm]
    says: Callable[[Mapping[str, Any]], str] = _told_word
    groups: Table[TimeGroup] | None = None

    def told(self, row: Mapping[str, Any]) -> str:
        return _("No longer used") if row.get("off") or row.get("gone") else self.says(row)


TABLES = Table(
    Overlaid("times", gettext_noop("Times"), TimeForm, _told_numbers, TIME_GROUPS),
    Overlaid("reminders", gettext_noop("Reminders"), ReminderForm, _told_reminder),
    Overlaid("grades", gettext_noop("Grades of answers"), GradeForm),
    Overlaid("refusals", gettext_noop("Grounds of refusal"), WordForm),
    Overlaid("opinion_refusals", gettext_noop("Grounds for not using a report"), WordForm),
    Overlaid("categories", gettext_noop("Categories"), WordForm),
    Overlaid("series", gettext_noop("Numbers"), NumberingForm, _told_pattern),
)


@dataclass(frozen=True)
class Holding:
    """A row as it holds today: what it says, and who has set it since when, where it is not the house's."""

    row: Any
    told: str
    rule: LocalRule | None


@dataclass(frozen=True)
class Fold:
    """Rows that are shown together under a word, or without one; open where something in it is its own."""

    label: str
    rows: list[Holding]
    is_open: bool


@dataclass(frozen=True)
class Set:
    """A rule that was set: what it says, who set it and when, and what became of it before its day.

    is_open: it is to come, and whoever looks may withdraw it.
    """

    rule: LocalRule
    told: str
    is_to_come: bool
    is_withdrawn: bool
    is_open: bool
    by: str
    at: datetime | None


def local_rules(request: Asked, table: str) -> HttpResponse:
    """What holds today, what was set and since when, and for clerks the form that sets it."""
    chosen = TABLES.get(table)
    if chosen is None:
        raise Http404
    at = timezone.now()
    on = timezone.localdate(at)
    own = list(dict.fromkeys(bodies_of(request.actor, on=on)))
    if not own:
        raise PermissionDenied
    asked = request.POST.get("body") or request.GET.get("body")
    body = next((one for one in own if str(one.pk) == asked), own[0])
    known = READERS[table](body, on=on)
    form = chosen.form(
        request.POST or None, bodies=own, body=body, known=known, chosen=request.GET.get("row", ""), on=on
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            set_local_rule(given["body"], table, form.as_row(), since=given["since"], by=request.actor, at=at)
        except ValueError as refusal:
            form.add_error("since", str(refusal))
        else:
            messages.success(request, _("The rule is set. Days that were given before stay as they are."))
            return redirect(f"{reverse('local_rules', args=[table])}?body={body.pk}")
    context = {
        "form": form,
        "table": table,
        "title": _(chosen.label),
        "tabs": [(name, _(one.label)) for name, one in TABLES.items()],
        "folds": _folds(chosen, _holding(chosen, body, known, on), request.GET.get("row", "")),
        "history": _history(chosen, body, on, own),
        "whose": body,
        "own": own,
    }
    return render(request, "dashboard/local_rules.html", context, status=422 if form.errors else 200)


def _holding(table: Overlaid, body: Body, known: Mapping[str, Any], on: date) -> list[Holding]:
    line = list(body.line())
    rules = LocalRule.objects.in_force(on).filter(table=table.name, body__in=line).select_related("body")
    nearest_last = sorted(rules, key=lambda rule: -line.index(rule.body))
    set_by = {rule.row["name"]: rule for rule in nearest_last}
    return [Holding(row, table.told(vars(row)), set_by.get(name)) for name, row in known.items()]


def _folds(table: Overlaid, holding: list[Holding], asked: str) -> list[Fold]:
    """The rows by what they are about, where the table has groups; else whole."""
    if not table.groups:
        return [Fold("", holding, True)]
    by_name = {one.row.name: one for one in holding}
    found = []
    for group in table.groups.values():
        rows = [by_name[name] for name in group.times if name in by_name]
        found.append(Fold(group.label, rows, asked in group.times or any(one.rule for one in rows)))
    return found


def withdraw(request: Asked, pk: int) -> HttpResponse:
    """Take back a rule whose day has not come."""
    at = timezone.now()
    rule = get_object_or_404(LocalRule.objects.filter(table__in=TABLES).select_related("body"), pk=pk)
    try:
        withdraw_local_rule(rule, by=request.actor, at=at)
    except ValueError as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("The rule is withdrawn: what held before goes on to hold."))
    return redirect(f"{reverse('local_rules', args=[rule.table])}?body={rule.body_id}")


def _history(table: Overlaid, body: Body, on: date, own: list[Body]) -> list[Set]:
    """All rules that were set for this body or for those above it, the latest day first: two queries."""
    rules = LocalRule.objects.filter(table=table.name, body__in=list(body.line())).select_related("body")
    rules = rules.order_by("-since", "-pk")
    about = ContentType.objects.get_for_model(LocalRule)
    deeds = ("set_rule", "withdraw_rule")
    entries = Entry.objects.filter(move__in=deeds, subject_type=about, subject_id__in=rules.values("pk"))
    traces = {(entry.subject_id, entry.move): entry for entry in entries.select_related("by")}
    found = []
    for rule in rules:
        withdrawn = traces.get((rule.pk, "withdraw_rule"))
        trace = withdrawn or traces.get((rule.pk, "set_rule"))
        who, at = (str(trace.by), trace.at) if trace else ("", None)
        is_to_come = rule.since > on and rule.until != rule.since
        is_open = is_to_come and rule.body in own
        told = table.told(rule.row)
        found.append(Set(rule, told, is_to_come, bool(withdrawn), is_open, who, at))
    return found
