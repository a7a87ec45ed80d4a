"""What moves can need, in words, and the moves by which it comes about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from camphor.rules import activities, consultations, matters
from camphor.rules.needs import Need

NEEDS: dict[str, Need] = {
    name: need
    for table in (matters.NEEDS, activities.NEEDS, consultations.NEEDS)
    for name, need in table.items()
}
LABELS: dict[str, Any] = {name: gettext_lazy(need.label) for name, need in NEEDS.items()}


def in_words(needs: Iterable[str]) -> str:
    """What is lacking, one after the other."""
    return _(", ").join(str(LABELS[need]) for need in needs)


def steps_to(needs: Iterable[str]) -> list[str]:
    """The moves by which what is lacking comes about."""
    return [step for need in needs for step in NEEDS[need].steps]
