"""The figures as pages and sheets tell them: what was chosen, in words, with bars and breakdowns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from camphor.bodies.models import Body, Term
from camphor.bodies.rulebook import words
from camphor.engine.tally import grouped
from camphor.kit.fields import label_of
from camphor.kit.words import day
from camphor.matters.telling import Told, told
from camphor.rules.activities import ACTIVITIES
from camphor.rules.figures import INDICATORS, MEMBER, Figure, Indicator, reckon
from camphor.rules.happenings import Row
from camphor.rules.matters import CATEGORIES, MATTERS

DIMENSIONS: dict[str, tuple[Any, Callable[[Row], Any]]] = {
    "body": (gettext_lazy("Body"), lambda row: row.body),
    "kind": (gettext_lazy("Kind of matter"), lambda row: row.kind),
    "term": (gettext_lazy("Session of the term"), lambda row: row.term),
    "year": (gettext_lazy("Year"), lambda row: row.year),
    "category": (gettext_lazy("Category"), lambda row: row.category),
    "handler": (gettext_lazy("Unit"), lambda row: row.handler),
}
"""What figures can be broken down by. All but the unit can be chosen beforehand as well."""
FIRST = date(2000, 1, 1)
"""No committee kept its books in such a system before this day, so an earlier one is a slip of the pen."""
CHOICES = tuple(name for name in DIMENSIONS if name != "handler")


class AsOf(forms.Form):
    """The day that figures are reckoned as of."""

    on = day(gettext_lazy("As it was known on"), required=False)

    def __init__(self, *args: Any, last: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.last = last
        self.fields["on"].widget.attrs["max"] = last.isoformat()

    def clean_on(self) -> date:
        chosen: date = self.cleaned_data["on"] or self.last
        if chosen < FIRST:
            raise forms.ValidationError(_("Figures begin on %(day)s.") % {"day": FIRST})
        if chosen > self.last:
            raise forms.ValidationError(_("Figures can be reckoned up to %(day)s.") % {"day": self.last})
        return chosen


class Names:
    """What the keys in rows are called, in the reader's language: two queries for all rows."""

    def __init__(self, rows: Iterable[Row], on: date) -> None:
        rows = list(rows)
        handlers = {row.handler for row in rows if row.handler}
        self.bodies = Body.objects.in_bulk(list({row.body for row in rows} | handlers))
        self.terms = Term.objects.in_bulk([key for key in {row.term for row in rows} if key])
        known = {row.category for row in rows if row.category} - set(CATEGORIES)
        self.categories: dict[str, str] = {}
        if known:  # words that a body added to the dictionary
            for pk in {row.body for row in rows if row.category in known}:
                own = words("categories", self.bodies[pk], on=on)
                self.categories |= {name: label_of(own, name) for name in known if name in own}

    def of(self, dimension: str, key: Any) -> str:
        if key in (None, ""):
            return _("Not given")
        if dimension in ("body", "handler"):
            return str(self.bodies[key])
        if dimension == "term":
            return str(self.terms[key])
        if dimension == "kind":
            return _("Members") if key == MEMBER else label_of(MATTERS if key in MATTERS else ACTIVITIES, key)
        if dimension == "category":
            return self.categories.get(key) or label_of(CATEGORIES, key)
        return str(key)


class Narrowing(forms.Form):
    """Which of the rows are counted; what can be chosen is what is there."""

    def __init__(self, data: Any, rows: Sequence[Row], names: Names, by: Sequence[str]) -> None:
        super().__init__(data)
        for name in by:
            label, key_of = DIMENSIONS[name]
            keys = {key_of(row) for row in rows} - {None, ""}
            options = sorted((names.of(name, key), str(key)) for key in keys)
            self.fields[name] = forms.ChoiceField(
                label=label,
                required=False,
                choices=[("", _("All")), *((key, told) for told, key in options)],
                error_messages={"invalid_choice": _("There is nothing of this choice on that day.")},
            )

    def narrowed(self, rows: Sequence[Row]) -> list[Row]:
        chosen = {name: self.cleaned_data.get(name) for name in self.fields} if self.is_valid() else {}
        wanted = [(DIMENSIONS[name][1], value) for name, value in chosen.items() if value]
        return [row for row in rows if all(str(key_of(row)) == value for key_of, value in wanted)]


@dataclass(frozen=True)
class Group:
    """The same figure over a part of the rows: those of one body, of one year …"""

    key: str
    label: str
    told: Told


def breakdown(figure: Figure, dimension: str, names: Names) -> list[Group]:
    """The figure for each value of a dimension; every row is in one group, so that they add up."""
    rows = [*figure.part.counted, *figure.part.rest]
    groups = grouped(rows, DIMENSIONS[dimension][1])
    found = [
        Group(
            str(key or ""),
            names.of(dimension, key),
            told(figure.indicator, reckon(figure.indicator, own).numbers),
        )
        for key, own in groups.items()
    ]
    return sorted(found, key=lambda group: (group.key == "", group.label))


def rows_behind(figure: Figure, part: str) -> list[Row]:
    """The rows of one part, or all of them."""
    if part in figure.split:
        return figure.split[part]
    if figure.indicator.is_share and part in ("counted", "rest"):
        return list(figure.part.counted if part == "counted" else figure.part.rest)
    return [*figure.part.counted, *figure.part.rest]


def about(indicators: Iterable[Indicator], kind: str) -> list[Indicator]:
    """Those that say something of this kind of matter; all where none is chosen."""
    return [one for one in indicators if not kind or not one.kinds or kind in one.kinds]


def all_of(rows: Sequence[Row], kind: str = "") -> list[Figure]:
    of_unit = grouped(rows, lambda row: row.unit)  # each figure looks at the rows of its unit only
    shown = about(INDICATORS.values(), kind)
    return [reckon(indicator, of_unit.get(indicator.unit, [])) for indicator in shown]
