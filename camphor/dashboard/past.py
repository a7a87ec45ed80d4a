"""What happened to a thing, in the words of its flow, without naming private persons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from camphor.engine.flow import Flow
from camphor.rules.trail import DEEDS
from camphor.trail.models import Entry
from camphor.trail.moves import Moving


@dataclass(frozen=True)
class Told:
    """An entry as a timeline shows it."""

    at: datetime
    text: str
    who: str


def what_happened(entry: Entry, flow: Flow | None) -> str:
    """The move in the words of its flow, or the deed that stands beside the moves."""
    moves = flow.moves if flow else {}
    if move := moves.get(entry.move):
        return _(move.told)
    if deed := DEEDS.get(entry.move):
        undone = moves.get(str(entry.given.get("move")))
        return _(deed.label) % {"what": _(undone.told) if undone else ""}
    return entry.move


def told(thing: Moving, entry: Entry) -> Told:
    """The entry in one sentence; a body is named, a person never is."""
    body = entry.in_name_of.name if entry.in_name_of else ""
    asker = _("The one who asked") if entry.standing in ("author", "everyone") else ""
    return Told(entry.at, what_happened(entry, thing.flow), asker or body)
