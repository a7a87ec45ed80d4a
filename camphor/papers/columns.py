"""What stands in the cells of a list as Excel, column by column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, cast

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from camphor.activities.models import Activity
from camphor.bodies.models import Body
from camphor.bodies.rulebook import words
from camphor.engine.table import Table
from camphor.kit.fields import label_of
from camphor.kit.workbook import Cell, Heading
from camphor.matters.models import Assignment, Backing, Matter
from camphor.rules.lists import Column, columns_of
from camphor.rules.matters import (
    BEHIND,
    DESTINATIONS,
    FORMS,
    KEY_LEVELS,
    MANNERS,
    OCCASIONS,
    OPENNESS,
    PARTS,
    SCORES,
)
from camphor.rules.matters.words import Fact, MatterKind

BEGUN = ("raised_at", "given_at", "asked_at", "drafted_at", "starts_at", "said_at", "opens_at", "written_on")
"""Where the models keep the day on which a thing began; each has one of them."""
TALKS = ("contact", "first_contact")
"""The moves by which a unit notes that it was in contact with those who asked."""
Maker = Callable[[Any, "Taking"], Cell]


@dataclass
class Taking:
    """One taking of a list: for which day, and the dictionaries that its bodies had then, read once each."""

    on: date
    categories: dict[int, Table[Any]] = field(default_factory=dict)

    def category(self, body: Body, name: str) -> str:
        if body.pk not in self.categories:
            self.categories[body.pk] = words("categories", body, on=self.on)
        return label_of(self.categories[body.pk], name)


def fetched(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows with all that their cells are made of, so that a chunk of them takes a few queries."""
    if rows.model is Matter:
        signed = Backing.objects.filter(state__in=BEHIND).select_related("person")
        return rows.select_related("owed_by", "author", "sponsor", "term").prefetch_related(
            Prefetch("assignments", Assignment.objects.select_related("handler")),
            Prefetch("backings", signed, to_attr="signed"),
            "assignments__replies", "joined_by", "letters", "ratings", "contacts", "dispatches",
        )  # fmt: skip
    if rows.model is Assignment:
        return rows.prefetch_related("letters", "replies", "contacts")
    return rows.prefetch_related("attendances") if rows.model is Activity else rows


def _of(thing: Any) -> Matter | None:
    return thing if isinstance(thing, Matter) else getattr(thing, "matter", None)


def _number(thing: Any, taking: Taking) -> Cell:
    matter = _of(thing)
    return matter.number if matter else ""


def _begun_on(thing: Any, taking: Taking) -> Cell:
    return next((getattr(thing, name) for name in BEGUN if getattr(thing, name, None)), None)


def _proposers(thing: Matter, taking: Taking) -> Cell:
    """The bodies in whose name it is made, or the members who signed it, the first one first."""
    if thing.sponsor:
        return _joined([thing.sponsor, *thing.joined_by.all()])
    return _reporters(thing, taking)


def _reporters(thing: Matter, taking: Taking) -> Cell:
    others = [backing.person for backing in thing.signed]  # type: ignore[attr-defined]
    return _joined([*([thing.author] if thing.author else []), *others])


def _joined(things: Iterable[object]) -> str:
    return _(", ").join(dict.fromkeys(str(thing) for thing in things))


def _term(thing: Matter, taking: Taking) -> Cell:
    return f"{thing.term} · {label_of(OCCASIONS, thing.occasion)}" if thing.term else ""


def _departments(thing: Any, taking: Taking) -> Cell:
    """Who must answer, those who lead first."""
    if isinstance(thing, Assignment):
        return thing.handler.name
    if not isinstance(thing, Matter):
        return ""
    owed = [thing.owed_by] if thing.owed_by else []
    return _joined([*(one.handler for one in thing.assignments.all()), *owed])


def _handlers(thing: Matter, *, leads: bool) -> str:
    """The units with this part, without those that were released."""
    given = [one for one in thing.assignments.all() if one.state != "released"]
    return _joined(one.handler for one in given if one.leads is leads)


def _leading(thing: Any) -> list[Assignment]:
    given = [thing] if isinstance(thing, Assignment) else thing.assignments.all()
    return [one for one in given if one.leads]


def _due_on(thing: Any, taking: Taking) -> Cell:
    """The day of the next move; of a matter that units have, the first of the days that they were given."""
    if thing.due_on or not isinstance(thing, Matter):
        return cast("date | None", thing.due_on)
    open_ones = [one for one in _leading(thing) if one.state not in ("replied", "released")]
    return min((one.due_on for one in open_ones if one.due_on), default=None)


def _answered_on(thing: Any, taking: Taking) -> Cell:
    """The day of the last letter; of the last answer, where there are no letters."""
    answers = [one.at for lead in _leading(thing) if lead.state == "replied" for one in lead.replies.all()]
    days = [one.at for one in thing.letters.all()] or answers
    return timezone.localdate(max(days)) if days else None


def _last(thing: Any) -> list[Any]:
    """The last letter of each unit to this proposal, in the order in which they went out."""
    return list({(one.assignment_id, one.matter_id): one for one in thing.letters.all()}.values())


def _letters(thing: Any, taking: Taking) -> Cell:
    return _joined(one.number for one in _last(thing))


def _grade(thing: Any, taking: Taking) -> Cell:
    """The grades of the last letters; of the answers item by item, where there are no letters."""
    if letters := _last(thing):
        return _joined(one.grade for one in letters)
    last = {(one.assignment_id, one.item_id): one for lead in _leading(thing) for one in lead.replies.all()}
    return _counted(one.grade for one in last.values() if one.grade)


def _rated(thing: Matter, question: str) -> str:
    """What those who asked said last, each of each unit that is rated by itself, with how many said it."""
    last = {(one.person_id, one.assignment_id): one for one in thing.ratings.all()}
    said = [getattr(one, question) for one in last.values()]
    return _counted(label_of(SCORES, one) for one in said if one)


def _counted(labels: Iterable[str]) -> str:
    found = Counter(labels)
    return _(", ").join(f"{label} × {n}" if n > 1 or len(found) > 1 else label for label, n in found.items())


def _destinations(thing: Matter, taking: Taking) -> Cell:
    rows = [
        " · ".join(part for part in (label_of(DESTINATIONS, one.destination), one.to_whom,
                                     label_of(MANNERS, one.manner) if one.manner else "") if part)
        for one in thing.dispatches.all()
    ]  # fmt: skip
    return _("; ").join(rows)


CELLS: dict[str, Maker] = {
    "number": _number,
    "title": lambda thing, taking: str(_of(thing) or thing),
    "proposers": _proposers,
    "reporters": _reporters,
    "form": lambda thing, taking: label_of(FORMS, thing.form) if thing.form else "",
    "category": lambda thing, taking: taking.category(thing.body, thing.category) if thing.category else "",
    "term": _term,
    "status": lambda thing, taking: thing.status(taking.on)[0],
    "state": lambda thing, taking: _(thing.flow.states[thing.state].label),
    "begun_on": _begun_on,
    "body": lambda thing, taking: thing.home.name,
    "unit": lambda thing, taking: thing.handler.name,
    "part": lambda thing, taking: label_of(PARTS, thing.part),
    "departments": _departments,
    "lead": lambda thing, taking: _handlers(thing, leads=True),
    "assisting": lambda thing, taking: _handlers(thing, leads=False),
    "led_by": lambda thing, taking: str(thing.facts.get("led_by", "")),
    "due_on": _due_on,
    "answer_by": lambda thing, taking: thing.answer_by,
    "contacts": lambda thing, taking: sum(one.move in TALKS for one in thing.contacts.all()) or None,
    "answered_on": _answered_on,
    "letters": _letters,
    "grade": _grade,
    "handling": lambda thing, taking: _rated(thing, "handling"),
    "score": lambda thing, taking: _rated(thing, "score"),
    "key_level": lambda thing, taking: label_of(KEY_LEVELS, thing.key_level) if thing.key_level else "",
    "openness": lambda thing, taking: label_of(OPENNESS, thing.openness) if thing.openness else "",
    "destinations": _destinations,
    "venue": lambda thing, taking: str(thing.venue or ""),
    "came": lambda thing, taking: sum(one.came_at is not None for one in thing.attendances.all()) or None,
}
"""By the name of a column, what makes its cell."""


def lines_of(noun: str, kind: MatterKind | None) -> list[tuple[Heading, Maker]]:
    """The columns of the list of a noun: the head of each, and what makes its cells."""
    found: list[tuple[Heading, Maker]] = []
    for column in columns_of(noun):
        if column.name == "facts":
            short = [fact for fact in kind.facts if not fact.long] if kind else []
            found += [(Heading(_(fact.label), column.width), partial(_fact, fact)) for fact in short]
        else:
            found.append((Heading(_(column.label), column.width), partial(_cell, column)))
    return found


def _cell(column: Column, thing: Any, taking: Taking) -> Cell:
    """What is known here; else what the ledger told, from which it was taken over."""
    made = CELLS[column.name](thing, taking)
    if made or not column.ledger:
        return made
    matter = _of(thing)
    return str(matter.facts.get("ledger", {}).get(column.ledger, "")) if matter else made


def _fact(fact: Fact, thing: Matter, taking: Taking) -> Cell:
    value = str(thing.facts.get(fact.name, ""))
    named = {word.name: word.label for word in fact.choices}
    return _(named[value]) if value in named else value
