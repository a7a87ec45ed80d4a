"""The fields for answers: item by item, graded, promised, signed, and with more time where it is granted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from camphor.bodies.rulebook import deadline, grades
from camphor.engine.table import Table
from camphor.kit.nouns import Asking, FieldMaker
from camphor.kit.plain_text import PlainLineField
from camphor.kit.words import day, long_text
from camphor.matters.answering import Answer, drafted, said_before, unsent_number
from camphor.matters.models import Assignment, Item
from camphor.matters.origins import answered_with
from camphor.rules.matters import SPOT_ANSWERS, Grade


def answers(asking: Asking) -> Mapping[str, forms.Field]:
    """An answer, a grade and a promise for every item; a second answer begins with what was said before."""
    fields: dict[str, forms.Field] = {}
    begun = drafted(asking.thing) if asking.move.name == "edit" else said_before(asking.thing, asking.on)
    before = {answer.item.pk: answer for answer in begun}
    own_grades = _choices(grades(asking.thing.home, on=asking.on))
    for item in handled_items(asking.thing):
        old, whose = before.get(item.pk), named_of(asking.thing, item)
        fields[f"text_{item.pk}"] = long_text(
            whose + _("Item %(n)s: answer") % {"n": item.place},
            help_text=item.text,
            initial=old.text if old else "",
        )
        fields[f"grade_{item.pk}"] = forms.ChoiceField(
            label=whose + _("Item %(n)s: grade") % {"n": item.place},
            choices=own_grades,
            widget=forms.RadioSelect,
            initial=old.grade if old else None,
        )
        fields |= _promise_fields(item, whose, old)
    return fields


def _promise_fields(item: Item, whose: str, old: Answer | None) -> dict[str, forms.Field]:
    said = PlainLineField(
        label=whose + _("Item %(n)s: what is promised") % {"n": item.place},
        required=False,
        max_length=100,
        help_text=_(
            "Where something is still to be done, a promise and a day are needed. "
            "Promises are public; those of a proposal are so once it is published with its answer."
        ),
        initial=old.promise if old else "",
    )
    by_when = day(
        whose + _("Item %(n)s: promised by") % {"n": item.place},
        required=False,
        initial=old.promised_on if old else None,
    )
    return {f"promise_{item.pk}": said, f"promised_on_{item.pk}": by_when}


def spot_answers(asking: Asking) -> Mapping[str, forms.Field]:
    """What the unit said at the table to each item of the enterprise."""
    rows = _choices(SPOT_ANSWERS)
    fields: dict[str, forms.Field] = {}
    for item in handled_items(asking.thing):
        whose = named_of(asking.thing, item)
        label = whose + _("Item %(n)s: what was said") % {"n": item.place}
        fields[f"text_{item.pk}"] = long_text(label, help_text=item.text)
        fields[f"grade_{item.pk}"] = forms.ChoiceField(
            label=whose + _("Item %(n)s: outcome") % {"n": item.place}, choices=rows, widget=forms.RadioSelect
        )
        fields |= _promise_fields(item, whose, None)
    return fields


def handled_items(assignment: Assignment) -> list[Item]:
    """The items of the matter and of those that are answered with it, in their order."""
    return [item for matter in answered_with(assignment.matter) for item in matter.items.all()]


def named_of(assignment: Assignment, item: Item) -> str:
    """What stands before an item of a matter that was merged: its number; nothing before those of its own."""
    other = item.matter
    return "" if other.pk == assignment.matter_id else f"{other.number or other.title} · "


def _choices(table: Table[Grade]) -> list[tuple[str, str]]:
    return [(row.name, _(row.label)) for row in table.values()]


def grade(asking: Asking) -> Mapping[str, forms.Field]:
    """What became of the whole, as it stands at the head of the letter."""
    rows = _choices(grades(asking.thing.home, on=asking.on))
    label = gettext_lazy("Grade of the whole answer")
    old = asking.thing.draft.get("grade")
    return {"grade": forms.ChoiceField(label=label, choices=rows, widget=forms.RadioSelect, initial=old)}


def checked_grade(asking: Asking) -> Mapping[str, forms.Field]:
    field = grade(asking)["grade"]
    field.label = gettext_lazy("Grade, as the office sees it")
    return {"checked_grade": field}


def signed_by(asking: Asking) -> Mapping[str, forms.Field]:
    person = asking.actor.person
    label = gettext_lazy("Signed by")
    return {"signed_by": PlainLineField(label=label, max_length=50, initial=str(person) if person else "")}


def letter_number(asking: Asking) -> Mapping[str, forms.Field]:
    field = PlainLineField(
        label=gettext_lazy("Number of the letter"),
        required=False,
        max_length=60,
        initial=unsent_number(asking.thing),
        help_text=gettext_lazy("Left empty, the next number of your unit is given."),
    )
    return {"letter_number": field}


def until(asking: Asking) -> Mapping[str, forms.Field]:
    thing = asking.thing
    limit = deadline("extension_limit", thing.home, on=thing.given_on)
    said = _("At the latest %(day)s, with all extensions.") % {"day": limit.isoformat()}
    return {"until": day(gettext_lazy("New day for the answer"), initial=limit, help_text=said)}


def due_on(asking: Asking) -> Mapping[str, forms.Field]:
    asked = getattr(asking.thing, "asked_until", None)
    return {"due_on": day(gettext_lazy("New day"), initial=asked)}


def promises(asking: Asking) -> Mapping[str, forms.Field]:
    """Promises are given item by item, with the answers."""
    return {}


def contact(asking: Asking) -> Mapping[str, forms.Field]:
    label = gettext_lazy("Contact of the department (not public)")
    last = asking.thing.replies.exclude(contact="").last()
    old = asking.thing.draft.get("contact") or (last.contact if last else "")
    return {"contact": PlainLineField(label=label, required=False, max_length=100, initial=old)}


def read_answers(asking: Asking, given: dict[str, Any]) -> list[Answer]:
    """The answers to all items, each with the promise that its grade needs."""
    wrong: dict[str, str] = {}
    table = SPOT_ANSWERS if "spot_answers" in asking.move.asks else grades(asking.thing.home, on=asking.on)
    needy = {row.name for row in table.values() if row.promised}
    found = [_answer(item, given, asking.on, needy, wrong) for item in handled_items(asking.thing)]
    if wrong:
        raise forms.ValidationError(wrong)
    return found


def _answer(item: Item, given: dict[str, Any], on: date, needy: set[str], wrong: dict[str, str]) -> Answer:
    promise, promised_on = given[f"promise_{item.pk}"], given[f"promised_on_{item.pk}"]
    grade = given[f"grade_{item.pk}"]
    if (grade in needy or promised_on) and not promise:
        wrong[f"promise_{item.pk}"] = _("Please say what is promised.")
    if (grade in needy or promise) and not promised_on:
        wrong[f"promised_on_{item.pk}"] = _("A promise needs a day.")
    if promised_on and promised_on <= on:
        wrong[f"promised_on_{item.pk}"] = _("The day of a promise lies in the future.")
    return Answer(item, given[f"text_{item.pk}"], grade, promise, promised_on)


FIELDS: dict[str, FieldMaker] = {
    maker.__name__: maker
    for maker in (
        answers, spot_answers, grade, checked_grade, signed_by, letter_number, until, due_on,
        promises, contact,
    )
}  # fmt: skip
