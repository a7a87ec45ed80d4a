"""The form of a statement."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from camphor.kit.plain_text import PlainLineField
from camphor.rules.conversations import LONGEST_STATEMENT

SHORTEST_STATEMENT = 4
"""Shorter than that nobody can say anything that others agree or disagree with."""


class StatementForm(forms.Form):
    """One idea in one sentence."""

    text = PlainLineField(
        label=_("Your statement"),
        help_text=_("One idea in one sentence that others can agree or disagree with."),
        min_length=SHORTEST_STATEMENT,
        max_length=LONGEST_STATEMENT,
        widget=forms.Textarea({"rows": 3, "data-keep": "statement"}),
    )
