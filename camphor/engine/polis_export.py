"""Reads the files that Polis exports: a log of votes, or a matrix of participants."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

csv.field_size_limit(1_000_000)
LARGEST = 2**31 - 1
"""Numbers are stored in 32 bits."""
LONGEST = 2000
"""Characters of a statement; Polis itself takes some 1,000, and a page shows one card at a time."""
LATEST = 253_402_300_799_000
"""Milliseconds: the end of the year 9999, the last that a date can have."""
LONGEST_TOLD = 40
"""Characters of a wrong value that a message repeats."""
OTHER_COMMAS = {";": "semicolons", "\t": "tabs", "|": "bars"}


class BrokenExport(ValueError):
    """A file cannot be read; the message names file, line and reason."""

    def __init__(self, file: Path, line: int, reason: str) -> None:
        super().__init__(f"{file.name}, line {line}: {reason}")
        self.file, self.line, self.reason = file, line, reason


@dataclass(frozen=True)
class ExportedStatement:
    """A statement; `moderation` is -1 rejected, 0 not moderated, 1 accepted."""

    id: int
    text: str
    author: int | None
    at: datetime | None
    moderation: int
    is_seed: bool = False
    is_meta: bool = False


@dataclass(frozen=True)
class ExportedVote:
    """A vote, +1 for agree; `at` is missing in the matrix format."""

    participant: int
    statement: int
    value: int
    at: datetime | None


@dataclass(frozen=True)
class PolisExport:
    """A conversation as it was exported, its votes in the order of time."""

    title: str
    text: str
    url: str
    statements: tuple[ExportedStatement, ...]
    votes: tuple[ExportedVote, ...]
    about: dict[str, str] = field(default_factory=dict)


Row = tuple[int, dict[str, str]]


def read_export(folder: Path) -> PolisExport:
    """Read the conversation in a folder; raises BrokenExport."""
    about = read_about(folder / "summary.csv")
    statements = tuple(read_statements(folder / "comments.csv"))
    if not statements:
        raise BrokenExport(folder / "comments.csv", 1, "there are no statements")
    known = {statement.id for statement in statements}
    log = folder / "votes.csv"
    votes = _logged(log, known) if log.is_file() else _from_matrix(folder / "participants-votes.csv", known)
    return PolisExport(
        title=about.get("topic", "") or folder.name,
        text=about.get("conversation-description", ""),
        url=about.get("url", ""),
        statements=statements,
        votes=tuple(votes),
        about=about,
    )


def _rows(file: Path, needed: tuple[str, ...]) -> Iterator[Row]:
    """The rows below the head, each with the line it begins in; blank lines are passed over."""
    lines = _records(file)
    first, head = next(lines, (1, []))
    if not head:
        raise BrokenExport(file, 1, "the file is empty")
    _judge_head(file, first, head, needed)
    for line, cells in lines:
        if len(cells) != len(head):
            raise BrokenExport(file, line, f"{len(cells)} cells instead of {len(head)}")
        yield line, dict(zip(head, cells, strict=True))


def _records(file: Path) -> Iterator[tuple[int, list[str]]]:
    """Each record of a file with the line it begins in."""
    if not file.is_file():
        raise BrokenExport(file, 0, "the file is missing")
    with file.open(encoding="utf-8-sig", newline="") as text:
        reader, line = csv.reader(text, strict=True), 1
        try:
            for cells in reader:
                if any("\0" in cell for cell in cells):
                    raise BrokenExport(file, line, "there is a NUL byte")
                if cells:
                    yield line, cells
                line = reader.line_num + 1
        except UnicodeDecodeError as cause:
            raise BrokenExport(file, _undecodable(file), "the text is not UTF-8") from cause
        except csv.Error as cause:
            raise BrokenExport(file, line, str(cause)) from cause


def _undecodable(file: Path) -> int:
    """The line that is not UTF-8; the decoder reads ahead in blocks and cannot tell."""
    for line, raw in enumerate(file.read_bytes().split(b"\n"), start=1):
        try:
            raw.decode("utf-8")
        except UnicodeDecodeError:
            return line
    return 1


def _judge_head(file: Path, line: int, head: list[str], needed: tuple[str, ...]) -> None:
    if lacking := [name for name in needed if name not in head]:
        for comma, called in OTHER_COMMAS.items():
            if len(head) == 1 and comma in head[0]:
                raise BrokenExport(file, line, f"the columns are separated by {called}, not by commas")
        raise BrokenExport(file, line, f"the column {lacking[0]} is missing")
    if twice := [name for name in head if head.count(name) > 1]:
        raise BrokenExport(file, line, f"the column {_told(twice[0])} is there twice")


def read_about(file: Path) -> dict[str, str]:
    """Read summary.csv, which may be missing; raises BrokenExport."""
    if not file.exists():
        return {}
    return {cells[0]: cells[1] for _line, cells in _records(file) if len(cells) >= 2}


def read_statements(file: Path) -> Iterator[ExportedStatement]:
    """Read comments.csv; raises BrokenExport."""
    seen: set[int] = set()
    for line, row in _rows(file, ("comment-id", "author-id", "moderated", "comment-body")):
        number = _whole(file, line, row, "comment-id")
        if number in seen:
            raise BrokenExport(file, line, f"the statement {number} is there twice")
        seen.add(number)
        yield ExportedStatement(
            id=number,
            text=_text(file, line, row),
            author=_whole(file, line, row, "author-id") if row["author-id"] else None,
            at=_moment(file, line, row),
            moderation=_one_of(file, line, row, "moderated"),
            is_seed=row.get("is-seed") == "true",
            is_meta=row.get("is-meta") == "true",
        )


def _logged(file: Path, known: set[int]) -> list[ExportedVote]:
    votes = []
    for line, row in _rows(file, ("timestamp", "comment-id", "voter-id", "vote")):
        statement = _whole(file, line, row, "comment-id")
        if statement not in known:
            raise BrokenExport(file, line, f"the statement {statement} is not in comments.csv")
        at = _moment(file, line, row)
        votes.append(
            ExportedVote(_whole(file, line, row, "voter-id"), statement, _one_of(file, line, row, "vote"), at)
        )
    return sorted(votes, key=lambda vote: vote.at or datetime.min.replace(tzinfo=UTC))


def _from_matrix(file: Path, known: set[int]) -> list[ExportedVote]:
    votes = []
    seen: set[int] = set()
    for line, row in _rows(file, ("participant",)):
        participant = _whole(file, line, row, "participant")
        if participant in seen:
            raise BrokenExport(file, line, f"the participant {participant} is there twice")
        seen.add(participant)
        columns = [name for name in row if name.isascii() and name.isdigit()]
        if not columns:
            raise BrokenExport(file, 1, "there is no column that bears the number of a statement")
        for name in columns:
            if row[name] == "":
                continue
            if len(name) > len(str(LARGEST)) or int(name) not in known:
                raise BrokenExport(file, 1, f"the statement {_told(name)[1:-1]} is not in comments.csv")
            votes.append(ExportedVote(participant, int(name), _one_of(file, line, row, name), None))
    return votes


def _text(file: Path, line: int, row: dict[str, str]) -> str:
    text = row["comment-body"].strip()
    if not text:
        raise BrokenExport(file, line, "the statement has no text")
    if len(text) > LONGEST:
        raise BrokenExport(file, line, f"the statement has {len(text)} characters, more than {LONGEST}")
    return text


def _whole(file: Path, line: int, row: dict[str, str], name: str, most: int = LARGEST) -> int:
    """A number from 0 to `most`, written in plain digits."""
    value = row[name].strip()
    if not (value.isascii() and value.isdigit()):
        raise BrokenExport(file, line, f"{name} is {_told(value)}, not a whole number")
    if len(value) > len(str(most)) or int(value) > most:
        raise BrokenExport(file, line, f"{name} is {_told(value)}, which is out of range")
    return int(value)


def _told(value: str) -> str:
    """A value as a message repeats it."""
    return repr(value if len(value) <= LONGEST_TOLD else value[:LONGEST_TOLD] + "…")


def _one_of(file: Path, line: int, row: dict[str, str], name: str) -> int:
    try:
        value = float(row[name])
    except ValueError:
        value = 2
    if value not in (-1, 0, 1):
        raise BrokenExport(file, line, f"{name} is {_told(row[name])}, not -1, 0 or 1")
    return int(value)


def _moment(file: Path, line: int, row: dict[str, str]) -> datetime | None:
    """Milliseconds since 1970; the column `datetime` mixes time zones and is not used."""
    if not row.get("timestamp"):
        return None
    milliseconds = _whole(file, line, row, "timestamp", most=LATEST)
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
