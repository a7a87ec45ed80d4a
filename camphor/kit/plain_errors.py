"""What is wrong with a field, in the words of this house instead of those of a web framework."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core import validators
from django.utils.translation import gettext_lazy as _

CHOOSE = _("Please choose one.")
CHOOSE_SOME = _("Please choose at least one.")
GONE = _("This cannot be chosen any more. Please choose again.")
A_DAY = _("Please give a day, such as 2026-05-31.")
A_NUMBER = _("Please give a whole number.")

TOLD: dict[type[forms.Field], dict[str, Any]] = {
    forms.Field: {"required": _("Please fill this in.")},
    forms.ChoiceField: {"required": CHOOSE, "invalid_choice": GONE},
    forms.MultipleChoiceField: {"required": CHOOSE_SOME, "invalid_choice": GONE, "invalid_list": GONE},
    forms.ModelChoiceField: {"required": CHOOSE, "invalid_choice": GONE},
    forms.ModelMultipleChoiceField: {
        "required": CHOOSE_SOME,
        "invalid_choice": GONE,
        "invalid_list": GONE,
        "invalid_pk_value": GONE,
    },
    forms.DateField: {"required": A_DAY, "invalid": A_DAY},
    forms.IntegerField: {"required": A_NUMBER, "invalid": A_NUMBER},
    forms.FileField: {
        "required": _("Please choose a file."),
        "empty": _("This file is empty. Please choose another one."),
    },
}
"""By the class of the field; a field that says its own words keeps them."""
LIMITS: dict[type[validators.BaseValidator], Any] = {
    validators.MaxLengthValidator: _("At most %(limit_value)d characters, please; these are %(show_value)d."),
    validators.MinLengthValidator: _("At least %(limit_value)d characters, please."),
    validators.MaxValueValidator: _("At most %(limit_value)s, please."),
    validators.MinValueValidator: _("At least %(limit_value)s, please."),
}


def speak_plainly() -> None:
    """Give the fields and their limits these words; once, when the programme starts."""
    for field, words in TOLD.items():
        field.default_error_messages = {**vars(field).get("default_error_messages", {}), **words}
    for limit, text in LIMITS.items():
        limit.message = text
