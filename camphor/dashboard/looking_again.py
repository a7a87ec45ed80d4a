"""Days on which somebody wanted to look again: what a supervision or a visit named as its next day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Exists, OuterRef

from camphor.matters.models import Contact

SETTLED = ("archived", "withdrawn", "struck")
"""Where nobody looks again at a matter."""


def looks(*, on: date, ahead: int) -> Iterator[Contact]:
    """The last supervision or visit of each matter whose next day is near or has passed unseen."""
    later = Contact.objects.filter(matter=OuterRef("matter"), move=OuterRef("move"), pk__gt=OuterRef("pk"))
    named = Contact.objects.filter(next_on__lte=on + timedelta(days=ahead)).exclude(Exists(later))
    yield from named.exclude(matter__state__in=SETTLED).select_related("matter__body").order_by("pk")
