"""The official calendar, held against the State Council's notice for 2026, and the times of the rules."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camphor.engine.calendar import Calendar, Time
from camphor.rules.calendar import ANNOUNCED_UNTIL, TIME_GROUPS, TIMES, notice_by, of_library, official
from camphor.rules.official_days import DAYS
from tools import official_days

CALENDAR = official((2026, 2027))

# From the notice of the General Office of the State Council on the holidays of 2026: first and last day.
FREE = {
    "New Year": (date(2026, 1, 1), date(2026, 1, 3)),
    "Spring Festival": (date(2026, 2, 15), date(2026, 2, 23)),
    "Qingming": (date(2026, 4, 4), date(2026, 4, 6)),
    "Labour Day": (date(2026, 5, 1), date(2026, 5, 5)),
    "Dragon Boat": (date(2026, 6, 19), date(2026, 6, 21)),
    "Mid-Autumn": (date(2026, 9, 25), date(2026, 9, 27)),
    "National Day": (date(2026, 10, 1), date(2026, 10, 7)),
}
MADE_UP = {
    date(2026, 1, 4),
    date(2026, 2, 14),
    date(2026, 2, 28),
    date(2026, 5, 9),
    date(2026, 9, 20),
    date(2026, 10, 10),
}
YEAR = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]


def days(first: date, last: date) -> set[date]:
    return {first + timedelta(days=n) for n in range((last - first).days + 1)}


def test_every_day_of_2026_is_free_or_worked_as_announced() -> None:
    free = {day for first, last in FREE.values() for day in days(first, last)}
    weekends = {day for day in YEAR if day.weekday() >= 5}
    assert {day for day in YEAR if not CALENDAR.is_worked(day)} == (weekends | free) - MADE_UP


def test_the_announced_years_are_those_that_have_make_up_days_in_the_library() -> None:
    """When this fails, the library has learnt a new notice: raise ANNOUNCED_UNTIL."""
    assert any(official((ANNOUNCED_UNTIL,)).named.values())
    assert not any(official((ANNOUNCED_UNTIL + 1,)).named.values())


def test_the_days_that_are_written_down_are_those_of_the_library() -> None:
    """When this fails, the library has learnt something: run python -m tools.official_days."""
    assert official_days.FILE.read_text() == official_days.text()
    known = {day: is_worked for year in DAYS for day, is_worked in of_library(year).items()}
    assert official(DAYS).named == known


def test_a_year_that_is_not_written_down_is_read_from_the_library() -> None:
    year = max(DAYS) + 3
    assert official((year,)).named == of_library(year)


def test_a_day_of_2027_is_provisional() -> None:
    assert CALENDAR.known_until == date(2026, 12, 31)
    assert CALENDAR.is_provisional(date(2027, 1, 1))


def test_a_year_that_was_not_asked_for_is_not_claimed_to_be_known() -> None:
    assert official((2025,)).is_provisional(date(2026, 1, 1))


def test_the_order_of_the_years_and_their_repetition_change_nothing() -> None:
    assert official([2027, 2026, 2026]) is CALENDAR


@pytest.mark.parametrize(
    ("name", "begun", "due"),
    [
        ("concern_answer", date(2026, 11, 23), date(2026, 11, 30)),
        ("concern_answer", date(2026, 2, 13), date(2026, 2, 27)),  # Sat 14 is worked, then nine free days
        ("topic_decision", date(2026, 11, 23), date(2026, 12, 23)),
        ("moderation", date(2026, 9, 30), date(2026, 10, 8)),
        ("minutes", date(2026, 9, 24), date(2026, 10, 12)),
        ("objection", date(2026, 5, 4), date(2026, 5, 11)),
        ("assisting_opinion", date(2026, 1, 31), date(2026, 2, 28)),
        ("recommendation_reply", date(2026, 11, 23), date(2027, 1, 23)),
        ("second_reply", date(2026, 11, 23), date(2026, 12, 23)),
        ("rating", date(2026, 11, 23), date(2026, 12, 8)),
        ("promise_check", date(2026, 11, 23), date(2026, 12, 8)),
    ],
)
def test_what_is_due_when(name: str, begun: date, due: date) -> None:
    assert TIMES[name].since(begun, CALENDAR) == due


def test_a_formal_session_is_announced_fifteen_worked_days_before() -> None:
    notice = notice_by(TIMES["session_notice"], date(2026, 10, 15), CALENDAR)
    # Counted by hand: 20-24 Sept (the 20th made up), 28-30 Sept, 8-10 Oct (the 10th made up), 12-15 Oct
    assert notice == date(2026, 9, 19)
    assert sum(CALENDAR.is_worked(day) for day in days(notice, date(2026, 10, 15)) - {notice}) == 15


def test_a_session_at_a_station_is_announced_three_days_before() -> None:
    assert notice_by(TIMES["station_notice"], date(2026, 12, 1), CALENDAR) == date(2026, 11, 28)


@given(
    st.dates(date(2026, 3, 1), date(2027, 12, 31)),
    st.builds(
        Time, name=st.just("t"), label=st.just("t"), days=st.integers(0, 30), worked=st.integers(0, 20)
    ),
    st.dictionaries(st.dates(date(2025, 12, 1), date(2027, 12, 31)), st.booleans(), max_size=30),
)
def test_a_notice_on_the_last_day_is_in_time_and_one_day_later_is_not(
    meeting_on: date, time: Time, named: dict[date, bool]
) -> None:
    calendar = Calendar(named)
    last = notice_by(time, meeting_on, calendar)
    assert time.since(last, calendar) <= meeting_on
    assert last == meeting_on or time.since(last + timedelta(days=1), calendar) > meeting_on


def test_a_meeting_one_day_later_can_be_announced_as_late_or_later() -> None:
    notices = [notice_by(TIMES["session_notice"], day, CALENDAR) for day in YEAR[60:]]
    assert all(earlier <= later for earlier, later in pairwise(notices))


def test_every_time_is_read_in_one_group() -> None:
    grouped = [name for group in TIME_GROUPS.values() for name in group.times]
    assert sorted(grouped) == sorted(TIMES)
