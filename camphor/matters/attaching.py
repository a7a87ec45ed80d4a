"""Files that go along with a text: attached and taken out while it is written, and never afterwards."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from camphor.matters.evidence import keep_scan
from camphor.matters.making import EFFECTS
from camphor.matters.models import Assignment, Matter
from camphor.matters.proposing import sign_again
from camphor.people.actor import Actor
from camphor.rules.matters import MATTERS
from camphor.rules.matters.attaching import MOST_ATTACHED
from camphor.trail.models import Entry, File


def is_unsent(file: File, thing: object) -> bool:
    """It goes along with an answer that nobody but those who work on it has seen yet."""
    return isinstance(thing, Assignment) and thing.loose_files().filter(pk=file.pk).exists()


def attach(
    thing: Matter | Assignment, *, by: Actor, at: datetime, entry: Entry, scan: bytes | None, **given: Any
) -> None:
    """Keep the file; who has signed the text is asked again, since this belongs to it."""
    if not scan:
        raise ValueError(gettext("Please choose the file."))
    if thing.loose_files().count() >= MOST_ATTACHED:
        said = gettext("There are %(n)s files already. Please put what belongs together into one PDF.")
        raise ValueError(said % {"n": MOST_ATTACHED})
    keep_scan(entry, scan)
    _sign_again(thing, by=by, at=at)


def detach(
    thing: Matter | Assignment, *, by: Actor, at: datetime, entry: Entry, attached: File, **given: Any
) -> None:
    """Take a file out again; that it was there, and what it was called, stays on record."""
    entry.given = {"caption": caption_of(attached)}
    entry.save(update_fields=["given"])
    thing.loose_files().get(pk=attached.pk).delete()
    _sign_again(thing, by=by, at=at)


def caption_of(file: File) -> str:
    """What somebody wrote beside a file that he attached."""
    return str(file.entry.given.get("caption", ""))


def _sign_again(thing: Matter | Assignment, *, by: Actor, at: datetime) -> None:
    if isinstance(thing, Matter):
        sign_again(thing, by=by, at=at)


EFFECTS.update({(kind, "attach"): attach for kind in (*MATTERS, "assignment")})
EFFECTS.update({(kind, "detach"): detach for kind in (*MATTERS, "assignment")})
