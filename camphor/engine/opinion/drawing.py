"""The map of a conversation: groups, what speaks for each, what all share, and what divides."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from camphor.engine.opinion.frame import shown
from camphor.engine.opinion.labels import Label, dividing, shared, speaking
from camphor.engine.opinion.learning import BRIDGES_FROM, TO_FIT, Learnt, learn
from camphor.engine.opinion.memory import Memory
from camphor.engine.opinion.picks import pick
from camphor.engine.opinion.polis.face import draw_polis
from camphor.engine.opinion.rates import Rates
from camphor.engine.opinion.result import (
    Bridge,
    Counted,
    Divides,
    Evidence,
    Group,
    OpinionMap,
    Pick,
    Said,
)
from camphor.engine.opinion.sampling import chosen
from camphor.engine.opinion.scoring import Placed, Sums, box, place, score
from camphor.engine.opinion.telling import cells_of, tallies
from camphor.engine.opinion.turn import Routing
from camphor.engine.opinion.votes import Ints, Votes

FEWEST_PLACED = 7
"""Below this nothing is drawn: a map of so few people would show persons, not opinions."""
FEWEST_TO_SPEAK = 17
"""In a smaller group, the interval of a half is wider than 20 points to either side."""
MOST_PICKS = 5
"""Statements on the short list: as many as are read, each standing for a fifth of the people at least."""
NO_EVIDENCE = Evidence(separate=False, chances=(1.0,), valley=1.0)
"""Where nothing was drawn, nothing speaks for groups."""


RECIPES = ("ideal_points", "polis")


def draw_map(
    votes: Votes,
    *,
    hidden: Collection[int] = (),
    before: OpinionMap | None = None,
    recipe: str = "ideal_points",
    meta: Collection[int] = (),
    order: Ints | None = None,
) -> OpinionMap:
    """Draw the map of these votes; hidden statements, and those about participants (meta), influence nothing.

    recipe: "ideal_points", or "polis" for the published algorithm from a cold start, in which alone `order`
    matters: the positions of participants by their first vote. Raises ValueError for any other.

    With `before`, the axes do not flip and the groups keep their letters. Without it the result depends on
    the votes alone: there is no randomness in it, and neither the order of participants nor of statements
    matters (of more than 30,000 participants, their ids choose from whom the statements are learnt).
    """
    if recipe not in RECIPES:
        raise ValueError(f"the recipes are {' and '.join(RECIPES)}, not {recipe!r}")
    if recipe == "polis":
        return draw_polis(votes, hidden=hidden, meta=meta, order=order)
    votes = votes.without([*hidden, *meta])
    if not len(votes.values):
        return nothing_drawn(votes)
    sample = votes.of_participants(chosen(votes.participants, TO_FIT))
    learnt = learn(sample, before=Memory.from_json(before.memory) if before else None)
    everybody = len(learnt.placed.label) == len(votes.participants)
    return finished(learnt, score(votes, learnt.memory, learnt.placed if everybody else None))


def members(votes: Votes, drawn: OpinionMap) -> Placed:
    """Where each participant of these votes stands on the map; statements that are new to it count nothing.

    Never published: it says who is where.
    """
    memory = Memory.from_json(drawn.memory)
    if memory is None or not drawn.groups:
        n = len(votes.participants)
        return Placed(np.zeros((n, 2)), np.zeros((n, 0)), np.full(n, -1), np.zeros(n))
    votes = votes.of_statements(np.isin(votes.statements, memory.statements))
    return place(votes, memory.on(votes.statements))


def nothing_drawn(votes: Votes) -> OpinionMap:
    """The map of people who have not voted."""
    return OpinionMap(
        recipe="ideal_points",
        participants=len(votes.participants),
        placed=0,
        votes=0,
        evidence=NO_EVIDENCE,
        share=(0.0, 0.0),
        groups=(),
        counted=(),
        shared=(),
        dividing=(),
        bridging=(),
        picks=(),
        cells=(),
        memory={},
    )


def finished(learnt: Learnt, sums: Sums) -> OpinionMap:
    """The map, from what was learnt of the statements and what was counted of all participants."""
    memory = learnt.memory
    placed = int(sums.sizes.sum())
    drawn = placed >= FEWEST_PLACED and bool((sums.sizes > 0).all())
    groups = memory.clouds.groups if drawn else 0
    routing = Routing.from_counts(memory.statements, memory.model, sums.everybody, sums.groups[:groups])
    of_groups = _sides(sums.groups[:groups], learnt, slice(0, groups))
    of_all = _sides(sums.everybody[None], learnt, slice(-1, None))
    ids = memory.statements
    return OpinionMap(
        recipe="ideal_points",
        participants=sums.participants,
        placed=placed if drawn else 0,
        votes=sums.votes,
        evidence=_evidence(memory, drawn),
        share=shown(memory.model, sums.everybody[2]),
        groups=_groups(memory, sums, of_groups) if drawn else (),
        counted=_counted(memory, routing, of_groups, of_all),
        shared=tuple(_said(label, ids, of_groups) for label in shared(of_groups)),
        dividing=tuple(_divides(label, ids) for label in dividing(of_groups)),
        bridging=_bridges(learnt) if drawn else (),
        picks=_picks(learnt) if drawn else (),
        cells=cells_of(sums.spots) if drawn else (),
        memory=memory.to_json() | {"routing": routing.to_json()},
    )


def _sides(counted: Ints, learnt: Learnt, rows: slice) -> tuple[Rates, Rates]:
    """The rates of agreeing and of disagreeing; counted: shape (g, 3, m)."""
    agreed, disagreed, seen = (counted[:, k].astype(float) for k in range(3))
    return Rates(agreed, seen, learnt.agree[rows]), Rates(disagreed, seen, learnt.disagree[rows])


def _evidence(memory: Memory, drawn: bool) -> Evidence:
    clouds = memory.clouds
    if not drawn:
        return NO_EVIDENCE
    chances = tuple(round(float(chance), 3) for chance in clouds.chances)
    return Evidence(clouds.separate, chances, round(clouds.valley, 3))


def _groups(memory: Memory, sums: Sums, sides: tuple[Rates, Rates]) -> tuple[Group, ...]:
    middle = box(sums.middle / np.maximum(sums.sizes, 1)[:, None], memory.reach)
    whole = int(sums.sizes.sum())
    return tuple(
        Group(
            letter=memory.letters[g],
            size=int(sums.sizes[g]),
            share=float(sums.sizes[g]) / whole,
            x=round(float(middle[g, 0]), 2),
            y=round(float(middle[g, 1]), 2),
            small=bool(sums.sizes[g] < FEWEST_TO_SPEAK),
            speaks=tuple(_said(label, memory.statements, sides) for label in labels),
        )
        for g, labels in enumerate(speaking(sides))
    )


def _said(label: Label, ids: Ints, sides: tuple[Rates, Rates]) -> Said:
    rates, groups = sides[0 if label.agrees else 1], list(label.groups)
    on, seen = rates.on[groups, label.statement].sum(), rates.seen[groups, label.statement].sum()
    percent = round(100 * float(on) / max(float(seen), 1))
    return Said(int(ids[label.statement]), label.agrees, percent, round(label.sure, 4), label.flips)


def _divides(label: Label, ids: Ints) -> Divides:
    pro, con = label.groups
    statement, gap = int(ids[label.statement]), round(label.strength, 4)
    return Divides(statement, label.agrees, pro, con, gap, round(label.sure, 4), label.flips)


def _bridges(learnt: Learnt) -> tuple[Bridge, ...]:
    """What nine tenths of all would rather agree with, or disagree with; the most welcome first."""
    found = [
        Bridge(int(learnt.memory.statements[j]), agrees, round(float(least[j]), 4))
        for agrees, least in ((True, learnt.least_agree), (False, learnt.least_disagree))
        for j in np.flatnonzero(least >= BRIDGES_FROM)
    ]
    return tuple(sorted(found, key=lambda bridge: (-bridge.least, bridge.statement)))


def _picks(learnt: Learnt) -> tuple[Pick, ...]:
    """The short list that represents all, each statement with the share of people it represents best."""
    found = pick(learnt.approvals, MOST_PICKS)
    best = found.represented_by
    return tuple(
        Pick(int(learnt.memory.statements[j]), round(float((best == place).mean()), 4))
        for place, j in enumerate(found.chosen)
    )


def _counted(
    memory: Memory, routing: Routing, of_groups: tuple[Rates, Rates], of_all: tuple[Rates, Rates]
) -> tuple[Counted, ...]:
    pull = memory.model.loading[:, :2]
    pull = pull / max(float(np.abs(pull).max(initial=0.0)), 1e-9)
    _statements, chance = routing.chances({}, candidates=memory.statements.tolist())
    everybody, groups = tallies(of_all), tallies(of_groups)
    return tuple(
        Counted(
            statement=int(statement),
            all=everybody[0][j],
            groups=tuple(group[j] for group in groups),
            priority=round(float(chance[j]), 5),
            x=round(float(pull[j, 0]), 3),
            y=round(float(pull[j, 1]), 3),
        )
        for j, statement in enumerate(memory.statements)
    )
