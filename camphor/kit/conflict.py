"""Two people at one thing, or one person with an old page: what stands now, and what was written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone

from camphor.engine.flow import Move
from camphor.kit.nouns import Asking, Noun

JUST_NOW = 3
"""Entries shown of what happened in between: the last ones say why."""


@dataclass(frozen=True)
class Both:
    """A field that was written: its label, what stands there now, and what was written."""

    name: str
    label: str
    now: str
    written: str


@dataclass(frozen=True)
class Conflict:
    """What was written on a page that is no longer true, and what happened since."""

    written: tuple[Both, ...]
    since: Sequence[dict[str, Any]]

    def against(self, form: forms.Form) -> Conflict:
        """With what stands now in the place of each field, where that is something else."""
        now = {name: _shown(form[name].initial) for name in form.fields}
        rows = (replace(row, now=now.get(row.name, "")) for row in self.written)
        return replace(self, written=tuple(row for row in rows if row.now.strip() != row.written.strip()))


def conflict_of(
    request: HttpRequest, noun: Noun, thing: Any, move: Move, history: Sequence[dict[str, Any]]
) -> Conflict | None:
    """What this request wrote; none where it is the same form of the same person, sent once more."""
    actor = request.actor  # type: ignore[attr-defined]
    asking = Asking(thing, move, actor, timezone.localdate(), timezone.now())
    rows, kept = [], []
    for word in move.asks:
        for name, field in noun.fields[word](asking).items():
            written = request.POST.get(name, "")
            if written and isinstance(field.widget, forms.Textarea | forms.TextInput):
                rows.append(Both(name, str(field.label), "", written))
                kept.append(_as_kept(field, written))
    if _is_repeated(request, move, history, kept):
        return None
    return Conflict(tuple(rows), history[-JUST_NOW:])


def _as_kept(field: forms.Field, written: str) -> str:
    """What the field makes of it: a list that was pasted with its numbers is kept without them."""
    try:
        return "\n".join(_texts(field.clean(written))) or written
    except forms.ValidationError:
        return written


def _is_repeated(
    request: HttpRequest, move: Move, history: Sequence[dict[str, Any]], kept: Sequence[str]
) -> bool:
    """The last that happened is this very move, by the same person, in the same words."""
    last = history[-1] if history else {}
    person = request.actor.person  # type: ignore[attr-defined]
    if not person or (last.get("move"), last.get("by")) != (move.name, person.pk):
        return False
    said = _plainly(" ".join(_texts(last.get("given", {}))))
    return all(_plainly(text) in said for text in kept)


def _texts(given: Any) -> Iterator[str]:
    """All texts in what was handed in, however deep."""
    if isinstance(given, str):
        yield given
    elif isinstance(given, Mapping):
        for value in given.values():
            yield from _texts(value)
    elif isinstance(given, Sequence):
        for value in given:
            yield from _texts(value)


def _plainly(text: str) -> str:
    """The same words, whatever space is between them."""
    return "".join(text.split())


def _shown(value: Any) -> str:
    return "" if value is None else str(value)
