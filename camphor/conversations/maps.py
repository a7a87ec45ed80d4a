"""The map of a conversation as it stands, redrawn when there is something new on it."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db.models import Max
from django.db.utils import IntegrityError

from camphor.conversations.models import Conversation, MapSnapshot, Statement, Vote
from camphor.engine.opinion import OpinionMap, Votes, draw_map
from camphor.trail.models import Entry

LEAST_BETWEEN = timedelta(seconds=1)
"""A map is redrawn at most so often; newer votes are on the page a moment later."""

_drawing: dict[int, threading.Lock] = {}
_guard = threading.Lock()


def current(conversation: Conversation, *, at: datetime) -> OpinionMap:
    """The newest map; one request redraws it while the others get the one before."""
    newest = conversation.maps.order_by("pk").last()
    state = _state(conversation)
    if newest and (_is_of(newest, state) or at - newest.drawn_at < LEAST_BETWEEN):
        return _as_map(newest)
    with _guard:
        lock = _drawing.setdefault(conversation.pk, threading.Lock())
    if newest and not lock.acquire(blocking=False):
        return _as_map(newest)
    if not newest:
        lock.acquire()
    try:
        newest = conversation.maps.order_by("pk").last()
        if newest and _is_of(newest, state):
            return _as_map(newest)
        return _as_map(_redraw(conversation, newest, state, at=at))
    finally:
        lock.release()


def _state(conversation: Conversation) -> tuple[int, int]:
    """The newest vote and the newest act of moderation; when both are as before, so is the map."""
    vote = conversation.votes.aggregate(last=Max("pk"))["last"] or 0
    kind = ContentType.objects.get_for_model(Statement)
    entries = Entry.objects.filter(
        subject_type=kind, subject_id__in=conversation.statements.values("pk"), move__in=("admit", "reject")
    )
    return vote, entries.aggregate(last=Max("pk"))["last"] or 0


def _is_of(snapshot: MapSnapshot, state: tuple[int, int]) -> bool:
    return (snapshot.last_vote, snapshot.last_entry) == state


def _redraw(
    conversation: Conversation, before: MapSnapshot | None, state: tuple[int, int], *, at: datetime
) -> MapSnapshot:
    drawn = draw(conversation, before=_as_map(before) if before else None)
    try:
        snapshot, _new = MapSnapshot.objects.get_or_create(
            conversation=conversation,
            last_vote=state[0],
            last_entry=state[1],
            defaults={"data": drawn.to_json(), "drawn_at": at},
        )
    except IntegrityError:  # another process drew the same one
        snapshot = conversation.maps.get(last_vote=state[0], last_entry=state[1])
    return snapshot


def draw(conversation: Conversation, *, before: OpinionMap | None = None) -> OpinionMap:
    """Draw the map from the log of votes, as if there were none yet."""
    log = Vote.objects.filter(conversation=conversation).order_by("pk")
    rows = list(log.values_list("participant", "statement", "value"))
    who, what, how = zip(*rows, strict=True) if rows else ((), (), ())
    hidden = conversation.statements.exclude(state="accepted").values_list("pk", flat=True)
    return draw_map(Votes.from_log(who, what, how), hidden=list(hidden), before=before)


def _as_map(snapshot: MapSnapshot) -> OpinionMap:
    return OpinionMap.from_json(snapshot.data)
