"""Which effects are reversed when a move is taken back at the desk, noun by noun."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.shortcuts import get_object_or_404

from camphor.consultations import taking_back as consultations
from camphor.consultations.models import Consultation
from camphor.conversations import taking_back as conversations
from camphor.conversations.models import Conversation, Statement
from camphor.matters import taking_back as matters
from camphor.matters.models import Assignment, Matter
from camphor.people.actor import Actor
from camphor.trail.history import entries_of
from camphor.trail.undoing import Reverse, undo

REVERSES: dict[type, Callable[[Any, str], Reverse | None]] = {
    Matter: matters.reverse_of,
    Assignment: matters.reverse_of,
    Consultation: consultations.reverse_of,
    Conversation: conversations.reverse_of,
    Statement: conversations.reverse_of,
}


def take_back(thing: Any, entry_id: int, *, by: Actor, at: datetime) -> None:
    """Take back the move behind this entry; raises NotUndoable with the reason."""
    entry = get_object_or_404(entries_of(thing), pk=entry_id)
    reverse_of = REVERSES.get(type(thing))
    undo(thing, entry, by=by, at=at, reverse=reverse_of(thing, entry.move) if reverse_of else None)
