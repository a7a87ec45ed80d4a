"""Time and memory of each engine, every run in a fresh process: parts A and E of `bench_map`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks._planted import Setting, plant
from benchmarks._real import LARGE, missing, read
from benchmarks._rivals import HAS_RED_DWARF
from benchmarks._tables import seconds, table

SIZES = (Setting(10_000, 500, 4, 50), Setting(100_000, 1_000, 4, 50), Setting(1_000_000, 2_000, 4, 50))
RED_DWARF_UP_TO = 10_000
"""Participants; with 100,000 it takes minutes and 6 GB, and a million rows do not fit into memory."""
LIMIT = 1_800
"""Seconds that a process may take."""


@dataclass(frozen=True)
class Engine:
    """engine: as `_timed` names it. kernels: which of ours it runs on."""

    name: str
    engine: str
    kernels: str = ""


ENGINES = (
    Engine("ours", "ideal_points", "fast"),
    Engine("ours, plain", "ideal_points", "plain"),
    Engine("our Polis", "polis", "fast"),
    Engine("our Polis, plain", "polis", "plain"),
    Engine("red-dwarf", "red-dwarf"),
)


def timed(engine: str, file: Path, kernels: str = "") -> dict[str, Any]:
    """Run `_timed` in a fresh process, with one thread for BLAS and both cores for compiled loops."""
    env = {key: value for key, value in os.environ.items() if not key.endswith("_NUM_THREADS")}
    env |= {"OPENBLAS_NUM_THREADS": "1", "CAMPHOR_KERNELS": kernels}
    command = [sys.executable, "-m", "benchmarks._timed", engine, str(file)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=LIMIT, check=False)
    if done.returncode:
        raise RuntimeError(f"{engine} on {file.name}: {done.stderr.strip().splitlines()[-1:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def report_speed(where: Path, *, quick: bool, everything: bool) -> Iterator[str]:
    """Part A."""
    yield "\n### Time\n\nMedian of the runs in one fresh process, compiled and warm, from the log in memory."
    rows: list[tuple[str, dict[str, dict[str, Any]]]] = []
    with TemporaryDirectory() as folder:
        for name, people in _files(Path(folder), where, quick=quick):
            file, found = Path(folder) / f"{name}.npz", {}
            for engine in ENGINES:
                big = engine.engine == "red-dwarf" and people > RED_DWARF_UP_TO and not everything
                if big or (engine.engine == "red-dwarf" and (not HAS_RED_DWARF or people > 200_000)):
                    continue
                found[engine.name] = timed(engine.engine, file, engine.kernels)
                told = f"{name}, {engine.name}: {seconds(found[engine.name]['seconds'])}"
                print(told, file=sys.stderr, flush=True)  # the tables come last, and this takes long
            rows.append((name, found))
            file.unlink()
    names = [engine.name for engine in ENGINES]
    ratios = ["red-dwarf / ours", "red-dwarf / our Polis"]
    yield "\n" + table(["conversation", *names, *ratios], (_time_row(name, found) for name, found in rows))
    yield "\n### Memory\n\nPeak less what was in use with the input loaded, MB (and the whole peak).\n"
    yield table(["conversation", *names], (_memory_row(name, found) for name, found in rows))
    yield "\n### Groups found on these sizes: number, and likeness to the four planted (ARI)\n"
    planted = [(name, found) for name, found in rows if found["ours"]["ari"] is not None]
    yield table(["conversation", *names], (_group_row(name, found) for name, found in planted))


def _files(folder: Path, where: Path, *, quick: bool) -> Iterator[tuple[str, int]]:
    """Write the log of each conversation to a file; its name and how many people it has."""
    absent = missing(where)
    for name in LARGE[:3] if quick else LARGE:
        if name in absent:
            continue
        votes = read(name, where).votes
        _write(folder, name, votes.participants[votes.rows], votes.statements[votes.columns], votes.values)
        yield name, len(votes.participants)
    for setting in SIZES[:1] if quick else SIZES:
        drawn, name = plant(setting, 0), f"{setting.people:,} x {setting.statements:,}"
        name += f" ({len(drawn.who) / 1e6:.1f} M votes)"
        _write(folder, name, drawn.who, drawn.what, drawn.how, truth=drawn.camp)
        yield name, setting.people


def _write(folder: Path, name: str, who: Any, what: Any, how: Any, **more: Any) -> None:
    order = np.random.default_rng(0).permutation(len(who))
    stored = {"who": who[order].astype(np.int32), "what": what[order].astype(np.int32), "how": how[order]}
    np.savez(folder / f"{name}.npz", **stored, **more)


def _time_row(name: str, found: dict[str, dict[str, Any]]) -> list[str]:
    def cell(engine: str) -> str:
        return seconds(found[engine]["seconds"]) if engine in found else "–"

    def ratio(one: str) -> str:
        if "red-dwarf" not in found:
            return "–"
        return f"{found['red-dwarf']['seconds'] / found[one]['seconds']:.1f}"

    return [name, *(cell(engine.name) for engine in ENGINES), ratio("ours"), ratio("our Polis")]


def _memory_row(name: str, found: dict[str, dict[str, Any]]) -> list[str]:
    cells = (found.get(engine.name) for engine in ENGINES)
    return [name, *(f"{one['megabytes']:.0f} ({one['peak']:.0f})" if one else "–" for one in cells)]


def _group_row(name: str, found: dict[str, dict[str, Any]]) -> list[str]:
    cells = (found.get(engine.name) for engine in ENGINES)
    return [name, *(f"{one['groups']}, {one['ari']:.3f}" if one else "–" for one in cells)]


# Part E


def report_placing() -> Iterator[str]:
    """A new vote: how long it takes to place its author anew."""
    yield "\n### A new vote\n\nOne participant placed anew among 500 statements, median of 400 calls.\n"
    with TemporaryDirectory() as folder:
        drawn = plant(Setting(2_000, 500, 4, 60), 0)
        _write(Path(folder), "placing", drawn.who, drawn.what, drawn.how)
        file, rows = Path(folder) / "placing.npz", []
        for kernels in ("fast", "plain"):
            found = timed("placing", file, kernels)
            rows.append([kernels, *(seconds(value) for value in found.values())])
            heads = [f"{name} votes" for name in found]
    yield table(["kernels", *heads], rows)
