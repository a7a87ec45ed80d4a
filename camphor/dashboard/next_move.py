"""Which of the possible moves is the one that somebody owes now, with its day and its address."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from camphor.activities.models import Activity
from camphor.consultations.models import Consultation
from camphor.consultations.needs import recommendations
from camphor.dashboard.needs import steps_to
from camphor.engine.flow import Move
from camphor.engine.table import mark as _
from camphor.kit.nouns import Noun
from camphor.matters.models import Matter
from camphor.matters.rateable import RATED_BY, unrated_by

DAY = timedelta(days=1)
DRAFT = _("Draft a consultation from it")


@dataclass(frozen=True)
class NextMove:
    """What is owed: its label, where it is done, and by when."""

    label: str  # none where there is nothing to do but to wait
    url: str
    due_on: date | None
    lacking: tuple[str, ...] = ()  # what is waited for, where whoever owes the move can do nothing about it


def next_move(
    noun: Noun, thing: Any, moves: Sequence[Move], *, on: date, keys: Collection[str] = ()
) -> NextMove | None:
    """The move that is owed of those that are possible; none where one could do something, but need not.

    Where it still lacks something, the step by which that comes about is owed first; where there is none, it
    is waited for. keys: those of whoever owes it.
    """
    owed = [move for move in moves if not move.free]
    if not owed:
        return None
    if noun.name == "concerns" and thing.state == "accepted":
        return _draft(thing)
    chosen = CHOSEN[type(thing)](thing) if type(thing) in CHOSEN else owed[0].name
    move = next((move for move in owed if move.name == chosen), None)
    if move is None and chosen:
        move = owed[0]  # owed by somebody else than the clerk
    if move is None:
        return None
    if lacking := thing.lacking(move.needs, {"on": on}) if move.needs else ():
        steps = steps_to(lacking)
        move = next((one for step in steps for one in moves if one.name == step), None)
    if move is None:
        return NextMove("", reverse("desk_thing", args=[noun.name, thing.pk]), _day(thing), lacking)
    url = reverse("desk_move", args=[noun.name, thing.pk, move.name])
    return NextMove(_label(thing, move, keys), url, _day(thing))


def _label(thing: Any, move: Move, keys: Collection[str]) -> str:
    """What is to be done; where each unit is rated by itself, whose answer is still to be rated."""
    rated = isinstance(thing, Matter) and move.name in RATED_BY
    units = [one.unit for one in unrated_by(thing, move.name, keys) if one.unit] if rated else []
    if not units:
        return move.label
    if len(units) == 1:
        return gettext("Rate the answer of %(unit)s") % {"unit": units[0].handler.name}
    said = ngettext("Rate the answer of %(n)s unit", "Rate the answers of %(n)s units", len(units))
    return said % {"n": len(units)}


def _draft(concern: Matter) -> NextMove:
    """A concern in the topic pool becomes a consultation."""
    return NextMove(DRAFT, f"{reverse('desk_new')}?concern={concern.pk}", concern.due_on)


def _day(thing: Any) -> date | None:
    """The day of the thing itself, or the last day of the stage that it is in."""
    if isinstance(thing, Consultation) and thing.state == "running":
        stage = thing.current_stage
        return stage.closes_on - DAY if stage else None
    day: date | None = thing.due_on
    return day


def _of_consultation(plan: Consultation) -> str:
    """What the stage lacks, as far as it is not on a list of its own already; else the closing of it."""
    if plan.state != "running":
        return "begin"
    if plan.current_stage is None:
        return "finish"
    missing = plan.lacking(("stage",), {})
    if "session" in missing:
        meetings = Activity.objects.filter(stages__consultation=plan).exclude(state="cancelled")
        return "" if meetings.exists() else "meet"
    if missing:
        return "" if recommendations(plan).exists() else "recommend"
    return "advance"


def _of_session(session: Activity) -> str:
    if session.state == "planned":
        return "attend" if session.attendances.exists() else "invite"
    return "minute" if session.state == "held" else "close"


CHOSEN: dict[type, Callable[[Any], str]] = {
    Consultation: _of_consultation,
    Activity: _of_session,
}
