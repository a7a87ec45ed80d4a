"""The ways in which one thing can come of another, and the moves by which a clerk notes it."""

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


def linkable(flow: Flow) -> Flow:
    """The same flow, in which a clerk can link the thing with another, and take that back."""
    everywhere = frozenset(flow.states)
    return Flow(
        flow.states,
        Table(
            *flow.moves.values(),
            Move(
                name="connect",
                label=_("Link with another"),
                says=_("Linked with another"),
                of=everywhere,
                by=CLERK,
                asks=("reason_text",),
                due=UNCHANGED,
                apart=True,
            ),
            Move(
                name="disconnect",
                label=_("Take a link back"),
                says=_("A link was taken back"),
                of=everywhere,
                by=CLERK,
                asks=("reason_text",),
                due=UNCHANGED,
                apart=True,
            ),
        ),
    )
