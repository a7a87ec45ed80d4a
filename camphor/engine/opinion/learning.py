"""What the votes say about the statements: the model, the clouds, and how many would agree in each group.

It is learnt from all participants, or from so many of them that more would not move it; which ones follows
from their ids alone, so any machine chooses the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import permutations

import numpy as np

from camphor.engine.opinion.evidence import alone, weigh
from camphor.engine.opinion.frame import rotated, rotation
from camphor.engine.opinion.memory import Memory
from camphor.engine.opinion.mixture import Known
from camphor.engine.opinion.model import fit, points_of
from camphor.engine.opinion.passing import chance_of_passing
from camphor.engine.opinion.sampling import chosen
from camphor.engine.opinion.scoring import Placed, place
from camphor.engine.opinion.votes import Floats, Ints, Votes

TO_FIT = 30_000
"""Participants from whom statements are learnt: some 800 votes on each of 2,000 statements leave an error of
0.08 in a logit, far below the 0.5 by which a participant's own point is uncertain."""
TO_WEIGH = 2_500
"""Participants among whom groups are looked for: a group that cannot be seen among so many is none."""
ENOUGH_VOTES = 7
"""Votes after which somebody ought to be placed, or all statements where there are fewer (as in Polis)."""
FRINGE = 0.1
"""A region of a continuum with a smaller part of the people is its fringe: nothing to read the rest by."""
TENTH = 0.1
"""A bridge is told by the most reluctant tenth of all …"""
BRIDGES_FROM = 0.5
"""… who would rather be on this side than not."""
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, eq=False)
class Learnt:
    """What a sample of participants taught.

    agree, disagree: the shares of each group's members that the model expects, shape (g + 1, m); the last
    row is of everybody. least_agree, least_disagree: the tenth percentile over participants of the
    probability of agreeing and of disagreeing, shape (m,); 0 where it is under `BRIDGES_FROM`.
    placed: where those of the smaller sample stand, among whom groups were looked for.
    approvals: the probability of agreeing, of each of them, shape (k, m).
    """

    memory: Memory
    placed: Placed
    agree: Floats
    disagree: Floats
    least_agree: Floats
    least_disagree: Floats
    approvals: Floats


def learn(sample: Votes, *, before: Memory | None = None) -> Learnt:
    """Learn from these votes; with `before`, axes do not flip and groups keep their letters."""
    seen = sample.counts()[2]
    known_before = before.model_of(sample.statements) if before else None
    model, _people = fit(sample, before=known_before)
    model = rotated(model, rotation(model, seen, sample.statements, before.loading if before else None))
    smaller = sample.of_participants(chosen(sample.participants, TO_WEIGH))
    people = model.place(smaller)
    mean, covariance = points_of(people, model.dimensions)
    known = Known.from_points(mean, covariance, np.ones(len(mean)))
    groups_before = (before.clouds.groups if before.clouds.separate else 1) if before else None
    clouds = weigh(known, groups_before=groups_before)
    newest = int(sample.participants.max())
    memory = Memory(sample.statements, model, clouds, LETTERS[: clouds.groups], _reach(mean), newest)
    placed = place(smaller, memory)
    if not _tells_apart(placed, smaller, separate=clouds.separate):
        clouds = alone(known, clouds)
        memory = replace(memory, clouds=clouds, letters=LETTERS[0])
        placed = place(smaller, memory)
    return _expected(*_lettered(memory, placed, smaller, before), people, smaller)


def _tells_apart(placed: Placed, votes: Votes, *, separate: bool) -> bool:
    """Whether those who voted enough can be placed, most of them in groups and two thirds in regions, nobody
    is alone in a group, and no region is a mere fringe."""
    size = np.bincount(placed.label[placed.label >= 0], minlength=placed.chance.shape[1])
    enough = votes.cast >= min(ENOUGH_VOTES, len(votes.statements))
    least, told = (2, 1 / 2) if separate else (max(2, FRINGE * size.sum()), 2 / 3)
    return bool(size.min() >= least and (placed.label[enough] >= 0).mean() > told)


def _reach(mean: Floats) -> float:
    """How far the picture reaches: the outermost hundredth is drawn at its edge."""
    return max(float(np.quantile(np.abs(mean[:, :2]), 0.99)), 1e-3)


def _lettered(memory: Memory, placed: Placed, votes: Votes, before: Memory | None) -> tuple[Memory, Placed]:
    """The groups by letter: those of the last map for the groups they have most people of, else by size."""
    groups = memory.clouds.groups
    size = np.bincount(placed.label[placed.label >= 0], minlength=groups)
    if before is None:
        letters = "".join(LETTERS[int(rank)] for rank in np.argsort(np.argsort(-size, kind="stable")))
    else:
        earlier = place(votes, before.on(votes.statements)).label
        earlier[votes.participants > before.newest] = -1
        letters = _inherited(placed.label, earlier, before.letters, groups)
    rank = np.argsort(np.argsort(list(letters), kind="stable"))
    clouds = replace(memory.clouds, group=rank[memory.clouds.group])
    label = np.where(placed.label >= 0, rank[placed.label], -1)
    moved = replace(placed, chance=placed.chance[:, np.argsort(rank)], label=label)
    return replace(memory, clouds=clouds, letters="".join(sorted(letters))), moved


def _inherited(label: Ints, earlier: Ints, letters: str, groups: int) -> str:
    """A letter for each group: the assignment under which most people keep theirs."""
    both = (label >= 0) & (earlier >= 0)
    shared = np.zeros((groups, len(letters)), np.int64)
    np.add.at(shared, (label[both], earlier[both]), 1)
    wide = np.zeros((groups, len(letters) + groups), np.int64)  # the columns beyond are new letters
    wide[:, : len(letters)] = shared
    best = max(
        permutations(range(wide.shape[1]), groups),
        key=lambda taken: (sum(int(wide[g, c]) for g, c in enumerate(taken)), [-c for c in taken]),
    )
    fresh = iter(letter for letter in LETTERS if letter not in letters)
    return "".join(
        letters[c] if c < len(letters) and wide[g, c] > 0 else next(fresh) for g, c in enumerate(best)
    )


def _expected(memory: Memory, placed: Placed, people: Floats, votes: Votes) -> Learnt:
    model = memory.model
    would = model.agreement(people)
    speaks = chance_of_passing(votes)
    np.subtract(1.0, speaks, out=speaks)
    agree = np.multiply(would, speaks, out=would)
    disagree = np.subtract(speaks, agree, out=speaks)
    groups = memory.clouds.groups
    weight = np.zeros((groups + 1, len(people)))
    weight[-1] = 1.0
    weight[placed.label[placed.label >= 0], np.flatnonzero(placed.label >= 0)] = 1.0
    whole = np.maximum(weight.sum(axis=1, keepdims=True), 1.0)
    return Learnt(
        memory,
        placed,
        weight @ agree / whole,
        weight @ disagree / whole,
        _most_reluctant(agree),
        _most_reluctant(disagree),
        agree,
    )


def _most_reluctant(chance: Floats) -> Floats:
    """The tenth percentile of each column, shape (m,); 0 where more than a tenth are under `BRIDGES_FROM`, of
    most statements on most sides."""
    under = np.count_nonzero(chance < BRIDGES_FROM, axis=0)
    found = np.zeros(chance.shape[1])
    bridges = np.flatnonzero(under <= TENTH * (len(chance) - 1) + 1)
    if len(bridges):
        found[bridges] = np.quantile(chance[:, bridges], TENTH, axis=0)
    return found
