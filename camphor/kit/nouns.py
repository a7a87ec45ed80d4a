"""What the three generic pages need to know of a noun."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.db import models

from camphor.engine.flow import Move, State

FieldMaker = Callable[["Asking"], Mapping[str, forms.Field]]
"""The fields behind one word that a move asks for; most words have one."""


@dataclass(frozen=True)
class Asking:
    """Who is asked for what, about which thing, on which day, and at which moment of it."""

    thing: Any
    move: Move
    actor: Any
    on: date
    at: datetime


@dataclass(frozen=True)
class Pick:
    """Something that a list can be narrowed down to; `group` says what it is a choice of."""

    name: str
    label: str
    group: str
    rows: models.Q


@dataclass(frozen=True)
class Noun:
    """A row for each kind of thing that has a desk."""

    name: str
    label: str
    model: type[models.Model]
    make: Callable[..., None]
    fields: Mapping[str, FieldMaker]
    rows: Callable[[Any, date], models.QuerySet[Any]]  # what this actor may see on this day
    states: Callable[[], Mapping[str, State]]
    part: str = ""  # the template of what is its own
    more: Callable[[Any, date, Any], dict[str, Any]] | None = None  # what it needs, for whom on which day
    read: Callable[[Asking, dict[str, Any]], dict[str, Any]] | None = None  # from fields to what is handed in
    search: str = "title"
    related: tuple[str, ...] = ()
    repeats: frozenset[str] = frozenset()  # the moves that are mostly made several times on end
    goes_on: Callable[[Any, str, Any], bool] | None = None  # more of a move is owed by the actor who made it
    above: str = ""  # the template above the forms of its moves: what whoever fills them in must have read
    compares: str = ""  # the template under the title of its form, which shows what is similar
    by: frozenset[str] | None = None  # the standings without which nobody sees any; none: some is public
    beside: str = "number"  # the attribute that a list shows under the title, where a thing has it
    blanks: Callable[[Any, datetime], list[Any]] | None = None  # what this actor could begin, one a body
    one: str = ""  # what a single thing is called; its label where that says the same
    lists: Callable[[Any, date], models.QuerySet[Any]] | None = None  # what his list holds, if not all rows
    picks: Callable[[Any, date], list[Pick]] | None = None  # what else this actor can narrow its list down to

    @property
    def singular(self) -> str:
        return self.one or self.label

    def pick(self, actor: Any, on: date) -> list[Pick]:
        return self.picks(actor, on) if self.picks else []

    def blank(self, actor: Any, at: datetime) -> list[Any]:
        return self.blanks(actor, at) if self.blanks else []
