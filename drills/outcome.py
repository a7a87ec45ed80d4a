"""What came of a drill, and how it is printed."""

from __future__ import annotations

import os
import platform
import sqlite3
import time
from dataclasses import dataclass, field


class NotHere(Exception):
    """The drill cannot be held on this machine, and this is why."""


@dataclass
class Outcome:
    """The count of a drill.

    tried: what was sent or attempted. acknowledged: what the service said it had done. found: how much of
    that was there afterwards. lost, doubled: what must be none. faults: everything else that must not be.
    """

    drill: str
    tried: int = 0
    acknowledged: int = 0
    found: int = 0
    lost: int = 0
    doubled: int = 0
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return self.lost == self.doubled == 0 and not self.faults and self.tried > 0

    def told(self) -> str:
        """A line for the table, and what there is to say below it."""
        numbers = (self.tried, self.acknowledged, self.found, self.lost, self.doubled)
        line = f"{self.drill:<34}" + "".join(f"{number:>13,}" for number in numbers)
        verdict = "   holds" if self.holds else "   FAILS"
        return "\n".join(
            [
                line + verdict,
                *(f"    {note}" for note in self.notes),
                *(f"    FAULT: {fault}" for fault in self.faults),
            ]
        )


HEAD = f"{'drill':<34}" + "".join(
    f"{word:>13}" for word in ("tried", "acknowledged", "found", "lost", "doubled")
)


def machine() -> str:
    """Where and when, so that a figure can be judged."""
    cores = len(os.sched_getaffinity(0))
    load = os.getloadavg()[0]
    return (
        f"{time.strftime('%Y-%m-%d %H:%M %Z')}, {cores} cores, load {load:.1f}, {platform.system()} "
        f"{platform.release()}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )
