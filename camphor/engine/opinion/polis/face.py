"""The published algorithm's map in the shape that pages and reports show."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from camphor.engine.opinion.kernels import kernels
from camphor.engine.opinion.polis.counts import Counts
from camphor.engine.opinion.polis.recipe import PolisMap, polis_map
from camphor.engine.opinion.polis.voices import Shared, Voice
from camphor.engine.opinion.rates import Rates
from camphor.engine.opinion.result import Counted, Evidence, Group, OpinionMap, Said, Tally
from camphor.engine.opinion.scoring import CELLS_ACROSS, box
from camphor.engine.opinion.telling import cells_of, tallies
from camphor.engine.opinion.votes import Bools, Floats, Ints, Votes

LETTERS = "ABCDE"


def draw_polis(
    votes: Votes, *, hidden: Collection[int] = (), meta: Collection[int] = (), order: Ints | None = None
) -> OpinionMap:
    """The map of the published algorithm.

    It does not say how sure it is, nor when a label would fall: `chances` is empty and `flips` is 0. Its two
    lists of consensus are `shared`; it has no labels of what divides.
    """
    drawn = polis_map(votes, hidden=hidden, meta=meta, order=order)
    out = np.isin(votes.statements, [*hidden, *meta])
    everybody = Counts(*(part[None] for part in votes.counts()))
    sizes = np.bincount(drawn.group[drawn.group >= 0], minlength=drawn.k)
    reach = float(np.quantile(np.abs(drawn.positions), 0.99)) if len(drawn.positions) else 1.0
    spots = box(drawn.positions, max(reach, 1e-9))
    return OpinionMap(
        recipe="polis",
        participants=len(votes.participants),
        placed=int(sizes.sum()),
        votes=int((~out[votes.columns]).sum()),
        evidence=Evidence(separate=drawn.k > 1, chances=(), valley=0.0),
        share=_shares(drawn, votes.of_statements(~out), ~out),
        groups=_groups(drawn, sizes, spots),
        counted=_counted(drawn, everybody, out),
        shared=tuple(
            _shared(one, agrees)
            for agrees, some in ((True, drawn.consensus_agree), (False, drawn.consensus_disagree))
            for one in some
        ),
        dividing=(),
        bridging=(),
        picks=(),
        cells=cells_of(_spots(drawn, spots)),
        memory={},
    )


def _shares(drawn: PolisMap, votes: Votes, kept: Bools) -> tuple[float, float]:
    """Of the variance of the votes, missing ones at the mean, along the two axes."""
    if not len(votes.values):
        return 0.0, 0.0
    centre, axes = drawn.centre[kept], np.ascontiguousarray(drawn.axes[:, kept].T)
    along = kernels().project(votes.starts, votes.columns, votes.values, centre, axes)
    whole = float(((votes.values - centre[votes.columns]) ** 2).sum())
    power = (along**2).sum(axis=0) / max(whole, 1e-12)
    return float(power[0]), float(power[1])


def _groups(drawn: PolisMap, sizes: Ints, spots: Floats) -> tuple[Group, ...]:
    whole = max(int(sizes.sum()), 1)
    middles = [spots[drawn.group == g].mean(axis=0) for g in range(drawn.k)]
    return tuple(
        Group(
            letter=LETTERS[g],
            size=int(sizes[g]),
            share=float(sizes[g]) / whole,
            x=round(float(middles[g][0]), 2),
            y=round(float(middles[g][1]), 2),
            small=False,
            speaks=tuple(_voice(one) for one in drawn.representative[g]),
        )
        for g in range(drawn.k)
    )


def _voice(one: Voice) -> Said:
    return Said(
        one.statement, one.agrees, round(100 * one.success / max(one.trials, 1)), _sure(one.p_test), 0
    )


def _shared(one: Shared, agrees: bool) -> Said:
    return Said(one.statement, agrees, round(100 * one.success / max(one.trials, 1)), _sure(one.p_test), 0)


def _sure(z: float) -> float:
    """The one-sided probability of a test that is normal."""
    from scipy.special import ndtr

    return round(float(ndtr(z)), 4)


def _counted(drawn: PolisMap, everybody: Counts, out: Bools) -> tuple[Counted, ...]:
    groups, alls = _tallies(drawn.counts), _tallies(everybody)
    place = drawn.statement_positions / max(float(np.abs(drawn.statement_positions).max(initial=0.0)), 1e-9)
    return tuple(
        Counted(
            statement=int(statement),
            all=alls[0][j],
            groups=tuple(group[j] for group in groups),
            priority=float(drawn.priorities[j]),
            x=round(float(place[j, 0]), 3),
            y=round(float(place[j, 1]), 3),
        )
        for j, statement in enumerate(drawn.statements)
        if not out[j]
    )


def _tallies(counts: Counts) -> list[list[Tally]]:
    """Rates are (A + 1) / (S + 2), as published."""
    agreed, disagreed, seen = (part.astype(float) for part in (counts.agreed, counts.disagreed, counts.seen))
    even = np.full_like(seen, 0.5)
    return tallies((Rates(agreed, seen, even, 2.0), Rates(disagreed, seen, even, 2.0)))


def _spots(drawn: PolisMap, spots: Floats) -> Ints:
    cell = (spots / 100 * CELLS_ACROSS).astype(np.int64)
    counted = np.zeros((drawn.k + 1, CELLS_ACROSS, CELLS_ACROSS), np.int64)
    np.add.at(counted, (np.where(drawn.group < 0, drawn.k, drawn.group), cell[:, 1], cell[:, 0]), 1)
    return counted
