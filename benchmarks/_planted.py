"""Conversations that are drawn from a known truth, with many votes missing, and who could know best."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from benchmarks._measures import logistic
from camphor.engine.opinion.votes import Floats, Ints, Votes

AT_ONCE = 4_000_000
"""Votes drawn together, which bounds memory."""
ORACLE_DRAWS = 1500
"""Draws of where in a camp somebody stands, over which the oracle integrates."""
WITHIN = 2
"""Dimensions in which people of one camp differ among themselves."""
SHAPES = ("normal", "disc", "skewed", "heavy tails")


@dataclass(frozen=True)
class Setting:
    """A kind of conversation.

    camps: groups planted; 1 is a continuum, of the given shape. votes: mean number a participant casts, over
    whom it is log-normal; later statements are seen by fewer.
    """

    people: int
    statements: int
    camps: int
    votes: float
    shape: str = "normal"

    def __str__(self) -> str:
        return f"{self.people:,} x {self.statements:,}, {self.votes:g} votes each"


@dataclass(frozen=True, eq=False)
class Planted:
    """logit of agreeing = b_j + effect of the camp on j + a_i + where i stands · loading of j.

    camp: of each participant, (n,). share: of each camp, (k,). offset: b, (m,). effect: (k, m).
    lean: a, (n,). stand: (n, WITHIN). loading: (m, WITHIN).
    passes: how readily each passes, in logits, (n,) and (m,).
    who, what, how: the votes in random order, (v,).
    """

    setting: Setting
    camp: Ints
    share: Floats
    offset: Floats
    effect: Floats
    lean: Floats
    stand: Floats
    loading: Floats
    passes: tuple[Floats, Floats]
    who: NDArray[np.int32]
    what: NDArray[np.int32]
    how: NDArray[np.int8]

    @cached_property
    def votes(self) -> Votes:
        return Votes.from_log(self.who, self.what, self.how)

    def agreeing(self) -> Floats:
        """The probability that each participant agrees with each statement, passes counted, shape (n, m)."""
        logit = self.offset + self.effect[self.camp] + self.lean[:, None] + self.stand @ self.loading.T
        speaks = 1 - logistic(self.passes[0][:, None] + self.passes[1])
        return speaks * logistic(logit)


LEAN = 0.5
"""Standard deviation of how readily people agree at all."""


def plant(setting: Setting, seed: int) -> Planted:
    """Draw a conversation; about a tenth of the votes are passes."""
    rng = np.random.default_rng(seed)
    n, m, k = setting.people, setting.statements, setting.camps
    share = rng.dirichlet(np.full(k, 8.0))
    camp = rng.choice(k, n, p=share)
    divides = rng.gamma(1.5, 1 / 1.5, m)  # some statements divide the camps, others nobody
    effect = 1.4 * rng.normal(size=(k, m)) * divides * (k > 1)
    within = (0.7 if k > 1 else 1.2) * (divides[:, None] if k == 1 else 1.0)
    loading = within * rng.normal(size=(m, WITHIN))
    offset, lean = rng.normal(0.6, 1.2, m), rng.normal(0, LEAN, n)
    stand = _stands(setting.shape, n, rng)
    passes = rng.normal(-2.6, 0.6, n), rng.normal(0, 0.8, m)
    who, what = _cast(setting, rng)
    how = np.empty(len(who), np.int8)
    for first in range(0, len(who), AT_ONCE):
        part = slice(first, first + AT_ONCE)
        i, j = who[part], what[part]
        logit = offset[j] + effect[camp[i], j] + lean[i] + (stand[i] * loading[j]).sum(axis=1)
        side = np.where(rng.random(len(i)) < logistic(logit), 1, -1)
        how[part] = np.where(rng.random(len(i)) < logistic(passes[0][i] + passes[1][j]), 0, side)
    return Planted(setting, camp, share, offset, effect, lean, stand, loading, passes, who, what, how)


def _stands(shape: str, n: int, rng: np.random.Generator) -> Floats:
    """Where people stand, shape (n, WITHIN), with mean 0 and variance 1 in each direction."""
    if shape == "disc":
        angle, radius = 2 * np.pi * rng.random(n), 2 * np.sqrt(rng.random(n))
        return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    if shape == "skewed":
        drawn = np.exp(rng.normal(0, 0.8, (n, WITHIN)))  # log-normal, the long end on one side
    elif shape == "heavy tails":
        drawn = rng.standard_t(3, (n, WITHIN))
    else:
        return rng.normal(size=(n, WITHIN))
    result: Floats = (drawn - drawn.mean(axis=0)) / drawn.std(axis=0)
    return result


def _cast(setting: Setting, rng: np.random.Generator) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Who voted on what, each pair once, in random order."""
    n, m = setting.people, setting.statements
    length = np.exp(rng.normal(0, 0.7, n))
    length = np.clip(np.rint(length * setting.votes / length.mean()), 1, m).astype(np.int64)
    exposure = np.exp(-1.0 * np.arange(m) / m)
    if n * m <= AT_ONCE:
        keys = rng.exponential(size=(n, m)) / exposure  # the smallest keys are a weighted draw of each row
        chosen = keys.argsort(axis=1).argsort(axis=1) < length[:, None]
        who, what = (place.astype(np.int32) for place in np.nonzero(chosen))
    else:
        who = np.repeat(np.arange(n, dtype=np.int32), length)
        drawn = np.empty(len(who), np.int32)
        summed = np.cumsum(exposure) / exposure.sum()
        for first in range(0, len(who), AT_ONCE):
            part = slice(first, first + AT_ONCE)
            drawn[part] = np.searchsorted(summed, rng.random(len(drawn[part])))
        pair = np.unique(who.astype(np.int64) * m + np.minimum(drawn, m - 1))
        who, what = (pair // m).astype(np.int32), (pair % m).astype(np.int32)
    order = rng.permutation(len(who))
    return who[order], what[order]


def oracle(truth: Planted) -> Ints:
    """The most probable camp of each participant, shape (n,), for somebody who knows all but who is where.

    Where in the camp a participant stands is integrated out over draws of its prior, so this is the Bayes
    classifier up to their number; it knows each share, effect and loading.
    """
    rng, votes = np.random.default_rng(1), truth.votes
    n, m = len(votes.participants), len(truth.offset)
    agreed, disagreed = np.zeros((n, m), np.float32), np.zeros((n, m), np.float32)
    place = votes.rows, votes.statements[votes.columns]
    agreed[place], disagreed[place] = votes.values == 1, votes.values == -1
    within = truth.loading @ rng.normal(size=(WITHIN, ORACLE_DRAWS)) + LEAN * rng.normal(size=ORACLE_DRAWS)
    score = np.empty((n, len(truth.share)))
    for k, share in enumerate(truth.share):
        logit = np.clip((truth.offset + truth.effect[k])[:, None] + within, -30, 30).astype(np.float32)
        each = agreed @ -np.log1p(np.exp(-logit)) + disagreed @ -np.log1p(np.exp(logit))
        top = each.max(axis=1)
        score[:, k] = np.log(share) + top + np.log(np.exp(each - top[:, None]).mean(axis=1))
    best: Ints = score.argmax(axis=1)
    return best
