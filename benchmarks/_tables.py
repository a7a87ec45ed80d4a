"""Tables in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isnan


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """The first column to the left, all others to the right."""
    lines = [_line(heads), "|---|" + "---:|" * (len(heads) - 1)]
    return "\n".join([*lines, *(_line([_shown(cell) for cell in row]) for row in rows)])


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _shown(cell: object) -> str:
    if isinstance(cell, float):
        return "–" if isnan(cell) else f"{cell:.3f}"
    return "–" if cell is None else str(cell)


def seconds(value: float) -> str:
    """A time, with three figures."""
    if value < 1e-3:
        return f"{1e6 * value:.0f} µs"
    return f"{1e3 * value:.0f} ms" if value < 1 else f"{value:.2f} s"


def mean(values: Iterable[float | None]) -> float:
    """Over those that are known; nan where none is."""
    known = [value for value in values if value is not None and not isnan(value)]
    return sum(known) / len(known) if known else float("nan")
