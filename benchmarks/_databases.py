"""The same measurement on SQLite and on PostgreSQL, each in its own process, side by side in one table."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks._tables import seconds, table
from tools import postgresql


def side_by_side(name: str, does: str | None, module: str, steps: Sequence[str]) -> None:
    """Take the steps of a module with one database after the other, and print what it measured."""
    parser = ArgumentParser(prog=f"x.py bench {name}", description=does)
    parser.add_argument("--matters", type=int, default=200_000)
    parser.add_argument("--address", nargs="*", help="databases of your own instead")
    parser.add_argument("--steps", nargs="*", default=steps, choices=steps, help="all of them unless named")
    chosen = parser.parse_args()
    with ExitStack() as stack:
        addresses = chosen.address or _addresses(stack)
        command = [module, str(chosen.matters), *chosen.steps]
        figures = {_name(one): _measured(one, command) for one in addresses}
    print(f"\n{_machine()}, {date.today():%F}\n")
    print(_shown(figures))


def _addresses(stack: ExitStack) -> Iterator[str]:
    """Two databases that live as long as the measurement."""
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="camphor-bench-"))
    yield f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
    address = stack.enter_context(postgresql.cluster())
    postgresql.create(address)
    yield address


def _name(address: str) -> str:
    return "SQLite" if address.startswith("sqlite") else "PostgreSQL"


def _measured(address: str, command: Sequence[str]) -> dict[str, Any]:
    env = {**os.environ, "CAMPHOR_DATABASE_URL": address}
    done = subprocess.run([sys.executable, "-m", *command], env=env, capture_output=True, text=True)
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
