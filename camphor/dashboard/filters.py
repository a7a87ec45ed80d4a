"""What a search can be narrowed down to, and what was chosen of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from camphor.bodies.models import Body, LocalRule
from camphor.dashboard.districts import districts
from camphor.dashboard.hits import kinds
from camphor.engine.flow import Flow
from camphor.matters.fields.handing import answering_bodies
from camphor.people.actor import Actor
from camphor.rules.bodies import BODY_KINDS
from camphor.rules.conversations import STATEMENT
from camphor.rules.matters import CATEGORIES, MATTERS
from camphor.search.models import Progress

Choices = list[tuple[str, str]]


@dataclass(frozen=True)
class Filters:
    """The choices of each filter, and what was chosen; what is no choice counts as not chosen."""

    kinds: Choices
    states: list[tuple[str, Choices]]
    areas: Choices
    bodies: Choices
    categories: Choices
    owed: Choices
    years: Choices
    chosen: Mapping[str, str]

    @property
    def narrowed(self) -> bool:
        return bool(self.chosen)


def filters(asked: Mapping[str, str], actor: Actor, *, on: date) -> Filters:
    """The filters for this reader, and what the address says of them."""
    inside = bool(actor.memberships(on))
    states = [(label, _states(name, flow, inside)) for name, label, flow in _flows()]
    areas = [(area.slug, area.name) for area in districts(on=on)]
    owed = [(str(body.pk), body.name) for body in _departments()]
    offered = {
        "kind": list(kinds().items()),
        "state": [choice for _label, choices in states for choice in choices],
        "area": areas,
        "body": [(str(body.pk), body.name) for body in _committees()],
        "category": _categories(on),
        "owed": owed,
        "year": [(str(year), str(year)) for year in range(on.year, _first_year(on) - 1, -1)],
    }
    chosen = {name: asked[name] for name, choices in offered.items() if asked.get(name, "") in dict(choices)}
    return Filters(
        offered["kind"], states, areas, offered["body"], offered["category"], owed, offered["year"], chosen
    )


def _flows() -> list[tuple[str, str, Flow]]:
    """Each kind that has states of its own."""
    labels = kinds()
    found = [(kind.name, labels[kind.name], kind.flow) for kind in MATTERS.values()]
    return [*found, ("statement", labels["statement"], STATEMENT)]


def _states(kind: str, flow: Flow, inside: bool) -> Choices:
    """All states for those who have a desk; for all others those in which something is public."""
    return [
        (f"{kind}.{state.name}", _(state.label)) for state in flow.states.values() if inside or state.public
    ]


def _departments() -> list[Body]:
    return list(answering_bodies().only("pk", "name").order_by("name"))


def _categories(on: date) -> Choices:
    """The categories of the house, and those that committees have added."""
    named = {one.name: one.label for one in CATEGORIES.values()}
    for rule in LocalRule.objects.in_force(on).filter(table="categories"):
        named[str(rule.row["name"])] = str(rule.row["label"])
    return [(name, _(label)) for name, label in named.items()]


def _committees() -> list[Body]:
    """The committees with which something is raised."""
    whole = [kind.name for kind in BODY_KINDS.values() if kind.committee]
    return list(Body.objects.filter(kind__in=whole, until=None).only("pk", "name"))


def _first_year(on: date) -> int:
    since = Progress.objects.values_list("since", flat=True).first()
    return since.year if since else on.year
