"""Which columns the lists of a desk have as Excel: the tables that offices keep of each kind of thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from camphor.engine.table import Table
from camphor.engine.table import mark as _


@dataclass(frozen=True)
class Column:
    """A column of a list, how many characters wide it is, and what of a ledger of earlier years fills it."""

    name: str
    label: str
    width: int = 14
    ledger: str = ""


# fmt: off
COLUMNS = Table(
    Column("number", _("Number"), 18),
    Column("title", _("Title"), 48),
    Column("proposers", _("Proposers"), 24, "proposers"),
    Column("reporters", _("Reported by"), 24, "proposers"),
    Column("form", _("Form of submission"), 18),
    Column("category", _("Category"), 18, "category"),
    Column("term", _("Session of the term"), 16),
    Column("facts", "", 18),  # one for each short fact of the kind, under its own name
    Column("status", _("Status"), 16),
    Column("state", _("State"), 20),
    Column("begun_on", _("Begun on"), 12),
    Column("body", _("Body"), 22),
    Column("unit", _("Unit"), 26),
    Column("part", _("Its part"), 14),
    Column("departments", _("Departments"), 32),
    Column("lead", _("Leading unit"), 26, "lead"),
    Column("assisting", _("Assisting units"), 26, "assisting"),
    Column("led_by", _("Led by"), 16),
    Column("due_on", _("By when"), 12),
    Column("answer_by", _("Answer by"), 12),
    Column("contacts", _("Contacts, times"), 12),
    Column("answered_on", _("Answered on"), 12, "answered_on"),
    Column("letters", _("Letter of answer"), 22),
    Column("grade", _("Result"), 18, "grade"),
    Column("handling", _("Rating of the handling"), 18),
    Column("score", _("Rating of the result"), 18, "rating"),
    Column("key_level", _("Key proposal"), 20),
    Column("openness", _("Published"), 14),
    Column("destinations", _("Sent to, and what became of it"), 36),
    Column("venue", _("Venue"), 22),
    Column("came", _("Attendances"), 12),
)

EVERY = ("number", "title", "status", "state", "begun_on", "body", "departments", "due_on")
"""The columns of a list that has no table of its own."""
HANDLED = ("lead", "assisting", "due_on", "answered_on")
RATED = ("handling", "score")
LISTS: Mapping[str, tuple[str, ...]] = {
    "proposals": ("number", "title", "proposers", "form", "category", "term", "status", "state", "begun_on",
                  "body", *HANDLED, "letters", "grade", "contacts", *RATED, "key_level", "led_by",
                  "openness"),
    "opinions": ("number", "title", "reporters", "category", "facts", "status", "state", "begun_on", "body",
                 "destinations", "due_on"),
    "requests": ("title", "facts", "status", "state", "begun_on", "body", *HANDLED, "grade", "contacts",
                 *RATED),
    "recommendations": ("number", "title", "status", "state", "begun_on", "body", *HANDLED, "grade"),
    "resolutions": ("number", "title", "facts", "status", "state", "begun_on", "body", *HANDLED, "grade",
                    "led_by"),
    "findings": ("number", "title", "facts", "status", "state", "begun_on", "body", *HANDLED, "grade"),
    "assignments": ("number", "title", "unit", "part", "status", "state", "begun_on", "answer_by", "due_on",
                    "contacts", "answered_on", "letters", "grade", "body"),
    "sessions": ("title", "venue", "status", "state", "begun_on", "body", "came"),
}
"""By the name of a noun, the columns of its list, in their order."""
# fmt: on


def columns_of(noun: str) -> list[Column]:
    """The columns of the list of a noun."""
    return [COLUMNS[name] for name in LISTS.get(noun, EVERY)]
