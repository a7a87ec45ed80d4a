"""Writes the official holidays and make-up days of China into camphor/rules/official_days.py.

Run it after an upgrade of the library `holidays`: python -m tools.official_days. A test says when.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

from camphor.rules.calendar import of_library

YEARS = range(2015, 2041)
FILE = Path(__file__).resolve().parent.parent / "camphor" / "rules" / "official_days.py"
HEAD = '''"""The official holidays and make-up days, by tools/official_days.py from the library `holidays`.

The library loads the calendars of the whole world, which takes a web process 18 MB and a second; these days
are all that is used of it.
"""

DAYS = {
    # year: (the days that are free besides the weekends, or on them; the days of weekends that are worked)
'''


def spans(days: Iterable[date]) -> str:
    """The days as month and day, those that follow on one another as the first and the last of them."""
    runs: list[list[date]] = []
    for day in sorted(days):
        if runs and runs[-1][-1] + timedelta(days=1) == day:
            runs[-1].append(day)
        else:
            runs.append([day])
    return " ".join("-".join(dict.fromkeys((f"{run[0]:%m%d}", f"{run[-1]:%m%d}"))) for run in runs)


def text() -> str:
    """The module, as it should be."""
    rows = []
    for year in YEARS:
        named = of_library(year)
        free = spans(day for day, is_worked in named.items() if not is_worked)
        worked = spans(day for day, is_worked in named.items() if is_worked)
        rows.append(f'    {year}: (\n        "{free}",\n        "{worked}",\n    ),\n')
    return HEAD + "".join(rows) + "}\n"


if __name__ == "__main__":
    FILE.write_text(text())
