"""The fields for the bodies in whose name a proposal is made, and for those who sign it in their names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from camphor.bodies.models import Body
from camphor.bodies.rulebook import forms as forms_of
from camphor.kit.fields import label_of
from camphor.kit.nouns import Asking, FieldMaker
from camphor.kit.words import UNCHOSEN, LongChoices
from camphor.matters.fields.writing import EDITS, now, unasked
from camphor.rules.bodies import BODY_KINDS

JOINS = "joins_"
"""What the field begins with in which somebody is named who signs for a body; its key follows."""


def sponsor(asking: Asking) -> Mapping[str, forms.Field]:
    """The body in whose name it is made, by its kind: a part of the committee, or an organisation."""
    kinds = _kinds(form.sponsors for form in forms_of(asking.thing.home, on=asking.on).values())
    found = _bodies(asking, kinds)
    field = forms.ModelChoiceField(
        found,
        label=gettext_lazy("In whose name"),
        required=False,
        initial=now(asking, "sponsor"),
        help_text=gettext_lazy("Only for proposals of a party, an organisation, a sector, a group or a "
                               "special committee."),
    )  # fmt: skip
    field.choices = [("", UNCHOSEN), *_by_kind(found, kinds)]
    return {"sponsor": field}


def joined_by(asking: Asking) -> Mapping[str, forms.Field]:
    """The further bodies that make it together with the first, where some form allows any."""
    kinds = _kinds(form.joined_by for form in forms_of(asking.thing.home, on=asking.on).values())
    found = _bodies(asking, kinds)
    if not found:
        return {}
    field = forms.ModelMultipleChoiceField(
        found,
        label=gettext_lazy("Together with"),
        required=False,
        widget=LongChoices,
        initial=list(asking.thing.joined_by.all()) if asking.move.name in EDITS else None,
        help_text=gettext_lazy("Only for joint proposals of several bodies. Somebody signs for each of them, "
                               "and the sheet carries the seals of all."),
    )  # fmt: skip
    field.choices = _by_kind(found, kinds)
    return {"joined_by": field}


def _kinds(of_forms: Iterable[tuple[str, ...]]) -> list[str]:
    return list(dict.fromkeys(kind for kinds in of_forms for kind in kinds))


def _bodies(asking: Asking, kinds: list[str]) -> QuerySet[Body]:
    within = [kind for kind in kinds if BODY_KINDS[kind].within]
    parts = Body.objects.filter(path__startswith=asking.thing.home.path, kind__in=within)
    others = Body.objects.filter(kind__in=set(kinds) - set(within))
    return (parts | others).filter(until=None)


def _by_kind(found: QuerySet[Body], kinds: list[str]) -> list[tuple[str, list[tuple[int, str]]]]:
    rows = [(kind, [(one.pk, str(one)) for one in found if one.kind == kind]) for kind in kinds]
    return [(label_of(BODY_KINDS, kind), bodies) for kind, bodies in rows if bodies]


def judge_sponsors(asking: Asking, given: Mapping[str, Any]) -> None:
    """A form that is made in the name of a body names one of the right kind; a draft may still lack it."""
    chosen: Body | None = given["sponsor"]
    form = forms_of(asking.thing.home, on=asking.on)[given["form"]]
    if chosen is not None and chosen.kind not in form.sponsors:
        if not form.collective:
            said = _("%(form)s: its members sign it themselves. Leave this empty, or choose another form.")
            raise forms.ValidationError({"sponsor": said % {"form": _(form.label)}})
        raise forms.ValidationError({"sponsor": _of_another_kind(form.label, chosen, form.sponsors)})
    for body in given.get("joined_by", ()):
        if not form.joined_by:
            said = _("%(form)s: nobody else makes it as well. Leave this empty, or choose another form.")
            raise forms.ValidationError({"joined_by": said % {"form": _(form.label)}})
        if chosen is None:
            raise forms.ValidationError({"sponsor": _("Please choose the body that is named first.")})
        if body == chosen:
            said = _("%(body)s is named first already.")
            raise forms.ValidationError({"joined_by": said % {"body": body}})
        if body.kind not in form.joined_by:
            raise forms.ValidationError({"joined_by": _of_another_kind(form.label, body, form.joined_by)})


def _of_another_kind(form: str, body: Body, kinds: Iterable[str]) -> str:
    said = _("%(form)s: choose one of this kind: %(kinds)s. %(body)s is of another kind: %(kind)s.")
    fit = _(", ").join(label_of(BODY_KINDS, kind) for kind in kinds)
    return said % {"form": _(form), "kinds": fit, "body": body, "kind": label_of(BODY_KINDS, body.kind)}


def joining(asking: Asking) -> Mapping[str, forms.Field]:
    """For each further body for which nobody was asked yet, the member who signs in its name."""
    gone = asking.thing.backings.filter(state__in=("refused", "lapsed"))
    asked = asking.thing.backings.exclude(pk__in=gone).exclude(in_name_of=None)
    return {
        f"{JOINS}{body.pk}": forms.ModelChoiceField(
            unasked(asking),
            label=_("Signs in the name of: %(body)s") % {"body": body},
            required=False,
            empty_label=UNCHOSEN,
        )
        for body in asking.thing.joined_by.exclude(pk__in=asked.values("in_name_of"))
    }


def read_joining(given: dict[str, Any]) -> dict[str, Any]:
    """Who signs in whose name; each for one body, and not once more for himself."""
    named = {name: person for name, person in given.items() if name.startswith(JOINS) and person}
    rest = {name: value for name, value in given.items() if not name.startswith(JOINS)}
    people = list(rest["invited"])
    for name, person in named.items():
        if person in people:
            said = _("%(person)s is named twice: everybody signs once.")
            raise forms.ValidationError({name: said % {"person": person}})
        people.append(person)
    if not people:
        raise forms.ValidationError(_("Please choose who is asked to sign."))
    return rest | {"joining": {int(name.removeprefix(JOINS)): person for name, person in named.items()}}


FIELDS: dict[str, FieldMaker] = {maker.__name__: maker for maker in (sponsor, joined_by, joining)}
