"""Routing of statements against random order and Polis's priorities, on conversations whose truth is known.

Every participant's answer to every statement is drawn beforehand; a policy only decides which of them come to
light, in which order. All policies meet the same people, who come at the same moments and answer the same
number of cards. Run: python3 x.py bench bench_routing [--quick] [--seeds N] [--only NAME].
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # conversations run side by side, so each has one thread
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("NUMBA_NUM_THREADS", "1")

import argparse
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from random import Random
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks._town import SETTINGS, Setting, accuracy, fairness, grouped, planted
from camphor.engine.opinion.model import fit, points_of, principal_axes
from camphor.engine.opinion.polis.counts import Counts
from camphor.engine.opinion.polis.priority import priorities
from camphor.engine.opinion.turn import Routing
from camphor.engine.opinion.votes import Floats, Votes

CHECKS = 12
"""Moments of a conversation at which its map is measured against the truth."""
REDRAWN = 40
"""Maps drawn in a conversation."""
LABELLED = 3
"""Groups that routing is told of, however many were planted."""
MEASURES = ("groups", "points", "rates", "shared")
TITLES = {
    "groups": "groups (ARI)",
    "points": "ideal points (R²)",
    "rates": "error of group shares",
    "shared": "shared list (precision)",
}


# Policies


class RandomOrder:
    """Every statement alike."""

    def redraw(self, votes: Votes) -> None:
        pass

    def choose(self, mine: dict[int, int], there: list[int], rng: Random) -> int | None:
        left = [statement for statement in there if statement not in mine]
        return rng.choice(left) if left else None


class PolisPriorities:
    """In proportion to Polis's comment priority, from the last map; newer statements have no votes."""

    def __init__(self) -> None:
        self.priority: dict[int, float] = {}

    def redraw(self, votes: Votes) -> None:
        agreed, disagreed, seen = votes.counts()
        axes = principal_axes(votes, 2)
        centre = (agreed - disagreed) / np.maximum(seen, 1)
        extremity = np.sqrt(len(seen)) * np.abs(1 - centre) * np.sqrt((axes**2).sum(axis=0))
        found = priorities(
            Counts(agreed[None], disagreed[None], seen[None]), extremity, np.zeros(len(seen), bool)
        )
        self.priority = dict(zip(votes.statements.tolist(), found.tolist(), strict=True))

    def choose(self, mine: dict[int, int], there: list[int], rng: Random) -> int | None:
        left = [statement for statement in there if statement not in mine]
        weights = [self.priority.get(statement, NEW) for statement in left]
        return rng.choices(left, weights=weights)[0] if left else None


_NOTHING = np.zeros((1, 1), np.int64)
NEW = float(priorities(Counts(_NOTHING, _NOTHING, _NOTHING), np.zeros(1), np.zeros(1, bool))[0])
"""Polis's priority of a statement without votes."""


class Ours:
    """`Routing`, as the product uses it."""

    def __init__(self) -> None:
        self.routing = Routing.without_map()

    def redraw(self, votes: Votes) -> None:
        model, people = fit(votes)
        group = grouped(points_of(people, model.dimensions)[0], LABELLED)
        self.routing = Routing.from_map(votes, model, group=group)

    def choose(self, mine: dict[int, int], there: list[int], rng: Random) -> int | None:
        return self.routing.choose(mine, candidates=there, rng=rng)


POLICIES: dict[str, Callable[[], Any]] = {"random": RandomOrder, "Polis": PolisPriorities, "ours": Ours}


# Running and measuring


def held(
    setting: Setting, policy: str, seed: int
) -> tuple[list[tuple[int, dict[str, float]]], dict[str, float]]:
    """One conversation: its measures at each check, and how fairly statements were heard at the end."""
    town, acting, rng = planted(setting, seed), POLICIES[policy](), Random(seed)  # noqa: S311
    n, m, turns = setting.people, setting.statements, len(town.turns)
    log: list[tuple[int, int, int]] = []
    mine: list[dict[int, int]] = [{} for _person in range(n)]
    redraws = set(np.linspace(0, turns, REDRAWN + 1).astype(int)[1:-1].tolist())
    checks = set(np.linspace(0, turns, CHECKS + 1).astype(int)[1:].tolist())
    first_seen = [0] * m
    measured = []
    there: list[int] = []
    arriving = set(town.arrives.tolist())
    for turn, person in enumerate(town.turns.tolist()):
        if turn in redraws:
            acting.redraw(_votes(log))
        if turn in arriving:
            there = np.flatnonzero(town.arrives <= turn).tolist()
        chosen = acting.choose(mine[person], there, rng)
        if chosen is not None:
            mine[person][chosen] = int(town.answers[person, chosen])
            log.append((person, chosen, mine[person][chosen]))
            first_seen[chosen] += turn - town.arrives[chosen] < turns // 10
        if turn + 1 in checks:
            measured.append((len(log), accuracy(town, _votes(log), town.arrives <= turn)))
    return measured, fairness(_votes(log), town, first_seen, turns)


def _votes(log: list[tuple[int, int, int]]) -> Votes:
    who, what, how = zip(*log, strict=True)
    return Votes.from_log(who, what, how)


# Reporting


@dataclass(frozen=True, eq=False)
class Summary:
    """Of one setting and policy, the mean over seeds.

    votes: at each check, (c,). curve: per measure at each check, (c,). ends: per seed. fair: at the end.
    """

    votes: Floats
    curve: dict[str, Floats]
    ends: dict[str, Floats]
    fair: dict[str, float]


def summary(runs: list[tuple[list[tuple[int, dict[str, float]]], dict[str, float]]]) -> Summary:
    votes = np.array([[cast for cast, _found in measured] for measured, _fair in runs], float).mean(axis=0)
    values = {
        name: np.array([[found[name] for _cast, found in measured] for measured, _fair in runs])
        for name in MEASURES
    }
    fair = {name: float(np.mean([run[1][name] for run in runs])) for name in runs[0][1]}
    curve = {name: value.mean(axis=0) for name, value in values.items()}
    return Summary(votes, curve, {name: value[:, -1] for name, value in values.items()}, fair)


def needed(of: Summary, measure: str, target: float) -> float:
    """Votes at which the mean curve reaches the target for good, between checks linearly; inf if never."""
    sign = -1.0 if measure == "rates" else 1.0
    curve, target = sign * of.curve[measure], sign * target
    below = np.flatnonzero(curve < target)
    last = int(below[-1]) if len(below) else -1
    if last == len(curve) - 1:
        return float("inf")
    if last < 0:
        return float(of.votes[0])
    part = (target - curve[last]) / (curve[last + 1] - curve[last])
    return float(of.votes[last] + part * (of.votes[last + 1] - of.votes[last]))


def table(setting: Setting, of: dict[str, Summary]) -> Iterator[str]:
    """Markdown rows: votes to reach what random order has after 3/5 of the votes, and what each ends at."""
    for measure in MEASURES:
        plain = of["random"]
        if np.isnan(plain.curve[measure]).any():
            continue
        target = float(np.interp(0.6 * plain.votes[-1], plain.votes, plain.curve[measure]))
        votes = [needed(one, measure, target) for one in of.values()]
        cells = [f"{one:,.0f}" if np.isfinite(one) else f"> {plain.votes[-1]:,.0f}" for one in votes]
        ends = [f"{one.curve[measure][-1]:.3f}" for one in of.values()]
        gain = of["ours"].ends[measure] - np.array([of[other].ends[measure] for other in ("random", "Polis")])
        better = " / ".join(f"{row.mean():+.3f} ± {row.std() / np.sqrt(row.size):.3f}" for row in gain)
        yield f"| {setting.name} | {TITLES[measure]} | {target:.3f} | {' | '.join(cells + ends)} | {better} |"


def fair_rows(setting: Setting, of: dict[str, Summary]) -> Iterator[str]:
    for name, one in of.items():
        fair = one.fair
        yield (
            f"| {setting.name} | {name} | {fair['fewest']:.1f} | {fair['gini']:.3f} |"
            f" {fair['early']:.1f} | {fair['early mean']:.1f} |"
        )


def report(settings: list[Setting], seeds: int) -> None:
    jobs = [(s, policy, seed) for s in settings for policy in POLICIES for seed in range(seeds)]
    with ProcessPoolExecutor(max_workers=min(os.cpu_count() or 1, 2)) as pool:
        done = list(pool.map(_job, jobs))
    found = {
        s: {
            p: summary([r for (t, q, _n), r in zip(jobs, done, strict=True) if (t, q) == (s, p)])
            for p in POLICIES
        }
        for s in settings
    }
    names = list(POLICIES)
    heads = [f"votes: {name}" for name in names] + [f"end: {name}" for name in names]
    print(f"\n{seeds} conversations of each kind, the same for every policy.\n")
    for s in settings:
        print(f"- {s.name}{' (held out)' if s.held_out else ''}: {described(s)}")
    print(f"\n| conversation | measure | to reach | {' | '.join(heads)} | ours less random / Polis |")
    print("|---|---|" + "---:|" * (len(heads) + 2))
    for s in settings:
        print("\n".join(table(s, found[s])))
    print(
        "\n| conversation | policy | fewest votes | Gini | least early | mean early |\n|---|---|"
        + "---:|" * 4
    )
    for s in settings:
        print("\n".join(fair_rows(s, found[s])))


def described(s: Setting) -> str:
    camps = f"{s.camps} camps" if s.camps > 1 else "no camps"
    extra = ", in one sitting" if s.one_sitting else ""
    extra += f", {s.flood:.0%} of the statements at once at half time" if s.flood else ""
    return (
        f"{s.people} people, {s.statements} statements ({s.late:.0%} late), {camps},"
        f" {s.cards:g} cards each{extra}"
    )


def speed() -> Iterator[str]:
    """The median time of a card for somebody with 40 votes, and the size of what is stored."""
    rng = np.random.default_rng(0)
    for m in (200, 2000):
        votes = Votes.from_log(
            *(rng.integers(low, high, 50_000) for low, high in ((0, 1000), (0, m), (-1, 2)))
        )
        routing = Routing.from_map(votes, fit(votes)[0])
        mine, seeded, took = {j: 1 if j % 2 else -1 for j in range(40)}, Random(0), []  # noqa: S311
        for _card in range(200):
            before = perf_counter()
            routing.choose(mine, candidates=range(m), rng=seeded)
            took.append(1e3 * (perf_counter() - before))
        stored = len(json.dumps(routing.to_json())) / 1e3
        yield f"A card among {m:,} statements: {np.median(took):.2f} ms; stored: {stored:.0f} kB."


def _job(job: tuple[Setting, str, int]) -> Any:
    return held(*job)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two settings, two seeds")
    parser.add_argument("--seeds", type=int, default=0)
    parser.add_argument("--only", default="", help="settings whose name holds this")
    asked = parser.parse_args()
    chosen = [s for s in (SETTINGS[:1] + SETTINGS[5:6] if asked.quick else SETTINGS) if asked.only in s.name]
    print("\n".join(speed()))
    report(chosen, asked.seeds or (2 if asked.quick else 6))


if __name__ == "__main__":
    main()
