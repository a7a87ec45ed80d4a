"""Conversations from files: a Polis export, or a plain CSV of votes in the long or the matrix format."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from camphor.engine.opinion.cells import ABSENT, BAD, Cast, Column, Moments, Names, Sides, no_vote
from camphor.engine.opinion.sheet import Sheet
from camphor.engine.opinion.votes import Ints, Votes
from camphor.engine.polis_export import BrokenExport, read_about, read_statements

PARTICIPANT = ("participant", "voter", "voter-id", "person", "参与者", "参与人")
STATEMENT = ("statement", "comment-id", "item", "观点", "陈述")
VOTE = ("vote", "value", "answer", "表态", "投票")
TIME = ("timestamp", "time", "时间")
ABOUT = "about:"
"""Begins the header of a column that tells something of the participant: about:age, about:district."""
NO_STATEMENTS = ("xid", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree")
"""Columns of a Polis matrix that hold no votes."""
LOGGED = ("timestamp", "comment-id", "voter-id", "vote")
"""Columns of a Polis log of votes."""
WHOLE = re.compile(r"0|-?[1-9]\d{0,17}")
"""A whole number of 64 bits, written in the one way in which it is written back."""


@dataclass(frozen=True, eq=False)
class Conversation:
    """What was said and who voted what.

    texts: of each statement, by id. hidden: ids of rejected statements; meta: of those about the participants
    themselves. arrival: positions of the participants in the order of their first votes, shape (n,).
    names: what the file calls each participant, n of them. about: columns of the file that tell something of
    each participant, n cells each, "" where it is not known. encoding: in which the votes were written.
    """

    title: str
    texts: dict[int, str]
    votes: Votes
    arrival: Ints
    names: tuple[str, ...]
    hidden: frozenset[int] = frozenset()
    meta: frozenset[int] = frozenset()
    about: dict[str, tuple[str, ...]] = field(default_factory=dict)
    encoding: str = "utf-8"

    @property
    def left_out(self) -> frozenset[int]:
        """The statements that may not influence a map: rejected, or about the participants themselves."""
        return self.hidden | self.meta


@dataclass(frozen=True, eq=False)
class Log:
    """Votes as a file tells them, in the order of the file.

    people, statements: what each vote names, v codes each. sides: shape (v,), in {-1, 0, 1}. at: when each
    was cast, shape (v,), or nothing. named: the people once a row of the file.
    about: by name, a cell for each of the different people.
    """

    people: Column
    statements: Column
    sides: NDArray[np.int8]
    named: Column
    at: Ints | None = None
    about: dict[str, tuple[str, ...]] = field(default_factory=dict)


def read_conversation(path: Path) -> Conversation:
    """Read the folder of a Polis export, or a CSV file of votes; raises BrokenExport.

    A CSV has a row a vote, with the columns participant, statement and vote (`PARTICIPANT`, `STATEMENT` and
    `VOTE` list the names that are known) and perhaps a time; or a row a participant, who is named in the
    first column, and a column a statement, empty where nobody voted. The last vote of somebody on a
    statement counts: by time where there is one, else by line.
    """
    if path.is_dir():
        return _export(path)
    sheet = Sheet.open(path, _understood)
    log = _long(sheet) if _is_long(sheet.header) else _matrix(sheet)
    numbers, people = _numbered(log.statements.values), _numbered(log.people.values)
    texts = dict(zip(numbers.tolist(), log.statements.values, strict=True))
    return _conversation(path.stem, texts, sheet.encoding, log, people, numbers)


def _export(folder: Path) -> Conversation:
    said = list(read_statements(folder / "comments.csv"))
    if not said:
        raise BrokenExport(folder / "comments.csv", 1, "there are no statements")
    texts = {statement.id: statement.text for statement in said}
    file = folder / "votes.csv"
    if logged := file.is_file():
        sheet = Sheet.open(file, lambda header: len({*header}.intersection(LOGGED)))
        if lacking := [name for name in LOGGED if name not in sheet.header]:
            raise BrokenExport(file, 1, f"the column {lacking[0]} is missing")
        log = _logged(sheet, "voter-id", "comment-id", "vote", "timestamp")
    else:
        sheet = Sheet.open(folder / "participants-votes.csv", lambda header: header[:1] == ("participant",))
        log = _matrix(sheet, only_numbers=True)

    def of_statement(place: int, reason: str) -> BrokenExport:
        if logged:
            return sheet.broken(log.statements.first(place), reason)
        return BrokenExport(sheet.file, 1, reason)

    def of_person(place: int, reason: str) -> BrokenExport:
        return sheet.broken(log.named.first(place), reason)

    people = _whole(log.people.values, "voter-id" if logged else "participant", of_person)
    statements = _whole(log.statements.values, "comment-id", of_statement)
    unknown = np.flatnonzero(~np.isin(statements, list(texts))).tolist()
    if unknown:
        place = min(unknown, key=log.statements.first) if logged else unknown[0]
        raise of_statement(place, f"the statement {statements[place]} is not in comments.csv")
    title = read_about(folder / "summary.csv").get("topic", "") or folder.resolve().name
    hidden = frozenset(statement.id for statement in said if statement.moderation == -1)
    meta = frozenset(statement.id for statement in said if statement.is_meta)
    return _conversation(title, texts, sheet.encoding, log, people, statements, hidden, meta)


def _conversation(
    title: str,
    texts: dict[int, str],
    encoding: str,
    log: Log,
    people: Ints,
    statements: Ints,
    hidden: frozenset[int] = frozenset(),
    meta: frozenset[int] = frozenset(),
) -> Conversation:
    """people, statements: the ids of the different values of these columns of the log."""
    who, what, how = people[log.people.codes], statements[log.statements.codes], log.sides
    codes, cast = log.people.codes, len(how)
    if log.at is not None and (log.at[1:] < log.at[:-1]).any():
        order = np.argsort(log.at, kind="stable")
        who, what, how, codes = who[order], what[order], how[order], codes[order]
    votes = Votes.from_log(who, what, how)
    first = np.full(len(people), cast)
    first[codes[::-1]] = np.arange(cast)[::-1]  # of a place written twice the last value stays
    order = np.argsort(first, kind="stable")[: int((first < cast).sum())]
    position = np.searchsorted(votes.participants, people[order])
    _, earliest = np.unique(position, return_index=True)
    named = order[earliest].tolist()
    return Conversation(
        title=title,
        texts=texts,
        votes=votes,
        arrival=position[np.sort(earliest)],
        names=tuple(log.people.values[place] for place in named),
        hidden=hidden,
        meta=meta,
        about={name: tuple(cells[place] for place in named) for name, cells in log.about.items()},
        encoding=encoding,
    )


# The formats


def _place(header: Sequence[str], names: Iterable[str]) -> str | None:
    """The first column with one of these names."""
    return next((cell for name in names for cell in header if cell.casefold() == name), None)


def _understood(header: Sequence[str]) -> int:
    return sum(_place(header, names) is not None for names in (PARTICIPANT, STATEMENT, VOTE))


def _is_long(header: Sequence[str]) -> bool:
    return _place(header, STATEMENT) is not None and _place(header, VOTE) is not None


def _long(sheet: Sheet) -> Log:
    """A row a vote."""
    participant, time = _place(sheet.header, PARTICIPANT), _place(sheet.header, TIME)
    statement, vote = _place(sheet.header, STATEMENT), _place(sheet.header, VOTE)
    if participant is None:
        raise BrokenExport(sheet.file, 1, f"no column names the participants: {', '.join(PARTICIPANT)}")
    assert statement is not None and vote is not None  # noqa: S101 - or the file would be read as a matrix
    log = _logged(sheet, participant, statement, vote, time)
    for name, column in ((participant, log.people), (statement, log.statements)):
        if "" in column.values:
            raise sheet.broken(column.first(column.values.index("")), f"{name} is empty")
    return log


def _logged(sheet: Sheet, participant: str, statement: str, vote: str, time: str | None) -> Log:
    people, statements, sides = Names(), Names(), Cast(vote)
    about = {name: Names() for name in sheet.header if name.casefold().startswith(ABOUT)}
    moments = {time: Moments(time)} if time else {}
    sheet.gather({participant: people, statement: statements, vote: sides, **about, **moments})
    who = people.column()
    told = {_bare(name): _of_people(who, column.column()) for name, column in about.items()}
    at = moments[time].column() if time else None
    return Log(who, statements.column(), sides.column(), who, at, told)


def _matrix(sheet: Sheet, *, only_numbers: bool = False) -> Log:
    """A row a participant; of a Polis matrix `only_numbers` name statements."""
    if _place(sheet.header[:1], PARTICIPANT) is None:
        told = "the first column is none of those, and there are none for the statement and the vote"
        raise BrokenExport(
            sheet.file, 1, f"no column names the participants ({', '.join(PARTICIPANT)}): {told}"
        )
    about = {name: Names() for name in sheet.header[1:] if name.casefold().startswith(ABOUT)}
    statements = tuple(
        name
        for name in sheet.header[1:]
        if name not in about and (name.isdecimal() if only_numbers else name.casefold() not in NO_STATEMENTS)
    )
    if not statements:
        raise BrokenExport(sheet.file, 1, "there is no column of a statement")
    people = Names()
    sheet.gather({sheet.header[0]: people, **about})
    who = people.column()
    if "" in who.values:
        raise sheet.broken(who.first(who.values.index("")), f"{sheet.header[0]} is empty")
    rows, columns, sides = _filled(sheet, statements)
    known = {_bare(name): _of_people(who, column.column()) for name, column in about.items()}
    return Log(Column(who.codes[rows], who.values), Column(columns, statements), sides, who, about=known)


def _filled(sheet: Sheet, statements: Sequence[str]) -> tuple[Ints, NDArray[np.int32], NDArray[np.int8]]:
    """The row, the column and the side of each cell that is not empty, row after row."""
    places = [sheet.header.index(name) for name in statements]
    sides, before = Sides(), 0
    found: list[tuple[Ints, NDArray[np.int32], NDArray[np.int8]]] = []
    for block in sheet.blocks():
        cells = list(zip(*block, strict=True))
        flat = sides.read(tuple(chain.from_iterable(cells[place] for place in places)))
        read = flat.reshape(len(places), len(block)).T
        for row, column in np.argwhere(read == BAD)[:1].tolist():
            raise sheet.broken(before + row, no_vote(statements[column], cells[places[column]][row]))
        rows, columns = np.nonzero(read != ABSENT)
        found.append((rows + before, columns.astype(np.int32), read[rows, columns]))
        before += len(block)
    if not found:
        return np.zeros(0, np.int64), np.zeros(0, np.int32), np.zeros(0, np.int8)
    return (
        np.concatenate([rows for rows, _, _ in found]),
        np.concatenate([columns for _, columns, _ in found]),
        np.concatenate([cast for _, _, cast in found]),
    )


# Names and numbers


def _bare(name: str) -> str:
    return name[len(ABOUT) :].strip()


def _of_people(people: Column, told: Column) -> tuple[str, ...]:
    """The last cell that is not empty of each of the different people."""
    known = np.full(len(people.values), -1)
    filled = np.array([value != "" for value in told.values], bool)[told.codes]
    known[people.codes[filled]] = told.codes[filled]
    return tuple(told.values[code] if code >= 0 else "" for code in known.tolist())


def _numbered(names: Sequence[str]) -> Ints:
    """Ids for names: the names where all are whole numbers, else their places in the order of appearance."""
    if all(WHOLE.fullmatch(name) for name in names):
        return np.array([int(name) for name in names], np.int64)
    return np.arange(len(names), dtype=np.int64)


def _whole(values: Sequence[str], name: str, broken: Callable[[int, str], BrokenExport]) -> Ints:
    """The values of a column as whole numbers; raises what `broken` makes of the first that is none."""
    numbers = np.zeros(len(values), np.int64)
    for place, value in enumerate(values):
        try:
            numbers[place] = int(value)
        except (ValueError, OverflowError):
            raise broken(place, f"{name} is {value!r}, not a whole number of 64 bits") from None
    return numbers
