"""The departments that something can be handed to, in groups, those nearest to the sender first."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from django.utils.translation import gettext as _

from camphor.bodies.models import Area, Body

AREAS = ("area", "part_of__area", "guided_by__area")
"""What to fetch with the bodies, so that no area is asked for by itself."""
Group = tuple[str, list[tuple[int, str]]]


def nearest_first(bodies: Iterable[Body], home: Body) -> list[Group]:
    """Choices by area: the sender's own areas from the smallest to the city, then all others by name."""
    own = {area.pk: rank for rank, area in enumerate(_areas_of(home))}

    def place(body: Body) -> tuple[int, str]:
        area = _area_of(body)
        return (own.get(area.pk, len(own)), area.name) if area else (len(own) + 1, _("Without an area"))

    ordered = sorted(bodies, key=lambda body: (*place(body), body.name))
    return [
        (name, [(body.pk, body.name) for body in some]) for (_rank, name), some in groupby(ordered, key=place)
    ]


def _area_of(body: Body) -> Area | None:
    """Its own area, or else that of the body it belongs to."""
    above = (body.part_of, body.guided_by)
    return body.area or next((other.area for other in above if other and other.area), None)


def _areas_of(home: Body) -> list[Area]:
    """The area of the sender, and those that it is a part of."""
    area = next((body.area for body in home.line() if body.area), None)
    found = []
    while area:
        found.append(area)
        area = area.part_of
    return found
