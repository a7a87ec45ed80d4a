"""The fields for handing over: to whom, in which way, and by when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from camphor.bodies.models import Body
from camphor.bodies.rulebook import deadline
from camphor.kit.nouns import Asking, FieldMaker
from camphor.kit.words import UNCHOSEN, LongChoices, day
from camphor.matters.actions import above
from camphor.matters.departments import AREAS, nearest_first
from camphor.rules.bodies import BODY_KINDS
from camphor.rules.matters import MATTERS, MODES, Mode


def answering_bodies() -> QuerySet[Body]:
    """The bodies to which something can be handed over."""
    return Body.objects.filter(
        kind__in=[kind.name for kind in BODY_KINDS.values() if kind.answers], until=None
    )


def lead(asking: Asking) -> Mapping[str, forms.Field]:
    """Who leads; whoever was asked already has an assignment, and is not asked twice."""
    free = answering_bodies().exclude(assignments__matter=asking.thing.pk)
    label = gettext_lazy("Unit") if _all_alike(asking) else gettext_lazy("Leading department")
    field = forms.ModelChoiceField(free, label=label)
    field.choices = [("", UNCHOSEN), *nearest_first(free.select_related(*AREAS), asking.thing.home)]
    return {"lead": field}


def assisting(asking: Asking) -> Mapping[str, forms.Field]:
    bodies = answering_bodies()
    field = forms.ModelMultipleChoiceField(
        bodies, label=gettext_lazy("Assisting units"), required=False, widget=LongChoices,
        help_text=_only_for(asking, lambda way: bool(way.assists)),
    )  # fmt: skip
    field.choices = nearest_first(bodies.select_related(*AREAS), asking.thing.home)
    return {"assisting": field}


def others(asking: Asking) -> Mapping[str, forms.Field]:
    """Further units that answer for themselves, where the matter is shared out like that."""
    bodies = answering_bodies()
    label = gettext_lazy("Further units, each answering for itself")
    field = forms.ModelMultipleChoiceField(
        bodies, label=label, required=False, widget=LongChoices,
        help_text=_only_for(asking, lambda way: way.several),
    )  # fmt: skip
    field.choices = nearest_first(bodies.select_related(*AREAS), asking.thing.home)
    return {"others": field}


def _all_alike(asking: Asking) -> bool:
    """Whether its kind knows no unit that leads others."""
    ways = [MODES[name] for name in MATTERS[asking.thing.kind].modes]
    return bool(ways) and all(way.several for way in ways)


def _only_for(asking: Asking, fits: Callable[[Mode], bool]) -> str:
    """In which of the ways of sharing out units of this sort are chosen, where there is a choice of ways."""
    ways = [MODES[name] for name in MATTERS[asking.thing.kind].modes]
    named = [_(way.label) for way in ways if fits(way)]
    return _("Only for: %(ways)s") % {"ways": _(", ").join(named)} if len(ways) > 1 else ""


def guided(asking: Asking) -> Mapping[str, forms.Field]:
    """The committees that this one guides; all of them, unless somebody takes some out."""
    bodies = Body.objects.filter(guided_by=asking.thing.home, until=None)
    label = gettext_lazy("Bodies that carry it out")
    field = forms.ModelMultipleChoiceField(
        bodies, label=label, widget=LongChoices, initial=[body.pk for body in bodies]
    )
    return {"guided": field}


def upper(asking: Asking) -> Mapping[str, forms.Field]:
    """The committees above the body that a concern was raised with."""
    found = above(asking.thing.home)
    field = forms.ModelChoiceField(
        Body.objects.filter(pk__in=[body.pk for body in found], until=None),
        label=gettext_lazy("Handed up to"),
        empty_label=UNCHOSEN,
        initial=found[0].pk if found else None,
        help_text=gettext_lazy("It keeps its code: the one who asked goes on reading its page."),
    )
    return {"upper": field}


def mode(asking: Asking) -> Mapping[str, forms.Field]:
    """How it is shared out, where its kind knows more than one way."""
    names = MATTERS[asking.thing.kind].modes
    if len(names) < 2:
        return {}
    rows = [(name, _(MODES[name].label)) for name in names]
    label = gettext_lazy("How it is shared out")
    return {"mode": forms.ChoiceField(label=label, choices=rows, widget=forms.RadioSelect, initial=names[0])}


def lead_due_on(asking: Asking) -> Mapping[str, forms.Field]:
    kind = MATTERS[asking.thing.kind]
    until = deadline(kind.reply, asking.thing.home, on=asking.on)
    return {"lead_due_on": day(_(kind.day_word), initial=until)}


def assisting_due_on(asking: Asking) -> Mapping[str, forms.Field]:
    until = deadline("assisting_opinion", asking.thing.home, on=asking.on)
    return {"assisting_due_on": day(gettext_lazy("Opinions of the assisting units by"), initial=until)}


def judge_days(given: Mapping[str, Any], on: date) -> None:
    """Nobody is given a day that has passed, and the leading department answers last."""
    for name in ("lead_due_on", "assisting_due_on"):
        if name in given and given[name] < on:
            raise forms.ValidationError({name: _("This day has passed already.")})
    if given.get("assisting") and given["assisting_due_on"] > given["lead_due_on"]:
        said = _("The assisting units answer before the leading department, which waits for them.")
        raise forms.ValidationError({"assisting_due_on": said})
    if given.get("lead") in list(given.get("assisting", ())):
        raise forms.ValidationError({"assisting": _("The leading department does not assist itself.")})


FIELDS: dict[str, FieldMaker] = {
    maker.__name__: maker
    for maker in (
        lead, assisting, others, guided, upper, mode, lead_due_on, assisting_due_on,
    )
}  # fmt: skip
