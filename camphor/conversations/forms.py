"""The form of a statement."""

from __future__ import annotations

import unicodedata

from django import forms
from django.utils.translation import gettext_lazy as _

from camphor.rules.conversations import LONGEST_STATEMENT

SHORTEST_STATEMENT = 4
"""Shorter than that nobody can say anything that others agree or disagree with."""


class StatementForm(forms.Form):
    """One idea in one sentence."""

    text = forms.CharField(
        label=_("Your statement"),
        help_text=_("One idea in one sentence that others can agree or disagree with."),
        min_length=SHORTEST_STATEMENT,
        max_length=LONGEST_STATEMENT,
        widget=forms.Textarea({"rows": 3, "data-keep": "statement"}),
    )

    def clean_text(self) -> str:
        """One line without invisible characters that could turn the direction of the text."""
        text = " ".join(str(self.cleaned_data["text"]).split())
        if any(unicodedata.category(letter) in ("Cc", "Cf", "Co", "Cs") for letter in text):
            raise forms.ValidationError(_("The text holds characters that cannot be shown."))
        if "<" in text and ">" in text:
            raise forms.ValidationError(_("Please write plain words, without angle brackets."))
        return text
