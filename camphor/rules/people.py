"""Roles, and the standings: what somebody can be to a thing. They decide who may, and who is told."""

from dataclasses import dataclass

from camphor.engine.table import Table
from camphor.engine.table import mark as _


@dataclass(frozen=True)
class Role:
    """What a person is in a body, from when to when."""

    name: str
    label: str


ROLES = Table(
    Role("clerk", _("Clerk")),
    Role("officer", _("Officer")),
    Role("member", _("Committee member")),
    Role("leader", _("Leader")),
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
)

EVERYONE = frozenset({"everyone"})
AUTHOR = frozenset({"author"})
CLERK = frozenset({"clerk"})  # of the body that owns the thing, or that it is a part of
HANDLER = frozenset({"handler"})  # officer of a body that has to answer the thing
ATTENDEE = frozenset({"attendee"})  # was there
