"""An entry of the trail in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from camphor.kit.fields import label_of
from camphor.rules.matters import CHANNELS, REASONS
from camphor.trail.models import Entry


def told(entry: Entry, thing: Any) -> dict[str, Any]:
    """What happened, who did it in whose name, and the reason that was given."""
    move = thing.flow.moves.get(entry.move)
    state = thing.flow.states.get(entry.to)
    text = _(move.told) if move else entry.move
    if reason := _reason(entry):
        text = _("%(what)s: %(reason)s") % {"what": text, "reason": reason}
    return {
        "at": entry.at,
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
    parts = []
    if ground := entry.given.get("reason"):
        parts.append(label_of(REASONS, ground))
    if channel := entry.given.get("channel"):
        parts.append(label_of(CHANNELS, channel))
    if words := entry.given.get("reason_text"):
        parts.append(str(words))
    return _("; ").join(parts)
