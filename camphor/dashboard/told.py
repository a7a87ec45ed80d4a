"""An entry of the trail in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from camphor.engine.table import Table
from camphor.kit.fields import label_of
from camphor.rules.matters import CHANNELS, OPINION_REFUSALS, REASONS, REFUSALS, Word
from camphor.trail.models import Entry

GROUNDS: dict[str, Table[Word]] = {
    "reason": REASONS,
    "refusal": REFUSALS,
    "opinion_refusal": OPINION_REFUSALS,
    "channel": CHANNELS,
}
"""What can be handed in as a ground, and the dictionary that it is a word of."""


def told(entry: Entry, thing: Any) -> dict[str, Any]:
    """What happened, who did it in whose name, and the reason that was given."""
    move = thing.flow.moves.get(entry.move)
    state = thing.flow.states.get(entry.to)
    text = _(move.told) if move else entry.move
    if reason := _reason(entry):
        text = _("%(what)s: %(reason)s") % {"what": text, "reason": reason}
    return {
        "at": entry.at,
        "move": entry.move,
        "by": entry.by_id,
        "text": text,
        "who": who(entry),
        "word": _(state.label) if state else "",
        "tone": state.tone if state else "note",
    }


def who(entry: Entry) -> str:
    """The person with his body; a resident without an account is told by what she is to the thing."""
    if entry.by is None:
        return {
            "author": _("the one who asked"),
            "attendee": _("somebody present"),
        }.get(entry.standing, _("a resident"))
    body = entry.in_name_of.name if entry.in_name_of else ""
    return f"{entry.by} · {body}" if body else str(entry.by)


def _reason(entry: Entry) -> str:
    parts = [label_of(table, entry.given[name]) for name, table in GROUNDS.items() if entry.given.get(name)]
    if words := entry.given.get("reason_text"):
        parts.append(str(words))
    return _("; ").join(parts)
