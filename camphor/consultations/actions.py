"""Everything that writes to consultations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext

from camphor.activities import actions as activities
from camphor.bodies.models import Body, Venue
from camphor.bodies.rulebook import methods
from camphor.consultations.models import Consultation, Opening, Stage
from camphor.conversations import actions as conversations
from camphor.conversations.models import Statement
from camphor.matters import actions as matters
from camphor.matters.models import Matter
from camphor.people.actor import Actor
from camphor.rules.consultations import STEPS
from camphor.trail import linking
from camphor.trail.links import led_to, link
from camphor.trail.models import Entry
from camphor.trail.moves import Door, Effect


class OutOfOrder(ValueError):
    """The days of the stages do not follow each other."""


EFFECTS: dict[str, Effect] = {}
"""What moves bring about; entered below."""
make = Door(EFFECTS)


@transaction.atomic
def draft(
    *,
    title: str,
    text: str,
    body: Body,
    method: str,
    begins_on: date,
    concerns: Sequence[Matter],
    by: Actor,
    at: datetime,
    venue: Venue | None = None,
) -> Consultation:
    """Lay out a consultation by a method of its body; from here on its stages are its own."""
    chosen = methods(body, on=timezone.localdate(at))[method]
    with translation.override(settings.LANGUAGE_CODE):  # whatever language the clerk reads
        labels = [gettext(step.label) for step in chosen.steps]
        method_label = gettext(chosen.label)
    consultation = Consultation(
        title=title,
        text=text,
        body=body,
        venue=venue,
        method=method,
        method_label=method_label,
        author=by.person,
        drafted_at=at,
    )
    make(consultation, "draft", by=by, at=at)
    day = begins_on
    for place, (step, label) in enumerate(zip(chosen.steps, labels, strict=True), start=1):
        ends_on = day + timedelta(days=max(step.days, 1))
        consultation.stages.create(place=place, kind=step.kind, label=label, opens_on=day, closes_on=ends_on)
        day = ends_on
    for concern in concerns:
        link(concern, "led_to", consultation, at=at)
    return consultation


def _shift(
    consultation: Consultation, *, by: Actor, at: datetime, entry: Entry, stage_days: dict[int, date]
) -> None:
    """Set the first day of each stage; a stage ends where the next begins, the last when it is told to."""
    stages = list(consultation.stages.all())
    length = stages[-1].closes_on - stages[-1].opens_on
    days = [stage_days.get(stage.place, stage.opens_on) for stage in stages]
    if any(later <= earlier for earlier, later in pairwise(days)):
        raise OutOfOrder(gettext("Each stage must begin after the one before it."))
    last_on = stage_days.get(stages[-1].place + 1)
    end = last_on + timedelta(days=1) if last_on else days[-1] + length
    if end <= days[-1]:
        raise OutOfOrder(gettext("The last stage must not end before it begins."))
    for stage, opens_on, closes_on in zip(stages, days, [*days[1:], end], strict=True):
        stage.opens_on, stage.closes_on = opens_on, closes_on
        stage.save(update_fields=["opens_on", "closes_on"])


def _begin(consultation: Consultation, *, by: Actor, at: datetime, entry: Entry) -> None:
    for concern in led_to(consultation, "led_to", Matter):
        if concern.state == "accepted":
            matters.make(concern, "take_up", by=by, at=at, within=True)


def _converse(
    consultation: Consultation,
    *,
    by: Actor,
    at: datetime,
    entry: Entry,
    title: str,
    text: str,
    seeds: Sequence[str],
) -> None:
    conversation = conversations.prepare(
        title=title, text=text, body=consultation.body, seeds=seeds, by=by, at=at, within=True
    )
    conversations.make(conversation, "open", by=by, at=at)
    Opening.objects.create(stage=_stage_offering(consultation, "conversation"), conversation=conversation)
    link(consultation, "put_to", conversation, at=at)


def _meet(
    consultation: Consultation,
    *,
    by: Actor,
    at: datetime,
    entry: Entry,
    title: str,
    starts_at: datetime,
    venue: Venue | None,
) -> None:
    activity = activities.plan(
        title=title,
        starts_at=starts_at,
        body=consultation.body,
        venue=venue,
        by=by,
        at=at,
        within=True,
    )
    _stage_offering(consultation, "session").activities.add(activity)
    link(consultation, "met_in", activity, at=at)


def _recommend(
    consultation: Consultation,
    *,
    by: Actor,
    at: datetime,
    entry: Entry,
    title: str,
    text: str,
    items: Sequence[str],
    statements: Sequence[Statement] = (),
) -> None:
    matter = matters.draft_recommendation(
        title=title, text=text, items=items, body=consultation.body, by=by, at=at, within=True
    )
    matter.venue = consultation.venue
    matter.save(update_fields=["venue"])
    link(consultation, "resulted_in", matter, at=at)
    for statement in statements:
        link(statement, "supports", matter, at=at)


def _stage_offering(consultation: Consultation, offer: str) -> Stage:
    """The current stage; or, where it does not offer this, the next one that does."""
    rest = consultation.stages.filter(done_on=None)
    offering = [stage for stage in rest if offer in STEPS[stage.kind].offers]
    return offering[0] if offering else consultation.current_stage or consultation.stages.latest("place")


def _advance(consultation: Consultation, *, by: Actor, at: datetime, entry: Entry) -> None:
    stage = consultation.current_stage
    if stage:
        stage.done_on = timezone.localdate(at)
        stage.save(update_fields=["done_on"])


EFFECTS.update(
    {
        "shift": _shift,
        "begin": _begin,
        "converse": _converse,
        "meet": _meet,
        "recommend": _recommend,
        "advance": _advance,
        **linking.MOVES,
    }
)
