"""What is done backwards when a move with a statement is taken back."""

from __future__ import annotations

from django.utils.translation import gettext as _

from camphor.conversations.models import Conversation, Statement
from camphor.trail.models import Entry
from camphor.trail.undoing import NotUndoable, Reverse


def reverse_of(thing: Conversation | Statement, move: str) -> Reverse | None:
    return REVERSES.get((type(thing), move))


def _hide_again(statement: Statement, entry: Entry) -> None:
    """A statement that somebody has voted on stays where the votes are."""
    if statement.votes.filter(conversation=statement.conversation_id).exists():  # those have an index
        raise NotUndoable(_("It cannot be taken back any more: somebody has voted on it."))


def _without_reason(statement: Statement, entry: Entry) -> None:
    statement.reason, statement.remark = "", ""
    statement.save(update_fields=["reason", "remark"])


REVERSES: dict[tuple[type, str], Reverse] = {
    (Statement, "admit"): _hide_again,
    (Statement, "reject"): _without_reason,
}
