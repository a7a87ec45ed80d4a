"""Everything that writes to bodies, areas and venues."""

from __future__ import annotations

from datetime import date

from django.db.models import F

from camphor.bodies.models import Body, LocalRule, Series


def found(
    *,
    name: str,
    slug: str,
    kind: str,
    since: date,
    part_of: Body | None = None,
    guided_by: Body | None = None,
    area_id: int | None = None,
    invented: bool = False,
) -> Body:
    """Enter a body that is part of another, or that is only guided by it."""
    path = f"{part_of.path if part_of else ''}{slug}/"
    return Body.objects.create(
        name=name,
        slug=slug,
        kind=kind,
        path=path,
        part_of=part_of,
        guided_by=guided_by,
        area_id=area_id,
        invented=invented,
        since=since,
    )


def next_number(body: Body, series: str, pattern: str, *, on: date) -> str:
    """Give the next number of a series, once; call it inside the transaction that uses it."""
    Series.objects.get_or_create(body=body, name=series, year=on.year)
    row = Series.objects.filter(body=body, name=series, year=on.year)
    row.update(last=F("last") + 1)
    place = body.area.name if body.area else body.name
    return pattern.format(place=place.removesuffix("（虚构）"), year=on.year, n=row.get().last)


def set_rule(body: Body, table: str, row: dict[str, object], *, since: date) -> LocalRule:
    """Set a row of the rules for a body and all that it guides, from a day on."""
    name = row["name"]
    earlier = [rule for rule in body.local_rules.filter(table=table, until=None) if rule.row["name"] == name]
    for rule in earlier:
        rule.until = since
        rule.save(update_fields=["until"])
    return LocalRule.objects.create(body=body, table=table, row=row, since=since)
