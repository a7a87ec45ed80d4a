"""How matters and replies are found: what the index knows of them, and who may read it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from camphor.bodies.models import Area
from camphor.matters.models import Assignment, Matter, Reply
from camphor.people.actor import Actor
from camphor.people.standing import OF_HANDLER, prefixes
from camphor.rules.matters import JOINED, MATTERS
from camphor.search.sources import PUBLIC, Draft, Source, itself, reader
from camphor.trail.links import came_of

WHERE = (
    "body__area__part_of__part_of",
    "venue__area__part_of__part_of",
    "body__part_of__area__part_of__part_of",
)


def facets_of(matter: Matter) -> Iterator[tuple[str, object]]:
    """The properties by which matters are filtered."""
    yield "kind", matter.kind
    yield "state", f"{matter.kind}.{matter.state}"
    yield "year", timezone.localdate(matter.raised_at).year
    for slug in areas_of(matter):
        yield "area", slug
    yield "body", matter.body_id
    if matter.category:
        yield "category", matter.category
    for handler in _handlers(matter):
        yield "owed", handler


def areas_of(matter: Matter) -> set[str]:
    """The areas that it belongs to, from the smallest to the largest."""
    home = matter.body.area or (matter.body.part_of.area if matter.body.part_of else None)
    starts = (matter.venue.area if matter.venue else None, home)
    return {area.slug for start in starts for area in _upward(start)}


def _upward(area: Area | None) -> Iterator[Area]:
    while area:
        yield area
        area = area.part_of


def _handlers(matter: Matter) -> set[int]:
    handlers = {one.handler_id for one in matter.assignments.all()}
    return handlers | ({matter.owed_by_id} if matter.owed_by_id else set())


def readers_of(matter: Matter) -> frozenset[str]:
    """Who may read a matter, as `visible_to` has it."""
    kind = MATTERS[matter.kind]
    by_state = matter.state in kind.flow.public_states() and not kind.disclosed
    found = {reader(PUBLIC)} if by_state else set()
    if matter.state not in kind.flow.private_states():
        found |= {reader("clerk", path) for path in prefixes(matter.body.path)}
    found |= {reader("officer", handler) for handler in _handlers(matter)}
    for other in came_of(matter, "merged_into", Matter) if matter.state in JOINED else ():
        found |= {reader("officer", handler) for handler in _handlers(other)}
    found |= {reader("author", signed.person_id) for signed in matter.backings.all()}
    if matter.author_id:
        found.add(reader("author", matter.author_id))
    if matter.code_digest:
        found.add(reader("code", matter.code_digest))
    return frozenset(found)


def readers(actor: Actor, on: date) -> Iterator[str]:
    """Who this actor is to matters."""
    for path in actor.read_paths(on):
        yield reader("clerk", path)
    for seat in actor.memberships(on):
        if seat.role in OF_HANDLER:
            yield reader("officer", seat.body_id)
    if actor.person:
        yield reader("author", actor.person.pk)
    for digest in actor.digests:
        yield reader("code", digest)


def _matters(keys: Collection[int]) -> Iterator[Draft]:
    rows = (
        Matter.objects.filter(pk__in=keys)
        .select_related(*WHERE)
        .prefetch_related("assignments", "items", "backings")
    )
    for matter in rows:
        items = "\n".join(item.text for item in matter.items.all())
        yield Draft(
            subject_id=matter.pk,
            day=timezone.localdate(matter.raised_at),
            title=matter.title,
            text="\n".join(part for part in (matter.text, items, _keywords(matter), matter.number) if part),
            facets=tuple(facets_of(matter)),
            readers=readers_of(matter),
        )


def _keywords(matter: Matter) -> str:
    """What whoever wrote it wants it to be found by."""
    return str(matter.facts.get("keywords", ""))


def _replies(keys: Collection[int]) -> Iterator[Draft]:
    where = [f"assignment__matter__{path}" for path in WHERE]
    rows = Reply.objects.filter(pk__in=keys).select_related(*where)
    for reply in rows.prefetch_related("assignment__matter__assignments", "assignment__matter__backings"):
        matter = reply.assignment.matter
        same = [(name, value) for name, value in facets_of(matter) if name not in ("kind", "year")]
        day = timezone.localdate(reply.at)
        yield Draft(
            subject_id=reply.pk,
            day=day,
            title="",
            text=reply.text,
            facets=(("kind", "reply"), ("year", day.year), *same),
            readers=readers_of(matter),
        )


def _of_assignments(keys: Collection[int]) -> Iterable[tuple[int, int]]:
    return Assignment.objects.filter(pk__in=keys).values_list("pk", "matter")


def _replies_of_matters(keys: Collection[int]) -> Iterable[tuple[int, int]]:
    return Reply.objects.filter(assignment__matter__in=keys).values_list("assignment__matter", "pk")


def _replies_of_assignments(keys: Collection[int]) -> Iterable[tuple[int, int]]:
    return Reply.objects.filter(assignment__in=keys).values_list("assignment", "pk")


def visible_replies(actor: Actor, on: date) -> QuerySet[Reply]:
    """A reply is seen by whoever sees the matter that it answers."""
    matters = Matter.objects.visible_to(actor, on=on).filter(pk=OuterRef("assignment__matter"))
    return Reply.objects.filter(Exists(matters.order_by()))  # asked of each reply at hand, not of the archive


SOURCES = (
    Source(
        name="matter",
        number=0,
        model=Matter,
        drafts=_matters,
        touched={"matters.matter": itself, "matters.assignment": _of_assignments},
        readers=readers,
        visible=lambda actor, on: Matter.objects.visible_to(actor, on=on),
    ),
    Source(
        name="reply",
        number=1,
        model=Reply,
        drafts=_replies,
        touched={
            "matters.matter": _replies_of_matters,
            "matters.assignment": _replies_of_assignments,
        },
        readers=readers,
        visible=visible_replies,
    ),
)
