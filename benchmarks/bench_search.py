"""Search over 200,000 matters in Chinese, with and without filters, on SQLite and PostgreSQL."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks._tables import seconds, table
from tools import postgresql

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def main() -> None:
    """Measure one database after the other, each in a process of its own, and print one table."""
    parser = ArgumentParser(prog="x.py bench bench_search", description=__doc__)
    parser.add_argument("--matters", type=int, default=200_000)
    parser.add_argument("--only", choices=list(NAMES), help="one database alone")
    chosen = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="camphor-bench-")))
        addresses: dict[str, Callable[[], str]] = {
            "sqlite": lambda: f"sqlite:///{folder / 'search.sqlite3'}",
            "postgresql": lambda: _cluster(stack),
        }
        wanted = [chosen.only] if chosen.only else list(NAMES)
        figures = {NAMES[name]: _measured(addresses[name](), chosen.matters) for name in wanted}
    print(f"\n{_machine()}, {date.today():%F}\n")
    print(_shown(figures))


def _cluster(stack: ExitStack) -> str:
    address = stack.enter_context(postgresql.cluster())
    postgresql.create(address)
    return address


def _measured(address: str, matters: int) -> dict[str, Any]:
    env = {**os.environ, "CAMPHOR_DATABASE_URL": address}
    command = [sys.executable, "-m", "benchmarks._searching", str(matters)]
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return measured


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GB, Python {platform.python_version()}"
    )


def _shown(figures: dict[str, dict[str, Any]]) -> str:
    """A row for each figure, a column for each database; times as median / 95th percentile."""
    names = list(next(iter(figures.values())))
    rows = [[name, *(_cell(name, one[name]) for one in figures.values())] for name in names]
    return table(["", *figures], rows)


def _cell(name: str, value: Any) -> str:
    if isinstance(value, list):
        return " / ".join(seconds(one) for one in value)
    if name.startswith("bytes"):
        return f"{value / 2**20:.0f} MB"
    return seconds(value) if isinstance(value, float) else f"{value:,}"


if __name__ == "__main__":
    main()
