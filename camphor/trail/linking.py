"""Links that a clerk notes by hand, with a reason: two things that are there already and belong together."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext

from camphor.people.actor import Actor
from camphor.trail.links import end_of, link
from camphor.trail.models import Entry, Link

BY_HAND = "gave_rise"


def ref(thing: models.Model) -> str:
    """How an entry names a thing: «matters.matter:12»."""
    return f"{thing._meta.label_lower}:{thing.pk}"


def thing_of(named: str) -> models.Model | None:
    """The thing that is named so, if there is one."""
    label, _colon, key = named.partition(":")
    app, _dot, model = label.partition(".")
    kind = ContentType.objects.filter(app_label=app, model=model).first()
    found = kind.model_class() if kind else None
    if found is None or not key.isdecimal() or len(key) > 18:
        return None
    return found._default_manager.filter(pk=key).first()


def connect(
    thing: Any, *, by: Actor, at: datetime, entry: Entry, other: str, forth: bool, reason_text: str = ""
) -> None:
    """Note that the other came of this thing, or, where not `forth`, this thing of the other."""
    source, target = _ends(thing, other, forth)
    if source == target:
        raise ValueError(gettext("A thing cannot come of itself."))
    if _links(source, target).exists():
        raise ValueError(gettext("These two are linked already."))
    link(source, BY_HAND, target, at=at)


def disconnect(
    thing: Any, *, by: Actor, at: datetime, entry: Entry, other: str, forth: bool, reason_text: str = ""
) -> None:
    """Take back a link that was noted by hand; both entries stay, and links of other kinds hold."""
    source, target = _ends(thing, other, forth)
    gone, _rows = _links(source, target).filter(how=BY_HAND).delete()
    if not gone:
        raise ValueError(gettext("There is no such link any more."))


def _ends(thing: models.Model, other: str, forth: bool) -> tuple[models.Model, models.Model]:
    found = thing_of(other)
    if found is None:
        raise ValueError(gettext("The other thing is not there."))
    return (thing, found) if forth else (found, thing)


def _links(source: models.Model, target: models.Model) -> models.QuerySet[Link]:
    (source_type, source_id), (target_type, target_id) = end_of(source), end_of(target)
    return Link.objects.filter(
        source_type=source_type, source_id=source_id, target_type=target_type, target_id=target_id
    )


MOVES = {"connect": connect, "disconnect": disconnect}
"""What the two moves bring about, for the door of every kind of thing."""
