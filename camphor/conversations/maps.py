"""The map of a conversation as it stands, redrawn when there is something new on it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ObjectDoesNotExist

from camphor.conversations import redrawing, snapshots
from camphor.conversations.models import Conversation, Statement
from camphor.conversations.snapshots import Stored
from camphor.conversations.vote_log import votes_of
from camphor.engine.opinion import OpinionMap, draw_map
from camphor.trail.models import Entry

_drawing: dict[int, threading.Lock] = {}
_guard = threading.Lock()


@dataclass(frozen=True)
class Current:
    """The newest map there is, and whether there is something newer that is not on it yet."""

    map: OpinionMap
    key: int
    drawn_at: datetime
    behind: bool


def current(conversation: Conversation, *, at: datetime, wait: bool | None = None) -> OpinionMap:
    """The map; with `wait` (else as the settings have it) of the newest vote, without it of a moment ago."""
    return newest(conversation, at=at, wait=wait).map


def newest(conversation: Conversation, *, at: datetime, wait: bool | None = None) -> Current:
    """The map and when it was drawn; only where there is none yet, a page waits for it."""
    if wait is None:
        wait = not settings.MAPS_IN_BACKGROUND
    stored = snapshots.newest(conversation)
    if stored is None or (wait and stored.of != state_of(conversation)):
        stored = redraw(conversation, at=at)
    if not wait:
        redrawing.watch(conversation, redraw=redraw_if_behind, at=at)
    try:
        drawn = stored.map
    except ObjectDoesNotExist:  # a newer one took its place in this moment
        stored = snapshots.newest(conversation) or redraw(conversation, at=at)
        drawn = stored.map
    return Current(drawn, stored.pk, stored.drawn_at, not wait and stored.of != state_of(conversation))


def redraw_if_behind(conversation: Conversation, at: datetime) -> None:
    """Bring the stored map up to the newest vote and act of moderation."""
    stored = snapshots.newest(conversation)
    if stored is None or stored.of != state_of(conversation):
        redraw(conversation, at=at)


def redraw(conversation: Conversation, *, at: datetime) -> Stored:
    """Draw and store the map; when two threads want it, one draws and the other takes what was drawn."""
    with _guard:
        lock = _drawing.setdefault(conversation.pk, threading.Lock())
    with lock:
        state = state_of(conversation)
        before = snapshots.newest(conversation)
        if before and before.of == state:
            return before
        drawn = draw(conversation, before=before.map if before else None)
        return snapshots.store(conversation, drawn, of=state, at=at)


def draw(conversation: Conversation, *, before: OpinionMap | None = None) -> OpinionMap:
    """Draw the map from the log of votes, whether or not one is stored."""
    votes = votes_of(conversation, keep=settings.MAPS_IN_BACKGROUND)
    hidden = conversation.statements.exclude(state="accepted").values_list("pk", flat=True)
    return draw_map(votes, hidden=list(hidden), before=before)


def state_of(conversation: Conversation) -> tuple[int, int]:
    """The newest vote and the newest act of moderation; when both are as before, so is the map."""
    vote = conversation.votes.order_by("-pk").values_list("pk", flat=True).first()
    kind = ContentType.objects.get_for_model(Statement)
    entries = Entry.objects.filter(
        subject_type=kind, subject_id__in=conversation.statements.values("pk"), move__in=("admit", "reject")
    )
    entry = entries.order_by("-pk").values_list("pk", flat=True).first()
    return vote or 0, entry or 0
