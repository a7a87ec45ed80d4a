"""Conversations and their statements: flows, moderation, and the three votes."""

from dataclasses import dataclass

from camphor.engine.flow import Flow, Move, State
from camphor.engine.table import Table
from camphor.engine.table import mark as _
from camphor.rules.people import AUTHOR, CLERK, EVERYONE
from camphor.rules.trail import linkable


@dataclass(frozen=True)
class Choice:
    """One of the three votes, with the number it is stored and reckoned as."""

    name: str
    label: str
    value: int


@dataclass(frozen=True)
class Reason:
    """Why a statement was not admitted; its author sees it."""

    name: str
    label: str


CHOICES = Table(
    Choice("agree", _("Agree"), 1),
    Choice("disagree", _("Disagree"), -1),
    Choice("pass", _("Pass"), 0),
)

REASONS = Table(
    Reason("several_ideas", _("It holds several ideas; please send them one by one")),
    Reason("duplicate", _("The same statement is there already")),
    Reason("off_topic", _("It is not about this question")),
    Reason("personal", _("It names or identifies a private person")),
    Reason("insulting", _("It insults or threatens")),
    Reason("question", _("It is a question, so nobody can agree or disagree with it")),
    Reason("imported", _("It was rejected in the conversation that was imported")),
)

LONGEST_STATEMENT = 140
"""Characters: one idea fits on one card of a phone in large type."""


def of(*states: str) -> frozenset[str]:
    return frozenset(states)


# fmt: off
CONVERSATION = linkable(Flow(Table(
    State("prepared", _("Being prepared"), "waiting"),
    State("open", _("Open for votes"), "running", public=True),
    State("closed", _("Closed"), "done", public=True),
), Table(
    Move(name="prepare", label=_("Prepare a conversation"), says=_("A conversation was prepared"),
         to="prepared", by=CLERK, asks=("title", "text", "seeds"), quiet=True),
    Move(name="open", label=_("Open for votes"), says=_("Voting was opened"), of=of("prepared", "closed"),
         to="open", by=CLERK),
    Move(name="close", label=_("Close voting"), says=_("Voting was closed"), of=of("open"), to="closed",
         by=CLERK),
)))

STATEMENT = Flow(Table(
    State("pending", _("Waiting to be read"), "waiting"),
    State("accepted", _("Admitted"), "done", public=True),
    State("rejected", _("Not admitted"), "refused"),
), Table(
    Move(name="say", label=_("Send"), says=_("A participant wrote a statement"), to="pending", by=EVERYONE,
         asks=("text",), due="moderation", tells=CLERK),
    Move(name="seed", label=_("Add a seed statement"), says=_("A seed statement was added"), to="accepted",
         by=CLERK, asks=("text",), quiet=True),
    Move(name="admit", label=_("Admit"), says=_("Admitted"), of=of("pending", "rejected"), to="accepted",
         by=CLERK, tells=AUTHOR, undo=True),
    Move(name="reject", label=_("Do not admit"), says=_("Not admitted"), of=of("pending", "accepted"),
         to="rejected", by=CLERK, asks=("statement_reason", "remark"), tells=AUTHOR, undo=True),
))
# fmt: on
