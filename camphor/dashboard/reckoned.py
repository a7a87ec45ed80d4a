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
from camphor.rules.figures import FEWEST, INDICATORS, OUTCOMES, Figure, Indicator, Numbers, reckon
from camphor.rules.happenings import Row
from camphor.rules.matters import CATEGORIES, GRADES, MATTERS, SCORES

DIMENSIONS: dict[str, tuple[Any, Callable[[Row], Any]]] = {
    "body": (gettext_lazy("Body"), lambda row: row.body),
    "kind": (gettext_lazy("Kind"), lambda row: row.kind),
    "term": (gettext_lazy("Session of the term"), lambda row: row.term),
    "year": (gettext_lazy("Year"), lambda row: row.year),
    "category": (gettext_lazy("Category"), lambda row: row.category),
    "handler": (gettext_lazy("Unit"), lambda row: row.handler),
}
"""What figures can be broken down by. All but the unit can be chosen beforehand as well."""
FIRST = date(2000, 1, 1)
"""No committee kept its books in such a system before this day, so an earlier one is a slip of the pen."""
CHOICES = tuple(name for name in DIMENSIONS if name != "handler")
ORDER = {
    "grade": tuple(GRADES),
    "score": tuple(SCORES),
    "handling": tuple(SCORES),
    "outcome": tuple(OUTCOMES),
}
"""The order in which the parts of a split are told; words that only a body knows come after them."""


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
            return label_of(MATTERS, key)
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
class Share:
    """One part of a figure: its name, its number, and its share of the whole in per cent."""

    word: str
    label: str
    n: int
    percent: float | None


@dataclass(frozen=True)
class Told:
    """A figure in words: the headline, the sentence and the parts."""

    indicator: Indicator
    numbers: Numbers
    withheld: bool
    headline: str
    sentence: str
    shares: list[Share]

    @property
    def label(self) -> str:
        return _(self.indicator.label)

    @property
    def percent(self) -> float | None:
        """Per cent of the part that counts, where the figure is one share."""
        return percent(self.numbers.n, self.numbers.whole) if self.indicator.is_share else None


def percent(n: int, whole: int) -> float | None:
    return round(100 * n / whole, 1) if whole else None


def told(indicator: Indicator, numbers: Numbers, *, outside: bool = False) -> Told:
    """The figure in the reader's language; what is told outside is withheld where it is out of few."""
    if outside and numbers.is_withheld:
        sentence = _("Out of fewer than %(n)s, and therefore not shown.") % {"n": FEWEST}
        return Told(indicator, Numbers(0, 0, {}), True, "–", sentence, [])
    if not numbers.whole:
        return Told(indicator, numbers, False, "–", _("There was nothing to count."), [])
    given = {
        "n": numbers.n,
        "all": numbers.whole,
        "median": numbers.median,
        "p90": numbers.p90,
    }
    return Told(
        indicator, numbers, False, _headline(numbers, indicator), _(indicator.says) % given,
        shares_of(indicator, numbers),
    )  # fmt: skip


def _headline(numbers: Numbers, indicator: Indicator) -> str:
    if indicator.takes:
        return _("%(n)s days") % {"n": numbers.median}
    if indicator.by:
        return str(numbers.whole)
    return f"{percent(numbers.n, numbers.whole):g}%"


def shares_of(indicator: Indicator, numbers: Numbers) -> list[Share]:
    """The parts that add up to the whole, in their own order; none for days."""
    if indicator.takes:
        return []
    if indicator.by:
        order = ORDER[indicator.by]
        ranks = {word: order.index(word) if word in order else len(order) for word in numbers.split}
        parts = [(word, numbers.split[word]) for word in sorted(numbers.split, key=lambda w: (ranks[w], w))]
    else:
        parts = [("counted", numbers.n), ("rest", numbers.whole - numbers.n)]
    return [Share(w, part_label(indicator, w), n, percent(n, numbers.whole)) for w, n in parts]


def part_label(indicator: Indicator, word: str) -> str:
    tables: dict[str, Any] = {"grade": GRADES, "score": SCORES, "handling": SCORES, "outcome": OUTCOMES}
    if indicator.by:
        return label_of(tables[indicator.by], word) or _("Not given")
    return _(indicator.part) if word == "counted" else _("The rest")


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
    return [reckon(indicator, rows) for indicator in about(INDICATORS.values(), kind)]
