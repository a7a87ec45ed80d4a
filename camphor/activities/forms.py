"""The form at the door of a session."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from camphor.kit.fields import label_of
from camphor.kit.plain_text import PlainLineField, PlainTextField
from camphor.rules.activities import PARTS

AT_THE_DOOR = ("resident", "stakeholder", "expert", "member", "officer", "observer")
"""Parts that somebody can take by himself; the chair is entered by the clerk."""


class DoorForm(forms.Form):
    """Who is here, and in what part."""

    name = PlainLineField(
        label=_("Your name"),
        help_text=_("For the list of the session only; it is never published."),
        max_length=50,
    )
    part = forms.ChoiceField(
        label=_("You are here as"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one.")},
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choices = [(name, label_of(PARTS, name)) for name in AT_THE_DOOR]
        self.fields["part"].choices = choices  # type: ignore[attr-defined]


class ObjectionForm(forms.Form):
    """What is not right with the minutes."""

    text = PlainTextField(
        label=_("What is missing or wrong?"),
        help_text=_("The clerk reads it and may take the minutes back to amend them."),
        max_length=500,
        widget=forms.Textarea({"rows": 3, "data-keep": "objection"}),
    )
