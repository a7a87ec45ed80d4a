"""The search box of a list on the desk: words by the index, authors by their names."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from camphor.bodies.models import Body
from camphor.conversations.models import Statement
from camphor.kit.nouns import Noun
from camphor.matters.models import Assignment, Backing, Matter
from camphor.people.actor import Actor
from camphor.people.models import Membership
from camphor.rules.matters import BEHIND, FORMS
from camphor.search.finding import among
from camphor.search.names import meant
from camphor.search.query import parse

MOST = 1000
"""Things of one list that are found: 40 pages; the newest ones, where there are more."""
INDEXED: dict[type, tuple[str, str]] = {
    Matter: ("matter", "pk"),
    Assignment: ("matter", "matter"),
    Statement: ("statement", "pk"),
}
"""For the models of nouns, the source in the index, and where its key stands in a row."""
PROPOSED: dict[type, str] = {Matter: "", Assignment: "matter__"}
"""For the models of nouns that somebody has proposed, the way from a row to that matter."""
SPONSORS = frozenset(kind for form in FORMS.values() for kind in form.sponsors)
"""The kinds of body in whose name something is raised."""
MOST_BODIES = 50
"""Bodies that a name can mean; one that means more says nothing."""


def narrowed(noun: Noun, rows: QuerySet[Any], typed: str, *, actor: Actor, on: date) -> QuerySet[Any]:
    """The rows that hold all the words, or behind which somebody stands who can be meant by them."""
    if noun.model not in INDEXED:
        return rows.filter(**{f"{noun.search}__icontains": typed})
    source, key = INDEXED[noun.model]
    facets = {"source": source}
    if noun.model is Matter:
        facets["kind"] = noun.name.removesuffix("s")
    query = parse(typed)
    wanted = among(key, query, facets, actor, on=on, most=MOST) if query else Q(pk__in=())
    if noun.model in PROPOSED:
        wanted |= _raised_by(PROPOSED[noun.model], typed, actor, on)
    return rows.filter(wanted)


def _raised_by(path: str, typed: str, actor: Actor, on: date) -> Q:
    """Those behind which somebody stands, as a person or a body, who can be meant by this name."""
    found = Q(pk__in=())
    if named := meant(people(actor, on=on), typed):
        signed = Backing.objects.filter(person__in=named, state__in=BEHIND).values("matter")
        found |= Q(**{f"{path}author__in": named}) | Q(**{f"{path}pk__in": signed})
    bodies = Body.objects.filter(name__icontains=typed, kind__in=SPONSORS).values_list("pk", flat=True)
    if keys := list(bodies[:MOST_BODIES]):
        found |= Q(**{f"{path}sponsor__in": keys})
    return found


def people(actor: Actor, *, on: date) -> list[tuple[int, str]]:
    """The key and the name of everybody whom this actor may look for.

    Names are read where they stand, and never from the index: so nobody else can find them by it.
    """
    if not actor.memberships(on):
        return []
    seats = Membership.objects.visible_to(actor, on=on).order_by("person__name", "person")
    return list(seats.values_list("person", "person__name").distinct())
