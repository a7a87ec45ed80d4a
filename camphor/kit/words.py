"""The fields behind the words that many moves ask for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from camphor.engine.table import Table
from camphor.kit.fields import label_of
from camphor.kit.nouns import Asking, FieldMaker
from camphor.kit.plain_text import PlainLineField, PlainTextField, plain, without_number

LONGEST_TEXT = 5000
"""Characters of a text that somebody writes at a desk: some six pages."""


def initial(asking: Asking, name: str) -> str:
    """What the thing says already, where the move edits it."""
    return str(getattr(asking.thing, name, "")) if asking.move.name == "edit" else ""


def title(asking: Asking) -> Mapping[str, forms.Field]:
    return {"title": PlainLineField(label=_("Title"), max_length=100, initial=initial(asking, "title"))}


def text(asking: Asking) -> Mapping[str, forms.Field]:
    needed = asking.move.name not in ("converse", "recommend", "edit")
    return {"text": long_text(_("Text"), required=needed, initial=initial(asking, "text"))}


def reason_text(asking: Asking) -> Mapping[str, forms.Field]:
    return {"reason_text": long_text(_("Reason, in words for those concerned"))}


def remark(asking: Asking) -> Mapping[str, forms.Field]:
    said = _("Who may see this here reads it in what happened.")
    return {"remark": long_text(_("Remark"), required=False, help_text=said)}


def long_text(
    label: Any, *, required: bool = True, initial: str = "", help_text: Any = "", longest: int = LONGEST_TEXT
) -> forms.CharField:
    area = forms.Textarea({"rows": 5, "data-keep": "text"})
    return PlainTextField(
        label=label,
        required=required,
        max_length=longest,
        widget=area,
        initial=initial,
        help_text=help_text,
    )


class LongChoices(forms.CheckboxSelectMultiple):
    """Many boxes to tick, in a frame that scrolls."""

    long = True


class LinesField(PlainTextField):
    """Several plain texts, one a line; empty lines and the numbers of a pasted list are left out."""

    def __init__(self, *, longest: int, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea({"rows": 6, "data-keep": "lines"}))
        self.longest = longest
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        typed = plain(str(super().clean(value)))
        lines = [without_number(line) for line in typed.splitlines() if line]
        for number, line in enumerate(lines, start=1):
            if len(line) > self.longest:
                said = _("Line %(line)s has more than %(most)s characters.")
                raise forms.ValidationError(said % {"line": number, "most": self.longest})
        return lines


MOST_BUTTONS = 7
"""Choices that are shown as buttons; more of them are a list."""
UNCHOSEN = _("please choose")
"""What a list says from which nothing has been chosen yet."""


def choice(table: Table[Any], label: Any, *, required: bool = True) -> forms.ChoiceField:
    """One row of a table of the rules; nothing is chosen before somebody chooses it."""
    rows = [(row.name, label_of(table, row.name)) for row in table.values()]
    if len(rows) <= MOST_BUTTONS:
        return forms.ChoiceField(label=label, choices=rows, required=required, widget=forms.RadioSelect)
    return forms.ChoiceField(label=label, choices=[("", UNCHOSEN), *rows], required=required)


def day(
    label: Any, *, required: bool = True, initial: date | None = None, help_text: Any = ""
) -> forms.DateField:
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(
        label=label, required=required, initial=initial, widget=widget, help_text=help_text
    )


WORDS: dict[str, FieldMaker] = {maker.__name__: maker for maker in (title, text, reason_text, remark)}
