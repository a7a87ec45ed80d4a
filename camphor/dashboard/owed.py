"""What stands on somebody's desk: the whole of it counted, a page of it shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils.translation import gettext_lazy

from camphor.dashboard.awaited import NONE, SHELVES, Shelf, awaited, of_actor, of_unit
from camphor.dashboard.needs import in_words
from camphor.dashboard.next_move import DAY, next_move
from camphor.dashboard.nouns import nouns
from camphor.kit.nouns import Noun
from camphor.people.actor import Actor
from camphor.rules.reminders import SOON
from camphor.trail.moves import moves_held

HELD = "held_"
"""Before the name of a standing: the column that says whether somebody has it towards a thing."""
ROWS = 25
"""Things on a page of the desk: what fits on a screen or two."""


@dataclass(frozen=True)
class Lamp:
    """How near the day is, in a word and a tone."""

    name: str
    label: Any
    tone: str


LAMPS = {
    lamp.name: lamp
    for lamp in (
        Lamp("overdue", gettext_lazy("Overdue"), "overdue"),
        Lamp("soon", gettext_lazy("Due within 7 days"), "waiting"),
        Lamp("in_time", gettext_lazy("In time"), "done"),
        Lamp("undated", gettext_lazy("Without a day"), "note"),
    )
}


def lamp_of(due_on: date | None, on: date) -> str:
    """Red once the day has passed, amber in the week before it, else green."""
    if due_on is None:
        return "undated"
    if due_on < on:
        return "overdue"
    return "soon" if due_on <= on + timedelta(days=SOON) else "in_time"


@dataclass(frozen=True)
class Line:
    """A thing on a desk, as little as is needed to count and sort it."""

    shelf: Shelf
    noun: str
    pk: int
    due_on: date | None


@dataclass(frozen=True)
class Owed:
    """Something on the desk: what it is, what is to be done and where, and by when."""

    noun: Noun
    thing: Any
    verb: str
    url: str
    due_on: date | None
    lamp: Lamp
    missing: str = ""  # what is waited for, in words


@dataclass(frozen=True)
class Board:
    """All that is on a desk, counted, and the page of it that was asked for."""

    owed: list[Owed]
    page: Page[Line]
    total: int
    lamps: Counter[str]
    kinds: list[tuple[Noun, int]]
    latest: Owed | None  # what is overdue for the longest time, wherever the page stands


def lines(actor: Actor, *, on: date, of: Callable[..., Callable[[str], Q]] = of_actor) -> list[Line]:
    """Everything that is awaited of somebody (or `of_unit`, of the units he leads), the oldest day first."""
    found: list[Line] = []
    for shelf in SHELVES:
        columns = ("pk", "day", shelf.kind) if shelf.kind else ("pk", "day")
        for pk, day, *kind in awaited(shelf, of(shelf, actor, on=on), on=on).order_by().values_list(*columns):
            due_on = day - DAY if day and shelf.day != "due_on" else day  # a stage ends on the day before
            found.append(Line(shelf, shelf.noun_of(kind[0] if kind else ""), pk, due_on))
    return sorted(found, key=lambda line: (line.due_on or date.max, line.noun, line.pk))


def board(
    actor: Actor,
    *,
    on: date,
    kind: str = "",
    lamp: str = "",
    last_first: bool = False,
    page: object = 1,
    unit: bool = False,
) -> Board:
    """The desk of somebody, or of the units that he leads, filtered and turned round as asked."""
    everything = lines(actor, on=on, of=of_unit if unit else of_actor)
    chosen = [line for line in everything if not kind or line.noun == kind]
    lamps = Counter(lamp_of(line.due_on, on) for line in chosen)
    shown = [line for line in chosen if not lamp or lamp_of(line.due_on, on) == lamp]
    if last_first:
        shown.sort(key=lambda line: (line.due_on is not None, line.due_on or date.min), reverse=True)
    asked = Paginator(shown, ROWS).get_page(page)  # type: ignore[arg-type]
    counted = Counter(line.noun for line in everything)
    first = everything[0] if everything and lamp_of(everything[0].due_on, on) == "overdue" else None
    owed = of_lines([*asked, *([first] if first else [])], actor, on=on)
    return Board(
        owed=[owed[line] for line in asked if line in owed],
        page=asked,
        total=len(everything),
        lamps=lamps,
        kinds=[(noun, counted[noun.name]) for noun in nouns() if counted[noun.name]],
        latest=owed.get(first) if first else None,
    )


def of_lines(chosen: Sequence[Line], actor: Actor, *, on: date) -> dict[Line, Owed]:
    """These lines with their things: a query for each kind of thing, however many they are."""
    named = {noun.name: noun for noun in nouns()}
    found: dict[Line, Owed] = {}
    for shelf in SHELVES:
        mine = {line.pk: line for line in chosen if line.shelf is shelf}
        if not mine:
            continue
        standings = _standings(shelf, actor, on)
        related = {part for line in mine.values() for part in named[line.noun].related}
        rows = shelf.model._default_manager.filter(pk__in=mine).annotate(**standings)
        for thing in rows.select_related(*related).prefetch_related(*shelf.parts):
            line = mine[thing.pk]
            held = frozenset(name.removeprefix(HELD) for name in standings if getattr(thing, name))
            found[line] = _owed(named[line.noun], thing, line, held, actor, on)
    return found


def _standings(shelf: Shelf, actor: Actor, on: date) -> dict[str, ExpressionWrapper[Any]]:
    """Whether somebody has each of the standings that he can have: the query for the things tells it."""
    mine = of_actor(shelf, actor, on=on)
    asked = {HELD + standing: mine(standing) for standing in shelf.holds}
    return {name: ExpressionWrapper(rows, BooleanField()) for name, rows in asked.items() if rows != NONE}


def _owed(noun: Noun, thing: Any, line: Line, held: frozenset[str], actor: Actor, on: date) -> Owed:
    """What is to be done; who only leads the unit has nothing to do but to look."""
    lamp = LAMPS[lamp_of(line.due_on, on)]
    moves = moves_held(thing, actor, held, on=on) if held else []
    then = next_move(noun, thing, moves, on=on, keys=actor.keys)
    if then is None:
        return Owed(noun, thing, "", f"/desk/{noun.name}/{thing.pk}/", line.due_on, lamp)
    return Owed(noun, thing, then.label, then.url, line.due_on, lamp, in_words(then.lacking))
