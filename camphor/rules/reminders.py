"""When somebody is reminded of a day, and when his leader hears of it. Every body can set its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from camphor.engine.table import Table
from camphor.engine.table import mark as _


@dataclass(frozen=True)
class Reminder:
    """A reminder so many days before the day that is due (after it, where negative), once or repeatedly."""

    name: str
    label: str
    before: int = 0
    every: int = 0  # days after which it comes again; never where 0
    leader: bool = False  # the leader of the unit is told as well
    off: bool = False  # a body does without it

    def last_up(self, due_on: date, on: date) -> Call | None:
        """The last time up to this day at which it came up, counted from 0; none before the first."""
        first = due_on - timedelta(days=self.before)
        if self.off or first > on:
            return None
        time = (on - first).days // self.every if self.every else 0
        return Call(self, time, first + timedelta(days=time * self.every))


@dataclass(frozen=True)
class Call:
    """The reminder that is up: which row, for which time, and since which day."""

    reminder: Reminder
    time: int
    since: date


def call_for(reminders: Iterable[Reminder], due_on: date, on: date) -> Call | None:
    """The one reminder that is up on a day: the last that came, so that days off are made up for by one."""
    calls = [call for row in reminders if (call := row.last_up(due_on, on))]
    return max(calls, key=lambda call: call.since, default=None)


REMINDERS = Table(
    Reminder("week_before", _("Due within a week"), before=7),
    Reminder("day_before", _("Due tomorrow"), before=1),
    Reminder("on_the_day", _("Due today"), before=0),
    Reminder("overdue", _("Overdue"), before=-1, every=7, leader=True),
)

SOON = 7
"""Days before its day in which a thing is amber: as long as the first reminder reaches."""
