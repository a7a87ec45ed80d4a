"""Where a thing is found on the desk."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from camphor.dashboard.nouns import nouns
from camphor.kit.nouns import Noun
from camphor.matters.models import Matter
from camphor.people.models import Delegation, Membership


def noun_of(thing: Any) -> Noun | None:
    """The noun that a thing is one of, if it has a desk."""
    kind = getattr(thing, "kind", "")
    for noun in nouns():
        if isinstance(thing, noun.model) and (noun.model is not Matter or noun.name == f"{kind}s"):
            return noun
    return None


def desk_url(thing: Any) -> str:
    """The page of a thing on the desk."""
    if isinstance(thing, Delegation | Membership):
        return reverse("hand_over")
    noun = noun_of(thing)
    return reverse("desk_thing", args=[noun.name, thing.pk]) if noun else reverse("desk")
