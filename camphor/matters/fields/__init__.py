"""The fields behind the words that moves with matters and assignments ask for, and how they are read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from camphor.kit.nouns import Asking, FieldMaker
from camphor.kit.words import WORDS
from camphor.matters.fields import answering, attaching, handing, judging, recording, sponsoring, writing
from camphor.matters.fields.writing import items
from camphor.matters.models import Matter

__all__ = ["FIELDS", "items", "read"]

NOT_YET = ("held_on", "seen_on")
"""Days on which something happened: they lie in the past."""
TO_COME = ("lead_due_on", "assisting_due_on", "confirm_by", "due_on", "until", "next_on")
"""Days by which something shall happen: they do not."""


def read(asking: Asking, given: dict[str, Any]) -> dict[str, Any]:
    """From the fields of a form to what the move hands in."""
    if "twin" in given:
        given["twin"] = Matter.objects.get(pk=given["twin"])
    if "rated_answer" in given:
        given |= judging.read_rated_answer(asking, given.pop("rated_answer"))
    if "code" in given:
        given["code"] = writing.read_code(given["code"])
    if "sponsor" in given:
        sponsoring.judge_sponsors(asking, given)
    if "joining" in asking.move.asks:
        given = sponsoring.read_joining(given)
    if "openness" in given:
        recording.judge_summary(asking, given)
    _judge_days(asking, given)
    handing.judge_days(given, asking.on)
    for word in ("answers", "spot_answers"):
        if word in asking.move.asks:
            found = answering.read_answers(asking, given)
            given = {name: value for name, value in given.items() if not _is_of_item(name)} | {word: found}
    if "facts" in asking.move.asks:
        told = {name.removeprefix("fact_"): value for name, value in given.items() if _is_fact(name)}
        given = {name: value for name, value in given.items() if not _is_fact(name)} | {"facts": told}
    return given


def _is_fact(name: str) -> bool:
    return name.startswith("fact_")


def _is_of_item(name: str) -> bool:
    return name.rpartition("_")[2].isdecimal()


def _judge_days(asking: Asking, given: dict[str, Any]) -> None:
    for name in NOT_YET:
        if given.get(name) and given[name] > asking.on:
            raise forms.ValidationError({name: _("This day has not come yet.")})
    for name in TO_COME:
        if given.get(name) and given[name] < asking.on:
            raise forms.ValidationError({name: _("This day has passed already.")})


FIELDS: dict[str, FieldMaker] = (
    WORDS
    | answering.FIELDS
    | attaching.FIELDS
    | handing.FIELDS
    | judging.FIELDS
    | recording.FIELDS
    | sponsoring.FIELDS
    | writing.FIELDS
)
