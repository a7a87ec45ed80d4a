"""The fields behind the words that moves with consultations ask for, and how they are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from camphor.bodies.models import Venue
from camphor.consultations.support import shared_statements
from camphor.conversations.fields import seeds
from camphor.conversations.models import Statement
from camphor.kit.nouns import Asking, FieldMaker
from camphor.kit.words import UNCHOSEN, WORDS, day
from camphor.matters.fields import items


def stage_days(asking: Asking) -> Mapping[str, forms.Field]:
    stages = list(asking.thing.stages.all())
    fields: dict[str, forms.Field] = {
        f"stage_{stage.place}": day(
            _("%(place)s. %(stage)s begins on") % {"place": stage.place, "stage": stage.told},
            initial=stage.opens_on,
        )
        for stage in stages
    }
    length = (stages[-1].last_on - stages[-1].opens_on).days + 1
    fields["last_on"] = day(
        _("Last day of the last stage"),
        required=False,
        help_text=ngettext(
            "If you leave it empty, the last stage keeps its length of %(n)s day.",
            "If you leave it empty, the last stage keeps its length of %(n)s days.",
            length,
        )
        % {"n": length},
    )
    return fields


def starts_at(asking: Asking) -> Mapping[str, forms.Field]:
    widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
    label = gettext_lazy("Begins at")
    return {"starts_at": forms.DateTimeField(label=label, widget=widget, input_formats=formats)}


def venue(asking: Asking) -> Mapping[str, forms.Field]:
    home = asking.thing.home
    near = Venue.objects.filter(body__path__startswith=home.path, until=None)
    field = forms.ModelChoiceField(
        near,
        label=gettext_lazy("Venue"),
        required=False,
        initial=asking.thing.venue_id,
        empty_label=UNCHOSEN,
    )
    return {"venue": field}


def statements(asking: Asking) -> Mapping[str, forms.Field]:
    """The statements that all groups share; no field where there are none yet."""
    shared = shared_statements(asking.thing, at=asking.at)
    if not shared:
        return {}
    field = forms.MultipleChoiceField(
        label=gettext_lazy("Statements that all groups share, and that it rests on"),
        choices=[(str(one.statement.pk), f"{one.statement.text} · {one}") for one in shared],
        initial=[str(one.statement.pk) for one in shared],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("They stand with their votes on the public page of the recommendation."),
    )
    return {"statements": field}


def items_from_shared(asking: Asking) -> Mapping[str, forms.Field]:
    """The items, begun with the shared statements, which are then put as demands."""
    fields = items(asking)
    if asking.move.name == "recommend":
        agreed = [one for one in shared_statements(asking.thing, at=asking.at) if one.agrees]
        fields["items"].initial = "\n".join(one.statement.text for one in agreed)
    return fields


def read(asking: Asking, given: dict[str, Any]) -> dict[str, Any]:
    """From the fields of a form to what the move hands in."""
    if "stage_days" in asking.move.asks:
        places = list(asking.thing.stages.values_list("place", flat=True))
        days = {place: given[f"stage_{place}"] for place in places}
        if given["last_on"]:
            days[places[-1] + 1] = given["last_on"]
        return {"stage_days": days}
    if "statements" in given:
        given["statements"] = list(Statement.objects.filter(pk__in=given["statements"]))
    return given


FIELDS: dict[str, FieldMaker] = (
    WORDS
    | {maker.__name__: maker for maker in (stage_days, starts_at, venue, seeds, statements)}
    | {"items": items_from_shared}
)
