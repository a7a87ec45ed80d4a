"""The rules as they hold for a body on a day: those of the house, overlaid with local ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from camphor.bodies.models import Body, LocalRule
from camphor.engine.calendar import Calendar, Time
from camphor.engine.method import Method
from camphor.engine.table import Row, Table
from camphor.rules.calendar import TIMES, notice_by, official
from camphor.rules.consultations import METHODS
from camphor.rules.matters import CATEGORIES, FORMS, GRADES, OPINION_REFUSALS, REFUSALS, Form, Grade, Word
from camphor.rules.numbers import NUMBERS, Numbering
from camphor.rules.reminders import REMINDERS, Reminder

R = TypeVar("R", bound=Row)

WORDS: dict[str, Table[Word]] = {
    "categories": CATEGORIES,
    "refusals": REFUSALS,
    "opinion_refusals": OPINION_REFUSALS,
}
"""The plain dictionaries that a body can overlay from a day on; a local row with `gone` takes a word out."""


def _local(name: str, body: Body, on: date) -> list[Mapping[str, Any]]:
    """The local rows in force, the nearest body last, so that it wins."""
    line = list(body.line())
    rules = LocalRule.objects.in_force(on).filter(table=name, body__in=line)
    nearest_last = sorted(rules, key=lambda rule: line.index(rule.body), reverse=True)
    return [rule.row for rule in nearest_last]


def _overlaid(
    table: Table[R], name: str, read: Callable[[Mapping[str, Any]], R], body: Body, on: date
) -> Table[R]:
    rows = _local(name, body, on)
    last = {row["name"]: row for row in rows}  # the nearest body has the last word
    full = table.overlaid(*(read(row) for row in rows if not row.get("gone")))
    return Table(*(row for row in full.values() if not last.get(row.name, {}).get("gone")))


def times(body: Body, *, on: date) -> Table[Time]:
    return _overlaid(TIMES, "times", lambda row: Time(**row), body, on)


def methods(body: Body, *, on: date) -> Table[Method]:
    return _overlaid(METHODS, "methods", Method.from_row, body, on)


def grades(body: Body, *, on: date) -> Table[Grade]:
    """What can become of an item, by the body's own dictionary."""

    def read(row: Mapping[str, Any]) -> Grade:
        return Grade(row["name"], row["label"], bool(row.get("promised", row["name"] == "B")))

    return _overlaid(GRADES, "grades", read, body, on)


def forms(body: Body, *, on: date) -> Table[Form]:
    """The forms in which proposals can be submitted."""

    def read(row: Mapping[str, Any]) -> Form:
        kinds = {name: tuple(row.get(name, ())) for name in ("sponsors", "joined_by")}
        return Form(**{**row, **kinds})

    return _overlaid(FORMS, "forms", read, body, on)


def words(name: str, body: Body, *, on: date) -> Table[Word]:
    """One of the plain dictionaries, as it holds for a body on a day."""
    return _overlaid(WORDS[name], name, lambda row: Word(row["name"], row["label"]), body, on)


def series(body: Body, *, on: date) -> Table[Numbering]:
    """How the numbers of each series are written, by the body's own rule or else that of the house."""
    return _overlaid(NUMBERS, "series", lambda row: replace(NUMBERS[row["name"]], pattern=row["pattern"]),
                     body, on)  # fmt: skip


def pattern(kind: str, usual: str, body: Body, *, on: date) -> str:
    """How the numbers of this kind are written; a local row reads {"name": "proposal", "pattern": "…"}."""
    rows = [row for row in _local("series", body, on) if row["name"] == kind]
    return str(rows[-1]["pattern"]) if rows else usual


def reminders(body: Body, *, on: date) -> Table[Reminder]:
    """When people are reminded; a local row says what differs: {"name": "week_before", "before": 10}."""

    def read(row: Mapping[str, Any]) -> Reminder:
        base = REMINDERS.get(row["name"]) or Reminder(row["name"], row.get("label", row["name"]))
        return replace(base, **row)

    return _overlaid(REMINDERS, "reminders", read, body, on)


def calendar(body: Body, *, on: date) -> Calendar:
    """The official calendar of this year and the next, with the days that the bodies changed.

    A local row reads {"name": "2027-02-06", "label": "…", "worked": true}.
    """
    known = official((on.year, on.year + 1))
    changed = {date.fromisoformat(row["name"]): bool(row["worked"]) for row in _local("calendar", body, on)}
    return Calendar({**known.named, **changed}, known.known_until)


def deadline(name: str, body: Body, *, on: date) -> date:
    """The day by which something must be done that is given the named time from today."""
    return times(body, on=on)[name].since(on, calendar(body, on=on))


def last_notice(name: str, body: Body, meeting_on: date, *, on: date) -> date:
    """The last day on which people can be told in time of a meeting, by the rules of today."""
    return notice_by(times(body, on=on)[name], meeting_on, calendar(body, on=on))
