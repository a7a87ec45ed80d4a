"""Working days and the times counted in them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camphor.engine.calendar import Calendar, Time
from camphor.rules.calendar import TIMES, official

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
CALENDARS = st.dictionaries(DAYS, st.booleans(), max_size=40).map(Calendar)
TIMES_GIVEN = st.builds(
    Time,
    name=st.just("t"),
    label=st.just("t"),
    days=st.integers(0, 90),
    worked=st.integers(0, 30),
    months=st.integers(0, 12),
)
YEAR = official((2026, 2027))


@given(DAYS, st.integers(0, 30), st.integers(0, 30), CALENDARS)
def test_worked_days_add_up(day: date, first: int, second: int, calendar: Calendar) -> None:
    assert calendar.after(calendar.after(day, first), second) == calendar.after(day, first + second)


@given(DAYS, st.integers(1, 40), CALENDARS)
def test_so_many_worked_days_lie_between(day: date, worked: int, calendar: Calendar) -> None:
    end = calendar.after(day, worked)
    between = [day + timedelta(days=n) for n in range(1, (end - day).days + 1)]
    assert sum(calendar.is_worked(one) for one in between) == worked
    assert calendar.is_worked(end)


@given(DAYS, st.integers(0, 400), TIMES_GIVEN, CALENDARS)
def test_who_begins_later_is_never_due_earlier(day: date, later: int, time: Time, calendar: Calendar) -> None:
    assert time.since(day, calendar) <= time.since(day + timedelta(days=later), calendar)


@given(DAYS, TIMES_GIVEN, CALENDARS)
def test_a_time_is_never_shorter_than_its_rule(day: date, time: Time, calendar: Calendar) -> None:
    assert time.since(day, calendar) >= day + timedelta(days=time.days + time.worked + 28 * time.months)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 1, 4), True),  # Sunday, made up for New Year
        (date(2026, 2, 14), True),  # Saturday, made up for the Spring Festival
        (date(2026, 2, 17), False),
        (date(2026, 2, 23), False),
        (date(2026, 5, 9), True),
        (date(2026, 9, 20), True),
        (date(2026, 10, 7), False),
        (date(2026, 10, 8), True),
        (date(2026, 10, 10), True),
        (date(2026, 11, 23), True),
    ],
)
def test_the_holidays_and_make_up_days_of_2026(day: date, worked: bool) -> None:
    assert YEAR.is_worked(day) is worked


def test_five_worked_days_over_the_national_holiday() -> None:
    # Wed 30 Sept; then Thu 8, Fri 9, Sat 10 (made up), Mon 12, Tue 13
    assert TIMES["concern_answer"].since(date(2026, 9, 30), YEAR) == date(2026, 10, 13)


def test_a_month_ends_on_its_last_day_where_it_is_shorter() -> None:
    assert Time("t", "t", months=1).since(date(2026, 1, 31), YEAR) == date(2026, 2, 28)
    assert Time("t", "t", months=2).since(date(2026, 12, 31), YEAR) == date(2027, 2, 28)


def test_a_year_that_was_not_announced_is_provisional() -> None:
    assert YEAR.is_provisional(date(2027, 2, 6))
    assert not YEAR.is_provisional(date(2026, 12, 31))


def test_worked_days_are_not_counted_backward() -> None:
    with pytest.raises(ValueError, match="forward"):
        YEAR.after(date(2026, 1, 1), -1)
