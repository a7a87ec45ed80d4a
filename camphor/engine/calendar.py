"""Working days, and the times that are counted in them."""

from __future__ import annotations

import calendar as months_of_the_year
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Calendar:
    """Weekdays are worked, but for the days that are named as worked or free.

    `known_until` is the last day of the years whose holidays have been announced officially.
    """

    named: Mapping[date, bool] = field(default_factory=dict)
    known_until: date | None = None

    def is_worked(self, day: date) -> bool:
        return self.named.get(day, day.weekday() < 5)

    def is_provisional(self, day: date) -> bool:
        """The day lies in a year whose holidays have not been announced, so it may still move."""
        return self.known_until is not None and day > self.known_until

    def after(self, day: date, worked: int) -> date:
        """The day by which so many worked days have passed since `day`, which itself does not count."""
        if worked < 0:
            raise ValueError("worked days are counted forward")
        while worked:
            day += DAY
            worked -= self.is_worked(day)
        return day


@dataclass(frozen=True)
class Time:
    """A time that somebody is given: months first, then days, then worked days.

    Months end on the same day of the month, or on the last where that month is shorter. A day that was
    reached by months or days stands, also where it is no worked day: to be early is always allowed.
    """

    name: str
    label: str
    days: int = 0
    worked: int = 0
    months: int = 0

    def since(self, day: date, calendar: Calendar) -> date:
        return calendar.after(_months_later(day, self.months) + timedelta(days=self.days), self.worked)


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = months_of_the_year.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
