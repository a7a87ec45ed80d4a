"""Real conversations, what was published about them, and how like two partitions are."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from camphor.engine.opinion.polis import PolisMap, by_first_vote, polis_map, polis_replay
from camphor.engine.opinion.votes import Ints, Votes

REAL = Path(os.environ.get("CAMPHOR_REAL_DATA", Path(__file__).parents[5] / "shared" / "data" / "polis"))
MATH = REAL.parent / "polis-math"
needs_real = pytest.mark.skipif(not REAL.exists(), reason=f"no real conversations at {REAL}")
needs_math = pytest.mark.skipif(not MATH.exists(), reason=f"no output of the original engine at {MATH}")


@dataclass(frozen=True)
class Conversation:
    """A log in the order of time with 1 for agree, what was out, and what was published."""

    who: Ints
    what: Ints
    how: Ints
    hidden: tuple[int, ...]
    meta: tuple[int, ...]
    published: dict[str, Any]

    @property
    def votes(self) -> Votes:
        return Votes.from_log(self.who, self.what, self.how)

    @property
    def order(self) -> Ints:
        return by_first_vote(self.who)

    def cold(self) -> PolisMap:
        return polis_map(self.votes, hidden=self.hidden, meta=self.meta, order=self.order)

    def replayed(self, every: int) -> PolisMap:
        return polis_replay(self.who, self.what, self.how, every=every, hidden=self.hidden, meta=self.meta)


def in_time(rows: Sequence[tuple[float, int, int, int]]) -> tuple[Ints, Ints, Ints]:
    """Who, what and how, by time, those of one moment as they stand."""
    table = np.array(sorted(rows, key=lambda row: row[0]), dtype=np.int64)
    return table[:, 1], table[:, 2], table[:, 3]


def table(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))


@cache
def exported(name: str) -> Conversation:
    """An export with the published group of each participant (`groups`) and consensus (`consensus`)."""
    folder = REAL / name
    statements, people = table(folder / "comments.csv"), table(folder / "participants-votes.csv")
    if (folder / "votes.csv").exists():
        rows = [
            (float(row["timestamp"]), int(row["voter-id"]), int(row["comment-id"]), int(row["vote"]))
            for row in table(folder / "votes.csv")
        ]
    else:
        rows = [
            (0.0, int(row["participant"]), int(name), int(float(cell)))
            for row in people
            for name, cell in row.items()
            if name.isdigit() and cell
        ]
    return Conversation(
        *in_time(rows),
        tuple(int(row["comment-id"]) for row in statements if row["moderated"] == "-1"),
        tuple(int(row["comment-id"]) for row in statements if row.get("is-meta", "").lower() == "true"),
        {
            "groups": {
                int(row["participant"]): int(float(row["group-id"])) for row in people if row["group-id"]
            },
            "consensus": {
                int(row["comment-id"]): float(row["group-informed-consensus"])
                for row in statements
                if row.get("group-informed-consensus")
            },
        },
    )


@cache
def computed(name: str) -> Conversation:
    """A conversation with the output of the original engine; its votes are stored with 1 for agree."""
    folder = MATH / name
    if (folder / "votes.csv").exists():
        rows = [
            (float(row["timestamp"]), int(row["voter-id"]), int(row["comment-id"]), int(row["vote"]))
            for row in table(folder / "votes.csv")
        ]
    else:
        rows = [
            (row["modified"], row["participant_id"], row["statement_id"], row["vote"])
            for row in json.loads((folder / "votes.json").read_text("utf-8"))
        ]
    published = json.loads((folder / "math-pca2.json").read_text("utf-8"))
    return Conversation(*in_time(rows), tuple(published["mod-out"]), tuple(published["meta-tids"]), published)


def adjusted_rand(first: Ints, second: Ints) -> float:
    """Agreement of two partitions beyond chance (Hubert and Arabie 1985), from their cross table."""
    crossed: dict[tuple[int, int], int] = {}
    for pair in zip(first.tolist(), second.tolist(), strict=True):
        crossed[pair] = crossed.get(pair, 0) + 1

    def pairs(counts: Sequence[int]) -> float:
        return sum(c * (c - 1) / 2 for c in counts)

    both = pairs(list(crossed.values()))
    sides = [pairs(np.unique(side, return_counts=True)[1].tolist()) for side in (first, second)]
    chance = sides[0] * sides[1] / pairs([len(first)])
    return (both - chance) / (sum(sides) / 2 - chance)


def likeness(drawn: PolisMap, groups: dict[int, int]) -> float:
    """The adjusted Rand index against published groups, over those who are in a group of both."""
    other = np.array([groups.get(one, -1) for one in drawn.participants.tolist()])
    both = (drawn.group >= 0) & (other >= 0)
    return adjusted_rand(drawn.group[both], other[both])
