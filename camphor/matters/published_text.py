"""The text of a proposal as it is published: its analysis, and the suggestions numbered at its end."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

NUMBERED = re.compile(r"\s*(\d{1,2})(?:、|[.．](?!\d))\s*")
"""How a suggestion begins; «1.5米» is no number of one, and «1. 5米» is."""


@dataclass(frozen=True)
class Parts:
    """What stands before the suggestions, and the suggestions in their order without their numbers."""

    text: str
    items: tuple[str, ...] = ()


def joined(text: str, items: Iterable[str]) -> str:
    """Both in one text, which whoever publishes it reads and mends: each suggestion is a numbered line."""
    lines = [f"{n}. {item}" for n, item in enumerate(items, start=1)]
    return "\n".join([*([text] if text else []), *lines])


def parted(text: str) -> Parts:
    """The parts of a text: the lines at its end that count on from one are its suggestions.

    A suggestion goes on over the lines after it that have no number.
    """
    lines = text.splitlines()
    numbers = [(at, int(found[1])) for at, line in enumerate(lines) if (found := NUMBERED.match(line))]
    starts = [at for at, n in numbers if n == 1]
    if not starts:
        return Parts(text)
    run = [(at, n) for at, n in numbers if at >= starts[-1]]
    if [n for _at, n in run] != list(range(1, len(run) + 1)):
        return Parts(text)
    ends = [at for at, _n in run[1:]] + [len(lines)]
    items = [
        NUMBERED.sub("", "\n".join(lines[at:end]), count=1).strip()
        for (at, _n), end in zip(run, ends, strict=True)
    ]
    return Parts("\n".join(lines[: run[0][0]]).strip(), tuple(items))
