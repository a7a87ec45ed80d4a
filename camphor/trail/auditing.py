"""What was done in the name of a body, for those who audit it."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from camphor.people.actor import Actor
from camphor.trail.models import Entry


def audited_by(actor: Actor, *, on: date) -> QuerySet[Entry]:
    """All that was done in the name of the bodies that this actor audits and of their parts, newest first."""
    own = Q(pk__in=())
    for path in actor.paths("auditor", on):
        own |= Q(in_name_of__path__startswith=path)
    entries = Entry.objects.filter(own).select_related("by", "in_name_of", "on_behalf_of")
    return entries.order_by("-at", "-pk")
