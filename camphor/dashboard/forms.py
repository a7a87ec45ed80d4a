"""What residents fill in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from camphor.kit.plain_text import PlainLineField, PlainTextField
from camphor.matters.actions import CODE_LENGTH, clean_code, new_code
from camphor.matters.rateable import judge_remark
from camphor.matters.redaction import PERSONAL_NUMBER
from camphor.rules.matters import SCORES, WHAT_IS_MISSING

LONGEST_TITLE = 60
"""Characters: one sentence on two lines of a phone."""
LONGEST_TEXT = 1000
"""Characters: what somebody writes standing, and a clerk reads in a minute."""
LEAST_TITLE = 2
"""Letters or digits: «停车» says something, one sign does not."""
TICKET = "camphor.raise"
TICKET_SECONDS = 7 * 24 * 3600
"""A form that lay open for longer is signed anew; nobody loses a text by it."""


def new_ticket() -> str:
    """A lookup code, signed, that goes out with the form: one form raises one concern."""
    return signing.dumps(new_code(), salt=TICKET)


def _refuse_personal_numbers(text: str) -> None:
    if PERSONAL_NUMBER.search(text):
        raise ValidationError(
            _("This looks like a phone or identity number. Please take it out: nobody needs it here.")
        )


class ConcernForm(forms.Form):
    """A concern: one sentence, and whatever more there is to say."""

    title = PlainLineField(
        label=_("What it is about, in one sentence"),
        help_text=_("For example: the street lamps by the pocket park are too dim at night."),
        max_length=LONGEST_TITLE,
        widget=forms.Textarea(attrs={"rows": 2, "data-keep": ""}),
        error_messages={"required": _("Please write one sentence.")},
        validators=[_refuse_personal_numbers],
    )
    text = PlainTextField(
        label=_("More about it"),
        help_text=_("Where it is, since when, whom it troubles, what would help."),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6, "data-keep": ""}),
        validators=[_refuse_personal_numbers],
    )
    website = forms.CharField(required=False)
    ticket = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_title(self) -> str:
        title: str = self.cleaned_data["title"]
        if sum(letter.isalnum() for letter in title) < LEAST_TITLE:
            raise ValidationError(_("Please write one sentence."))
        return title

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("website"):
            raise ValidationError(_("The last field is a trap for machines; please leave it empty."))
        return self.cleaned_data

    @property
    def code(self) -> str | None:
        """The lookup code that went out with this form; none if the form is stale or was altered."""
        try:
            return str(
                signing.loads(self.cleaned_data.get("ticket", ""), salt=TICKET, max_age=TICKET_SECONDS)
            )
        except signing.BadSignature:
            return None

    def renewed(self, told: str) -> ConcernForm:
        """The same words on a fresh ticket, with what the reader should know."""
        self.data = {**{name: self.data.get(name, "") for name in self.fields}, "ticket": new_ticket()}
        self.add_error(None, told)
        return self


class CodeForm(forms.Form):
    """A lookup code, however it is typed."""

    code = forms.CharField(
        label=_("Lookup code"),
        help_text=_("Twelve letters and digits. Spaces, dashes and small letters do not matter."),
        max_length=60,
        widget=forms.TextInput(
            attrs={
                "class": "code-input",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
        error_messages={"required": _("Please type the code that you were given.")},
    )

    def clean_code(self) -> str:
        code = clean_code(self.cleaned_data["code"])
        if len(code) != CODE_LENGTH:
            raise ValidationError(
                _("A code has %(right)s letters and digits, this one has %(here)s. Please look again."),
                params={"right": CODE_LENGTH, "here": len(code)},
            )
        return code


class RatingForm(forms.Form):
    """How content the one who asked is with the answer."""

    score = forms.ChoiceField(
        label=_("Your rating of the answer"),
        choices=lambda: [(score.name, _(score.label)) for score in SCORES.values()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one of the three.")},
    )
    remark = PlainTextField(
        label=_("Your reason"),
        help_text=_(WHAT_IS_MISSING),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4, "data-keep": ""}),
        validators=[_refuse_personal_numbers],
    )

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if "remark" in given:
            judge_remark(given.get("score", ""), given["remark"])
        return given


class HandlingForm(RatingForm):
    """How content an enterprise is with the way it was handled, and with the result."""

    field_order = ("handling", "score", "remark")

    handling = forms.ChoiceField(
        label=_("The way in which it was handled"),
        choices=lambda: [(score.name, _(score.label)) for score in SCORES.values()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one of the three.")},
    )
