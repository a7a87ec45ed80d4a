"""The plenary sessions of a committee and when each takes proposals; every change is on the trail."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from camphor.bodies.actions import begin_session
from camphor.bodies.models import Body, Term
from camphor.people.actor import Actor
from camphor.rules.bodies import BODY_KINDS
from camphor.trail.models import Entry
from camphor.trail.working_days import bodies_of


def committees_of(actor: Actor, *, on: date) -> list[Body]:
    """The committees whose clerk he is: these alone have plenary sessions."""
    return [body for body in bodies_of(actor, on=on) if BODY_KINDS[body.kind].committee]


@transaction.atomic
def set_session(
    body: Body,
    *,
    number: int,
    session: int,
    since: date,
    proposals_since: date,
    proposals_until: date,
    by: Actor,
    at: datetime,
) -> Term:
    """Enter the next session, or change the days of the last one; what has begun keeps the day it began on.

    Raises PermissionDenied, or ValueError where the days do not follow each other.
    """
    if body not in committees_of(by, on=timezone.localdate(at)):
        raise PermissionDenied("only its own clerks enter the sessions of a committee")
    Body.objects.select_for_update().get(pk=body.pk)
    days = {"since": since, "proposals_since": proposals_since, "proposals_until": proposals_until}
    if not proposals_since <= since <= proposals_until:
        raise ValueError(gettext("Proposals are taken from before the opening until after it."))
    last = body.terms.last()
    if last and (last.number, last.session) == (number, session):
        if days == {name: getattr(last, name) for name in days}:
            return last  # sent twice
        term = _change(last, days, on=timezone.localdate(at))
    elif last and ((number, session) <= (last.number, last.session) or since <= last.since):
        raise ValueError(gettext("This session does not come after the last one, %(last)s.") % {"last": last})
    else:
        term = begin_session(body, number=number, session=session, **days)
    given = {"number": number, "session": session, **days}
    Entry.objects.create(
        at=at, by=by.person, in_name_of=body, standing="clerk", move="set_session", given=given, subject=term
    )
    return term


def _change(term: Term, days: dict[str, date], *, on: date) -> Term:
    if days["since"] != term.since and min(days["since"], term.since) <= on:
        raise ValueError(gettext("This session has begun: its first day stays."))
    earlier = term.body.terms.filter(until=term.since).exclude(pk=term.pk)
    if any(days["since"] <= one.since for one in earlier):
        raise ValueError(gettext("The opening lies before that of the session before."))
    earlier.update(until=days["since"])
    for name, day in days.items():
        setattr(term, name, day)
    term.save(update_fields=list(days))
    return term
