"""The fields behind the words that moves with matters and assignments ask for, and how they are read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from camphor.bodies.models import Body
from camphor.bodies.rulebook import deadline, grades
from camphor.kit.nouns import Asking, FieldMaker
from camphor.kit.words import WORDS, LinesField, LongChoices, choice, day, long_text
from camphor.matters.actions import Answer
from camphor.matters.departments import AREAS, nearest_first
from camphor.matters.evidence import MOST_BYTES, NotAPicture, redrawn
from camphor.matters.models import Item, Matter
from camphor.matters.similar import most_similar
from camphor.rules.bodies import BODY_KINDS
from camphor.rules.matters import CHANNELS, REASONS, SCORES

LONGEST_ITEM = 500
"""Characters: an item is one demand that can be answered by itself."""


def answering_bodies() -> QuerySet[Body]:
    """The bodies to which something can be handed over."""
    return Body.objects.filter(
        kind__in=[kind.name for kind in BODY_KINDS.values() if kind.answers], until=None
    )


def reason(asking: Asking) -> Mapping[str, forms.Field]:
    return {"reason": choice(REASONS, gettext_lazy("Ground"))}


def channel(asking: Asking) -> Mapping[str, forms.Field]:
    return {"channel": choice(CHANNELS, gettext_lazy("Where it goes"))}


def score(asking: Asking) -> Mapping[str, forms.Field]:
    return {"score": choice(SCORES, gettext_lazy("How content are you?"))}


def twin(asking: Asking) -> Mapping[str, forms.Field]:
    """The concerns of the same body that it could be merged into, the most similar first."""
    similar = most_similar(asking.thing)
    rows = [(str(other.pk), f"{other.title} ({_('alike')} {share}%)") for other, share in similar]
    field = forms.ChoiceField(
        label=gettext_lazy("Merge into"),
        choices=rows,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Both who asked stay informed, and each rates the answer for herself."),
    )
    return {"twin": field}


def items(asking: Asking) -> Mapping[str, forms.Field]:
    now = "\n".join(item.text for item in asking.thing.items.all()) if asking.move.name == "edit" else ""
    field = LinesField(
        label=gettext_lazy("Items, one a line"),
        longest=LONGEST_ITEM,
        initial=now,
        help_text=gettext_lazy("Each line becomes a numbered item, which is answered by itself."),
    )
    return {"items": field}


def lead(asking: Asking) -> Mapping[str, forms.Field]:
    """Who leads; whoever was asked already has an assignment, and is not asked twice."""
    free = answering_bodies().exclude(assignments__matter=asking.thing.pk)
    field = forms.ModelChoiceField(free, label=gettext_lazy("Leading department"))
    field.choices = [("", "---------"), *nearest_first(free.select_related(*AREAS), asking.thing.home)]
    return {"lead": field}


def assisting(asking: Asking) -> Mapping[str, forms.Field]:
    bodies = answering_bodies()
    field = forms.ModelMultipleChoiceField(
        bodies, label=gettext_lazy("Assisting units"), required=False, widget=LongChoices
    )
    field.choices = nearest_first(bodies.select_related(*AREAS), asking.thing.home)
    return {"assisting": field}


def lead_due_on(asking: Asking) -> Mapping[str, forms.Field]:
    until = deadline("recommendation_reply", asking.thing.home, on=asking.on)
    return {"lead_due_on": day(gettext_lazy("Answer of the leading department by"), initial=until)}


def assisting_due_on(asking: Asking) -> Mapping[str, forms.Field]:
    until = deadline("assisting_opinion", asking.thing.home, on=asking.on)
    return {"assisting_due_on": day(gettext_lazy("Opinions of the assisting units by"), initial=until)}


def answers(asking: Asking) -> Mapping[str, forms.Field]:
    """An answer, a grade and a promise for every item of the recommendation."""
    fields: dict[str, forms.Field] = {}
    own_grades = [(row.name, _(row.label)) for row in grades(asking.thing.home, on=asking.on).values()]
    for item in asking.thing.matter.items.all():
        fields[f"text_{item.pk}"] = long_text(
            _("Item %(n)s: answer") % {"n": item.place}, help_text=item.text
        )
        fields[f"grade_{item.pk}"] = forms.ChoiceField(
            label=_("Item %(n)s: grade") % {"n": item.place}, choices=own_grades, widget=forms.RadioSelect
        )
        fields[f"promise_{item.pk}"] = forms.CharField(
            label=_("Item %(n)s: what is promised") % {"n": item.place},
            required=False,
            max_length=100,
            help_text=_("A grade B needs a promise and a day. It is public until it was proven kept."),
        )
        fields[f"promised_on_{item.pk}"] = day(
            _("Item %(n)s: promised by") % {"n": item.place}, required=False
        )
    return fields


def promises(asking: Asking) -> Mapping[str, forms.Field]:
    """Promises are given item by item, with the answers."""
    return {}


def contact(asking: Asking) -> Mapping[str, forms.Field]:
    label = gettext_lazy("Contact of the department (not public)")
    return {"contact": forms.CharField(label=label, required=False, max_length=100)}


def photo(asking: Asking) -> Mapping[str, forms.Field]:
    field = forms.FileField(
        label=gettext_lazy("Photo"),
        required=False,
        widget=forms.ClearableFileInput({"accept": "image/jpeg,image/png,image/webp"}),
        help_text=gettext_lazy("JPEG, PNG or WebP, up to 12 MB. Place and time in the file are removed."),
    )
    return {"photo": field}


def seen_on(asking: Asking) -> Mapping[str, forms.Field]:
    return {"seen_on": day(gettext_lazy("Looked at on the spot on"), initial=asking.on)}


def read(asking: Asking, given: dict[str, Any]) -> dict[str, Any]:
    """From the fields of a form to what the move hands in."""
    if "twin" in given:
        given["twin"] = Matter.objects.get(pk=given["twin"])
    if "answers" in asking.move.asks:
        return {"answers": _answers(asking, given), "contact": given["contact"]}
    if "seen_on" in given and given["seen_on"] > asking.on:
        raise forms.ValidationError({"seen_on": _("This day has not come yet.")})
    if "photo" in given:
        given["photo"] = _photo(given["photo"])
    _judge_days(given, asking.on)
    return given


def _judge_days(given: Mapping[str, Any], on: date) -> None:
    """Nobody is given a day that has passed, and the leading department answers last."""
    for name in ("lead_due_on", "assisting_due_on"):
        if name in given and given[name] < on:
            raise forms.ValidationError({name: _("This day has passed already.")})
    if given.get("assisting") and given["assisting_due_on"] > given["lead_due_on"]:
        said = _("The assisting units answer before the leading department, which waits for them.")
        raise forms.ValidationError({"assisting_due_on": said})
    if given.get("lead") in list(given.get("assisting", ())):
        raise forms.ValidationError({"assisting": _("The leading department does not assist itself.")})


def _answers(asking: Asking, given: dict[str, Any]) -> list[Answer]:
    wrong: dict[str, str] = {}
    found = [_answer(item, given, asking.on, wrong) for item in asking.thing.matter.items.all()]
    if wrong:
        raise forms.ValidationError(wrong)
    return found


def _answer(item: Item, given: dict[str, Any], on: date, wrong: dict[str, str]) -> Answer:
    promise, promised_on = given[f"promise_{item.pk}"], given[f"promised_on_{item.pk}"]
    grade = given[f"grade_{item.pk}"]
    if (grade == "B" or promised_on) and not promise:
        wrong[f"promise_{item.pk}"] = _("Please say what is promised.")
    if (grade == "B" or promise) and not promised_on:
        wrong[f"promised_on_{item.pk}"] = _("A promise needs a day.")
    if promised_on and promised_on <= on:
        wrong[f"promised_on_{item.pk}"] = _("The day of a promise lies in the future.")
    return Answer(item, given[f"text_{item.pk}"], grade, promise, promised_on)


def _photo(sent: Any) -> bytes | None:
    if not sent:
        return None
    if sent.size > MOST_BYTES:
        raise forms.ValidationError({"photo": _("The photo is larger than 12 MB.")})
    raw: bytes = sent.read()
    try:
        redrawn(raw)
    except NotAPicture as cause:
        raise forms.ValidationError({"photo": _("This is no picture that can be read.")}) from cause
    return raw


FIELDS: dict[str, FieldMaker] = WORDS | {
    maker.__name__: maker
    for maker in (
        reason, channel, score, twin, items, lead, assisting, lead_due_on, assisting_due_on, answers,
        promises, contact, photo, seen_on,
    )
}  # fmt: skip
