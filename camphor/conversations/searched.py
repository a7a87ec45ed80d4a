"""How statements are found: what the index knows of them, and who may read it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date

from django.utils import timezone

from camphor.bodies.models import Area
from camphor.conversations.models import Statement
from camphor.people.actor import Actor
from camphor.search.sources import PUBLIC, Draft, Source, itself, reader

WHERE = ("author", "conversation__body__area__part_of__part_of", "conversation__body__part_of__area__part_of")


def _statements(keys: Collection[int]) -> Iterator[Draft]:
    for statement in Statement.objects.filter(pk__in=keys).select_related(*WHERE):
        day = timezone.localdate(statement.said_at)
        yield Draft(
            subject_id=statement.pk,
            day=day,
            title="",
            text=statement.text,
            facets=(
                ("kind", "statement"),
                ("state", f"statement.{statement.state}"),
                ("year", day.year),
                ("body", statement.conversation.body_id),
                *(("area", slug) for slug in _areas_of(statement)),
            ),
            readers=_readers_of(statement),
        )


def _areas_of(statement: Statement) -> Iterator[str]:
    body = statement.conversation.body
    area: Area | None = body.area or (body.part_of.area if body.part_of else None)
    while area:
        yield area.slug
        area = area.part_of


def _readers_of(statement: Statement) -> frozenset[str]:
    """Who may read a statement, as `visible_to` has it."""
    found = {reader(PUBLIC)} if statement.is_public and statement.conversation.is_public else set()
    parts = statement.conversation.body.path.rstrip("/").split("/")
    found |= {reader("clerk", "/".join(parts[: n + 1]) + "/") for n in range(len(parts))}
    if statement.author:
        found.add(reader("participant", statement.author.digest))
    return frozenset(found)


def _readers(actor: Actor, on: date) -> Iterator[str]:
    for path in actor.paths("clerk", on):
        yield reader("clerk", path)
    for digest in actor.digests:
        yield reader("participant", digest)


def _of_conversations(keys: Collection[int]) -> Iterable[tuple[int, int]]:
    """An imported conversation brings its statements with it, with one entry for them all."""
    return Statement.objects.filter(conversation__in=keys).values_list("conversation", "pk")


SOURCES = (
    Source(
        name="statement",
        number=2,
        model=Statement,
        drafts=_statements,
        touched={"conversations.statement": itself, "conversations.conversation": _of_conversations},
        readers=_readers,
        visible=lambda actor, on: Statement.objects.visible_to(actor, on=on),
    ),
)
