"""Everything that writes to bodies, areas and venues."""

from __future__ import annotations

import re
from datetime import date
from string import Formatter

from django.db.models import F

from camphor.bodies.models import Body, LocalRule, Series, Term


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


def next_number(body: Body, series: str, pattern: str, *, on: date, term: Term | None = None) -> str:
    """Give the next number of a series, once; call it inside the transaction that uses it.

    A pattern that names the term counts through a session of it, the one that runs unless another is given;
    any other pattern counts through the year.
    """
    term = (term or term_of(body, on=on)) if "{term}" in pattern else None
    if term:
        series = f"{series} {term}"
    year = term.since.year if term else on.year
    Series.objects.get_or_create(body=body, name=series, year=year)
    row = Series.objects.filter(body=body, name=series, year=year)
    row.update(last=F("last") + 1)
    place = body.area.name if body.area else body.name
    return pattern.format(
        place=place.removesuffix("（虚构）"),
        year=on.year,
        n=row.get().last,
        term=term.number if term else on.year,
        session=term.session if term else 0,
    )


def reserve_number(body: Body, series: str, pattern: str, number: str) -> None:
    """Let a series go on after a number that was given elsewhere; one of another pattern is left alone."""
    found = re.fullmatch(_as_expression(pattern), number)
    if not found:
        return
    told = {name: int(text) for name, text in found.groupdict().items() if name != "place"}
    year, term = told.get("year"), None
    if "term" in told:
        term = Term.objects.filter(body=body, number=told["term"], session=told.get("session", 0)).first()
        series, year = f"{series} {term}", term.since.year if term else None
    if year is None:
        return
    Series.objects.get_or_create(body=body, name=series, year=year)
    Series.objects.filter(body=body, name=series, year=year, last__lt=told["n"]).update(last=told["n"])


def _as_expression(pattern: str) -> str:
    parts = []
    for literal, name, _spec, _how in Formatter().parse(pattern):
        digits = r".*?" if name == "place" else r"[0-9]{1,9}"
        parts.append(re.escape(literal) + (f"(?P<{name}>{digits})" if name else ""))
    return "".join(parts)


def term_of(body: Body, *, on: date) -> Term | None:
    """The session of the term that a body, or the committee that it is a part of, is in on this day."""
    for one in body.line():
        if term := Term.objects.in_force(on).filter(body=one).last():
            return term
    return None


def session_for(body: Body, *, on: date) -> Term | None:
    """The session that a proposal of this day counts for: one that takes them, also before it opens."""
    for one in body.line():
        taking = Term.objects.filter(body=one, proposals_since__lte=on, proposals_until__gte=on).last()
        if term := taking or Term.objects.in_force(on).filter(body=one).last():
            return term
    return None


def begin_session(
    body: Body, *, number: int, session: int, since: date, proposals_since: date, proposals_until: date
) -> Term:
    """Begin a session of a term; the one before it ends on that day."""
    body.terms.filter(until=None).update(until=since)
    return Term.objects.create(
        body=body,
        number=number,
        session=session,
        since=since,
        proposals_since=proposals_since,
        proposals_until=proposals_until,
    )


def set_rule(body: Body, table: str, row: dict[str, object], *, since: date) -> LocalRule:
    """Set a row of the rules for a body and all that it guides, from a day on."""
    name = row["name"]
    earlier = [rule for rule in body.local_rules.filter(table=table, until=None) if rule.row["name"] == name]
    for rule in earlier:
        rule.until = since
        rule.save(update_fields=["until"])
    return LocalRule.objects.create(body=body, table=table, row=row, since=since)


def withdraw_rule(rule: LocalRule) -> None:
    """Let a rule never hold that was still to come: what it would have replaced holds on."""
    stood = rule.body.local_rules.filter(table=rule.table, until=rule.since).exclude(since=F("until"))
    for one in stood:
        if one.row["name"] == rule.row["name"]:
            one.until = rule.until
            one.save(update_fields=["until"])
    rule.until = rule.since
    rule.save(update_fields=["until"])
