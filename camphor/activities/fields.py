"""The fields behind the words that moves with activities ask for, and how they are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from camphor.activities.actions import Guest, Written
from camphor.activities.models import Attendance
from camphor.kit.fields import label_of
from camphor.kit.nouns import Asking, FieldMaker
from camphor.kit.words import WORDS, LinesField, choice, long_text
from camphor.people.models import Membership
from camphor.rules.activities import PARTS, POINTS

BY_NAME = ("resident", "stakeholder", "expert", "observer")
"""Parts of people without an account, who are entered by name."""
PART_OF_ROLE = {"member": "member", "officer": "officer", "clerk": "chair", "leader": "observer"}
"""The part that somebody takes who comes in his own office."""


class MembershipChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Persons with an account, named with their part and body."""

    def label_from_instance(self, seat: Any) -> str:
        return f"{seat.person} · {label_of(PARTS, PART_OF_ROLE[seat.role])} · {seat.body.name}"


class SeatChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Those on the list of a session."""

    def label_from_instance(self, seat: Any) -> str:
        return seat_label(seat)


class SpeakerChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Who spoke."""

    def label_from_instance(self, seat: Any) -> str:
        return seat_label(seat)


def seat_label(seat: Attendance) -> str:
    unit = f" · {seat.body.name}" if seat.body else ""
    return f"{seat.name} · {label_of(PARTS, seat.part)}{unit}"


def invited(asking: Asking) -> Mapping[str, forms.Field]:
    seats = Membership.objects.in_force(asking.on).select_related("person", "body").order_by("role", "body")
    fields: dict[str, forms.Field] = {
        "people": MembershipChoice(
            seats,
            label=gettext_lazy("Members and officers"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
    }
    return fields | _names("guests")


def short_notice(asking: Asking) -> Mapping[str, forms.Field]:
    """Why people hear of it later than the rules ask; asked only where they do."""
    if asking.thing.is_told_in_time(asking.on):
        return {}
    said = _("The session should have been told of by %(day)s. The reason stays on record.")
    field = long_text(
        gettext_lazy("Why it is told so late"),
        help_text=said % {"day": asking.thing.notice_until(asking.on).isoformat()},
    )
    return {"short_notice": field}


def late_materials(asking: Asking) -> Mapping[str, forms.Field]:
    """Why the materials of a formal session go out later than the rules ask; asked only where they do."""
    until = asking.thing.materials_until(asking.on)
    if until is None or asking.on <= until:
        return {}
    said = _("The materials should have gone out by %(day)s. The reason stays on record.")
    field = long_text(gettext_lazy("Why they go out so late"), help_text=said % {"day": until.isoformat()})
    return {"late_materials": field}


def walk_ins(asking: Asking) -> Mapping[str, forms.Field]:
    return _names("others")


def _names(prefix: str) -> dict[str, forms.Field]:
    return {
        f"{prefix}_{part}": LinesField(
            label=_("%(part)s, one name a line") % {"part": label_of(PARTS, part)},
            required=False,
            longest=50,
            widget=forms.Textarea({"rows": 2}),
        )
        for part in BY_NAME
    }


def _on_the_list(asking: Asking) -> QuerySet[Attendance]:
    return asking.thing.attendances.select_related("body")  # type: ignore[no-any-return]


def came(asking: Asking) -> Mapping[str, forms.Field]:
    waited_for = _on_the_list(asking).filter(came_at=None)
    field = SeatChoice(
        waited_for, label=gettext_lazy("Came"), required=False, widget=forms.CheckboxSelectMultiple
    )
    return {"came": field}


def confirmed(asking: Asking) -> Mapping[str, forms.Field]:
    open_seats = _on_the_list(asking).filter(confirmed_at=None).exclude(came_at=None)
    field = SeatChoice(
        open_seats, label=gettext_lazy("Confirmed on paper"), widget=forms.CheckboxSelectMultiple
    )
    return {"confirmed": field}


def speaker(asking: Asking) -> Mapping[str, forms.Field]:
    present = _on_the_list(asking).exclude(came_at=None)
    return {"speaker": SpeakerChoice(present, label=gettext_lazy("Who spoke"), required=False)}


def written(asking: Asking) -> Mapping[str, forms.Field]:
    """Kind, speaker and words of every point of the minutes."""
    fields: dict[str, forms.Field] = {}
    for number, point in enumerate(asking.thing.points.all(), start=1):
        fields[f"kind_{point.pk}"] = forms.ChoiceField(
            label=_("%(n)s. Kind of point") % {"n": number},
            choices=[(name, label_of(POINTS, name)) for name in POINTS],
            initial=point.kind,
        )
        fields[f"speaker_{point.pk}"] = SpeakerChoice(
            _on_the_list(asking).exclude(came_at=None),
            label=_("%(n)s. Who spoke") % {"n": number},
            required=False,
            initial=point.speaker_id,
        )
        fields[f"text_{point.pk}"] = long_text(
            _("%(n)s. Text") % {"n": number},
            required=False,
            initial=point.text,
            help_text=_("Leave it empty to take the point out."),
        )
    return fields


def point_kind(asking: Asking) -> Mapping[str, forms.Field]:
    return {"point_kind": choice(POINTS, gettext_lazy("Kind of point"))}


def read(asking: Asking, given: dict[str, Any]) -> dict[str, Any]:
    """From the fields of a form to what the move hands in."""
    if asking.move.name == "invite":
        guests = [
            Guest(str(seat.person), PART_OF_ROLE[seat.role], seat.person, seat.body)
            for seat in given["people"]
        ]
        guests += _guests(given, "guests")
        if not guests:
            raise forms.ValidationError(_("Please name at least one guest."))
        return {"invited": guests, "short_notice": given.get("short_notice", "")}
    if asking.move.name == "attend":
        others = _guests(given, "others")
        if not (given["came"] or others):
            raise forms.ValidationError(_("Please mark at least one person."))
        return {"came": list(given["came"]), "walk_ins": others}
    if asking.move.name == "revise":
        return {"written": _written(asking, given)}
    if "confirmed" in given:
        given["confirmed"] = list(given["confirmed"])
    return given


def _written(asking: Asking, given: dict[str, Any]) -> list[Written]:
    lines = [
        Written(pk, given[f"kind_{pk}"], given[f"speaker_{pk}"], given[f"text_{pk}"])
        for pk in asking.thing.points.values_list("pk", flat=True)
        if f"text_{pk}" in given
    ]
    if not any(line.text for line in lines):
        raise forms.ValidationError(_("Minutes hold at least one point."))
    return lines


def _guests(given: dict[str, Any], prefix: str) -> list[Guest]:
    return [Guest(name, part) for part in BY_NAME for name in given[f"{prefix}_{part}"]]


FIELDS: dict[str, FieldMaker] = WORDS | {
    maker.__name__: maker
    for maker in (
        invited,
        short_notice,
        late_materials,
        walk_ins,
        came,
        confirmed,
        speaker,
        point_kind,
        written,
    )
}
