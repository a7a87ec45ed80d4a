"""What moves do to opinion reports: combining, sending, what became of them, and leaders' instructions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from camphor.matters.making import EFFECTS, make
from camphor.matters.models import Dispatch, Instruction, Matter
from camphor.matters.proposing import credit
from camphor.people.actor import Actor
from camphor.people.models import Person
from camphor.rules.matters import DESTINATIONS
from camphor.trail.links import link
from camphor.trail.models import Entry


def combine(matter: Matter, *, by: Actor, at: datetime, entry: Entry, combined: Sequence[Matter]) -> None:
    """Others join this report; all their authors share in it."""
    if not combined:
        raise ValueError(gettext("Please choose at least one report."))
    for other in combined:
        make(other, "join", by=by, at=at, within=True)
        link(other, "merged_into", matter, at=at)
        credit(matter, other.proposers(), by=by, at=at)


def dispatch(
    matter: Matter,
    *,
    by: Actor,
    at: datetime,
    entry: Entry,
    destination: str,
    held_on: date,
    to_whom: str = "",
) -> None:
    if DESTINATIONS[destination].named and not to_whom:
        raise ValidationError({"to_whom": gettext("Please say which department it goes to.")})
    Dispatch.objects.create(matter=matter, destination=destination, to_whom=to_whom, sent_on=held_on)


def adopt(
    matter: Matter,
    *,
    by: Actor,
    at: datetime,
    entry: Entry,
    dispatch: Dispatch,
    manner: str,
    held_on: date,
) -> None:
    """What became of it at one destination; the latest word holds, and the entries keep the others."""
    dispatch.manner, dispatch.decided_on = manner, held_on
    dispatch.save(update_fields=["manner", "decided_on"])


def instruct(
    matter: Matter,
    *,
    by: Actor,
    at: datetime,
    entry: Entry,
    led_by: str,
    held_on: date,
    instruction: str,
    readers: Sequence[Person],
) -> None:
    """Only those named, and whoever wrote it down, will see it."""
    kept = Instruction(matter=matter, led_by=led_by, written_on=held_on, text=instruction)
    named = [*readers, *([by.person] if by.person else [])]
    make(kept, "record", by=by, at=at, within=True, readers=named)


def name_readers(
    kept: Instruction, *, by: Actor, at: datetime, entry: Entry, readers: Sequence[Person]
) -> None:
    kept.readers.add(*readers)


EFFECTS.update(
    {
        ("opinion", "combine"): combine,
        ("opinion", "dispatch"): dispatch,
        ("opinion", "adopt"): adopt,
        ("opinion", "instruct"): instruct,
        ("instruction", "record"): name_readers,
        ("instruction", "name_reader"): name_readers,
    }
)
