"""What somebody's move is awaited in, asked of the database as the flows say it: bounded, whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from camphor.activities.models import Activity, Attendance
from camphor.consultations.models import Consultation
from camphor.consultations.resting import drafted_from, resting, with_stage
from camphor.conversations.models import Conversation, Statement
from camphor.engine.flow import Flow, State
from camphor.matters.models import Assignment, Backing, Instruction, Letter, Matter, Rating
from camphor.people.actor import Actor
from camphor.people.standing import OF_HANDLER, OF_HOME, prefixes
from camphor.rules import activities
from camphor.rules.consultations import CONSULTATION
from camphor.rules.conversations import CONVERSATION, STATEMENT
from camphor.rules.matters import BACKING, INSTRUCTION, MATTERS, PARTS, RATED_EACH
from camphor.rules.people import EVERYONE

NONE = Q(pk__in=())
Holding = Callable[[Actor, date, str], Q]
"""The rows towards which somebody has a standing that day, by the memberships of a role."""


@dataclass(frozen=True, eq=False)
class Shelf:
    """A model whose things stand on desks: its flows, and how the database knows who is what to its rows."""

    model: type[Any]
    flows: Callable[[], Iterable[tuple[Q, Flow]]]
    holds: Mapping[str, Holding]
    kind: str = ""  # the column that tells apart nouns of the same model
    noun: str = ""  # or the one noun that it has
    day: str = "due_on"
    rests: Callable[[], Q] | None = None  # what is awaited by its state, but not of anybody now
    rows: Callable[[QuerySet[Any]], QuerySet[Any]] = lambda rows: rows
    parts: tuple[str, ...] = ()  # what the next move of its things is told by

    def noun_of(self, kind: str) -> str:
        return f"{kind}s" if self.kind else self.noun


def _paths(column: str) -> Holding:
    """Whoever is clerk of the body named in this column, or of one that it is a part of."""

    def held(actor: Actor, on: date, role: str) -> Q:
        bodies = actor.covered(role, on)  # named one by one, they are found by an index
        return Q(**{f"{column}__in": bodies}) if bodies else NONE

    return held


def _offices(actor: Actor, on: date, role: str) -> list[int]:
    return [seat.body_id for seat in actor.memberships(on) if seat.role == role]


def _answers_matter(actor: Actor, on: date, role: str) -> Q:
    offices = _offices(actor, on, role)
    given = Assignment.objects.filter(handler__in=offices).values("matter")
    return Q(owed_by__in=offices) | Q(pk__in=given) if offices else NONE


def _answers_assignment(actor: Actor, on: date, role: str) -> Q:
    return Q(handler__in=_offices(actor, on, role))


def _raised(actor: Actor, on: date, role: str) -> Q:
    return Q(author=actor.person) if actor.person else NONE


def _unless_rated(own: Holding) -> Holding:
    """Whose it is, and who has not rated all that he can rate of it yet; whoever has is not asked again."""

    def held(actor: Actor, on: date, role: str) -> Q:
        mine = own(actor, on, role)
        return mine if mine == NONE else mine & ~_has_rated(actor)

    return held


def _has_rated(actor: Actor) -> Q:
    """What was answered, and rated by him: as a whole, or the last letter of each unit."""
    given = Rating.objects.filter(person=actor.person)
    whole = given.filter(matter=OuterRef("pk"), round=OuterRef("round"), assignment=None)
    letters = Letter.objects.filter(matter=OuterRef("pk"), assignment__part__in=RATED_EACH)
    same = {"matter": OuterRef("matter"), "assignment": OuterRef("assignment")}
    later = Letter.objects.filter(**same, round__gt=OuterRef("round"))
    rated = given.filter(matter=OuterRef("matter"), round=OuterRef("round"))
    rated = rated.filter(Q(assignment=None) | Q(assignment=OuterRef("assignment")))
    unrated = letters.exclude(Exists(later)).exclude(Exists(rated))
    return Q(state="answered") & (Q(Exists(whole)) | Q(Exists(letters)) & ~Q(Exists(unrated)))


def _raised_it(actor: Actor, on: date, role: str) -> Q:
    return Q(matter__author=actor.person) if actor.person else NONE


def _signed(actor: Actor, on: date, role: str) -> Q:
    own = Backing.objects.filter(person=actor.person, state="confirmed")
    return Q(pk__in=own.values("matter")) if actor.person else NONE


def _signed_what_is_assigned(actor: Actor, on: date, role: str) -> Q:
    own = Backing.objects.filter(person=actor.person, state="confirmed")
    return Q(matter__in=own.values("matter")) if actor.person else NONE


def _is_asked_to_sign(actor: Actor, on: date, role: str) -> Q:
    return Q(person=actor.person) if actor.person else NONE


def _is_named(actor: Actor, on: date, role: str) -> Q:
    return Q(pk__in=actor.person.instructions.values("pk")) if actor.person else NONE


def _above(column: str) -> Holding:
    """Whoever is a member of the body named in this column, or of a part of it."""

    def held(actor: Actor, on: date, role: str) -> Q:
        paths = [above for path in actor.paths(role, on) for above in prefixes(path)]
        return Q(**{f"{column}__path__in": paths}) if paths else NONE

    return held


def _was_there(actor: Actor, on: date, role: str) -> Q:
    """Who came and has not confirmed the minutes yet; whoever has is not asked again."""
    own = Attendance.objects.exclude(came_at=None).filter(confirmed_at=None).held_by(actor.keys)
    return Q(pk__in=own.values("activity"))


def _matter_rests() -> Q:
    return Q(drafted_from(), kind="concern", state="accepted")


def _of_home(column: str) -> dict[str, Holding]:
    """What the roles in the body named in this column are to a thing."""
    above = {standing: _paths(column) for standing in ("clerk", "leader", "auditor")}
    return above | {"member": _above(column)}


SHELVES = (
    Shelf(
        Matter,
        lambda: [(Q(kind=kind.name), kind.flow) for kind in MATTERS.values()],
        {
            **_of_home("body"),
            "handler": _answers_matter,
            "head": _answers_matter,
            "author": _unless_rated(_raised),
            "backer": _unless_rated(_signed),
        },
        kind="kind",
        rests=_matter_rests,
    ),
    Shelf(
        Assignment,
        lambda: [(Q(part=part.name), part.flow) for part in PARTS.values()],
        {
            **_of_home("matter__body"),
            "handler": _answers_assignment,
            "head": _answers_assignment,
            "author": _raised_it,
            "backer": _signed_what_is_assigned,
        },
        noun="assignments",
        parts=("matter__assignments",),
    ),
    Shelf(
        Backing,
        lambda: [(Q(), BACKING)],
        {"clerk": _paths("matter__body"), "author": _raised_it, "backer": _is_asked_to_sign},
        noun="backings",
    ),
    Shelf(
        Instruction,
        lambda: [(Q(), INSTRUCTION)],
        {**_of_home("matter__body"), "reader": _is_named},
        noun="instructions",
    ),
    Shelf(
        Activity,
        lambda: [(Q(), activities.FLOW)],
        {"clerk": _paths("body"), "attendee": _was_there},
        noun="sessions",
    ),
    Shelf(Conversation, lambda: [(Q(), CONVERSATION)], {"clerk": _paths("body")}, noun="conversations"),
    Shelf(Statement, lambda: [(Q(), STATEMENT)], {"clerk": _paths("conversation__body")}, noun="statements"),
    Shelf(
        Consultation,
        lambda: [(Q(), CONSULTATION)],
        {"clerk": _paths("body"), "author": _raised},
        noun="consultations",
        day="stage_ends_on",
        rests=resting,
        rows=with_stage,
        parts=("stages",),
    ),
)
ROLES_OF = {"member": ("member",)} | {
    standing: tuple(role for role, given in given_to.items() if standing in given)
    for given_to in (OF_HOME, OF_HANDLER)
    for standing in frozenset[str]().union(*given_to.values())
}
"""The roles behind a standing that comes of a membership; the others come of the person."""


def is_open(state: State) -> bool:
    """Somebody waits in this state; in one that is only noted, where a day was given as well."""
    return state.tone in ("waiting", "running", "note")


def awaited(shelf: Shelf, who: Callable[[str], Q], *, on: date) -> QuerySet[Any]:
    """The things in which a move is awaited of whom `who` finds, standing by standing; each with its day."""
    found = NONE
    open_states: set[str] = set()
    for row, flow in shelf.flows():
        for (standing, late, noted), states in _asking(flow).items():
            mine = who(standing)
            if mine != NONE:
                late_only = Q(due_on__lt=on) if late else Q()
                dated_only = Q(due_on__isnull=False) if noted else Q()
                open_states.update(states)
                found |= row & Q(state__in=states) & mine & late_only & dated_only
    # that these states alone are looked at is said apart, so that an index can find them
    rows = shelf.rows(shelf.model._default_manager.all()).filter(found, state__in=open_states)
    if shelf.rests:
        rows = rows.exclude(shelf.rests())
    dated: QuerySet[Any] = rows.annotate(day=F(shelf.day))
    return dated


def _asking(flow: Flow) -> dict[tuple[str, bool, bool], list[str]]:
    """The open states by the standing asked in them, whether only when late, and whether only with a day."""
    found: dict[tuple[str, bool, bool], list[str]] = {}
    for state in flow.states.values():
        if is_open(state):
            moves = flow.awaited_from(state.name)
            for standing, late in {(who, move.once_late) for move in moves for who in move.by - EVERYONE}:
                found.setdefault((standing, late, state.tone == "note"), []).append(state.name)
    return found


def of_actor(shelf: Shelf, actor: Actor, *, on: date) -> Callable[[str], Q]:
    """What is awaited of somebody himself."""

    def mine(standing: str) -> Q:
        found, holds = NONE, shelf.holds.get(standing)
        for role in ROLES_OF.get(standing, ("",)) if holds else ():
            found |= holds(actor, on, role) if holds else NONE
        return found

    return mine


def of_unit(shelf: Shelf, actor: Actor, *, on: date) -> Callable[[str], Q]:
    """What is awaited of the units that somebody leads."""

    def led(standing: str) -> Q:
        holds = shelf.holds.get(standing)
        return holds(actor, on, "leader") if holds and standing in ("clerk", "handler") else NONE

    return led


def of_anybody(standing: str) -> Q:
    """What is awaited of anybody at all."""
    return Q()
