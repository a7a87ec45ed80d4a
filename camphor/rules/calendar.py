"""The official calendar, and the times that the rules give. Every time can be set locally."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from camphor.engine.calendar import Calendar, Time
from camphor.engine.table import Table
from camphor.engine.table import mark as _
from camphor.rules.official_days import DAYS

ANNOUNCED_UNTIL = 2026
"""The last year for which the State Council's notice on holidays and make-up days is in the library.

Later years hold the festivals by law alone: days reckoned in them are provisional and may still move.
"""


def official(years: Iterable[int]) -> Calendar:
    """The holidays and make-up working days of these years, by the State Council's notices."""
    return _official(tuple(sorted(set(years))))


@lru_cache(maxsize=16)
def _official(years: tuple[int, ...]) -> Calendar:
    named: dict[date, bool] = {}
    for year in years:
        named |= _written(year) if year in DAYS else of_library(year)
    return Calendar(named, date(min(max(years), ANNOUNCED_UNTIL), 12, 31))


def _written(year: int) -> dict[date, bool]:
    """The days of a year as they are written down: free, or worked."""
    free, worked = DAYS[year]
    return dict.fromkeys(_days(year, free), False) | dict.fromkeys(_days(year, worked), True)


def _days(year: int, spans: str) -> Iterator[date]:
    for span in spans.split():
        first, last = (date(year, int(day[:2]), int(day[2:])) for day in (span[:4], span[-4:]))
        yield from (first + timedelta(days=n) for n in range((last - first).days + 1))


def of_library(year: int) -> dict[date, bool]:
    """The days of a year as the library has them, which loads the calendars of all countries."""
    import holidays

    china = holidays.country_holidays("CN", years=year)
    # The library names the make-up days of every year it has met; those of other years are left out.
    worked = {day: True for day in china.weekend_workdays if day.year == year}
    return {day: False for day in china if day.year == year} | worked


def notice_by(time: Time, meeting_on: date, calendar: Calendar) -> date:
    """The last day for a notice that must lie this long before the meeting."""
    day = meeting_on
    while time.since(day, calendar) > meeting_on:
        day -= timedelta(days=1)
    return day


@dataclass(frozen=True)
class TimeGroup:
    """Times that are read together, since they are about the same work."""

    name: str
    label: str
    times: tuple[str, ...]


# fmt: off
TIMES = Table(
    Time("concern_answer", _("First answer to the one who asked"), worked=5),
    Time("topic_decision", _("Decision on the topic"), days=30),
    Time("moderation", _("Reading of a statement"), worked=1),
    # the three times before a session, counted back from it: see notice_by
    Time("session_notice", _("Notice before a formal session"), worked=15),
    Time("station_notice", _("Notice before a session at a station or hall"), days=3),
    Time("materials", _("Materials before a formal session"), worked=10),
    Time("minutes", _("Confirmation of the minutes"), worked=7),
    Time("objection", _("Objection of a department"), worked=5),
    Time("assisting_opinion", _("Opinion of an assisting unit"), months=1),
    Time("recommendation_reply", _("Answer of the leading department"), months=2),
    Time("second_reply", _("Second answer"), months=1),
    Time("rating", _("Rating by the one who asked"), days=15),
    Time("promise_check", _("Look on the spot at a promise"), days=15),
    Time("promise_look", _("Look at a promise that runs longer, counted from the last look"), months=12),
    Time("signature", _("Confirmation by those invited to sign"), worked=5),
    Time("first_review", _("First review"), worked=5),
    Time("second_review", _("Second review"), worked=10),
    Time("mending", _("Repair by the proposer"), worked=10),
    Time("consent", _("Consent of the proposer"), days=15),
    Time("hand_over", _("Handing over after the filing"), days=30),
    Time("receipt", _("Confirmation of receipt"), worked=3),
    Time("fast_lane", _("Each step of a time-critical proposal until it is handed over"), worked=1),
    Time("objection_decision", _("Decision on an objection"), days=7),
    Time("proposal_reply", _("Answer to a proposal"), months=3),
    Time("extension_decision", _("Decision on an extension"), worked=5),
    Time("extension_limit", _("Longest time for an answer, extensions included"), months=6),
    Time("countersigning", _("Countersigning by the assisting units"), worked=5),
    Time("reply_check", _("Check of an answer before it goes out"), worked=5),
    Time("proposal_rating", _("Rating by the proposers"), days=30),
    Time("opinion_review", _("First review of an opinion report"), worked=3),
    Time("urgent_review", _("First review of an urgent opinion report")),  # the same day
    Time("opinion_editing", _("Editing of an opinion report"), worked=10),
    Time("enterprise_contact", _("Time for the first contact with an enterprise"), days=3),
    Time("enterprise_progress", _("Progress told to the enterprise"), days=7),
    Time("enterprise_answer", _("Answer to the enterprise"), months=1),
    Time("resolution_reply", _("Answer to a resolution proposal"), months=6),
    Time("finding_reply", _("Rectification told"), months=2),
    Time("return_visit", _("Return visit"), months=3),
    Time("task_done", _("Completion of a task"), months=1),
    Time("task_review", _("Look at what was completed"), worked=5),
)

TIME_GROUPS = Table(
    TimeGroup("consultations", _("Concerns and consultations"), (
        "concern_answer", "topic_decision", "moderation", "recommendation_reply", "rating", "promise_check",
        "promise_look")),
    TimeGroup("sessions", _("Sessions"), ("session_notice", "station_notice", "materials", "minutes")),
    TimeGroup("units", _("Units that answer"), (
        "receipt", "objection", "objection_decision", "assisting_opinion", "countersigning",
        "extension_decision", "extension_limit", "reply_check", "second_reply")),
    TimeGroup("proposals", _("Proposals"), (
        "signature", "first_review", "second_review", "mending", "consent", "hand_over", "fast_lane",
        "proposal_reply", "proposal_rating")),
    TimeGroup("opinions", _("Opinion reports"), ("opinion_review", "urgent_review", "opinion_editing")),
    TimeGroup("others", _("Enterprises, resolution proposals, findings and tasks"), (
        "enterprise_contact", "enterprise_progress", "enterprise_answer", "resolution_reply", "finding_reply",
        "return_visit", "task_done", "task_review")),
)
# fmt: on
