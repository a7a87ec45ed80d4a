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
    Role("auditor", _("Auditor")),
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
    Standing("backer", _("whoever signed it as well")),
    Standing("member", _("members of the committee that it belongs to")),
    Standing("head", _("leaders of a body that must answer")),
    Standing("leader", _("leaders of the body that it belongs to")),
    Standing("reader", _("those named to read it")),
    Standing("auditor", _("auditors of the body that it belongs to")),
)

EVERYONE = frozenset({"everyone"})
AUTHOR = frozenset({"author"})
CLERK = frozenset({"clerk"})  # of the body that owns the thing, or that it is a part of
HANDLER = frozenset({"handler"})  # officer, or clerk of a committee, that has to answer the thing
ATTENDEE = frozenset({"attendee"})  # was there
BACKER = frozenset({"backer"})  # signed it in person, beside its author
MEMBER = frozenset({"member"})  # of the body that owns the thing, or of a part of that body
HEAD = frozenset({"head"})  # leader of a body that has to answer the thing
PROPOSERS = AUTHOR | BACKER  # all who can say that it was answered
LEADER = frozenset({"leader"})  # of the body that owns the thing, or that it is a part of
ANSWERING = HANDLER | HEAD | CLERK | LEADER  # those through whose hands an answer goes before it is sent
READER = frozenset({"reader"})  # named by whoever recorded it
AUDITOR = frozenset({"auditor"})  # sees who did what and not what was written, and changes nothing of it

LENT_ROLES = tuple(role.name for role in ROLES.values() if role.lends)
LONGEST_DELEGATION = 92
"""Days for which work can be lent: a quarter covers holidays and illness; beyond, it is handed over."""
