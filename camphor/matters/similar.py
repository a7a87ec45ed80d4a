"""Matters of any kind that say nearly the same, while one is written and again when it is looked at."""

from __future__ import annotations

from django.db.models import QuerySet

from camphor.bodies.models import Body
from camphor.matters.models import Matter
from camphor.rules.matters import MATTERS
from camphor.search.alike import alike

MOST = 8
"""Candidates shown; who is not among the nearest eight is no twin."""
ALIKE = 25
"""Per cent of shared weight from which something is shown as similar: below, it is chance."""
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


def most_similar(matter: Matter) -> Similar:
    """The matters of the same kind and body that it could be merged into, the most similar first."""
    joined = MATTERS[matter.kind].merged_into
    others = Matter.objects.filter(kind=matter.kind, state__in=joined).exclude(pk=matter.pk)
    return similar_to(_said(matter), matter.kind, matter.body, among=others)


def _said(matter: Matter) -> str:
    return "\n".join([matter.title, matter.text, *(str(item) for item in matter.items.all())])


def known_alike(matter: Matter, among: QuerySet[Matter]) -> Similar:
    """What its body knows that says nearly the same, whatever became of it, among what the reader may see."""
    near = similar_to(_said(matter), matter.kind, matter.body, among=among.exclude(pk=matter.pk))
    return [pair for pair in near if pair[1] >= ALIKE]


def alike_to(matter: Matter) -> Similar:
    """Those among them that are so similar that a reader should be told."""
    return [pair for pair in most_similar(matter) if pair[1] >= ALIKE]
