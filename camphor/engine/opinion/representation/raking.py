"""Weights that give those who came the margins of the population, and what they cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from camphor.engine.opinion.votes import Bools, Floats, Ints

MOST_WEIGHT = 5.0
"""Nobody counts for more than five average participants (DeBell and Krosnick 2009, for the American
National Election Studies): beyond it one person moves the result and the effective sample shrinks fast."""
TOLERANCE = 1e-10
"""Raking ends where every margin is met to so much of a share: below what anybody reads, above rounding."""
SWEEPS = 5000
"""Rounds over all dimensions; tens are usual, and margins not met after so many contradict each other."""
PATIENCE = 50
"""Under a cap margins may be out of reach: raking ends when so many rounds brought them no nearer by 1 %."""
FAINTEST, STRONGEST = 1e-100, 1e6
"""Factors are kept between these: what margins out of reach drive to zero or up does not overflow."""
LEAST_EFFECTIVE = 30.0
"""A group of a smaller effective size is not quoted: at one half its 95 % interval is about 0.36 wide, so
that two thirds cannot be told from a tie. The floor of the U.S. National Center for Health Statistics for
proportions (Parker et al. 2017)."""


@dataclass(frozen=True, eq=False)
class Dimension:
    """One way to divide the population: age bands, districts.

    cell: shape (n,), the cell of each participant, 0 … c - 1, or -1 where it is not known.
    shares: shape (c,), the population of each cell, in any unit.
    """

    name: str
    cell: ArrayLike
    shares: ArrayLike


@dataclass(frozen=True)
class Cell:
    """One cell of a dimension: how many came, for how many they stand, and what was aimed at.

    population: its share in the population. came: the share of those who came, of those whose cell is known;
    weighted: the same with weights. count: participants. effective: their effective number (Kish).
    """

    dimension: str
    cell: int
    population: float
    came: float
    weighted: float
    count: int
    effective: float


@dataclass(frozen=True, eq=False)
class Weights:
    """Weights of the participants, and what they cost.

    weights: shape (n,), of mean one. effective: the size of a simple random sample as precise (Kish 1965),
    (Σ w)²/Σ w². design_effect: n / effective. at_most: the cap; capped: how many participants stand at it.
    missed: per dimension the largest distance of a weighted share from its target, above the tolerance only
    where the cap forbids to meet it. cells: every cell. empty: cells where people live and nobody came: no
    weight can let them speak, the shares of the others are the targets. excluded: cells with participants and
    a population of zero: their weight is zero. small: cells with participants and an effective size below
    the floor.
    """

    weights: Floats
    effective: float
    design_effect: float
    largest: float
    smallest: float
    at_most: float
    capped: int
    missed: tuple[float, ...]
    cells: tuple[Cell, ...]
    empty: tuple[Cell, ...]
    excluded: tuple[Cell, ...]
    small: tuple[Cell, ...]


def effective_size(weights: Floats) -> float:
    """Kish's effective sample size (Σ w)²/Σ w²; at most n, and n where all weights are equal; 0 of nobody."""
    most = float(weights.max(initial=0.0))
    if most <= 0:
        return 0.0
    scaled = weights / most  # so that no square overflows
    return min(float(scaled.sum() ** 2 / (scaled @ scaled)), float(len(weights)))


def rake(
    dimensions: Sequence[Dimension],
    *,
    at_most: float = MOST_WEIGHT,
    tolerance: float = TOLERANCE,
    least: float = LEAST_EFFECTIVE,
) -> Weights:
    """Weights of which every dimension has the shares of the population (Deming and Stephan 1940).

    Iterative proportional fitting: each dimension in turn multiplies the weights of each cell by the factor
    that meets its target, with no weight above `at_most`; without a cap (infinity) it is plain raking, the
    weights nearest to one in Kullback-Leibler divergence among those that meet the margins. Unknown is a cell
    of its own that keeps its number, so unknowns weigh one on average; shares are met among those known. A
    cell that the cap keeps below its target stands at the cap, and the other cells of the dimension share
    what is left in their proportions.

    Raises ValueError for shares that are negative, not finite or all zero, cells that are no whole numbers
    from -1 to c - 1, lengths that differ, a cap not above one, and shares of several dimensions that no
    weights of these participants can meet together.
    """
    checked = [_checked(one) for one in dimensions]
    if len({len(cell) for cell, _shares in checked}) > 1:
        raise ValueError("every dimension tells the cell of the same participants")
    if not checked:
        raise ValueError("to weight takes at least one dimension")
    if not at_most > 1:
        raise ValueError(f"the largest weight is above the average of one, not {at_most}")
    if not 0 < tolerance < 1:
        raise ValueError(f"the tolerance is a share between 0 and 1, not {tolerance}")
    people = len(checked[0][0])
    if not people:
        return _weights(dimensions, checked, np.zeros(0), at_most, (0.0,) * len(checked), least)
    raking, kind = _joint([cell for cell, _shares in checked], [_targets(*one) for one in checked])
    plain, missed = raking.settle(np.inf, tolerance)
    if max(missed) > tolerance:
        names = " and ".join(one.name for one in dimensions)
        raise ValueError(
            f"no weights of these participants meet the shares of {names} together: "
            f"{max(missed):.2%} of a share stays unmet; join small cells or leave out a dimension"
        )
    if plain.max() > at_most:
        plain, missed = raking.settle(at_most, tolerance)
    return _weights(dimensions, checked, plain[kind], at_most, tuple(missed), least)


def _checked(dimension: Dimension) -> tuple[Ints, Floats]:
    shares = np.asarray(dimension.shares, np.float64)
    if shares.ndim != 1 or not (np.isfinite(shares) & (shares >= 0)).all() or not shares.max(initial=0.0) > 0:
        raise ValueError(f"{dimension.name}: shares are finite, not negative and not all zero")
    cell = np.asarray(dimension.cell)
    if not cell.size:
        return np.zeros(0, np.int64), shares / shares.max() / (shares / shares.max()).sum()
    if cell.ndim != 1 or cell.dtype.kind not in "iuf" or not (cell == np.rint(cell)).all():
        raise ValueError(f"{dimension.name}: a cell is a whole number, or -1 where it is not known")
    if cell.min() < -1 or cell.max() >= len(shares):
        raise ValueError(
            f"{dimension.name}: cells are numbered from 0 to {len(shares) - 1}, and -1 is unknown"
        )
    shares = shares / shares.max()
    return cell.astype(np.int64), shares / shares.sum()


def _targets(cell: Ints, shares: Floats) -> Floats:
    """Participants that each cell is to stand for, the last of them the unknown, shape (c + 1,)."""
    known = cell[cell >= 0]
    present = np.bincount(known, minlength=len(shares)) > 0
    aim = np.where(present, shares, 0.0)
    if len(known) and not aim.sum() > 0:
        raise ValueError("all who came are of cells in which, by the shares, nobody lives")
    met = aim / aim.sum() * len(known) if len(known) else aim * 0
    return np.append(met, float(len(cell) - len(known)))


def _joint(cells: list[Ints], targets: list[Floats]) -> tuple[_Raking, Ints]:
    """Who is in the same cell of every dimension has the same weight: the joint cells, and that of each."""
    kind = np.zeros(len(cells[0]), np.int64)
    for cell, aim in zip(cells, targets, strict=True):
        kind = np.unique(kind * len(aim) + cell + 1, return_inverse=True)[1]
    first = np.unique(kind, return_index=True)[1]
    own = [np.where(cell < 0, len(aim) - 1, cell)[first] for cell, aim in zip(cells, targets, strict=True)]
    return _Raking(own, np.bincount(kind).astype(np.float64), targets), kind


@dataclass(frozen=True, eq=False)
class _Raking:
    """Iterative proportional fitting over q joint cells.

    cells: for each dimension shape (q,), the cell of each joint cell. count: shape (q,), its participants.
    targets: for each dimension shape (c + 1,), the last the unknown.
    """

    cells: list[Ints]
    count: Floats
    targets: list[Floats]

    def settle(self, at_most: float, tolerance: float) -> tuple[Floats, list[float]]:
        """The weight of each joint cell, shape (q,), and by how much of a share each dimension is missed."""
        free = np.ones(len(self.count))  # the product of all factors, before the cap
        missed, before = [np.inf], np.inf
        for sweep in range(SWEEPS):
            for cell, aim in zip(self.cells, self.targets, strict=True):
                free = free * self._factors(free, cell, aim, at_most)[cell]
                free = np.where(free > 0, np.clip(free, FAINTEST, at_most * STRONGEST), 0.0)
            missed = self._missed(np.minimum(free, at_most))
            if max(missed) <= tolerance:
                break
            if np.isfinite(at_most) and sweep % PATIENCE == 0:
                if max(missed) > 0.99 * before:
                    break
                before = max(missed)
        return np.minimum(free, at_most), missed

    def _missed(self, weight: Floats) -> list[float]:
        people = self.count.sum()
        return [
            float(
                np.abs(np.bincount(cell, weights=self.count * weight, minlength=len(aim)) - aim).max()
                / people
            )
            for cell, aim in zip(self.cells, self.targets, strict=True)
        ]

    def _factors(self, free: Floats, cell: Ints, aim: Floats, at_most: float) -> Floats:
        """The factor f of each cell with Σ count min(f free, cap) = its target, shape (c + 1,).

        The sum is concave and piecewise linear in f: Newton's steps from below reach the root.
        """
        aim = self._within_cap(cell, aim, at_most)
        factor = _ratio(aim, np.bincount(cell, weights=self.count * free, minlength=len(aim)))
        if np.isinf(at_most):
            return factor
        capped: Bools = np.zeros(len(free), bool)
        while ((over := free * factor[cell] > at_most) & ~capped).any():
            capped |= over
            fixed = np.bincount(cell, weights=self.count * capped, minlength=len(aim)) * at_most
            loose = np.bincount(cell, weights=self.count * free * ~capped, minlength=len(aim))
            factor = np.where(loose > 0, np.maximum(factor, _ratio(aim - fixed, loose)), factor)
        return factor

    def _within_cap(self, cell: Ints, aim: Floats, at_most: float) -> Floats:
        """The targets, with those out of reach at the cap and the rest among the others; unknown stays."""
        if np.isinf(at_most):
            return aim
        reach = np.bincount(cell, weights=self.count, minlength=len(aim)) * at_most
        aim, full = aim.copy(), np.zeros(len(aim), bool)
        full[-1] = True
        while (over := (aim > reach) & ~full).any():
            rest = aim[~full].sum()
            full |= over
            aim[over] = reach[over]
            left = rest - aim[over].sum()
            aim[~full] *= left / max(aim[~full].sum(), np.finfo(float).tiny)
        return aim


def _ratio(part: Floats, whole: NDArray[Any]) -> Floats:
    """part / whole, and 0 where there is nothing to multiply."""
    ratio: Floats = np.where(whole > 0, part / np.where(whole > 0, whole, 1.0), 0.0)
    return ratio


def _weights(
    dimensions: Sequence[Dimension],
    checked: list[tuple[Ints, Floats]],
    weights: Floats,
    at_most: float,
    missed: tuple[float, ...],
    least: float,
) -> Weights:
    cells = tuple(
        one
        for dimension, (cell, shares) in zip(dimensions, checked, strict=True)
        for one in _cells(dimension.name, cell, shares, weights)
    )
    effective = effective_size(weights)
    return Weights(
        weights,
        effective,
        len(weights) / effective if effective else 1.0,
        float(weights.max(initial=0.0)),
        float(weights.min()) if len(weights) else 0.0,
        at_most,
        int((weights >= at_most * (1 - TOLERANCE)).sum()),
        missed,
        cells,
        tuple(one for one in cells if one.population > 0 and not one.count),
        tuple(one for one in cells if one.population == 0 and one.count),
        tuple(one for one in cells if one.count and one.effective < least),
    )


def _cells(name: str, cell: Ints, shares: Floats, weights: Floats) -> list[Cell]:
    known = max(int((cell >= 0).sum()), 1)
    heavy = float(weights[cell >= 0].sum()) or 1.0
    found = []
    for number, share in enumerate(shares):
        mine = weights[cell == number]
        effective = effective_size(mine)
        came, weighted = len(mine) / known, float(mine.sum()) / heavy
        found.append(Cell(name, number, float(share), came, weighted, len(mine), effective))
    return found
