"""The one door through which a thing changes its state."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import is_dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext

from camphor.bodies.models import Body
from camphor.bodies.rulebook import deadline
from camphor.engine.flow import HANDED_IN, UNCHANGED, Flow, Lacking, Move, NotPossible, Stale
from camphor.people.actor import Actor
from camphor.people.models import Person
from camphor.people.standing import acting_for, holders, seat_behind, standings
from camphor.trail.models import Entry, Notice

Effect = Callable[..., None]
"""What a move with a thing brings about besides its state: effect(thing, by=…, at=…, entry=…, **given)."""
UNRECORDED = frozenset({"code", "name", "photo", "scan", "secret", "instruction"})
"""What the trail never keeps: secrets, the names of guests, and files, which have rows of their own."""


class Moving(models.Model):
    """A thing with a state, which only moves change; every move makes a new version of it."""

    state = models.CharField(max_length=40)
    due_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True

    @property
    def flow(self) -> Flow:
        raise TypeError(f"{type(self).__name__} names no flow")

    @property
    def home(self) -> Body:
        raise TypeError(f"{type(self).__name__} names no body that it belongs to")

    @property
    def author_keys(self) -> frozenset[str]:
        return frozenset()

    @property
    def attendee_keys(self) -> frozenset[str]:
        return frozenset()

    @property
    def backer_keys(self) -> frozenset[str]:
        return frozenset()

    @property
    def reader_keys(self) -> frozenset[str]:
        return frozenset()

    @property
    def handlers(self) -> Collection[Body]:
        return ()

    @property
    def given_on(self) -> date | None:
        """The day from which moves that are possible only for a time are counted."""
        return None

    def hurries(self) -> bool:
        """It is urgent: the shorter time holds where a move names one."""
        return False

    def done_by(self, keys: Collection[str]) -> Collection[str]:
        """The moves that whoever holds these keys has made already, and is not asked for again."""
        return ()

    def idle(self) -> Collection[str]:
        """The moves that would change nothing as the thing stands: its page shows no button for them."""
        return ()

    def lacking(self, needs: Collection[str], given: Mapping[str, Any]) -> tuple[str, ...]:
        """Which of these needs are not met."""
        return ()

    @property
    def is_public(self) -> bool:
        return self.state in self.flow.public_states()

    def is_overdue(self, on: date) -> bool:
        """The day has passed and the next move is still owed; what is done waits for nobody."""
        waiting = self.flow.states[self.state].tone != "done"
        return waiting and self.due_on is not None and self.due_on < on

    def status(self, on: date) -> tuple[str, str]:
        """The word for where it stands today, and its tone; what is overdue says so before all else."""
        if self.is_overdue(on):
            return gettext("Overdue"), "overdue"
        state = self.flow.states[self.state]
        return gettext(state.label), state.tone


@contextmanager
def moving(
    thing: Any,
    name: str,
    *,
    by: Actor,
    at: datetime,
    given: Mapping[str, Any],
    within: bool = False,
    seen: int | None = None,
    behind: Entry | None = None,
) -> Iterator[Entry]:
    """Check a move and make it, record it, let the caller add its effect; all or nothing.

    `within` is for the moves that another move brings about: they need no right of their own.
    `seen` is the version that the mover looked at; where it is given, a later version refuses the move.
    `behind` is the entry of the move that brings this one about: it is made in the name of the same body.
    Raises NotPossible, Stale, PermissionDenied or Lacking.
    """
    with transaction.atomic():
        state, version = _locked(thing)
        move: Move = thing.flow.move(name, state)
        on = timezone.localdate(at)
        held = move.by if within else move.by & standings(by, thing, on=on)
        if not held:
            raise PermissionDenied(f"{name} is not allowed here")
        if seen is not None and seen != version:
            raise Stale(f"{name} was meant for version {seen}, and this is {version}")
        _judge_time(thing, move, within=within, on=on)
        if lacking := thing.lacking(move.needs, {**given, "on": on}):
            raise Lacking(tuple(lacking))
        was_due_on = thing.due_on if state else None
        thing.due_on = _due(thing, move, state, given, on)
        thing.state, thing.version = move.end(state), version + 1
        thing.save(update_fields=["state", "due_on", "version"] if thing.pk else None)
        was = (state or "", was_due_on)
        names = _names(thing, behind, min(held), by=by, on=on)
        entry = _record(thing, move, by=by, at=at, given=given, standing=min(held), was=was, names=names)
        yield entry
        _tell(thing, move, entry, on=on)


class Door:
    """The door of an app: a move, and then what it brings about, all or nothing.

    effects: what moves bring about. key: under what the effect of a move with a thing is entered there.
    """

    def __init__(
        self, effects: Mapping[Any, Effect], key: Callable[[Any, str], Any] = lambda thing, name: name
    ) -> None:
        self._effects, self._key = effects, key

    def __call__(
        self,
        thing: Any,
        name: str,
        /,
        *,
        by: Actor,
        at: datetime,
        within: bool = False,
        seen: int | None = None,
        behind: Entry | None = None,
        **given: Any,
    ) -> None:
        """Make the named move; see `moving`."""
        with moving(thing, name, by=by, at=at, given=given, within=within, seen=seen, behind=behind) as entry:
            if effect := self._effects.get(self._key(thing, name)):
                effect(thing, by=by, at=at, entry=entry, **given)


def possible_moves(thing: Any, actor: Actor, *, on: date) -> list[Move]:
    """The moves that this actor may make with the thing today, each of which gets a button."""
    moves = moves_held(thing, actor, standings(actor, thing, on=on), on=on)
    idle = thing.idle() if moves else ()
    return [move for move in moves if move.name not in idle]


def moves_held(thing: Any, actor: Actor, held: frozenset[str], *, on: date) -> list[Move]:
    """The moves that somebody with these standings may make with the thing today."""
    late = thing.is_overdue(on)
    found = [move for move in thing.flow.moves_from(thing.state) if move.by & held]
    moves = [move for move in found if not (move.quiet or move.apart)]
    done = thing.done_by(actor.keys) if moves else ()
    timely = [move for move in moves if (late or not move.once_late) and not _ran_out(thing, move, on)]
    return [move for move in timely if move.name not in done]


def opening_moves(thing: Any, actor: Actor, *, on: date) -> list[Move]:
    """The moves by which this actor may begin the thing, which is not kept yet."""
    held = standings(actor, thing, on=on)
    return [move for move in thing.flow.moves_from(None) if move.by & held and not move.quiet]


def _judge_time(thing: Any, move: Move, *, within: bool, on: date) -> None:
    if move.once_late and not thing.is_overdue(on):
        raise NotPossible(f"{move.name} is possible only when the day has passed")
    if not within and _ran_out(thing, move, on):
        raise NotPossible(f"the time for {move.name} has ended")


def _ran_out(thing: Any, move: Move, on: date) -> bool:
    """The move was possible for a time only, and that has ended."""
    given_on: date | None = thing.given_on
    if move.only_within is None or given_on is None:
        return False
    return deadline(move.only_within, thing.home, on=given_on) < on


def _locked(thing: Any) -> tuple[str | None, int]:
    """The state and the version that the thing has now; nobody else changes them until this is over."""
    if not thing.pk:
        return None, 0
    rows = type(thing)._default_manager.select_for_update(of=("self",)).filter(pk=thing.pk)
    state, version = rows.values_list("state", "version").get()
    return state, version


def _due(thing: Any, move: Move, state: str | None, given: Mapping[str, Any], on: date) -> date | None:
    if move.due and (move.due == HANDED_IN or given.get("due_on")):
        day: date = given["due_on"]
        return day
    unchanged: date | None = thing.due_on
    if move.due == UNCHANGED:
        return unchanged
    if name := (thing.hurries() and move.urgent) or move.due:
        return deadline(name, thing.home, on=on)
    return unchanged if move.end(state) == state else None


def _names(
    thing: Any, behind: Entry | None, standing: str, *, by: Actor, on: date
) -> tuple[Person | None, Body | None]:
    """For whom and in the name of which body it is done: as what brought it about, or else by his seats."""
    if behind and behind.in_name_of:
        return behind.on_behalf_of, behind.in_name_of
    seat = seat_behind(by, thing, standing, on=on)
    person = seat.person if seat and seat.person != by.person else None
    return person, seat.body if seat else acting_for(by, thing, on=on)


def _record(
    thing: Any,
    move: Move,
    *,
    by: Actor,
    at: datetime,
    given: Mapping[str, Any],
    standing: str,
    was: tuple[str, date | None],
    names: tuple[Person | None, Body | None],
) -> Entry:
    return Entry.objects.create(
        at=at,
        by=by.person,
        on_behalf_of=names[0],
        in_name_of=names[1],
        standing=standing,
        move=move.name,
        to=thing.state,
        was=was[0],
        was_due_on=was[1],
        given={key: _plain(value) for key, value in given.items() if key not in UNRECORDED},
        subject=thing,
    )


def _plain(value: Any) -> Any:
    if isinstance(value, models.Model):
        return value.pk
    if is_dataclass(value) and not isinstance(value, type):
        return {key: _plain(getattr(value, key)) for key in value.__dict__ if key not in UNRECORDED}
    if isinstance(value, list | tuple | set | frozenset | models.QuerySet):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return value


def _tell(thing: Any, move: Move, entry: Entry, *, on: date) -> None:
    hearers = holders(thing, move.tells, on=on) if move.tells else ()
    Notice.objects.bulk_create(
        Notice(entry=entry, person=person) for person in hearers if person.pk != entry.by_id
    )
