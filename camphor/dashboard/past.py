"""What happened to a thing, in the words of its flow, without naming private persons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from camphor.trail.models import Entry
from camphor.trail.moves import Moving


@dataclass(frozen=True)
class Told:
    """An entry as a timeline shows it."""

    at: datetime
    text: str
    who: str


def told(thing: Moving, entry: Entry) -> Told:
    """The entry in one sentence; a body is named, a person never is."""
    move = thing.flow.moves.get(entry.move)
    body = entry.in_name_of.name if entry.in_name_of else ""
    asker = _("The one who asked") if entry.standing in ("author", "everyone") else ""
    return Told(entry.at, _(move.told) if move else entry.move, asker or body)
