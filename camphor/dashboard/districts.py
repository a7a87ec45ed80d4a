"""Districts: the tier on which residents look for what is near them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from camphor.bodies.models import Area, Venue

DISTRICT_TIERS = ("district", "county")


def district_of(area: Area) -> Area:
    """The district that an area is or lies in; the area itself where none is above it."""
    above: Area | None = area
    while above and above.tier not in DISTRICT_TIERS:
        above = above.part_of
    return above or area


def open_venues(*, on: date) -> QuerySet[Venue]:
    """The venues where somebody can raise something today."""
    in_force = Venue.objects.filter(Q(until=None) | Q(until__gt=on), since__lte=on)
    return in_force.select_related("body", "area__part_of__part_of")


def districts(*, on: date) -> list[Area]:
    """Those with a venue where somebody can raise something today, in the order of their names."""
    venues = open_venues(on=on).select_related(None).order_by()
    areas = Area.objects.filter(pk__in=venues.values("area")).select_related("part_of__part_of")
    return sorted({district_of(area) for area in areas}, key=lambda area: area.slug)


def by_district(venues: Iterable[Venue]) -> dict[Area, list[Venue]]:
    """The venues of each district, in the order of the districts' names."""
    grouped: dict[Area, list[Venue]] = {}
    for venue in venues:
        grouped.setdefault(district_of(venue.area), []).append(venue)
    return dict(sorted(grouped.items(), key=lambda pair: pair[0].slug))


def inside(district: Area, *, to: str) -> Q:
    """Whether the area at the end of this path is the district or lies in it, at most two tiers below."""
    return (
        Q(**{to: district}) | Q(**{f"{to}__part_of": district}) | Q(**{f"{to}__part_of__part_of": district})
    )
