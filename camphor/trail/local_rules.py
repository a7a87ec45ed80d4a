"""Rules that a body sets for itself and all that it guides, from a day on; each is on the trail."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext

from camphor.bodies.actions import set_rule, withdraw_rule
from camphor.bodies.models import Body, LocalRule
from camphor.bodies.rulebook import WORDS, grades, reminders, series, times, words
from camphor.people.actor import Actor
from camphor.trail.models import Entry
from camphor.trail.working_days import bodies_of

READERS: dict[str, Any] = {
    "times": times,
    "reminders": reminders,
    "grades": grades,
    "series": series,
}
READERS |= {name: partial(words, name) for name in WORDS}
"""The tables that a body can set rows of, each with what reads it: the same by which the rules then hold."""


@transaction.atomic
def set_local_rule(
    body: Body, table: str, row: dict[str, object], *, since: date, by: Actor, at: datetime
) -> LocalRule:
    """Set a row from today or a later day on, never for days that have passed; the same twice is set once.

    Raises PermissionDenied, or ValueError where the day has passed or the row cannot be read as its table is.
    """
    on = timezone.localdate(at)
    if body not in bodies_of(by, on=on):
        raise PermissionDenied("only its own clerks set the rules of a body")
    if since < on:
        raise ValueError(gettext("A rule holds from today on at the earliest: what was given stays."))
    Body.objects.select_for_update().get(pk=body.pk)  # a form that is sent twice finds the rule it has set
    same = body.local_rules.filter(table=table, since=since, until=None)
    if known := next((one for one in same if one.row == row), None):
        return known
    later = body.local_rules.filter(table=table, since__gt=since).exclude(until=F("since"))
    if any(rule.row["name"] == row["name"] for rule in later):
        raise ValueError(gettext("A later rule for this is set already. Choose a day after it."))
    rule = set_rule(body, table, row, since=since)
    try:
        READERS[table](body, on=since)
    except (TypeError, KeyError) as cause:
        raise ValueError(gettext("The rule cannot be read.")) from cause
    _record(rule, "set_rule", by=by, at=at)
    return rule


@transaction.atomic
def withdraw_local_rule(rule: LocalRule, *, by: Actor, at: datetime) -> None:
    """Take back a rule before its day has come; a second time changes nothing.

    Raises PermissionDenied, or ValueError where it holds already: then another rule replaces it.
    """
    on = timezone.localdate(at)
    if rule.body not in bodies_of(by, on=on):
        raise PermissionDenied("only its own clerks withdraw the rules of a body")
    Body.objects.select_for_update().get(pk=rule.body_id)
    rule.refresh_from_db()
    if rule.until == rule.since:
        return
    if rule.since <= on:
        raise ValueError(gettext("This rule holds already: set another one in its place."))
    withdraw_rule(rule)
    _record(rule, "withdraw_rule", by=by, at=at)


def _record(rule: LocalRule, move: str, *, by: Actor, at: datetime) -> None:
    given = {"table": rule.table, "row": rule.row, "since": rule.since}
    Entry.objects.create(
        at=at, by=by.person, in_name_of=rule.body, standing="clerk", move=move, given=given, subject=rule
    )
