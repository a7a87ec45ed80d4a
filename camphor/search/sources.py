"""What can be found, as the apps tell it: each names its sources in its AppConfig, as `searched`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.module_loading import import_string

from camphor.people.actor import Actor
from camphor.search.tokens import facet

PUBLIC = "public"
"""The reader that everybody is."""


@dataclass(frozen=True)
class Draft:
    """A thing as it goes into the index: its day and texts, its properties, and who may read it."""

    subject_id: int
    day: date
    title: str
    text: str
    facets: tuple[tuple[str, object], ...]
    readers: frozenset[str]


@dataclass(frozen=True)
class Source:
    """A kind of thing that can be found.

    touched: for each model whose entries change such things, from its keys to pairs of its key and theirs.
    readers: who an actor is to such things, in the words of the drafts; it only narrows the search down.
    visible: what he may see; nothing is shown, counted or compared that is not among it.
    """

    name: str
    number: int  # from 0 to 7, and never another's
    model: type[models.Model]
    drafts: Callable[[Collection[int]], Iterable[Draft]]
    touched: Mapping[str, Callable[[Collection[int]], Iterable[tuple[int, int]]]]
    readers: Callable[[Actor, date], Iterable[str]]
    visible: Callable[[Actor, date], models.QuerySet[Any]]


@cache
def sources() -> tuple[Source, ...]:
    """All sources of all apps."""
    named = [config.searched for config in apps.get_app_configs() if hasattr(config, "searched")]
    return tuple(source for path in named for source in import_string(path))


def itself(keys: Collection[int]) -> Iterable[tuple[int, int]]:
    """An entry about such a thing changes that thing."""
    return ((key, key) for key in keys)


def reader(what: str, whom: object = "") -> str:
    """A word for who may read something: everybody, the clerks of a body, its officers, its author."""
    return facet("r", what, whom)
