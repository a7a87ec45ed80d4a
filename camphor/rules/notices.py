"""Over which channels notices leave the house, how often, and what can become of them."""

from dataclasses import dataclass
from datetime import time

from camphor.engine.table import Table
from camphor.engine.table import mark as _


@dataclass(frozen=True)
class Channel:
    """A way to somebody outside; `hint` says what its address looks like."""

    name: str
    label: str
    hint: str
    brief: bool = False  # carries one short line, without a list


@dataclass(frozen=True)
class Rhythm:
    """How often somebody wants to hear: at once, or gathered every so many days, on a Monday for weeks."""

    name: str
    label: str
    days: int = 0


@dataclass(frozen=True)
class Outcome:
    """What became of a message to somebody outside."""

    name: str
    label: str


CHANNELS = Table(
    Channel("email", _("E-mail"), _("An e-mail address.")),
    Channel("sms", _("Text message"), _("A mobile number, digits only."), brief=True),
    Channel(
        "dingtalk", _("DingTalk"), _("Your user id in DingTalk or Zhejiang Government DingTalk."), brief=True
    ),
    Channel("wecom", _("WeCom"), _("Your user id in WeCom."), brief=True),
)

RHYTHMS = Table(
    Rhythm("at_once", _("One by one, as they come")),
    Rhythm("daily", _("Gathered, once a day"), days=1),
    Rhythm("weekly", _("Gathered, on Mondays"), days=7),
)

OUTCOMES = Table(
    Outcome("waiting", _("Waiting")),
    Outcome("sent", _("Sent")),
    Outcome("read", _("Read at the desk before it was sent")),
    Outcome("withdrawn", _("Withdrawn before it was sent")),
    Outcome("given_up", _("Given up after many tries")),
)

GATHERED_AT = time(8, 30)
"""When gathered notices go out: when offices open, so that they are on top in the morning."""
MOST_TRIES = 10
"""Tries before a message is given up: with the pauses below that is the better part of two days."""
LONGEST_PAUSE_MINUTES = 480
"""Pauses double from two minutes on; longer than eight hours, and a repaired gateway would lie idle."""
