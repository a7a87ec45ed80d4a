"""A consultation in figures: who took part, and how it was answered, as the trail tells of it until a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from camphor.kit.panel import Fact
from camphor.matters.models import Matter
from camphor.matters.recorded import rows_on
from camphor.matters.telling import Told, told
from camphor.rules.figures import INDICATORS, reckon

SHOWN = ("first_word", "on_time", "days", "item_grades", "promises")
"""What is told of a consultation; ratings stand beside those who asked."""


def panel(
    asked: Sequence[Matter], results: Iterable[Matter], promises: Iterable[Matter], *, talks: Sequence[int],
    came: Sequence[int], on: date,
) -> list[Fact]:  # fmt: skip
    """talks: how many voted in each conversation. came: how many came to each session. Five queries."""
    facts = [_asked(len(asked))]
    if talks:
        facts.append(_voted(max(talks)))
    if any(came):
        facts.append(_came([n for n in came if n]))
    matters = [matter.pk for matter in (*asked, *results, *promises)]
    rows = rows_on(Matter.objects.filter(pk__in=matters), on=on)
    reckoned = [told(INDICATORS[name], reckon(INDICATORS[name], rows).numbers) for name in SHOWN]
    return facts + [_fact(one) for one in reckoned if one.numbers.whole]


def _asked(n: int) -> Fact:
    return Fact(_("Residents who asked"), str(n))


def _voted(n: int) -> Fact:
    return Fact(_("People who voted"), str(n))


def _came(came: Sequence[int]) -> Fact:
    n = len(came)
    said = ngettext("at %(n)s session", "at %(n)s sessions", n) % {"n": n}
    return Fact(_("Attendances"), str(sum(came)), said)


def _fact(one: Told) -> Fact:
    """A split is told by its parts, every other figure by its sentence; a single duration needs none."""
    if one.indicator.by:
        parts = " · ".join(f"{share.label} {share.n}" for share in one.shares)
        return Fact(one.label, one.headline, parts)
    single = one.indicator.takes and one.numbers.whole == 1
    return Fact(one.label, one.headline, "" if single else one.sentence)
