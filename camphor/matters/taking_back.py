"""What is done backwards when a move with a matter or an assignment is taken back."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from camphor.matters.actions import kind_of
from camphor.matters.models import Assignment, Matter
from camphor.trail.history import entries_of
from camphor.trail.models import Entry, Link
from camphor.trail.undoing import NotUndoable, Reverse

GONE_ON = {"go_without": ("drafted", "signed", "replied"), "go_on_dissent": ("signed", "replied")}
"""Where the leading unit stands once it has used that it may go on, by the move that let it."""


def reverse_of(thing: Matter | Assignment, move: str) -> Reverse | None:
    return REVERSES.get((kind_of(thing), move))


def _part_again(concern: Matter, entry: Entry) -> None:
    """What was merged stands by itself again."""
    kind = ContentType.objects.get_for_model(concern)
    Link.objects.filter(how="merged_into", source_type=kind, source_id=concern.pk, at=entry.at).delete()


def _wait_again(assignment: Assignment, entry: Entry) -> None:
    """The opinion is waited for again, unless the leading unit has gone on without it."""
    if assignment.matter.assignments.filter(leads=True, state__in=GONE_ON[entry.move]).exists():
        raise NotUndoable(_("It cannot be taken back any more: something has followed from it."))


def _sorted_as_before(matter: Matter, entry: Entry) -> None:
    """It has the category again that it had before the review."""
    earlier = entries_of(matter).filter(pk__lt=entry.pk)
    named = [str(one.given["category"]) for one in earlier if one.given.get("category")]
    matter.category = named[-1] if named else ""
    matter.save(update_fields=["category"])


def _day_is_back(thing: Matter | Assignment, entry: Entry) -> None:
    """The day itself comes back with the state."""


def _as_others(matter: Matter, entry: Entry) -> None:
    """It is commended no more."""
    matter.is_outstanding = False
    matter.save(update_fields=["is_outstanding"])


def _in_its_turn(matter: Matter, entry: Entry) -> None:
    """It waits as long as others do."""
    matter.is_urgent = False
    matter.save(update_fields=["is_urgent"])


REVERSES: dict[tuple[str, str], Reverse] = {
    ("concern", "merge"): _part_again,
    ("assignment", "go_without"): _wait_again,
    ("promise", "send_back"): _day_is_back,
    ("assignment", "uphold"): _day_is_back,
    ("assignment", "deny_time"): _day_is_back,
    ("assignment", "send_back"): _day_is_back,
    ("assignment", "go_on_dissent"): _wait_again,
    ("proposal", "commend"): _as_others,
    ("proposal", "pass"): _sorted_as_before,
    ("proposal", "hurry"): _in_its_turn,
}
