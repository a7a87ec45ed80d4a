"""From the rows of a ledger to matters in the archive: each once, through the one door, with its source."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from camphor.bodies.models import Term
from camphor.bodies.rulebook import words
from camphor.matters import actions as matters
from camphor.matters.models import Matter
from camphor.papers.ledger import FAULTS, Line, Merged, Reading, read, squeezed
from camphor.papers.models import Ledger
from camphor.people.actor import Actor, digest
from camphor.people.models import Person
from camphor.rules.matters import MATTERS

MOST_BYTES = 10 * 1024 * 1024
"""Of a ledger: 10,000 rows with their texts take some 5 MB."""
MOST_UNPACKED = 200 * 1024 * 1024
"""Bytes: above this a small file unpacks into more memory than a server has to spare."""
MOST_ROWS = 20_000
KINDS = tuple(kind.name for kind in MATTERS.values() if "import" in kind.flow.moves)
"""The kinds whose ledgers are taken over."""


class NotALedger(ValueError):
    """The file can not be read as a sheet."""


@dataclass
class Plan:
    """What taking over would do: the new rows, those that are here already, and those that are refused."""

    reading: Reading
    new: list[Line] = field(default_factory=list)
    known: list[Line] = field(default_factory=list)
    refused: list[Line] = field(default_factory=list)


def sheet_of(content: bytes) -> tuple[list[list[object]], Merged]:
    """The cells of the first sheet that holds any, and which are merged."""
    if len(content) > MOST_BYTES:
        raise NotALedger(_("The file is larger than 10 MB: please split it."))
    try:
        if zipfile.is_zipfile(io.BytesIO(content)):
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                if sum(one.file_size for one in packed.infolist()) > MOST_UNPACKED:
                    raise NotALedger(_("The file is larger than 10 MB: please split it."))
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if sheet.height:
                rows = sheet.to_python(skip_empty_area=False, nrows=MOST_ROWS + 1)
                if len(rows) > MOST_ROWS:
                    raise NotALedger(_("The file has more than 20,000 rows: please split it."))
                return [list(row) for row in rows], sheet.merged_cell_ranges or ()
    except (CalamineError, zipfile.BadZipFile, OSError) as cause:
        raise NotALedger(_("This is not an Excel file that can be read.")) from cause
    raise NotALedger(_("There is nothing in this file."))


def plan_of(ledger: Ledger) -> Plan:
    """Compare the rows with what is here, and change nothing."""
    grid, merged = sheet_of(bytes(ledger.content))
    plan = Plan(read(grid, merged, longest=MATTERS[ledger.kind].longest))
    tickets = {ticket_of(ledger, line): line for line in plan.reading.lines}
    known = _known(Matter.objects.filter(ticket__startswith="L"), "ticket", list(tickets))
    ours = Matter.objects.filter(body=ledger.body, kind=ledger.kind)
    numbers = [line.told["number"] for line in plan.reading.lines if "number" in line.told]
    titles = _known(ours, "number", numbers)
    for line in plan.reading.lines:
        number = line.told.get("number", "")
        if line.fault:
            plan.refused.append(line)
        elif ticket_of(ledger, line) in known or titles.get(number) == line.told["title"]:
            plan.known.append(line)
        elif number in titles:
            line.fault = "taken"
            plan.refused.append(line)
        else:
            plan.new.append(line)
    return plan


def _known(rows: object, name: str, values: list[str]) -> dict[str, str]:
    """The titles of those that are here, by this column, asked for in parts that every database takes."""
    found: dict[str, str] = {}
    for start in range(0, len(values), 500):
        part = rows.filter(**{f"{name}__in": values[start : start + 500]})  # type: ignore[attr-defined]
        found.update(part.values_list(name, "title"))
    return found


def ticket_of(ledger: Ledger, line: Line) -> str:
    """What makes a row the same row, in whichever file it comes."""
    return "L" + digest(f"{ledger.body_id}:{ledger.kind}:{line.key}", of="ledger")[:39]


def take_over(ledger: Ledger, *, by: Actor, at: datetime) -> int:
    """Take over all new rows, or none where something fails; say how many. Again, it takes over nothing."""
    with transaction.atomic():
        Ledger.objects.select_for_update().get(pk=ledger.pk)
        plan = plan_of(ledger)
        for line in plan.new:
            _take(ledger, line, by=by, at=at)
        if ledger.taken_at is None:
            ledger.taken_at = at
            ledger.save(update_fields=["taken_at"])
    return len(plan.new)


def _take(ledger: Ledger, line: Line, *, by: Actor, at: datetime) -> None:
    told = line.told
    day = line.raised_on
    raised_at = timezone.make_aware(datetime.combine(day, time(12))) if day else at
    matter = Matter(
        kind=ledger.kind,
        body=ledger.body,
        title=told["title"],
        text=told.get("text", ""),
        number=told.get("number", ""),
        author=_member(ledger, told.get("proposers", "")),
        category=_category(ledger, told.get("category", "")),
        term=_term(ledger, told.get("number", "")),
        raised_at=raised_at,
        facts={"ledger": {**told, **{f"+{head}": text for head, text in line.besides.items()}}},
        ticket=ticket_of(ledger, line),
    )
    source = _("%(file)s, row %(row)s") % {"file": ledger.name, "row": line.row}
    matters.make(matter, "import", by=by, at=at, reason_text=source, items=told.get("items", "").splitlines())


def _member(ledger: Ledger, names: str) -> Person | None:
    """The first proposer, where exactly one member of the committee has this name."""
    first = names.replace("，", "、").replace(",", "、").split("、")[0].strip()
    found = Person.objects.filter(
        name=first, memberships__role="member", memberships__body__path__startswith=ledger.body.path
    ).distinct()[:2]
    return found[0] if first and len(found) == 1 else None


def _category(ledger: Ledger, typed: str) -> str:
    table = words("categories", ledger.body, on=timezone.localdate(ledger.brought_at))
    return next((row.name for row in table.values() if squeezed(_(row.label)) == squeezed(typed)), "")


def _term(ledger: Ledger, number: str) -> Term | None:
    """The session that the number names, as in 第12-2-0186号."""
    parts = number.strip("第号").split("-")
    if len(parts) != 3 or not all(part.isdecimal() and len(part) < 5 for part in parts[:2]):
        return None
    return Term.objects.filter(body=ledger.body, number=int(parts[0]), session=int(parts[1])).first()


def refused_rows(plan: Plan) -> Iterator[tuple[str | int, ...]]:
    """Every refused row as it was told, with its number in the sheet and the reason."""
    for line in plan.refused:
        yield (
            line.row,
            _(FAULTS[line.fault]),
            *(_cell(line, head, name) for head, name in plan.reading.heads),
        )


def _cell(line: Line, head: str, name: str) -> str:
    return line.told.get(name, "") if name else line.besides.get(head, "")
