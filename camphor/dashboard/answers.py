"""The departments' answers to a concern, item by item, as the one who asked reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from camphor.bodies.rulebook import grades
from camphor.dashboard.promises import Row, rows, with_source
from camphor.engine.table import Table
from camphor.kit.fields import label_of
from camphor.matters.models import Item, Matter, Reply
from camphor.matters.origins import promises_of, recommendations_of
from camphor.rules.matters import MATTERS, SPOT_ANSWERS, Grade


@dataclass(frozen=True)
class Said:
    """What one body answered in one round; the contact of its officer is left out."""

    who: str
    text: str
    grade: str
    round: int
    at: datetime


@dataclass(frozen=True)
class Answered:
    """A recommendation, its items with what was answered to each, the other opinions, and the promises."""

    matter: Matter
    items: list[tuple[Item, list[Said]]]
    opinions: list[Said]
    promises: list[Row]

    @property
    def between_word(self) -> str:
        """What the other opinions are called."""
        return MATTERS[self.matter.kind].between_word


def answers_to(concern: Matter, *, on: date) -> list[Answered]:
    """All public recommendations that came of the concern."""
    public = Matter.objects.public().values("pk")
    found = recommendations_of(concern).filter(pk__in=public).select_related("body").order_by("pk")
    return [answered_in(matter, on=on) for matter in found]


def grade_label(known: Table[Grade], grade: str) -> str:
    """A grade in words: of the body's own dictionary, or of what is said at the table."""
    return label_of(known if grade in known else SPOT_ANSWERS, grade) if grade else ""


def answered_in(matter: Matter, *, on: date) -> Answered:
    """The items of one matter with all that was answered to them."""
    known = grades(matter.body, on=on)
    replies = Reply.objects.filter(assignment__matter=matter).select_related("assignment__handler")
    by_item: dict[int | None, list[Said]] = {}
    for reply in replies.order_by("-round", "pk"):
        grade = grade_label(known, reply.grade)
        said = Said(reply.assignment.handler.name, reply.text, grade, reply.round, reply.at)
        by_item.setdefault(reply.item_id, []).append(said)
    return Answered(
        matter,
        [(item, by_item.get(item.pk, [])) for item in matter.items.all()],
        by_item.get(None, []),
        rows(with_source(promises_of(matter)), on=on),
    )
