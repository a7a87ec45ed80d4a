"""What else a list of matters can be narrowed down to: its categories, sessions, forms and facts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from camphor.bodies.models import Body, Term
from camphor.bodies.rulebook import words
from camphor.kit.nouns import Pick
from camphor.people.actor import Actor
from camphor.rules.bodies import BODY_KINDS
from camphor.rules.matters import KEY_LEVELS, OCCASIONS, MatterKind

MOST_TERMS = 12
"""Sessions that can be chosen, the latest first: two terms and a bit."""


def picks_of(kind: MatterKind, actor: Actor, on: date) -> list[Pick]:
    """The choices for a kind, each with the rows that it leaves."""
    asked = frozenset(word for move in kind.flow.moves.values() for word in move.asks)
    found: list[Pick] = []
    if "category" in asked:
        found += _categories(actor, on)
    if "form" in asked:
        found += _sessions(actor, on)
    if "key_level" in asked:
        label = _("Key proposals")
        found.append(Pick("key", _("All key proposals"), label, ~Q(key_level="")))
        found += [
            Pick(f"key-{one.name}", _(one.label), label, Q(key_level=one.name)) for one in KEY_LEVELS.values()
        ]
        found.append(Pick("outstanding", _("Commended as outstanding"), label, Q(is_outstanding=True)))
    if any(move.urgent for move in kind.flow.moves.values()):
        found.append(Pick("urgent", _("Urgent"), _("Urgency"), Q(is_urgent=True)))
    for fact in kind.facts:
        found += [
            Pick(
                f"{fact.name}-{word.name}",
                _(word.label),
                _(fact.label),
                Q(**{f"facts__{fact.name}": word.name}),
            )
            for word in fact.choices
        ]
    return found


def _categories(actor: Actor, on: date) -> list[Pick]:
    """The categories of the committees that he works with."""
    named: dict[str, str] = {}
    for body in _committees(actor, on):
        named |= {row.name: row.label for row in words("categories", body, on=on).values()}
    return [
        Pick(f"category-{name}", _(label), _("Category"), Q(category=name)) for name, label in named.items()
    ]


def _sessions(actor: Actor, on: date) -> list[Pick]:
    """The sessions of their terms, and whether something was raised for a plenary or between two."""
    bodies = _committees(actor, on)
    terms = Term.objects.filter(body__in=bodies).select_related("body").order_by("-since")[:MOST_TERMS]
    of_several = len(bodies) > 1
    return [
        *(
            Pick(
                f"term-{term.pk}",
                f"{term} · {term.body}" if of_several else str(term),
                _("Session of the term"),
                Q(term=term),
            )
            for term in terms
        ),
        *(
            Pick(one.name, _(one.label), _("When it was raised"), Q(occasion=one.name))
            for one in OCCASIONS.values()
        ),
        Pick("collective", _("In the name of a body"), _("Form"), Q(sponsor__isnull=False)),
    ]


def _committees(actor: Actor, on: date) -> list[Body]:
    """The committees to which his seats belong."""
    found: dict[int, Body] = {}
    for seat in actor.memberships(on):
        found |= {one.pk: one for one in _above(seat.body) if BODY_KINDS[one.kind].committee}
    return list(found.values())


def _above(body: Body) -> Iterable[Body]:
    """A body and what it is a part of, without those that only guide it."""
    one: Body | None = body
    while one:
        yield one
        one = one.part_of
