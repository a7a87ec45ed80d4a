"""Rows that are declared once and looked up by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Generic, Protocol, TypeVar


def mark(text: str) -> str:
    """Mark a text for the catalogue; it is translated where it is shown."""
    return text


def pair(one: str, many: str) -> tuple[str, str]:
    """Mark a text for one and the text for more, between which the number decides where it is shown."""
    return one, many


class Row(Protocol):
    """Anything with a stored name and a label for people."""

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...


R = TypeVar("R", bound=Row)


class Table(Mapping[str, R], Generic[R]):
    """Rows by name, in the order in which they were declared."""

    def __init__(self, *rows: R) -> None:
        self._rows = {row.name: row for row in rows}
        if len(self._rows) < len(rows):
            raise ValueError("two rows share a name")

    def __getitem__(self, name: str) -> R:
        return self._rows[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def overlaid(self, *rows: R) -> Table[R]:
        """The same table, in which these rows stand in the place of those of their names, or last."""
        return Table(*{**self._rows, **{row.name: row for row in rows}}.values())
