"""The fields behind the words that moves with conversations and statements ask for."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from camphor.kit.nouns import Asking, FieldMaker
from camphor.kit.words import WORDS, LinesField, choice
from camphor.rules.conversations import LONGEST_STATEMENT, REASONS


def statement_reason(asking: Asking) -> Mapping[str, forms.Field]:
    return {"statement_reason": choice(REASONS, _("Reason, which its author sees"))}


def seeds(asking: Asking) -> Mapping[str, forms.Field]:
    field = LinesField(
        label=_("Seed statements, one a line"),
        longest=LONGEST_STATEMENT,
        help_text=_("Some ten different views, each one idea that people can agree or disagree with."),
    )
    return {"seeds": field}


FIELDS: dict[str, FieldMaker] = WORDS | {maker.__name__: maker for maker in (statement_reason, seeds)}
