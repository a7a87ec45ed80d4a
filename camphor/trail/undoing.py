"""Taking a move back: within minutes, by who made it, as long as nothing came of it and nobody heard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from camphor.engine.flow import Move
from camphor.people.actor import Actor
from camphor.people.standing import standings
from camphor.rules.trail import UNDO_MINUTES
from camphor.trail.history import entries_of
from camphor.trail.models import Delivery, Entry, Link, Notice

WINDOW = timedelta(minutes=UNDO_MINUTES)
Reverse = Callable[[Any, Entry], None]
"""Reverses the effect of a move; raises NotUndoable where something came of it."""


class NotUndoable(ValueError):
    """Why the move cannot be taken back, in the reader's language."""


@dataclass(frozen=True)
class Offer:
    """A move that can still be taken back."""

    entry: Entry
    move: Move
    seconds: int

    @property
    def minutes(self) -> int:
        return -(-self.seconds // 60)


def offer(thing: Any, actor: Actor, *, at: datetime) -> Offer | None:
    """What this actor could take back now with the thing, if anything."""
    entry = entries_of(thing).last()
    if entry is None or _refusal(thing, entry, actor, at):
        return None
    left = entry.at + WINDOW - at
    return Offer(entry, thing.flow.moves[entry.move], int(left.total_seconds()))


def undo(thing: Any, entry: Entry, *, by: Actor, at: datetime, reverse: Reverse | None = None) -> Entry:
    """Put the state and the day back as they were, with the effect, by a new entry; raises NotUndoable."""
    try:
        with transaction.atomic():
            type(thing)._default_manager.select_for_update(of=("self",)).get(pk=thing.pk)
            thing.refresh_from_db()
            if refusal := _refusal(thing, entry, by, at):
                raise NotUndoable(refusal)
            if reverse:
                reverse(thing, entry)
            undone = _record(thing, entry, at=at)
            thing.state, thing.due_on = entry.was, entry.was_due_on
            thing.version += 1
            thing.save(update_fields=["state", "due_on", "version"])
            notices = Notice.objects.filter(entry=entry, read_at=None)
            Delivery.objects.filter(notice__in=notices).update(outcome="withdrawn", done_at=at)
            notices.update(read_at=at)
    except IntegrityError as twice:
        raise NotUndoable(_("This was taken back already.")) from twice
    return undone


def _refusal(thing: Any, entry: Entry, actor: Actor, at: datetime) -> str:
    """Why it cannot be taken back; nothing where it can."""
    move = thing.flow.moves.get(entry.move)
    if move is None or not move.undo or not entry.was:
        return _("This cannot be taken back.")
    if actor.person is None or entry.by_id != actor.person.pk:
        return _("Only whoever did it can take it back.")
    if entry.standing not in standings(actor, thing, on=timezone.localdate(at)):
        return _("Only whoever did it can take it back.")
    if at >= entry.at + WINDOW:
        return _("It is too late to take this back: %(n)s minutes have passed.") % {"n": UNDO_MINUTES}
    if thing.state != entry.to or entries_of(thing).last() != entry or _linked_since(thing, entry):
        return _("It cannot be taken back any more: something has followed from it.")
    told = Notice.objects.filter(entry=entry)
    if (
        told.exclude(read_at=None).exists()
        or Delivery.objects.filter(notice__in=told, outcome="sent").exists()
    ):
        return _("It cannot be taken back any more: somebody has been told of it.")
    return ""


def _linked_since(thing: Any, entry: Entry) -> bool:
    """Something came of the thing, or the thing of something, after this entry."""
    kind = ContentType.objects.get_for_model(thing)
    ends = Q(source_type=kind, source_id=thing.pk) | Q(target_type=kind, target_id=thing.pk)
    return Link.objects.filter(ends, at__gt=entry.at).exists()


def _record(thing: Any, entry: Entry, *, at: datetime) -> Entry:
    return Entry.objects.create(
        at=at,
        by=entry.by,
        on_behalf_of=entry.on_behalf_of,
        in_name_of=entry.in_name_of,
        standing=entry.standing,
        move="undo",
        to=entry.was,
        was=entry.to,
        was_due_on=thing.due_on,
        given={"move": entry.move},
        undoes=entry,
        subject=thing,
    )
