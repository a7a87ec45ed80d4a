"""How steady groups are when votes are missing or forged: part C of `bench_map`."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks._measures import adjusted_rand, eta_squared, jaccard
from benchmarks._prediction import subset
from benchmarks._real import FOLDERS, missing, read
from benchmarks._rivals import Ours, least_agreed, polis, polis_in, red_dwarf
from benchmarks._tables import mean, table
from benchmarks._town import grouped
from camphor.engine.opinion.votes import Floats, Ints, Votes

KEPT = 0.8
"""Of the votes, in each resample."""
ENOUGH_VOTES = 7
"""Labels are compared over people with so many votes in the whole conversation, as Polis asks for."""
CONFIDENT = 0.9
CLONES, FLIPPED = 0.1, 0.05
"""Forged participants as a share of the true ones, and of their votes those that differ from the original."""
TOP = 10
ATTACKED = ("biodiversity", "ssis", "taxes", "produktion", "UberX")


@dataclass(frozen=True, eq=False)
class Labels:
    """two, own: the group of each participant, by id, with two groups and with the engine's own number.
    means: by k-means of the ideal points in two. chance: of the group in `two`, where the engine tells one.
    consensus: of each statement by id. groups: its own number."""

    two: dict[int, int]
    own: dict[int, int]
    means: dict[int, int]
    chance: dict[int, float]
    consensus: dict[int, float]
    groups: int

    def top(self) -> list[int]:
        return sorted(self.consensus, key=lambda one: (-self.consensus[one], one))[:TOP]


def labelled(engine: str, votes: Votes, order: Ints) -> Labels | None:
    """The labels of an engine, without those of people it leaves out."""
    ids = votes.participants
    if engine == "our Polis":
        drawn = polis(votes, order)
        aware = _by_id(votes.statements, drawn.group_aware_agree)
        return Labels(_known(ids, polis_in(drawn, 2)), _known(ids, drawn.group), {}, {}, aware, drawn.k)
    if engine == "red-dwarf":
        two, own = red_dwarf(votes, force_group_count=2), red_dwarf(votes)
        if two is None or own is None:
            return None
        aware = _by_id(votes.statements, own.consensus)
        groups = int(own.label.max()) + 1
        return Labels(_known(ids, two.label), _known(ids, own.label), {}, {}, aware, groups)
    ours = Ours.of(votes)
    forced = ours.in_regions()
    groups = ours.memory.clouds.groups if ours.memory.clouds.separate else 1
    return Labels(
        _known(ids, forced.chance.argmax(axis=1)),
        _known(ids, ours.placed.chance.argmax(axis=1)),
        _known(ids, grouped(ours.points, 2)),
        _by_id(ids, forced.chance.max(axis=1)),
        _by_id(votes.statements, least_agreed(ours.map)),
        groups,
    )


def _known(ids: Ints, label: Ints) -> dict[int, int]:
    return {one: group for one, group in zip(ids.tolist(), label.tolist(), strict=True) if group >= 0}


def _by_id(ids: Ints, values: Floats) -> dict[int, float]:
    return dict(zip(ids.tolist(), values.tolist(), strict=True))


def alike(one: dict[int, int], other: dict[int, int], among: set[int]) -> float:
    """ARI over those whom both label, among these; nan where both say there is one group."""
    both = sorted(one.keys() & other.keys() & among)
    first, second = np.array([one[i] for i in both], int), np.array([other[i] for i in both], int)
    if len(both) < 2 or (len(np.unique(first)) == 1 and len(np.unique(second)) == 1):
        return float("nan")
    return adjusted_rand(first, second)


def resampled(job: tuple[str, str, int, Path]) -> dict[str, float]:
    """An engine on several random parts of a conversation's votes."""
    name, engine, times, where = job
    real, runs = read(name, where), []
    votes = real.votes
    often = {*votes.participants[votes.cast >= ENOUGH_VOTES].tolist()}
    for seed in range(times):
        part = subset(votes, np.random.default_rng(100 + seed).random(len(votes.values)) < KEPT)
        runs.append(labelled(engine, part, real.order(part)))
    known = [run for run in runs if run is not None]
    whole = labelled(engine, votes, real.order(votes))
    pairs = list(combinations(known, 2))
    sure = [{i for i in often if run.chance.get(i, 0) > CONFIDENT} for run in known]
    both_sure = [a & b for a, b in combinations(sure, 2)]
    return {
        "two": mean(alike(a.two, b.two, often) for a, b in pairs),
        "means": mean(alike(a.means, b.means, often) for a, b in pairs),
        "own": mean(alike(a.own, b.own, often) for a, b in pairs),
        "sure": mean(alike(a.two, b.two, s) for (a, b), s in zip(pairs, both_sure, strict=True)),
        "share": mean(len(s) / len(often) for s in sure) if whole and whole.chance else float("nan"),
        "eta": _activity(votes, whole, often),
        "groups": float(whole.groups) if whole else float("nan"),
    }


def _activity(votes: Votes, labels: Labels | None, among: set[int]) -> float:
    """Of the variance of log(votes), the share between the two groups."""
    if labels is None:
        return float("nan")
    kept = [k for k, one in enumerate(votes.participants.tolist()) if one in labels.two and one in among]
    label = np.array([labels.two[one] for one in votes.participants[kept].tolist()])
    return eta_squared(np.log(votes.cast[kept]), label)


def attacked(job: tuple[str, str, int, Path]) -> dict[str, float]:
    """One participant copied many times over, with a few votes changed: what honest people see of it."""
    name, engine, seed, where = job
    real, rng = read(name, where), np.random.default_rng(seed)
    votes = real.votes
    often = {*votes.participants[votes.cast >= ENOUGH_VOTES].tolist()}
    before = labelled(engine, votes, real.order(votes))
    forged = with_clones(votes, rng)
    order = np.concatenate([real.order(votes), np.arange(len(votes.participants), len(forged.participants))])
    after = labelled(engine, forged, order)
    if before is None or after is None:
        return {}
    return {
        "two": alike(before.two, after.two, often),
        "own": alike(before.own, after.own, often),
        "top": jaccard(before.top(), after.top()),
    }


def with_clones(votes: Votes, rng: np.random.Generator) -> Votes:
    """These votes, and those of copies of one of the busier half of the participants."""
    busy = np.flatnonzero(votes.cast >= np.median(votes.cast))
    copied = int(rng.choice(busy))
    own = slice(int(votes.starts[copied]), int(votes.starts[copied + 1]))
    what, how = votes.statements[votes.columns[own]], votes.values[own]
    clones = round(CLONES * len(votes.participants))
    flips = np.where(rng.random((clones, len(how))) < FLIPPED, -1, 1).astype(np.int8)
    newest = int(votes.participants.max()) + 1
    who = np.repeat(np.arange(newest, newest + clones), len(how))
    return Votes.from_log(
        np.concatenate([votes.participants[votes.rows], who]),
        np.concatenate([votes.statements[votes.columns], np.tile(what, clones)]),
        np.concatenate([votes.values, (how * flips).reshape(-1)]),
    )


ENGINES = ("our Polis", "red-dwarf", "ours")
COLUMNS: dict[str, tuple[tuple[str, str], ...]] = {
    "two": tuple((engine, "K = 2: " + engine) for engine in ENGINES),
    "means": (("ours", "K = 2: ours, k-means"),),
    "own": tuple((engine, "own K: " + engine) for engine in ENGINES),
    "sure": (("ours", "the sure: ours"),),
    "share": (("ours", "share of the sure"),),
}


def report_stability(pool: Executor, where: Path, *, quick: bool) -> Iterator[str]:
    """Part C."""
    absent = missing(where)
    there = [name for name in FOLDERS if name not in absent][: 3 if quick else None]
    if not there:
        yield f"\nNothing on real conversations: there are none at {where}."
        return
    times, draws = (2, 1) if quick else (5, 8)
    yield f"\n### Steadiness: ARI between maps of {times} random 80 % of the votes\n"
    jobs = [(name, engine, times, where) for name in there for engine in ENGINES]
    found = dict(zip(((j[0], j[1]) for j in jobs), pool.map(resampled, jobs), strict=True))
    heads = ["conversation", *(title for some in COLUMNS.values() for _engine, title in some)]
    cells = [(engine, what) for what, some in COLUMNS.items() for engine, _title in some]
    rows: list[list[Any]] = [[n, *(found[n, engine][what] for engine, what in cells)] for n in there]
    yield table(heads, [*rows, _means(rows)])
    yield "\n### Share of the variance of log(votes cast) between the two groups, and own number of groups\n"
    heads = ["conversation", *ENGINES, *(f"K: {engine}" for engine in ENGINES)]
    rows = [[n, *(found[n, engine]["eta"] for engine in ENGINES)] for n in there]
    counts = [[f"{found[n, engine]['groups']:.0f}" for engine in ENGINES] for n in there]
    yield table(heads, [*([*r, *c] for r, c in zip(rows, counts, strict=True)), [*_means(rows), "", "", ""]])
    yield from _attack(pool, [name for name in ATTACKED if name in there], draws, where)


def _attack(pool: Executor, names: list[str], draws: int, where: Path) -> Iterator[str]:
    yield f"\n### A tenth of the participants forged, as copies of one; mean of {draws} who were copied\n"
    engines = ("our Polis", "ours")
    jobs = [(name, engine, seed, where) for name in names for engine in engines for seed in range(draws)]
    done = list(pool.map(attacked, jobs))
    titles = {"two": "honest ARI, K = 2", "own": "honest ARI, own K", "top": "top-10 Jaccard"}
    rows: list[list[Any]] = []
    for name in names:
        row: list[Any] = [name]
        for what in titles:
            for engine in engines:
                kept = [one for job, one in zip(jobs, done, strict=True) if job[:2] == (name, engine)]
                row.append(mean(one.get(what) for one in kept))
        rows.append(row)
    heads = [f"{title}: {engine}" for title in titles.values() for engine in engines]
    yield table(["conversation", *heads], [*rows, _means(rows)])


def _means(rows: list[list[Any]]) -> list[Any]:
    return ["**mean**", *(mean(row[k] for row in rows) for k in range(1, len(rows[0])))] if rows else ["mean"]
