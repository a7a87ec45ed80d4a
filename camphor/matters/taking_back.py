"""What is done backwards when a move with a matter or an assignment is taken back."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from camphor.matters.actions import kind_of
from camphor.matters.models import Assignment, Matter
from camphor.trail.models import Entry, Link
from camphor.trail.undoing import NotUndoable, Reverse


def reverse_of(thing: Matter | Assignment, move: str) -> Reverse | None:
    return REVERSES.get((kind_of(thing), move))


def _part_again(concern: Matter, entry: Entry) -> None:
    """What was merged stands by itself again."""
    kind = ContentType.objects.get_for_model(concern)
    Link.objects.filter(how="merged_into", source_type=kind, source_id=concern.pk, at=entry.at).delete()


def _wait_again(assignment: Assignment, entry: Entry) -> None:
    """The opinion is waited for again, unless the leading department has answered without it."""
    if assignment.matter.assignments.filter(part="lead", state="replied").exists():
        raise NotUndoable(_("It cannot be taken back any more: something has followed from it."))


def _day_is_back(thing: Matter | Assignment, entry: Entry) -> None:
    """The day itself comes back with the state."""


def _as_others(matter: Matter, entry: Entry) -> None:
    """It is commended no more."""
    matter.is_outstanding = False
    matter.save(update_fields=["is_outstanding"])


REVERSES: dict[tuple[str, str], Reverse] = {
    ("concern", "merge"): _part_again,
    ("assignment", "go_without"): _wait_again,
    ("promise", "send_back"): _day_is_back,
    ("assignment", "uphold"): _day_is_back,
    ("proposal", "commend"): _as_others,
}
