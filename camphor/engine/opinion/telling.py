"""Rates and spots as they are shown: rounded, statement by statement."""

from __future__ import annotations

import numpy as np

from camphor.engine.opinion.rates import Rates
from camphor.engine.opinion.result import Cell, Rate, Tally
from camphor.engine.opinion.scoring import CELLS_ACROSS
from camphor.engine.opinion.votes import Floats, Ints


def tallies(sides: tuple[Rates, Rates]) -> list[list[Tally]]:
    """For each group a tally of each statement."""
    agree, disagree = sides
    columns = [
        array.tolist()
        for array in (agree.on, disagree.on, agree.seen, *_shown_rates(agree), *_shown_rates(disagree))
    ]
    return [
        [
            Tally(int(a), int(d), int(s), Rate(am, al, ah), Rate(dm, dl, dh))
            for a, d, s, am, al, ah, dm, dl, dh in zip(*(column[g] for column in columns), strict=True)
        ]
        for g in range(len(agree.on))
    ]


def _shown_rates(rates: Rates) -> tuple[Floats, Floats, Floats]:
    low, high = rates.interval()
    return rates.mean.round(4), low.round(4), high.round(4)


def cells_of(spots: Ints) -> tuple[Cell, ...]:
    size, none = 100 / CELLS_ACROSS, len(spots) - 1
    group, row, column = np.nonzero(spots)
    x, y = (((at + 0.5) * size).round(2).tolist() for at in (column, row))
    of = np.where(group < none, group, -1).tolist()
    return tuple(map(Cell, x, y, of, spots[group, row, column].tolist()))
