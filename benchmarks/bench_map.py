"""Our two recipes of the opinion map beside red-dwarf: time, memory, prediction, steadiness, planted truth.

Everything in one run on one machine, as tables in Markdown; they go into docs/opinion-map.md. The real
conversations lie in the folder that CAMPHOR_REAL_DATA or --data names; without it those parts are left out.
Run: python3 x.py bench bench_map [--quick] [--parts A,B,C,D,E] [--data FOLDER] [--all].
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # quality is measured side by side, so each has one thread
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("NUMBA_NUM_THREADS", "1")

import argparse
import platform
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

from benchmarks._prediction import report_quality
from benchmarks._real import FOLDERS, WHERE, missing
from benchmarks._recovery import report_recovery
from benchmarks._speed import report_placing, report_speed
from benchmarks._stability import report_stability

PARTS = {
    "A": "Speed and memory",
    "B": "Real conversations: published groups and held-out votes",
    "C": "Steadiness and forgery",
    "D": "Planted truth",
    "E": "A new vote",
}
WORKERS = 2


def machine() -> Iterator[str]:
    """What it ran on, and with what."""
    model = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    moment = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    yield f"{moment}, {os.cpu_count()} cores ({model}), Python {platform.python_version()}"
    names = ("numpy", "scipy", "numba", "red-dwarf", "scikit-learn", "pandas")
    yield ", ".join(f"{name} {_version(name)}" for name in names) + "."
    yield "One BLAS thread for all; in parts A and E compiled loops and OpenMP have all cores."


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer conversations and seeds: two minutes")
    parser.add_argument("--parts", default=",".join(PARTS), help="some of " + ",".join(PARTS))
    parser.add_argument("--data", type=Path, default=WHERE, help="the folder of real conversations")
    parser.add_argument("--all", action="store_true", help="red-dwarf with 100,000 people too: minutes, 6 GB")
    asked = parser.parse_args()
    print("\n".join(machine()))
    if absent := missing(asked.data):
        told = "all" if len(absent) == len(FOLDERS) else ", ".join(absent)
        print(f"\nLeft out, not found in {asked.data}: {told}.")
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        reports = {
            "A": lambda: report_speed(asked.data, quick=asked.quick, everything=asked.all),
            "B": lambda: report_quality(pool, asked.data, quick=asked.quick),
            "C": lambda: report_stability(pool, asked.data, quick=asked.quick),
            "D": lambda: report_recovery(pool, quick=asked.quick),
            "E": report_placing,
        }
        for part in asked.parts.upper().split(","):
            begun = perf_counter()
            print(f"\n## {part}. {PARTS[part]}", flush=True)
            for text in reports[part]():
                print(text, flush=True)
            print(f"\n({perf_counter() - begun:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
