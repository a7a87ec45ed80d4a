"""Matters of any kind that say nearly the same, while one is written and again when it is looked at."""

from __future__ import annotations

from django.db.models import QuerySet

from camphor.bodies.models import Body
from camphor.matters.models import Matter
from camphor.search.alike import alike

MOST = 8
"""Candidates shown; who is not among the nearest eight is no twin."""
ALIKE = 25
"""Per cent of shared weight from which something is shown as similar: below, it is chance."""
OPEN = ("submitted", "accepted", "postponed", "taken_up")
Similar = list[tuple[Matter, int]]
"""Matters, and how alike each is in per cent."""


def similar_to(
    text: str,
    kind: str | None = None,
    body: Body | None = None,
    limit: int = MOST,
    *,
    among: QuerySet[Matter] | None = None,
) -> Similar:
    """The matters most similar to a text, the most similar first.

    Compared are the public ones, or those `among` which the reader may see; give it a `visible_to`.
    """
    pool = Matter.objects.public() if among is None else among
    if kind:
        pool = pool.filter(kind=kind)
    if body:
        pool = pool.filter(body=body)
    facets = {"kind": kind} if kind else {}
    if body:
        facets["body"] = str(body.pk)
    found = alike(text, "matter", pool, facets=facets, limit=limit)
    matters = Matter.objects.select_related("body").in_bulk([one.subject_id for one in found])
    return [(matters[one.subject_id], one.share) for one in found]


def most_similar(concern: Matter) -> Similar:
    """The open concerns of the same body and their likeness in per cent, the most similar first."""
    others = Matter.objects.filter(state__in=OPEN).exclude(pk=concern.pk)
    return similar_to(f"{concern.title}\n{concern.text}", concern.kind, concern.body, among=others)
