"""The fields for files that go along with a text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from camphor.kit.nouns import Asking, FieldMaker
from camphor.kit.plain_text import PlainLineField
from camphor.matters.attaching import caption_of


class AttachedFiles(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the attached files, by what was written beside it."""

    def label_from_instance(self, file: Any) -> str:
        return caption_of(file)


def caption(asking: Asking) -> Mapping[str, forms.Field]:
    said = gettext_lazy("As it shall stand in the list of attached files.")
    return {"caption": PlainLineField(label=gettext_lazy("What it shows"), max_length=100, help_text=said)}


def attached(asking: Asking) -> Mapping[str, forms.Field]:
    field = AttachedFiles(
        asking.thing.loose_files(),
        label=gettext_lazy("Which file"),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    return {"attached": field}


FIELDS: dict[str, FieldMaker] = {maker.__name__: maker for maker in (caption, attached)}
