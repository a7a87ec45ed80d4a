"""The ways in which one thing can come of another, and what can happen beside the moves of the flows."""

from dataclasses import dataclass

from camphor.engine.flow import UNCHANGED, Flow, Move
from camphor.engine.table import Table
from camphor.engine.table import mark as _
from camphor.rules.people import CLERK


@dataclass(frozen=True)
class LinkKind:
    """How the target came of the source."""

    name: str
    label: str
    by_hand: bool = False  # noted by a clerk, who can take it back; it moves nothing


LINKS = Table(
    LinkKind("merged_into", _("was merged into")),
    LinkKind("turned_into", _("was turned into")),
    LinkKind("led_to", _("led to")),
    LinkKind("resulted_in", _("resulted in")),
    LinkKind("promised", _("was promised in the answer to")),
    LinkKind("supports", _("is supported by")),
    LinkKind("put_to", _("was put to")),
    LinkKind("met_in", _("was discussed in")),
    LinkKind("gave_rise", _("gave rise to"), by_hand=True),
)


@dataclass(frozen=True)
class Deed:
    """Something that is put on the trail beside the moves of a flow, and how the timeline tells it."""

    name: str
    label: str


DEEDS = Table(
    Deed("undo", _("Taken back: %(what)s")),
    Deed("hand_over", _("The work was handed over")),
    Deed("take_over", _("The work was taken over")),
    Deed("take_back", _("The work that was handed over was taken back")),
    Deed("delegate", _("A colleague does the work for a while")),
    Deed("end_delegation", _("The delegation was ended")),
    Deed("declare_day", _("A day was declared")),
    Deed("withdraw_day", _("A declared day was withdrawn")),
    Deed("set_session", _("The days of a plenary session were set")),
    Deed("set_rule", _("A rule of the body was set")),
    Deed("withdraw_rule", _("A rule of the body was withdrawn before it held")),
)

UNDO_MINUTES = 5
"""For how long a move can be taken back, and what it tells waits in the house: time enough to see a slip."""


def linkable(flow: Flow) -> Flow:
    """The same flow, in which a clerk can link the thing with another, and take that back."""
    moves = (
        Move(
            name=name,
            label=label,
            says=says,
            of=frozenset(flow.states),
            by=CLERK,
            asks=("reason_text",),
            due=UNCHANGED,
            apart=True,
            free=True,
        )
        for name, label, says in (
            ("connect", _("Link with another"), _("Linked with another")),
            ("disconnect", _("Take a link back"), _("A link was taken back")),
        )
    )
    return Flow(flow.states, Table(*flow.moves.values(), *moves))
