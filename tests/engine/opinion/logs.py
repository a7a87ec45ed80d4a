"""Votes to test with: random logs, planted camps, and what real conversations there are."""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

from camphor.engine.opinion import OpinionMap, Votes, members
from camphor.engine.polis_export import read_export

REAL = Path(os.environ.get("CAMPHOR_REAL_DATA", Path(__file__).parents[4] / "shared" / "data" / "polis"))
needs_real = pytest.mark.skipif(not REAL.exists(), reason=f"no real conversations at {REAL}")

Log = list[tuple[int, int, int]]
LOGS = st.lists(st.tuples(st.integers(0, 25), st.integers(0, 12), st.sampled_from([-1, 0, 1])), max_size=250)


def votes_of(log: Log) -> Votes:
    who, what, how = zip(*log, strict=True) if log else ((), (), ())
    return Votes.from_log(who, what, how)


def planted(people: int, statements: int, *, camps: int, density: float = 0.9, seed: int = 1) -> Log:
    """People of known camps: the camp of i is i % camps; they differ on all but every fourth statement."""
    rng = Random(seed)
    log = []
    for i in range(people):
        for j in range(statements):
            if rng.random() < density:
                side = 1 if j % 4 == 0 or (j + i % camps) % camps == 0 else -1
                log.append((i, j, side if rng.random() < 0.9 else -side))
    return log


def continuum(
    people: int, statements: int, *, seed: int, mean_votes: float = 30.0, shape: str = "normal"
) -> Votes:
    """People about one middle in two dimensions, without any groups: normal, evenly on a disc, or skewed."""
    rng = np.random.default_rng(seed)
    offset, loading = rng.normal(0.7, 1, statements), rng.normal(0, 1, (statements, 2))
    angle, out = rng.uniform(0, 2 * np.pi, people), 2 * np.sqrt(rng.uniform(0, 1, people))
    points = {
        "normal": rng.normal(0, 1, (people, 2)),
        "disc": np.column_stack([out * np.cos(angle), out * np.sin(angle)]),
        "skewed": rng.lognormal(0, 0.6, (people, 2)) - 1.2,
    }[shape]
    logit = offset + points @ loading.T + rng.normal(0, 0.3, (people, 1))
    who, what = np.nonzero(rng.random(logit.shape) < mean_votes / statements)
    agrees = rng.random(len(who)) < 1 / (1 + np.exp(-logit[who, what]))
    return Votes.from_log(who, what, np.where(agrees, 1, -1))


def groups_of(log: Log, drawn: OpinionMap) -> dict[int, str]:
    """The letter of everybody who was placed."""
    votes = votes_of(log)
    label = members(votes, drawn).label
    return {
        int(one): drawn.groups[g].letter for one, g in zip(votes.participants, label, strict=True) if g >= 0
    }


def partition(of: dict[int, str]) -> set[frozenset[int]]:
    return {frozenset(i for i, g in of.items() if g == letter) for letter in set(of.values())}


def adjusted_rand(first: Sequence[Any], second: Sequence[Any]) -> float:
    """Agreement of two partitions beyond chance (Hubert and Arabie 1985), pair by pair."""
    together = [(a == b, c == d) for (a, c), (b, d) in combinations(zip(first, second, strict=True), 2)]
    both = sum(x and y for x, y in together)
    one, other = (sum(pair[k] for pair in together) for k in (0, 1))
    chance = one * other / len(together)
    return float((both - chance) / ((one + other) / 2 - chance))


def numbers(value: Any) -> list[float]:
    """All the numbers in a nested value of plain JSON."""
    if isinstance(value, dict):
        return [one for part in value.values() for one in numbers(part)]
    if isinstance(value, list | tuple):
        return [one for part in value for one in numbers(part)]
    return [float(value)] if isinstance(value, int | float) else []


def published_groups(folder: Path) -> dict[int, int]:
    """The group of each participant whom Polis put into one."""
    with (folder / "participants-votes.csv").open(encoding="utf-8-sig") as rows:
        return {
            int(row["participant"]): int(float(row["group-id"]))
            for row in csv.DictReader(rows)
            if row["group-id"]
        }


def real_votes(name: str, *, moderated: bool = True) -> Votes:
    """The votes of a real conversation, without the statements that were moderated out."""
    export = read_export(REAL / name)
    log = [(vote.participant, vote.statement, vote.value) for vote in export.votes]
    hidden = [one.id for one in export.statements if one.moderation == -1]
    return votes_of(log).without(hidden if moderated else [])
