"""The short list itself: what was chosen, by which method, and who is represented by which statement."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from camphor.engine.opinion.picks.ballots import Ballots, checked_places
from camphor.engine.opinion.picks.justified import Justification, justification
from camphor.engine.opinion.picks.shares import equal_shares
from camphor.engine.opinion.picks.thiele import pav, sequential_pav
from camphor.engine.opinion.votes import Floats, Ints

METHODS = ("pav", "sequential-pav", "equal-shares")
REPRESENTS = 0.5
"""A statement represents who agrees with it more likely than not; at exactly one half nobody knows."""


@dataclass(frozen=True, eq=False)
class Represented:
    """How each group finds itself in the list; g groups, c statements in the list.

    weight: shape (g,), for how many each group stands. by_any: shape (g,), the expected share that agrees
    with at least one. agreed: shape (g,), the expected number that a member agrees with. support: shape
    (g, c), the expected share that agrees with each. assigned: shape (g, c), the share that each statement
    represents most; what is missing to 1 is represented by none. Groups without weight have zeros.
    """

    weight: Floats
    by_any: Floats
    agreed: Floats
    support: Floats
    assigned: Floats


@dataclass(frozen=True, eq=False)
class Picks:
    """A proportional list.

    asked: the number of places. chosen: positions of statements in the order of choice, shape (c,), c <= k;
    fewer where nobody agrees with any other. bought: how many equal shares paid for (0 for other methods).
    support: shape (c,), the expected share of all that agrees. newly: shape (c,), the expected share that
    agrees with this and none before it. by_any: the expected share that agrees with at least one.
    represented_by: shape (n,), the place in the list of the statement that represents each participant most,
    -1 where none does: the most likely agreement, above one half; of equals the first in the list.
    """

    method: str
    asked: int
    chosen: Ints
    bought: int
    support: Floats
    newly: Floats
    by_any: float
    represented_by: Ints
    justification: Justification
    ballots: Ballots

    def groups(self, label: ArrayLike, groups: int | None = None) -> Represented:
        """The same for each group. label: shape (n,), 0 … groups - 1, or -1 for those in none."""
        mine = np.asarray(label)
        if mine.shape != self.represented_by.shape or (len(mine) and mine.dtype.kind not in "iu"):
            raise ValueError("every participant has the whole number of a group, or -1")
        many = int(mine.max(initial=-1)) + 1 if groups is None else groups
        if len(mine) and not -1 <= mine.min() <= mine.max() < many:
            raise ValueError(f"groups are numbered from 0 to {many - 1}, and -1 is none")
        member = (mine[None, :] == np.arange(many)[:, None]) * self.ballots.weights
        weight = member.sum(axis=1)
        part = member / np.where(weight > 0, weight, 1.0)[:, None]
        agree = self.ballots.agree[:, self.chosen]
        support = part @ agree
        by = self.represented_by[:, None] == np.arange(len(self.chosen))
        return Represented(weight, part @ _by_any(agree), support.sum(axis=1), support, part @ by)


def pick(approvals: ArrayLike, k: int, *, weights: ArrayLike | None = None, method: str = "pav") -> Picks:
    """At most k statements that represent all participants in proportion to their numbers.

    approvals: shape (n, m), the probability that each participant agrees with each statement, completed by a
    model where the vote is missing, or 0 and 1 (`approvals_of`); it may be a sample of participants.
    weights: shape (n,), for how many each stands. method: "pav" (sequential PAV with exchanges that make it
    EJR+), "sequential-pav" or "equal-shares"; guarantees are told there.

    What is guaranteed is guaranteed for the approvals given. Where they are predictions, or a sample, the
    claim is about expected coalitions of the model; without asking further it cannot be more (Halpern et al.
    2023, arXiv 2211.15608: no method that cannot choose whom to ask what achieves it from few votes).
    Raises ValueError for k below 1, for more than 100 places, NaN, probabilities outside [0, 1], negative
    weights and an unknown method.
    """
    places = checked_places(k)
    if method not in METHODS:
        raise ValueError(f"the methods are {', '.join(METHODS)}, not {method!r}")
    ballots = Ballots.of(approvals, weights)
    bought = 0
    if method == "equal-shares":
        found, bought = equal_shares(ballots, places)
    else:
        found = (pav if method == "pav" else sequential_pav)(ballots, places)
    chosen: Ints = np.array(found, np.int64)
    agree = ballots.agree[:, chosen]
    share = ballots.weights / ballots.total if ballots.total else ballots.weights
    before = np.cumprod(np.hstack([np.ones((len(agree), 1)), 1 - agree]), axis=1)
    return Picks(
        method,
        places,
        chosen,
        bought,
        share @ agree,
        share @ (before[:, :-1] * agree),
        float(share @ _by_any(agree)),
        _most(agree),
        justification(ballots, chosen, places),
        ballots,
    )


def _by_any(agree: Floats) -> Floats:
    """The probability to agree with at least one, shape (n,)."""
    some: Floats = 1 - (1 - agree).prod(axis=1)
    return some


def _most(agree: Floats) -> Ints:
    """The place of the likeliest agreement of each participant, -1 where none is likelier than not."""
    if not agree.shape[1]:
        return np.full(len(agree), -1, np.int64)
    most = agree.argmax(axis=1)
    likely: Ints = np.where(agree[np.arange(len(agree)), most] > REPRESENTS, most, -1).astype(np.int64)
    return likely
