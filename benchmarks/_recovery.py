"""Planted conversations, whose truth is known: groups, their number, consensus, intervals; part D."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Executor
from typing import Any

import numpy as np

from benchmarks._measures import adjusted_rand, coverage, precision_at, spearman
from benchmarks._planted import SHAPES, Planted, Setting, oracle, plant
from benchmarks._rivals import Ours, least_agreed, polis, polis_in, red_dwarf
from benchmarks._tables import mean, table
from camphor.engine.opinion.votes import Floats, Ints

DENSITIES = (0.05, 0.075, 0.15, 0.25, 0.5)
CAMPS = (1, 2, 3, 4, 5)
ENOUGH_VOTES = 7
"""Labels are compared over people with so many votes, whom all engines label."""
CONSENSUS = (
    Setting(1_000, 200, 4, 60),
    Setting(3_000, 300, 5, 60),
    Setting(3_000, 200, 3, 20),
    Setting(1_000, 100, 2, 30),
)
OTHERS = (
    *(Setting(1_000, 200, 4, 60), Setting(3_000, 300, 5, 60), Setting(3_000, 200, 3, 20)),
    *(Setting(1_000, 100, 2, 30), Setting(3_000, 100, 3, 15), Setting(1_000, 100, 2, 15)),
    *(Setting(1_000, 100, 3, 15), Setting(300, 60, 2, 15), Setting(300, 60, 3, 15)),
)
ONE = (Setting(1_000, 100, 1, 30), Setting(3_000, 200, 1, 20))
TOP = 20


def recovered(job: tuple[Setting, int]) -> dict[str, float]:
    """Likeness to the truth of each engine's labels, over the people whom all label, and numbers of groups.

    With the number of groups given, ours are those of so many clouds, and Polis's those of its k-means.
    """
    setting, seed = job
    truth = plant(setting, seed)
    votes, k = truth.votes, setting.camps
    ours, drawn, rival = Ours.of(votes), polis(votes), red_dwarf(votes)
    enough = votes.cast >= ENOUGH_VOTES
    if rival:
        enough &= rival.label >= 0
    label = ours.placed.chance.argmax(axis=1) if ours.memory.clouds.separate else np.zeros(len(enough), int)
    told = ours.placed.label >= 0

    def like(found: Ints, kept: Any = enough) -> float:
        return adjusted_rand(truth.camp[kept & (found >= 0)], found[kept & (found >= 0)])

    return {
        "oracle": like(oracle(truth)) if k > 1 else 1.0,
        "ours": like(label),
        "placed": like(label, enough & told) if ours.memory.clouds.separate else float("nan"),
        "ours given": like(ours.in_groups(k).chance.argmax(axis=1)),
        "Polis": like(drawn.group),
        "Polis given": like(polis_in(drawn, k)) if k > 1 else 1.0,
        "red-dwarf": like(rival.label) if rival else float("nan"),
        "K ours": float(label.max() + 1),
        "K Polis": float(drawn.k),
        "K red-dwarf": float(rival.label.max() + 1) if rival else float("nan"),
    }


def one_group(job: tuple[Setting, int]) -> tuple[int, int]:
    """How many groups ours and Polis report where there are none."""
    setting, seed = job
    votes = plant(setting, seed).votes
    clouds = Ours.of(votes).memory.clouds
    return clouds.groups if clouds.separate else 1, polis(votes).k


def agreed_on(job: tuple[Setting, int]) -> dict[str, float]:
    """How well the statements that every camp agrees with are found, and what the intervals hold."""
    setting, seed = job
    truth = plant(setting, seed)
    votes = truth.votes
    likely = truth.agreeing()[:, votes.statements]
    camps = np.array([likely[truth.camp == k].mean(axis=0) for k in range(setting.camps)])
    least = camps.min(axis=0)
    ours, drawn, rival = Ours.of(votes), polis(votes), red_dwarf(votes)
    agreed, _against, seen = votes.counts()
    guesses = {
        "overall rate": (agreed + 1) / (seen + 2),
        "Polis": drawn.group_aware_agree,
        "ours": least_agreed(ours.map),
    }
    if rival:
        guesses["red-dwarf"] = rival.consensus
    found = {f"{name}, precision": precision_at(TOP, least, guess) for name, guess in guesses.items()}
    found |= {f"{name}, Spearman": spearman(least, guess) for name, guess in guesses.items()}
    return found | _covered(truth, ours, likely)


def _covered(truth: Planted, ours: Ours, likely: Floats) -> dict[str, float]:
    """Whether the true shares of those placed in each group lie in its intervals, and of all in theirs."""
    rows, label = ours.map.counted, ours.placed.label

    def held(people: Any, tallies: list[Any]) -> float:
        low, high = (np.array([getattr(one.agree, end) for one in tallies]) for end in ("low", "high"))
        return coverage(likely[people].mean(axis=0), low, high)

    groups = len(ours.map.groups)
    return {
        "groups": mean(held(label == g, [row.groups[g] for row in rows]) for g in range(groups)),
        "all": held(np.ones(len(label), bool), [row.all for row in rows]),
    }


def report_recovery(pool: Executor, *, quick: bool) -> Iterator[str]:
    """Part D."""
    seeds, people, statements = (1, 1_000, 200) if quick else (5, 1_000, 200)
    densities, camps = (DENSITIES[2:4], (1, 3)) if quick else (DENSITIES, CAMPS)
    title = f"Planted groups among {people:,} people and {statements} statements"
    settings = [Setting(people, statements, k, share * statements) for share in densities for k in camps]
    yield from _planted(pool, title, settings, seeds)
    if not quick:
        yield from _planted(pool, "Planted groups in conversations of other sizes", list(OTHERS), seeds)
    yield from _no_groups(pool, seeds=4 if quick else 20)
    yield from _consensus(pool, seeds=1 if quick else 4, settings=CONSENSUS[3:] if quick else CONSENSUS)


def _planted(pool: Executor, title: str, settings: list[Setting], seeds: int) -> Iterator[str]:
    jobs = [(setting, seed) for setting in settings for seed in range(seeds)]
    done = list(pool.map(recovered, jobs))
    yield f"\n### {title}: ARI, {seeds} seeds\n"
    heads = ["conversation", "oracle", "ours", "Polis", "red-dwarf", "ours / oracle", "placed alone"]
    heads += ["K given: ours", "Polis", "ours / oracle", "K found: ours", "Polis", "red-dwarf"]
    yield table(heads, (_row(s, [d for j, d in zip(jobs, done, strict=True) if j[0] is s]) for s in settings))


def _row(setting: Setting, found: list[dict[str, float]]) -> list[Any]:
    at = {name: mean(one[name] for one in found) for name in found[0]}

    def numbers(name: str) -> str:
        counted = Counter(f"{one[name]:.0f}" for one in found)
        return ", ".join(f"{k} ({times})" for k, times in sorted(counted.items()))

    one = setting.camps == 1
    nothing = float("nan")
    return [
        f"{setting}, {setting.camps} camps",
        *(at[name] for name in ("oracle", "ours", "Polis", "red-dwarf")),
        nothing if one else at["ours"] / at["oracle"],
        at["placed"],
        *((nothing,) * 3 if one else (at["ours given"], at["Polis given"], at["ours given"] / at["oracle"])),
        *(numbers(f"K {name}") for name in ("ours", "Polis", "red-dwarf")),
    ]


def _no_groups(pool: Executor, *, seeds: int) -> Iterator[str]:
    kinds = [Setting(one.people, one.statements, 1, one.votes, shape) for one in ONE for shape in SHAPES]
    jobs = [(kind, seed) for kind in kinds for seed in range(seeds)]
    done = list(pool.map(one_group, jobs))
    yield f"\n### No groups planted: how often that is recognised, of {seeds} conversations\n"
    rows = []
    for kind in kinds:
        found = [counts for job, counts in zip(jobs, done, strict=True) if job[0] is kind]
        named = Counter(counts[1] for counts in found)
        rows.append(
            [
                f"{kind}: {kind.shape}",
                f"{np.mean([ours == 1 for ours, _polis in found]):.0%}",
                ", ".join(f"{k} ({times})" for k, times in sorted(Counter(o for o, _p in found).items())),
                ", ".join(f"{k} ({times})" for k, times in sorted(named.items())),
            ]
        )
    yield table(["people stand in one", "ours: one", "ours: groups (times)", "Polis: groups (times)"], rows)


def _consensus(pool: Executor, *, seeds: int, settings: tuple[Setting, ...]) -> Iterator[str]:
    jobs = [(setting, seed) for setting in settings for seed in range(seeds)]
    done = list(pool.map(agreed_on, jobs))
    names = ("overall rate", "Polis", "red-dwarf", "ours")
    keys = [f"{name}, {what}" for what in ("precision", "Spearman") for name in names] + ["groups", "all"]
    rows: list[list[Any]] = []
    for setting in settings:
        found = [one for job, one in zip(jobs, done, strict=True) if job[0] is setting]
        title = f"{setting}, {setting.camps} camps"
        rows.append([title, *(mean(one.get(key) for one in found) for key in keys)])
    rows.append(["**mean**", *(mean(row[1 + k] for row in rows) for k in range(len(keys)))])
    yield f"\n### What every camp agrees with: precision of the first {TOP}, rank correlation, intervals\n"
    heads = [key.replace("groups", "90 % intervals hold: groups") for key in keys]
    yield table(["conversation", *heads], rows)
