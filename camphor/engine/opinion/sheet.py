"""A CSV file read in columns: fast where it is sound, exact about the line where it is not."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from camphor.engine.opinion.cells import BadCell, Cast, Moments, Names
from camphor.engine.polis_export import BrokenExport

if TYPE_CHECKING:
    from _csv import Reader

BLOCK_CELLS = 6_000
"""Cells held as text at a time: few enough to stay in the processor's cache (measured: a third of the time
of blocks of 400,000)."""
DELIMITERS = ",;\t"
ENCODINGS = ("utf-8", "gb18030")
"""Tried in this order: what is no UTF-8 was most likely saved by a Chinese spreadsheet."""


@dataclass(frozen=True)
class Sheet:
    """A CSV file and how it is written; rows are counted from 0, without the header and blank lines."""

    file: Path
    encoding: str
    delimiter: str
    header: tuple[str, ...]

    @classmethod
    def open(cls, file: Path, score: Callable[[Sequence[str]], int] = len) -> Sheet:
        """Find out encoding, delimiter and header; raises BrokenExport.

        score: how well the cells of a header are understood; the delimiter that gives the most is taken.
        """
        encoding = _encoding(file)
        found = {delimiter: _header(file, encoding, delimiter) for delimiter in DELIMITERS}
        best = max(DELIMITERS, key=lambda delimiter: (score(found[delimiter]), len(found[delimiter])))
        if not found[best]:
            raise BrokenExport(file, 1, "the file is empty, or its header is no CSV")
        if "" in found[best][1:]:
            raise BrokenExport(file, 1, f"the column {found[best].index('', 1) + 1} has no name")
        if len(set(found[best])) < len(found[best]):
            twice = next(name for name in found[best] if found[best].count(name) > 1)
            raise BrokenExport(file, 1, f"the column {twice!r} is there twice")
        return cls(file, encoding, best, found[best])

    def blocks(self) -> Iterator[list[list[str]]]:
        """The rows, some at a time, all of the length of the header; raises BrokenExport."""
        width, rows = len(self.header), 0
        size = max(BLOCK_CELLS // width, 1)
        with self.file.open(encoding=self.encoding, newline="") as text:
            reader = self._reader(text)
            while True:
                try:
                    block = list(islice(reader, size))
                except csv.Error as cause:
                    raise BrokenExport(self.file, self._broken_line(), _reason(cause)) from cause
                if not block:
                    return
                if not all(block):
                    block = [row for row in block if row]
                if set(map(len, block)) - {width}:
                    place, cells = next((i, len(row)) for i, row in enumerate(block) if len(row) != width)
                    raise self.broken(rows + place, f"{cells} cells instead of {width}")
                rows += len(block)
                yield block

    def gather(self, columns: Mapping[str, Names | Cast | Moments]) -> None:
        """Read these columns, by their names in the header; raises BrokenExport."""
        places, rows = [self.header.index(name) for name in columns], 0
        for block in self.blocks():
            cells = list(zip(*block, strict=True))
            for place, column in zip(places, columns.values(), strict=True):
                try:
                    column.add(cells[place])
                except BadCell as bad:
                    raise self.broken(rows + bad.place, bad.reason) from bad
            rows += len(block)

    def broken(self, row: int, reason: str) -> BrokenExport:
        """The error to raise about a row, found again to name its line."""
        with self.file.open(encoding=self.encoding, newline="") as text:
            reader = self._reader(text)
            line = reader.line_num
            for cells in reader:
                if cells:
                    if not row:
                        return BrokenExport(self.file, line + 1, reason)
                    row -= 1
                line = reader.line_num
        return BrokenExport(self.file, line, reason)

    def _reader(self, text: Iterable[str]) -> Reader:
        reader = csv.reader(text, delimiter=self.delimiter, strict=True)
        next(row for row in reader if row)
        return reader

    def _broken_line(self) -> int:
        """The line where the first row begins that is no CSV."""
        with self.file.open(encoding=self.encoding, newline="") as text:
            reader = self._reader(text)
            line = reader.line_num
            try:
                for _row in reader:
                    line = reader.line_num
            except csv.Error:
                return line + 1
        return line


def _header(file: Path, encoding: str, delimiter: str) -> tuple[str, ...]:
    """The first row that is not blank, its cells without space around them; nothing where it is no CSV."""
    with file.open(encoding=encoding, newline="") as text:
        try:
            row = next((row for row in csv.reader(text, delimiter=delimiter, strict=True) if row), [])
        except csv.Error:
            row = []
    return tuple(cell.strip() for cell in row) if any(cell.strip() for cell in row) else ()


def _reason(cause: csv.Error) -> str:
    told = str(cause)
    if "unexpected end" in told or "field limit" in told:
        return "a quotation mark is opened and never closed"
    return told


def _encoding(file: Path) -> str:
    """The encoding in which the whole file can be read; raises BrokenExport about the first line in none."""
    try:
        with file.open("rb") as raw:
            start = raw.read(4096)
    except (FileNotFoundError, IsADirectoryError) as cause:
        raise BrokenExport(file, 0, "the file is missing") from cause
    except OSError as cause:
        raise BrokenExport(file, 0, cause.strerror or "the file cannot be read") from cause
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise BrokenExport(file, 1, "the text is UTF-16; save it as CSV in UTF-8")
    if b"\0" in start:
        raise BrokenExport(file, 1, "this is no text; save the spreadsheet as CSV in UTF-8")
    unreadable = _first_unreadable(file, ENCODINGS[0])
    if not unreadable:
        return "utf-8-sig"
    for encoding in ENCODINGS[1:]:
        if not _first_unreadable(file, encoding):
            return encoding
    raise BrokenExport(file, unreadable, "the text is not UTF-8 (nor GB18030); save it as CSV in UTF-8")


def _first_unreadable(file: Path, encoding: str) -> int:
    """The first line that is not in this encoding, 0 if all are."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    with file.open("rb") as raw:
        while True:
            block = raw.read(1 << 20)
            try:
                decoder.decode(block, final=not block)
            except UnicodeDecodeError as cause:
                return line + block[: max(cause.start, 0)].count(b"\n")
            if not block:
                return 0
            line += block.count(b"\n")
