"""What is done backwards when a move with a consultation is taken back."""

from __future__ import annotations

from camphor.consultations.models import Consultation
from camphor.trail.models import Entry
from camphor.trail.undoing import Reverse


def reverse_of(thing: Consultation, move: str) -> Reverse | None:
    return REVERSES.get(move)


def _open_the_stage(consultation: Consultation, entry: Entry) -> None:
    closed = consultation.stages.exclude(done_on=None).last()
    if closed:
        closed.done_on = None
        closed.save(update_fields=["done_on"])


REVERSES: dict[str, Reverse] = {"advance": _open_the_stage}
