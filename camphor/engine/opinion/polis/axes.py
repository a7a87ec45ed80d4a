"""The plane of the published algorithm: centre, two principal axes, and where people and statements lie.

The rating matrix A holds the votes, and 0 in every row of a column that was zeroed (moderated out, or
meta). Missing entries count as the mean of their column, so the centred matrix X is A - c where a vote was
cast and 0 elsewhere: it is never built, and a zeroed column of it is 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from camphor.engine.opinion.kernels import kernels
from camphor.engine.opinion.polis.counts import Counts
from camphor.engine.opinion.votes import Bools, Floats, Ints, Votes

WIDTH = 4
"""Vectors multiplied at once; the kernels are written for four."""
CLOSE = 1e-10
"""An axis has converged when |X'Xv - λv| is at most this share of the distance from λ to the next eigenvalue,
which bounds the sine of the angle to the true axis (Davis and Kahan 1970) …"""
AT_BEST = 1e-12
"""… or this share of the greatest eigenvalue: rounding allows no much smaller one."""
FIRST_LOOK = 6
"""No search has converged before so many passes; later every second one is looked at, since the small
eigenproblem costs more than a pass over few votes."""
MOST_BASIS = 160
"""Vectors that the search keeps before it starts anew from its best eight."""
MOST_PASSES = 400
"""Where two eigenvalues are equal to rounding no axis converges, and any in their plane will do."""
ROUNDING = 1e-12
"""Of the largest direction of a block; what is smaller was left by rounding."""
NOTHING = 1e-13
"""A direction with at most this share of the greatest eigenvalue carries rounding and nothing else."""


@dataclass(frozen=True, eq=False)
class Plane:
    """centre: column means of A, shape (m,), 0 where zeroed. axes: shape (2, m), unit rows, or 0 where
    the votes span fewer directions. zeroed: shape (m,). flat: fewer than two rows or columns, so that
    everything lies at the origin."""

    centre: Floats
    axes: Floats
    zeroed: Bools
    flat: bool


def column_means(everybody: Counts, zeroed: Bools) -> Floats:
    """The mean vote of each statement among those who voted on it, shape (m,); 0 where zeroed."""
    total = everybody.agreed[0] - everybody.disagreed[0]
    return np.where(zeroed, 0.0, total / np.maximum(everybody.seen[0], 1))


def find_plane(votes: Votes, zeroed: Bools, everybody: Counts | None = None) -> Plane:
    """Centre and principal axes of the imputed matrix; the largest coefficient of an axis is positive.

    zeroed: shape (m,). everybody: the votes of all as one group, counted here if not given.
    """
    n, m = votes.shape
    everybody = everybody or Counts(*(part[None] for part in votes.counts()))
    centre = column_means(everybody, zeroed)
    if min(n, m) < 2:
        return _line(votes, zeroed, centre)

    def times(block: Floats) -> Floats:
        product = kernels().gram_times(votes.starts, votes.columns, votes.values, centre, block)
        product[zeroed] = 0
        return np.asarray(product)

    found = leading(times, ~zeroed, 2)
    return Plane(centre, found, zeroed, False)


def _line(votes: Votes, zeroed: Bools, centre: Floats) -> Plane:
    """The published special cases: of one column the axis is 1, of one row it is the row, centred at 0."""
    n, m = votes.shape
    axes = np.zeros((2, m))
    if m == 1:
        axes[0] = 1
    elif n == 1:
        axes[0, votes.columns] = votes.values
        axes[0, zeroed] = 0
        axes[0] /= np.linalg.norm(axes[0]) or 1
        centre = np.zeros(m)
    return Plane(centre, axes, zeroed, True)


def leading(times: Callable[[Floats], Floats], free: Bools, wanted: int) -> Floats:
    """The eigenvectors of greatest eigenvalue of a symmetric m x m operator, shape (wanted, m).

    times: multiplies a block of shape (m, 4). free: shape (m,); elsewhere the vectors are 0.
    Block Lanczos with full orthogonalisation and restarts (Golub and Van Loan 2013, 10.3): the space of
    power iteration and of subspace iteration, used whole, so fewer passes over the votes reach 1e-12.
    It starts from the vector of ones, as the published power iteration may, and three fixed others.
    """
    m = len(free)
    block = np.random.default_rng(1).standard_normal((m, WIDTH))
    block[:, 0] = 1
    block[~free] = 0
    basis, image, inner = np.zeros((m, 0)), np.zeros((m, 0)), np.zeros((0, 0))
    values, vectors, top = np.zeros(0), np.zeros((m, 0)), 0.0
    block = orthonormal(block, basis, 0.0)
    if not block.shape[1]:
        return np.zeros((wanted, m))
    for turn in range(MOST_PASSES):
        product = times(_padded(block))[:, : block.shape[1]]
        inner = _bordered(inner, basis.T @ product, block.T @ product)
        basis, image = np.hstack([basis, block]), np.hstack([image, product])
        top = max(top, float(np.abs(inner[-1]).max()))
        block = orthonormal(product, basis, NOTHING * top)
        if (turn < FIRST_LOOK or turn % 2) and block.shape[1] and basis.shape[1] < MOST_BASIS:
            continue
        values, mixed = np.linalg.eigh(inner)
        values, mixed = values[::-1], mixed[:, ::-1]
        top, best = max(float(values[0]), top), mixed[:, :wanted]
        vectors = basis @ best
        astray = np.linalg.norm(image @ best - vectors * values[: best.shape[1]], axis=0)
        apart = float(np.abs(np.diff(values[: wanted + 1])).min()) if len(values) > wanted else 0.0
        least = max(CLOSE * apart, AT_BEST * top)
        if not block.shape[1] or (best.shape[1] == wanted and (astray <= least).all()):
            break
        if basis.shape[1] >= MOST_BASIS:
            basis, image = basis @ mixed[:, : 2 * WIDTH], image @ mixed[:, : 2 * WIDTH]
            inner = np.diag(values[: 2 * WIDTH])
    return _signed(vectors, values, top, wanted)


def orthonormal(block: Floats, basis: Floats, least: float) -> Floats:
    """An orthonormal basis of what the block adds to the basis, without directions of at most `least`.

    A direction that rounding alone has left may point anywhere, also to where the vectors have to be 0.
    """
    for _twice in range(2):
        block = block - basis @ (basis.T @ block)
    left, size, _right = np.linalg.svd(block, full_matrices=False)
    left = left[:, size > max(least, ROUNDING * size.max(initial=0.0))]
    left = left - basis @ (basis.T @ left)
    return np.asarray(np.linalg.qr(left)[0]) if left.shape[1] else left


def _padded(block: Floats) -> Floats:
    """The block with columns of 0 up to the width of the kernels."""
    return np.ascontiguousarray(np.pad(block, ((0, 0), (0, WIDTH - block.shape[1]))))


def _bordered(inner: Floats, beside: Floats, corner: Floats) -> Floats:
    """A symmetric matrix with rows and columns added; small products, which take one thread."""
    return np.block([[inner, beside], [beside.T, (corner + corner.T) / 2]])


def _signed(vectors: Floats, values: Floats, top: float, wanted: int) -> Floats:
    """The vectors as rows with a sign that does not depend on the search; 0 where nothing varies."""
    found = np.zeros((wanted, len(vectors)))
    for axis in range(min(wanted, vectors.shape[1])):
        if values[axis] > NOTHING * top and top > 0:
            vector = vectors[:, axis]
            found[axis] = vector * np.sign(vector[np.argmax(np.abs(vector))])
    return found


def place_people(votes: Votes, plane: Plane) -> Floats:
    """Where participants lie, shape (n, 2): z_i = sqrt(m / n_i) sum_j (A_ij - c_j) axis_j.

    n_i counts the votes of i in A, in which every zeroed column is a vote of everybody.
    """
    n, m = votes.shape
    if plane.flat:
        return np.zeros((n, 2))
    axes = np.where(plane.zeroed, 0.0, plane.axes)
    raw = kernels().project(
        votes.starts, votes.columns, votes.values, plane.centre, np.ascontiguousarray(axes.T)
    )
    return np.asarray(raw * np.sqrt(m / np.maximum(votes_in_ratings(votes, plane.zeroed), 1))[:, None])


def votes_in_ratings(votes: Votes, zeroed: Bools) -> Ints:
    """How many entries each row of A has, shape (n,)."""
    if not zeroed.any():
        return votes.cast
    on_zeroed = np.concatenate([[0], np.cumsum(zeroed[votes.columns])])
    own = on_zeroed[votes.starts[1:]] - on_zeroed[votes.starts[:-1]]
    return np.asarray(votes.cast - own + int(zeroed.sum()), dtype=np.int64)


def place_statements(plane: Plane) -> Floats:
    """Where a participant would lie who agreed to this statement and saw no other, shape (m, 2)."""
    m = len(plane.centre)
    if plane.flat:
        return np.zeros((m, 2))
    return np.asarray(np.sqrt(m) * (1 - plane.centre)[:, None] * plane.axes.T)
