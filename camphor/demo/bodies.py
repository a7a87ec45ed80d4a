"""Builds the areas, bodies and venues of the city."""

from __future__ import annotations

from camphor.bodies.actions import found
from camphor.bodies.models import Area, Body, Venue
from camphor.demo import places
from camphor.demo.places import REFORMED_ON, TERM_SINCE


def build() -> None:
    """The whole tree: areas, the committee with its parts, departments, districts, and venues."""
    areas = _areas()
    city = found(
        name="杭州市政协",
        slug="hangzhou",
        kind="committee_city",
        since=TERM_SINCE,
        area_id=areas["hangzhou"].pk,
    )
    _parts(city)
    _departments(areas)
    committees = {
        district.slug: found(
            name=f"{district.name}政协",
            slug=f"{district.slug}-committee",
            kind="committee_district",
            since=TERM_SINCE,
            guided_by=city,
            area_id=areas[district.slug].pk,
        )
        for district in places.DISTRICTS
    }
    _proposing(areas, committees["yuhang"])
    _venues(areas, committees)


def _areas() -> dict[str, Area]:
    city = Area.objects.create(
        name="杭州市", slug="hangzhou", code="3301", tier="city", since=REFORMED_ON, towns=191
    )
    areas = {"hangzhou": city}
    for district in places.DISTRICTS:
        areas[district.slug] = Area.objects.create(
            name=district.name,
            slug=district.slug,
            code=district.code,
            tier="district",
            part_of=city,
            towns=district.towns,
            since=REFORMED_ON,
        )
    for place in places.PLACES:
        areas[place.slug] = Area.objects.create(
            name=place.name,
            slug=place.slug,
            tier=place.tier,
            part_of=areas[place.part_of or place.district],
            invented=place.invented,
            since=REFORMED_ON,
        )
    return areas


def _parts(city: Body) -> None:
    groups = (
        ("sector", "sector", places.SECTORS),
        ("special_committee", "committee", places.COMMITTEES),
        ("office", "office", places.OFFICES),
    )
    for kind, slug, names in groups:
        for n, name in enumerate(names, start=1):
            found(name=name, slug=f"{slug}-{n}", kind=kind, since=TERM_SINCE, part_of=city)


def _departments(areas: dict[str, Area]) -> None:
    government = found(
        name="杭州市人民政府",
        slug="government",
        kind="government",
        since=REFORMED_ON,
        area_id=areas["hangzhou"].pk,
    )
    groups = (
        ("department", "department", places.DEPARTMENTS),
        ("court", "court", places.COURTS),
        ("people_organisation", "organisation", places.ORGANISATIONS),
    )
    for kind, slug, names in groups:
        for n, name in enumerate(names, start=1):
            parent = government if kind == "department" else None
            found(name=name, slug=f"{slug}-{n}", kind=kind, since=REFORMED_ON, part_of=parent)
    for name, slug in zip(places.ENTERPRISES, ("power", "metro", "build"), strict=True):
        found(name=name, slug=slug, kind="enterprise", since=REFORMED_ON)
    for district in places.DISTRICTS:
        found(
            name=f"{district.name}人民政府",
            slug=f"{district.slug}-government",
            kind="government",
            since=REFORMED_ON,
            area_id=areas[district.slug].pk,
        )
    yuhang = Body.objects.get(slug="yuhang-government")
    for slug, name in places.YUHANG_DEPARTMENTS.items():
        found(name=name, slug=slug, kind="department", since=REFORMED_ON, part_of=yuhang)


def _proposing(areas: dict[str, Area], committee: Body) -> None:
    """In whose name the members of Yuhang can propose, beside the people's organisations of the city."""
    parts = (
        ("special_committee", "yuhang-special-1", places.YUHANG_COMMITTEE),
        ("sector", "yuhang-sector-1", places.YUHANG_SECTOR),
        ("member_group", "yuhang-group-1", places.YUHANG_GROUP),
    )
    for kind, slug, name in parts:
        invented = name.endswith(places.INVENTED)
        found(name=name, slug=slug, kind=kind, since=TERM_SINCE, part_of=committee, invented=invented)
    found(
        name=places.YUHANG_FEDERATION,
        slug="yuhang-federation",
        kind="federation",
        since=TERM_SINCE,
        area_id=areas["yuhang"].pk,
    )
    found(
        name=places.YUHANG_PARTY,
        slug="yuhang-party",
        kind="party",
        since=TERM_SINCE,
        area_id=areas["yuhang"].pk,
        invented=True,
    )


def _venues(areas: dict[str, Area], committees: dict[str, Body]) -> None:
    """Each venue belongs to a platform of its district's committee: a mechanism, not a new institution."""
    for spot in places.VENUES:
        area = areas[spot.area]
        district = area
        while district.tier != "district" and district.part_of:
            district = district.part_of
        body = found(
            name=f"{area.name.removesuffix(places.INVENTED)}·{spot.name.removesuffix(places.INVENTED)}",
            slug=f"platform-{spot.slug}",
            kind="platform",
            since=TERM_SINCE,
            part_of=committees[district.slug],
            area_id=area.pk,
            invented=spot.invented,
        )
        Venue.objects.create(
            name=spot.name,
            slug=spot.slug,
            body=body,
            area=area,
            platform=spot.platform,
            type=spot.type,
            invented=spot.invented,
            since=TERM_SINCE,
        )
