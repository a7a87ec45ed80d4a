"""A figure in words: its headline, its sentence and its parts, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from camphor.engine.table import Table
from camphor.kit.fields import label_of
from camphor.rules import activities
from camphor.rules.figures import FEWEST, OUTCOMES, Indicator, Numbers
from camphor.rules.matters import GRADES, SCORES, SPOT_ANSWERS
from camphor.rules.matters.request import SIZES

TABLES: dict[str, Any] = {
    "grade": GRADES.overlaid(*SPOT_ANSWERS.values()),
    "score": SCORES,
    "handling": SCORES,
    "outcome": OUTCOMES,
    "activity": activities.ACTIVITIES,
    "part": activities.PARTS,
    "size": Table(*SIZES),
}
"""The words that figures are split by, in the order in which the parts are told; words that only a body knows
come after them."""


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
        "median": told_days(numbers.median),
        "p90": told_days(numbers.p90),
        "mean": told_days(numbers.mean),
    }
    sentence = ngettext(*indicator.says, numbers.whole) % given
    return Told(
        indicator, numbers, False, _headline(numbers, indicator), sentence,
        shares_of(indicator, numbers),
    )  # fmt: skip


def told_days(days: int | None) -> str:
    """So many days, in words; nothing where there is no number."""
    return "" if days is None else ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def _headline(numbers: Numbers, indicator: Indicator) -> str:
    if indicator.takes:
        return told_days(numbers.median)
    if indicator.by:
        return str(numbers.whole)
    return f"{percent(numbers.n, numbers.whole):g}%"


def shares_of(indicator: Indicator, numbers: Numbers) -> list[Share]:
    """The parts that add up to the whole, in their own order; none for days."""
    if indicator.takes:
        return []
    if indicator.by:
        order = list(TABLES[indicator.by])
        ranks = {word: order.index(word) if word in order else len(order) for word in numbers.split}
        parts = [(word, numbers.split[word]) for word in sorted(numbers.split, key=lambda w: (ranks[w], w))]
    else:
        parts = [("counted", numbers.n), ("rest", numbers.whole - numbers.n)]
    return [Share(w, part_label(indicator, w), n, percent(n, numbers.whole)) for w, n in parts]


def part_label(indicator: Indicator, word: str) -> str:
    if indicator.by:
        return label_of(TABLES[indicator.by], word) or _("Not given")
    return _(indicator.part) if word == "counted" else _("The rest")
