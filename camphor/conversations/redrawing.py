"""Maps are redrawn beside the requests: one thread for each conversation whose map somebody looks at."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic

from django.db import connections

from camphor.conversations.models import Conversation

WATCHED_FOR = 20.0
"""Seconds after the last look at a map until nobody is taken to look at it; an open page looks every few."""
LOOKS_EVERY = 0.25
"""Seconds between two looks for new votes. With a drawing of a second, a vote is on the map in two."""
REST = 0.25
"""Of the time that a drawing took, this part is left to the requests before the next one begins."""

Redraw = Callable[[Conversation, datetime], None]

log = logging.getLogger(__name__)
_watched: dict[int, float] = {}
_guard = threading.Lock()


def watch(conversation: Conversation, *, redraw: Redraw, at: datetime) -> None:
    """Have the map redrawn whenever there is something new, as long as somebody looks; returns at once."""
    with _guard:
        running = conversation.pk in _watched
        _watched[conversation.pk] = monotonic() + WATCHED_FOR
    if not running:
        name = f"map of conversation {conversation.pk}"
        threading.Thread(target=_keep, args=(conversation, redraw, at), name=name, daemon=True).start()


def _keep(conversation: Conversation, redraw: Redraw, at: datetime) -> None:
    began = monotonic()
    try:
        while not _over(conversation.pk):
            started = monotonic()
            redraw(conversation, at + timedelta(seconds=started - began))
            threading.Event().wait(max(LOOKS_EVERY, REST * (monotonic() - started)))
    except Exception:
        log.exception("the map of conversation %s could not be redrawn", conversation.pk)
        with _guard:
            _watched.pop(conversation.pk, None)  # the next look tries again
    finally:
        connections.close_all()


def _over(pk: int) -> bool:
    with _guard:
        if monotonic() < _watched[pk]:
            return False
        del _watched[pk]
        return True
