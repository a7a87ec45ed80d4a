"""Roles, and the standings: what somebody can be to a thing. They decide who may, and who is told."""

from dataclasses import dataclass

from camphor.engine.table import Table
from camphor.engine.table import mark as _


@dataclass(frozen=True)
class Role:
    """What a person is in a body, from when to when."""

    name: str
    label: str
    lends: bool = False  # the work of the role can be handed over, or done by a colleague in one's name


ROLES = Table(
    Role("clerk", _("Clerk"), lends=True),
    Role("officer", _("Officer"), lends=True),
    Role("member", _("Committee member")),
    Role("leader", _("Leader"), lends=True),
)


@dataclass(frozen=True)
class Standing:
    """What somebody is to one thing; `label` completes «may be done by …»."""

    name: str
    label: str


STANDINGS = Table(
    Standing("everyone", _("anybody, also without an account")),
    Standing("author", _("whoever raised it")),
    Standing("clerk", _("clerks of the body that it belongs to")),
    Standing("handler", _("officers of a body that must answer")),
    Standing("attendee", _("those who came")),
    Standing("leader", _("leaders of the unit that owes the answer")),
)

EVERYONE = frozenset({"everyone"})
AUTHOR = frozenset({"author"})
CLERK = frozenset({"clerk"})  # of the body that owns the thing, or that it is a part of
HANDLER = frozenset({"handler"})  # officer of a body that has to answer the thing
ATTENDEE = frozenset({"attendee"})  # was there
LEADER = frozenset(
    {"leader"}
)  # leads the body that owes the thing, or that answers it: reads, and is reminded

LENT_ROLES = tuple(role.name for role in ROLES.values() if role.lends)
LONGEST_DELEGATION = 92
"""Days for which work can be lent: a quarter covers holidays and illness; beyond, it is handed over."""
