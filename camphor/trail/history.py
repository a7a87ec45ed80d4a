"""What happened to a thing, read back from its entries."""

from __future__ import annotations

from datetime import date

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from camphor.trail.models import Entry, File


def entries_of(*things: models.Model) -> models.QuerySet[Entry]:
    """The entries of these things, oldest first."""
    about = models.Q(pk__in=())
    for thing in things:
        kind = ContentType.objects.get_for_model(thing)
        about |= models.Q(subject_type=kind, subject_id=thing.pk)
    return Entry.objects.filter(about).select_related("by", "in_name_of", "on_behalf_of")


def moves_of(*things: models.Model) -> models.QuerySet[Entry]:
    """The same without links by hand: the other end of one may be hidden from whoever reads this."""
    return entries_of(*things).exclude(move__in=("connect", "disconnect"))


def made_on(thing: models.Model, move: str) -> date | None:
    """The day on which a move was last made with a thing, and not taken back."""
    entry = entries_of(thing).filter(move=move, undone_by=None).last()
    return timezone.localdate(entry.at) if entry else None


def attached_to(*things: models.Model) -> models.QuerySet[File]:
    """The files that go along with their texts, in the order in which they were attached."""
    return papers_of(*things).filter(entry__move="attach")


def papers_of(*things: models.Model) -> models.QuerySet[File]:
    """The files that were handed in with the moves of these things, without their contents."""
    files = File.objects.filter(entry__in=entries_of(*things)).defer("content")
    return files.select_related("entry").order_by("pk")
