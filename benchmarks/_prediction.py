"""Held-out votes of real conversations, and likeness to the published groups: part B of `bench_map`."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks._measures import adjusted_rand, auc, calibrated, log_loss
from benchmarks._real import FOLDERS, LARGE, Real, missing, read
from benchmarks._rivals import Ours, by_groups, factored, plane_features, polis, red_dwarf
from benchmarks._tables import mean, table
from camphor.engine.opinion.votes import Floats, Ints, Votes

PREDICTORS = ("statement rate", "Polis groups", "red-dwarf groups", "Polis plane", "one factor", "ours")
LEARN, CHECK = 0.8, 0.1
"""Shares of the votes to learn from and to calibrate rivals with; the rest is predicted."""


def predicted(job: tuple[str, int, Path]) -> dict[str, tuple[float, float]]:
    """Log-loss and AUC of each predictor on votes that were held out, passes apart."""
    name, seed, where = job
    real = read(name, where)
    whole, part = real.votes, np.random.default_rng(seed).random(len(real.votes.values))
    votes = subset(whole, part < LEARN)
    held, check = part >= LEARN + CHECK, (part >= LEARN) & (part < LEARN + CHECK)
    (who, what, agrees), (seen_who, seen_what, seen) = (_cells(whole, votes, some) for some in (held, check))
    drawn, ours = polis(votes, real.order(votes)), Ours.of(votes)
    rival = red_dwarf(votes)
    nobody = np.full(len(votes.participants), -1)
    plane, factor = plane_features(votes, drawn), (factored(votes),)
    likely = {
        "statement rate": by_groups(votes, nobody)[who, what],
        "Polis groups": by_groups(votes, drawn.group)[who, what],
        "Polis plane": _by(plane, (seen_who, seen_what), seen, (who, what)),
        "one factor": _by(factor, (seen_who, seen_what), seen, (who, what)),
        "ours": ours.memory.model.agreement(ours.people)[who, what],
    }
    if rival:
        likely["red-dwarf groups"] = by_groups(votes, rival.label)[who, what]
    return {name: (log_loss(agrees, one), auc(agrees, one)) for name, one in likely.items()}


def subset(votes: Votes, kept: Any) -> Votes:
    """These votes alone, shape (v,); people and statements without any are gone."""
    who, what = votes.participants[votes.rows[kept]], votes.statements[votes.columns[kept]]
    return Votes.from_log(who, what, votes.values[kept])


def _cells(whole: Votes, known: Votes, some: Any) -> tuple[Ints, Ints, Any]:
    """The votes for and against among these, by place in the votes that were learnt from."""
    who, what = whole.participants[whole.rows[some]], whole.statements[whole.columns[some]]
    side = whole.values[some]
    kept = (side != 0) & np.isin(who, known.participants) & np.isin(what, known.statements)
    places = (
        np.searchsorted(ids, of[kept]) for ids, of in ((known.participants, who), (known.statements, what))
    )
    rows, columns = places
    return rows, columns, side[kept] > 0


def _by(features: tuple[Floats, ...], seen: Any, agrees: Any, wanted: Any) -> Floats:
    """Calibrated on the second part of the votes."""
    first, last = (np.column_stack([one[cells] for one in features]) for cells in (seen, wanted))
    return calibrated(first, agrees, last)


def likeness(job: tuple[str, Path]) -> dict[str, Any]:
    """Likeness of each engine's groups to the published ones, over those who are in both, and how many."""
    name, where = job
    real = read(name, where)
    votes, hidden, meta = real.whole.votes, real.whole.hidden, real.whole.meta
    from camphor.engine.opinion.polis import polis_map

    drawn = polis_map(votes, hidden=hidden, meta=meta, order=real.whole.arrival)
    rival = red_dwarf(votes, mod_out_statement_ids=[*hidden, *meta])
    ours = Ours.of(real.votes)
    published = int(real.published.max()) + 1
    return {
        "published": published,
        "our Polis": _like(real, drawn.group),
        "red-dwarf": _like(real, rival.label) if rival else "–",
        "ours": _like(real, ours.placed.label, separate=ours.memory.clouds.separate),
    }


def _like(real: Real, label: Ints, *, separate: bool = True) -> str:
    both = (label >= 0) & (real.published >= 0)
    groups = int(label.max()) + 1
    ari = adjusted_rand(real.published[both], label[both])
    return f"{ari:.3f} ({groups if separate else '1: two regions'})"


def report_quality(pool: Executor, where: Path, *, quick: bool) -> Iterator[str]:
    """Part B."""
    absent = missing(where)
    there = [name for name in FOLDERS if name not in absent]
    if not there:
        yield f"\nNothing on real conversations: there are none at {where}."
        return
    names = [name for name in (LARGE[:4] if quick else LARGE) if name in there]
    yield "\n### Published groups: likeness (ARI) of a cold start, and how many groups\n"
    found = pool.map(likeness, [(name, where) for name in names])
    heads = ["conversation", "published", "our Polis", "red-dwarf", "ours"]
    yield table(heads, ([name, *one.values()] for name, one in zip(names, found, strict=True)))
    seeds = 1 if quick else 3
    jobs = [(name, seed, where) for name in (there[:4] if quick else there) for seed in range(seeds)]
    done = list(pool.map(predicted, jobs))
    yield f"\n### Held-out votes: log-loss (less is better), mean of {seeds} splits 80/10/10\n"
    yield from _tables(jobs, done, 0)
    yield "\n### Held-out votes: AUC\n"
    yield from _tables(jobs, done, 1)


def _tables(jobs: list[Any], done: list[dict[str, tuple[float, float]]], which: int) -> Iterator[str]:
    names = list(dict.fromkeys(name for name, _seed, _where in jobs))
    rows: list[list[Any]] = []
    for name in names:
        mine = [one for job, one in zip(jobs, done, strict=True) if job[0] == name]
        rows.append([name, *(mean(one[p][which] for one in mine if p in one) for p in PREDICTORS)])
    rows.append(["**mean**", *(mean(row[1 + k] for row in rows) for k in range(len(PREDICTORS)))])
    yield table(["conversation", *PREDICTORS], rows)
    if which == 0:
        ours, groups = rows[-1][-1], rows[-1][2]
        worse = [row[0] for row in rows[:-1] if row[-1] > min(row[4], row[5])]
        yield f"\nOurs against Polis's groups: {100 * (ours / groups - 1):+.1f} %."
        yield f"Worse than the better of plane and factor in: {', '.join(worse) or 'none'}."
