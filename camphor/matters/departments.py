"""The departments that something can be handed to, in groups, those nearest to the sender first."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from django.utils.translation import gettext as _

from camphor.bodies.models import Area, Body

Group = tuple[str, list[tuple[int, str]]]


def nearest_first(bodies: Iterable[Body], home: Body) -> list[Group]:
    """Choices by area: the sender's own areas from the smallest to the city, then all others by name."""
    own = {area.pk: rank for rank, area in enumerate(_areas_of(home))}

    def place(body: Body) -> tuple[int, str]:
        name = body.area.name if body.area else _("Without an area")
        return own.get(body.area_id or 0, len(own)), name

    ordered = sorted(bodies, key=lambda body: (*place(body), body.name))
    return [
        (name, [(body.pk, body.name) for body in some]) for (_rank, name), some in groupby(ordered, key=place)
    ]


def _areas_of(home: Body) -> list[Area]:
    """The area of the sender, and those that it is a part of."""
    area = next((body.area for body in home.line() if body.area), None)
    found = []
    while area:
        found.append(area)
        area = area.part_of
    return found
