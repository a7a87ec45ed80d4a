"""Reads the files that Polis exports: a log of votes, or a matrix of participants."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

csv.field_size_limit(1_000_000)


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
    about = _summary(folder / "summary.csv")
    statements = tuple(_statements(folder / "comments.csv"))
    known = {statement.id for statement in statements}
    log = folder / "votes.csv"
    votes = _logged(log, known) if log.exists() else _from_matrix(folder / "participants-votes.csv", known)
    return PolisExport(
        title=about.get("topic", "") or folder.name,
        text=about.get("conversation-description", ""),
        url=about.get("url", ""),
        statements=statements,
        votes=tuple(votes),
        about=about,
    )


def _rows(file: Path, needed: tuple[str, ...]) -> Iterator[Row]:
    if not file.exists():
        raise BrokenExport(file, 0, "the file is missing")
    with file.open(encoding="utf-8-sig", newline="") as text:
        reader = csv.reader(text, strict=True)
        try:
            head = next(reader, None)
            if not head:
                raise BrokenExport(file, 1, "the file is empty")
            if lacking := [name for name in needed if name not in head]:
                raise BrokenExport(file, 1, f"the column {lacking[0]} is missing")
            for cells in reader:
                if len(cells) != len(head):
                    raise BrokenExport(file, reader.line_num, f"{len(cells)} cells instead of {len(head)}")
                yield reader.line_num, dict(zip(head, cells, strict=True))
        except UnicodeDecodeError as cause:
            raise BrokenExport(file, reader.line_num + 1, "the text is not UTF-8") from cause
        except csv.Error as cause:
            raise BrokenExport(file, reader.line_num, str(cause)) from cause


def _summary(file: Path) -> dict[str, str]:
    if not file.exists():
        return {}
    with file.open(encoding="utf-8-sig", newline="") as text:
        try:
            return {cells[0]: cells[1] for cells in csv.reader(text) if len(cells) >= 2}
        except UnicodeDecodeError as cause:
            raise BrokenExport(file, 1, "the text is not UTF-8") from cause


def _statements(file: Path) -> Iterator[ExportedStatement]:
    seen: set[int] = set()
    for line, row in _rows(file, ("comment-id", "author-id", "moderated", "comment-body")):
        number = _whole(file, line, row, "comment-id")
        if number in seen:
            raise BrokenExport(file, line, f"the statement {number} is there twice")
        seen.add(number)
        yield ExportedStatement(
            id=number,
            text=row["comment-body"],
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
    for line, row in _rows(file, ("participant",)):
        participant = _whole(file, line, row, "participant")
        for name, cell in row.items():
            if not name.isdigit() or cell == "":
                continue
            if int(name) not in known:
                raise BrokenExport(file, 1, f"the statement {name} is not in comments.csv")
            votes.append(ExportedVote(participant, int(name), _one_of(file, line, row, name), None))
    return votes


def _whole(file: Path, line: int, row: dict[str, str], name: str) -> int:
    try:
        return int(row[name])
    except ValueError as cause:
        raise BrokenExport(file, line, f"{name} is {row[name]!r}, not a whole number") from cause


def _one_of(file: Path, line: int, row: dict[str, str], name: str) -> int:
    try:
        value = float(row[name])
    except ValueError:
        value = 2
    if value not in (-1, 0, 1):
        raise BrokenExport(file, line, f"{name} is {row[name]!r}, not -1, 0 or 1")
    return int(value)


def _moment(file: Path, line: int, row: dict[str, str]) -> datetime | None:
    """Milliseconds since 1970; the column `datetime` mixes time zones and is not used."""
    if not row.get("timestamp"):
        return None
    milliseconds = _whole(file, line, row, "timestamp")
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (OverflowError, OSError, ValueError) as cause:
        raise BrokenExport(file, line, f"timestamp {milliseconds} is out of range") from cause
