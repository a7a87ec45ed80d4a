"""An entry of the trail in words."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from camphor.bodies.rulebook import WORDS, words
from camphor.dashboard.past import what_happened
from camphor.engine.flow import Flow
from camphor.engine.table import Table
from camphor.kit.fields import label_of
from camphor.matters.models import Assignment
from camphor.rules.matters import (
    CHANNELS,
    DESTINATIONS,
    MANNERS,
    MATTERS,
    OPINION_REFUSALS,
    REASONS,
    REFUSALS,
)
from camphor.rules.reminders import REMINDERS
from camphor.trail.models import Entry, Reminding

GROUNDS: dict[str, Table[Any]] = {
    "reason": REASONS,
    "refusal": REFUSALS,
    "opinion_refusal": OPINION_REFUSALS,
    "channel": CHANNELS,
    "destination": DESTINATIONS,
    "manner": MANNERS,
}
"""What can be handed in as a ground, and the dictionary that it is a word of."""
UNITS = ("unit", "units", "units_again")
"""What names units that answer, where each answers for itself."""


def told(entry: Entry, thing: Any) -> dict[str, Any]:
    """What happened, who did it in whose name, and the reason that was given."""
    flow = getattr(thing, "flow", None)
    state = flow.states.get(entry.to) if flow else None
    text = what_happened(entry, flow)
    if reason := _reason(entry, thing):
        text = _("%(what)s: %(reason)s") % {"what": text, "reason": reason}
    return {
        "at": entry.at,
        "move": entry.move,
        "by": entry.by_id,
        "given": entry.given,
        "text": text,
        "who": who(entry, _asker(thing)),
        "word": _(state.label) if state else "",
        "tone": state.tone if state else "note",
    }


def _asker(thing: Any) -> str:
    kind = MATTERS.get(getattr(thing, "kind", ""))
    return _(kind.asker_word) if kind and kind.asker_word else ""


def told_reminding(reminding: Reminding) -> dict[str, Any]:
    """A reminder in words, with the day that it is about."""
    label = label_of(REMINDERS, reminding.reminder)
    return {
        "at": reminding.at,
        "text": f"{label} · {reminding.due_on:%Y-%m-%d}",
        "who": "",
        "word": "",
        "tone": "note",
    }


def who(entry: Entry, asker: str = "") -> str:
    """The person with his body; a resident without an account is told by what she is to the thing.

    asker: what somebody without an account is called, where it is known to be the one who asked.
    """
    if entry.by is None:
        return asker or {
            "author": _("the one who asked"),
            "attendee": _("somebody present"),
        }.get(entry.standing, _("a resident"))
    body = entry.in_name_of.name if entry.in_name_of else ""
    name = str(entry.by)
    if entry.on_behalf_of:
        name = _("%(delegate)s for %(colleague)s") % {"delegate": name, "colleague": entry.on_behalf_of}
    return f"{name} · {body}" if body else name


def _reason(entry: Entry, thing: Any) -> str:
    """The ground and the words that were given; what somebody says with a rating stands beside the rating."""
    if "score" in entry.given:
        return _units(entry)
    parts = [str(sent) for sent in _destination(entry, thing)]
    parts += [units] if (units := _units(entry)) else []
    parts += [
        label_of(_grounds(name, entry, thing), entry.given[name]) for name in GROUNDS if entry.given.get(name)
    ]
    flow: Flow | None = getattr(thing, "flow", None)
    move = flow.moves.get(entry.move) if flow else None
    said = ("reason_text", "remark", *(move.recounts if move else ()))
    parts += [str(words) for name in said if (words := entry.given.get(name))]
    return _("; ").join(parts)


def _units(entry: Entry) -> str:
    """The units that it is about, where each answers for itself: who was rated, who answers again."""
    named = [pk for word in UNITS for pk in _listed(entry.given.get(word))]
    units = Assignment.objects.filter(pk__in=named).select_related("handler") if named else ()
    return _(", ").join(unit.handler.name for unit in units)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


def _destination(entry: Entry, thing: Any) -> list[Any]:
    """Of what is told: the one destination of several that an opinion report was sent to."""
    pk = entry.given.get("dispatch")
    return [one for one in thing.dispatches.all() if one.pk == pk] if pk else []


def _grounds(name: str, entry: Entry, thing: Any) -> Table[Any]:
    """The dictionary of a ground; where a body can set rows of it, as it held for that body on that day."""
    table = GROUNDS[name]
    own = next((known for known, one in WORDS.items() if one is table), None)
    return words(own, thing.home, on=timezone.localdate(entry.at)) if own else table
