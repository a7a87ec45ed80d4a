"""Days that a body declares worked or free, whatever the official calendar says; each is on the trail."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from camphor.bodies.actions import set_rule
from camphor.bodies.models import Body, LocalRule
from camphor.people.actor import Actor
from camphor.trail.models import Entry


def bodies_of(actor: Actor, *, on: date) -> list[Body]:
    """The bodies whose clerk he is, for which he may declare days."""
    return [seat.body for seat in actor.memberships(on) if seat.role == "clerk"]


@transaction.atomic
def declare(body: Body, day: date, *, worked: bool, label: str, by: Actor, at: datetime) -> LocalRule:
    """Declare a day worked or free for a body and all that it guides; raises PermissionDenied."""
    row = {"name": day.isoformat(), "label": label, "worked": worked}
    _refuse_others(body, by, at=at)
    rule = set_rule(body, "calendar", row, since=timezone.localdate(at))
    _record(rule, "declare_day", by=by, at=at)
    return rule


@transaction.atomic
def withdraw(rule: LocalRule, *, by: Actor, at: datetime) -> None:
    """From today on the day is again what the official calendar makes it; raises PermissionDenied."""
    _refuse_others(rule.body, by, at=at)
    rule.until = timezone.localdate(at)
    rule.save(update_fields=["until"])
    _record(rule, "withdraw_day", by=by, at=at)


def _refuse_others(body: Body, by: Actor, *, at: datetime) -> None:
    if body not in bodies_of(by, on=timezone.localdate(at)):
        raise PermissionDenied("only its own clerks declare the days of a body")


def _record(rule: LocalRule, move: str, *, by: Actor, at: datetime) -> None:
    Entry.objects.create(
        at=at, by=by.person, in_name_of=rule.body, standing="clerk", move=move, given=rule.row, subject=rule
    )
