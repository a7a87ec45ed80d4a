"""One engine on the votes of one file, in a process of its own: time, memory and likeness to the truth.

Run by `_speed`: python -m benchmarks._timed ENGINE FILE. The input is loaded and everything is compiled and
warm before the clock starts; the peak of memory is counted from there.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np

from benchmarks._measures import adjusted_rand
from benchmarks._planted import Setting, plant
from benchmarks._rivals import red_dwarf_labels, rows_of, run_red_dwarf
from camphor.engine.opinion import Votes, draw_map, members
from camphor.engine.opinion.kernels import kernels
from camphor.engine.opinion.learning import learn
from camphor.engine.opinion.polis import polis_map
from camphor.engine.opinion.scoring import place
from camphor.engine.opinion.votes import Ints

ENOUGH_VOTES = 7
"""Likeness is measured over people with as many votes as Polis asks for."""
WITHIN_SECONDS = 4.0
MOST_RUNS = 7
"""A run is repeated while all together take less than `WITHIN_SECONDS`, at most so many times."""
CALLS = 400
SIDE_BY_SIDE = Setting(60_000, 80, 3, 30)
"""Large enough for the published algorithm's loops to be shared out: a million votes, 50,000 points."""

Run = tuple[Callable[[], Any], Callable[[Any], tuple[Ints, Ints]]]
"""What is timed, and how its result is told as ids of participants and their labels."""


def prepared(engine: str, who: Any, what: Any, how: Any) -> Run:
    """The input in the form that the engine takes natively: columns of a log, or red-dwarf's rows."""
    if engine == "red-dwarf":
        rows = rows_of(Votes.from_log(who, what, how))
        return lambda: run_red_dwarf(rows), red_dwarf_labels
    if engine == "polis":

        def label_of(drawn: Any) -> tuple[Ints, Ints]:
            return drawn.participants, drawn.group

        return lambda: polis_map(Votes.from_log(who, what, how)), label_of

    def told(drawn: Any) -> tuple[Ints, Ints]:
        votes = Votes.from_log(who, what, how)
        return votes.participants, members(votes, drawn).chance.argmax(axis=1)

    return lambda: draw_map(Votes.from_log(who, what, how)), told


def measured(engine: str, file: Path) -> dict[str, Any]:
    """Median and least time of several runs; CPU time, peak memory and groups of the first of all."""
    run, told = prepared(engine, *_log(file))
    warm_up(engine)
    taken: list[float] = []
    start, begun = _peak_from_here(), process_time()
    result = _clocked(run, taken)
    peak, cpu = _peak(), process_time() - begun
    who, label = told(result)
    del result
    if taken[0] < WITHIN_SECONDS:
        taken.clear()  # the first of several still warms up what depends on the data
        _clocked(run, taken)
    while len(taken) < MOST_RUNS and sum(taken) + taken[0] < WITHIN_SECONDS:
        _clocked(run, taken)
    return {
        "seconds": float(np.median(taken)),
        "least": min(taken),
        "cpu": cpu,
        "megabytes": peak - start,
        "peak": peak,
        "runs": len(taken),
        "groups": int(label.max(initial=-1)) + 1,
        "ari": _likeness(file, who, label),
    }


def placing(file: Path) -> dict[str, float]:
    """Seconds for one participant anew, by how many votes: the kernel, and `place` with it."""
    votes = Votes.from_log(*_log(file))
    learnt = learn(votes)
    memory, took = learnt.memory, {}
    model, mixture = memory.model, memory.clouds.mixture
    rng = np.random.default_rng(0)
    for many in (30, 300):
        columns = np.sort(rng.choice(len(votes.statements), many, replace=False)).astype(np.int32)
        values = rng.choice(np.array([-1, 1], np.int8), many)
        one = Votes(np.zeros(1, np.int64), votes.statements, np.array([0, many]), columns, values)
        prior = model.prior()
        took[f"locate {many}"] = _median_of(
            lambda one=one, prior=prior: kernels().locate(  # type: ignore[misc]
                one.starts, one.columns, one.values, model.moments, prior, model.lean, 4, *_cloud(mixture)
            )
        )
        took[f"place {many}"] = _median_of(lambda one=one: place(one, memory))  # type: ignore[misc]
    return took


def _cloud(mixture: Any) -> tuple[Any, Any]:
    return mixture.mean, mixture.covariance


def _median_of(call: Callable[[], Any]) -> float:
    taken: list[float] = []
    for _call in range(CALLS):
        _clocked(call, taken)
    return float(np.median(taken))


def _log(file: Path) -> tuple[Any, Any, Any]:
    with np.load(file) as stored:
        return stored["who"], stored["what"], stored["how"]


def _clocked(run: Callable[[], Any], taken: list[float]) -> Any:
    begun = perf_counter()
    result = run()
    taken.append(perf_counter() - begun)
    return result


def warm_up(engine: str) -> None:
    """Import and compile all that a run uses: by small conversations of several kinds, and larger ones, whose
    loops run side by side and are compiled for that apart."""
    small, larger = [Setting(400, 60, camps, 30) for camps in (1, 2, 3, 4, 5)], Setting(30_000, 80, 3, 20)
    chosen = {"red-dwarf": small[1:2], "polis": [*small, larger, SIDE_BY_SIDE]}
    for setting in chosen.get(engine, [*small, larger]):
        drawn = plant(setting, 0)
        prepared(engine, drawn.who, drawn.what, drawn.how)[0]()


def _likeness(file: Path, who: Ints, label: Ints) -> float | None:
    with np.load(file) as stored:
        if "truth" not in stored:
            return None
        enough = np.bincount(stored["who"], minlength=len(stored["truth"]))[who] >= ENOUGH_VOTES
        kept = enough & (label >= 0)
        return adjusted_rand(stored["truth"][who[kept]], label[kept])


# Memory


def _status(name: str) -> float:
    """A line of the kernel's account of this process, in MB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) / 1024
    return float("nan")


def _peak_from_here() -> float:
    """Forget the peak so far (Linux); the memory in use now, in MB."""
    Path("/proc/self/clear_refs").write_text("5")
    return _status("VmRSS")


def _peak() -> float:
    return _status("VmHWM")


if __name__ == "__main__":
    engine, name = sys.argv[1], Path(sys.argv[2])
    print(json.dumps(placing(name) if engine == "placing" else measured(engine, name)))
