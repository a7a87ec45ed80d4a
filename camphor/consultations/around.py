"""Where something came from and what came of it, over any number of links, as far as the viewer may see.

What is hidden is not hinted at: a path is followed only through things that the viewer sees.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _

from camphor.activities.models import Activity
from camphor.consultations.models import Consultation
from camphor.conversations.models import Conversation
from camphor.kit.fields import label_of
from camphor.matters.models import Assignment, Matter
from camphor.matters.redaction import redacted
from camphor.matters.writing import hidden_names
from camphor.people.actor import Actor
from camphor.rules.activities import ACTIVITIES
from camphor.rules.activities import FLOW as ACTIVITY
from camphor.rules.conversations import CONVERSATION
from camphor.rules.matters import MATTERS
from camphor.trail.links import End, at_ends, end_of
from camphor.trail.models import Link

ON_A_LINE: tuple[type[models.Model], ...] = (Matter, Consultation, Conversation, Activity)
"""What stands on a line; the statements that support a recommendation are told on its own page."""
MOST = 40
"""Things shown in one direction: a line is read, and a longer one is searched."""
NOUNS = {Consultation: "consultations", Conversation: "conversations", Activity: "sessions"}

Seen = Callable[[type[models.Model], set[int]], models.QuerySet[Any]]
"""The things of a model with these keys that the viewer may see."""


@dataclass(frozen=True)
class Knot:
    """One thing on the line."""

    title: str
    kind: str
    word: str
    tone: str
    number: str = ""
    url: str = ""
    steps: int = 1  # over how many links


@dataclass(frozen=True)
class Around:
    """What lies before and behind a thing on its line, the nearest last before it and first behind it."""

    before: list[Knot]
    after: list[Knot]
    more: bool = False


def on_the_desk(thing: Any, actor: Actor, *, on: date) -> Around | None:
    """For somebody with a desk: all that he may see, each with its page on the desk."""
    thing = thing.matter if isinstance(thing, Assignment) else thing
    if not isinstance(thing, ON_A_LINE):
        return None

    def seen(model: type[models.Model], keys: set[int]) -> models.QuerySet[Any]:
        manager: Any = model._default_manager
        rows: models.QuerySet[Any] = manager.visible_to(actor, on=on).filter(pk__in=keys)
        return rows

    return _around(thing, seen, _desk_url, str, on=on)


def in_public(thing: models.Model, *, on: date) -> Around:
    """For everybody: what is public, each with its public page where it has one."""

    def seen(model: type[models.Model], keys: set[int]) -> models.QuerySet[Any]:
        rows = model._default_manager.filter(pk__in=keys)
        if model is Matter:
            return Matter.objects.public().filter(pk__in=keys)
        if model is Consultation:
            return Consultation.objects.public().filter(pk__in=keys)
        flow = CONVERSATION if model is Conversation else ACTIVITY
        return rows.filter(state__in=flow.public_states())

    return _around(thing, seen, _public_url, _public_title, on=on)


def _around(
    thing: models.Model, seen: Seen, url: Callable[[Any], str], title: Callable[[Any], str], *, on: date
) -> Around:
    start = end_of(thing)
    both = {False: _edges(start, back=False), True: _edges(start, back=True)}
    ends = {end for edges in both.values() for far in edges.values() for end in far}
    things = _things(ends, seen)
    lines = {}
    for back, edges in both.items():
        found = _reached(start, edges, things)
        lines[back] = [
            _knot(things[end], steps, url, title, on=on) for end, steps in list(found.items())[:MOST]
        ]
    return Around(lines[True][::-1], lines[False], any(len(line) == MOST for line in lines.values()))


def _edges(start: End, *, back: bool) -> dict[End, list[End]]:
    """All links on the way from here: one question to the database for each step."""
    near, far = ("target", "source") if back else ("source", "target")
    kinds = [kind.pk for kind in ContentType.objects.get_for_models(*ON_A_LINE).values()]
    edges: dict[End, list[End]] = {}
    edge = {start}
    while edge:
        links = Link.objects.filter(at_ends(edge, near), **{f"{far}_type__in": kinds}).order_by("at", "pk")
        new: set[End] = set()
        for kind, pk, far_kind, far_pk in links.values_list(
            f"{near}_type", f"{near}_id", f"{far}_type", f"{far}_id"
        ):
            edges.setdefault((kind, pk), []).append((far_kind, far_pk))
            new.add((far_kind, far_pk))
        edge = new - set(edges) - {start}
        edges |= {end: [] for end in edge if end not in edges}
    return edges


def _things(ends: Iterable[End], seen: Seen) -> dict[End, Any]:
    found: dict[End, Any] = {}
    keys: dict[int, set[int]] = {}
    for kind, pk in ends:
        keys.setdefault(kind, set()).add(pk)
    for model, row in ContentType.objects.get_for_models(*ON_A_LINE).items():
        if row.pk in keys:
            found |= {(row.pk, one.pk): one for one in seen(model, keys[row.pk])}
    return found


def _reached(start: End, edges: dict[End, list[End]], things: dict[End, Any]) -> dict[End, int]:
    """What is seen and reached through what is seen, with the number of links, the nearest first."""
    steps: dict[End, int] = {}
    queue = deque([(start, 0)])
    while queue:
        end, far = queue.popleft()
        for then in edges.get(end, ()):
            if then in things and then not in steps and then != start:
                steps[then] = far + 1
                queue.append((then, far + 1))
    return steps


def _knot(
    thing: Any, steps: int, url: Callable[[Any], str], title: Callable[[Any], str], *, on: date
) -> Knot:
    word, tone = thing.status(on)
    number = getattr(thing, "number", "") or ""
    return Knot(title(thing), kind_of(thing), word, tone, number, url(thing), steps)


def kind_of(thing: Any) -> str:
    """What sort of thing it is, in a word."""
    if isinstance(thing, Matter):
        return thing.kind_label
    if isinstance(thing, Activity):
        return label_of(ACTIVITIES, thing.kind)
    return _("Consultation") if isinstance(thing, Consultation) else _("Conversation")


def noun_of(thing: Any) -> str:
    """The name of its pages on the desk."""
    return f"{thing.kind}s" if isinstance(thing, Matter) else NOUNS[type(thing)]


def _desk_url(thing: Any) -> str:
    return reverse("desk_thing", args=[noun_of(thing), thing.pk])


def _public_url(thing: Any) -> str:
    pages = {Consultation: "consultation", Conversation: "talk_map", Activity: "activity"}
    if isinstance(thing, Matter):
        page = MATTERS[thing.kind].page
        return reverse(page, args=[thing.pk]) if page else ""
    return reverse(pages[type(thing)], args=[thing.pk])


def _public_title(thing: Any) -> str:
    hides = isinstance(thing, Matter) and MATTERS[thing.kind].disclosed
    return redacted(thing.title, hidden_names(thing)) if hides else str(thing)
