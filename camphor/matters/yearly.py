"""The yearly notice of opinion reports: what each author sent in, and how much of it was used where.

It tells members and units what came of their work, and ranks nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.contrib.contenttypes.models import ContentType

from camphor.bodies.models import Body
from camphor.matters.models import Dispatch, Matter
from camphor.people.actor import Actor
from camphor.people.models import Person
from camphor.rules.matters import BEHIND, JOINED, MATTERS
from camphor.trail.models import Link

TELLING = ("clerk", "leader")
"""The roles that draw up the notice of their body; each author hears of his own through his reports."""


@dataclass
class Line:
    """One author: the reports that he sent in, those of them that were used, and each use of these."""

    person: Person
    sent: set[int] = field(default_factory=set)
    used: set[int] = field(default_factory=set)
    uses: set[Dispatch] = field(default_factory=set)

    def places(self) -> list[tuple[str, str, int]]:
        """Where and how, and how often."""
        counted = Counter((one.destination, one.manner) for one in self.uses)
        return [(place, manner, n) for (place, manner), n in sorted(counted.items())]

    def times(self, destination: str) -> int:
        """How often something of his was used there."""
        return sum(one.destination == destination for one in self.uses)


@dataclass(frozen=True)
class Notice:
    """The notice of a body for a year: its authors by name, and all together, each report counted once."""

    body: Body
    year: int
    lines: list[Line]
    sent: int
    used: int


def bodies_of(actor: Actor, *, on: date) -> list[Body]:
    """The bodies whose notice this actor draws up."""
    seats = actor.memberships(on)
    return list(dict.fromkeys(seat.body for seat in seats if seat.role in TELLING))


def notice(body: Body, year: int) -> Notice:
    """What was sent to this body in this year, as far as it has come."""
    opinion = MATTERS["opinion"]
    found = Matter.objects.filter(kind=opinion.name, body=body, raised_at__year=year)
    sent = found.exclude(state__in=opinion.flow.private_states())
    reports = list(sent.select_related("author").prefetch_related("backings__person"))
    master = _masters(reports)
    uses: dict[int, set[Dispatch]] = {}
    for one in Dispatch.objects.filter(matter__in=set(master.values())):
        if one.manner not in ("", "not_used"):
            uses.setdefault(one.matter_id, set()).add(one)
    lines: dict[int, Line] = {}
    for report in reports:
        made = uses.get(master[report.pk], set())
        for person in _authors(report):
            line = lines.setdefault(person.pk, Line(person))
            line.sent.add(report.pk)
            if made:
                line.used.add(report.pk)
                line.uses |= made
    used = set[int]().union(*(line.used for line in lines.values()))
    ordered = sorted(lines.values(), key=lambda line: str(line.person))
    return Notice(body, year, ordered, len(reports), len(used))


def _masters(reports: Iterable[Matter]) -> dict[int, int]:
    """For each report the one in which it was sent: itself, or what it was combined with at last."""
    matter = ContentType.objects.get_for_model(Matter)
    links = Link.objects.filter(how="merged_into", source_type=matter, target_type=matter)
    known: dict[int, int] = {}
    edge = {report.pk for report in reports if report.state in JOINED}
    while edge:
        found = dict(links.filter(source_id__in=edge).values_list("source_id", "target_id"))
        known |= found
        edge = set(found.values()) - set(known)
    masters = {}
    for report in reports:
        masters[report.pk] = report.pk
        while (then := masters[report.pk]) in known:
            masters[report.pk] = known[then]
    return masters


def _authors(report: Matter) -> list[Person]:
    """Who sent it in: not those who share in it since their own report was combined with it."""
    sharing = [one for one in report.backings.all() if one.state in BEHIND]
    others = [one.person for one in sharing if one.asked_at <= report.raised_at]
    return [report.author, *others] if report.author else others
