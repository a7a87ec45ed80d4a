"""A flow: the states that a thing can be in, and the moves between them."""

from __future__ import annotations

from dataclasses import dataclass

from camphor.engine.table import Table

HANDED_IN = "handed_in"
"""The word for a clock whose day the mover names himself, as in a promise."""


UNCHANGED = "unchanged"
"""The word for a clock that runs on as it was, whatever the move."""


class NotPossible(Exception):
    """The move does not start in the state that the thing is in."""


class Stale(NotPossible):
    """Somebody has moved the thing since the mover looked at it."""


class Lacking(Exception):
    """The thing still lacks what the move needs; `needs` are words that `rules` label."""

    def __init__(self, needs: tuple[str, ...]) -> None:
        super().__init__(", ".join(needs))
        self.needs = needs


@dataclass(frozen=True)
class State:
    """Where a thing can stand. `tone` is one of the six status tones that pages know."""

    name: str
    label: str
    tone: str = "waiting"
    public: bool = False
    private: bool = False  # seen by whoever is writing it, and by those whom he asked to sign


@dataclass(frozen=True, kw_only=True)
class Move:
    """One sentence of the regulation: from where, to where, by whom, handing in what, giving how long."""

    name: str
    label: str
    of: frozenset[str] = frozenset()  # the states it starts in; with none, it opens the thing
    to: str = ""  # where the thing then stands; where empty, it stays where it is
    by: frozenset[str]  # the standings that allow it
    asks: tuple[str, ...] = ()  # what the mover hands in
    insists: tuple[str, ...] = ()  # of what it asks, what other moves let be left out and this one does not
    needs: tuple[str, ...] = ()  # what must be there before
    due: str | None = None  # the time that the next mover is given
    urgent: str | None = None  # the time that he is given instead where the thing is urgent
    once_late: bool = False  # only when the day that was given has passed
    only_within: str | None = None  # only within this time of the day on which the thing was given
    tells: frozenset[str] = frozenset()  # the standings that hear of it
    says: str = ""  # how the timeline tells it; the label where empty
    recounts: tuple[str, ...] = ()  # of what is handed in, what the timeline tells and no other place does
    quiet: bool = False  # made by other moves, never a button of its own
    free: bool = False  # may be made, but nobody waits for it: it alone puts nothing on a desk
    undo: bool = False  # may be taken back for a few minutes, as long as nothing came of it
    pleads: bool = False  # what is said with it waits for a decision, and stands above the form of that
    apart: bool = False  # has a page of its own, and no button among the others

    def __post_init__(self) -> None:
        if not self.of and not self.to:
            raise ValueError(f"{self.name} opens a thing and must say where it stands")

    @property
    def told(self) -> str:
        return self.says or self.label

    def end(self, state: str | None) -> str:
        """Where the thing stands afterwards, coming from this state."""
        return self.to or state or ""


@dataclass(frozen=True)
class Flow:
    """States, and the moves that lead from one to another."""

    states: Table[State]
    moves: Table[Move]

    def __post_init__(self) -> None:
        named = {state for move in self.moves.values() for state in (*move.of, move.to) if state}
        if unknown := named - set(self.states):
            raise ValueError(f"no such states: {unknown}")

    def moves_from(self, state: str | None) -> list[Move]:
        return [move for move in self.moves.values() if (state in move.of if state else not move.of)]

    def move(self, name: str, state: str | None) -> Move:
        for move in self.moves_from(state):
            if move.name == name:
                return move
        raise NotPossible(f"{name} is not possible from {state}")

    def reachable(self) -> set[str]:
        """The states that can be reached from an opening move."""
        seen = {move.to for move in self.moves_from(None)}
        while new := {move.end(state) for state in seen for move in self.moves_from(state)} - seen:
            seen |= new
        return seen

    def awaited_from(self, state: str) -> list[Move]:
        """The moves that somebody waits for in this state."""
        return [move for move in self.moves_from(state) if not (move.quiet or move.free)]

    def public_states(self) -> list[str]:
        return [state.name for state in self.states.values() if state.public]

    def private_states(self) -> list[str]:
        return [state.name for state in self.states.values() if state.private]
