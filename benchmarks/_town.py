"""Conversations whose truth is known, and how near a map of their votes comes to it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks._measures import adjusted_rand
from camphor.engine.opinion.labels import SHARED_BY
from camphor.engine.opinion.model import Model, fit, points_of
from camphor.engine.opinion.votes import Bools, Floats, Ints, Votes

PRIOR_VOTES = 8.0
"""Votes that the model's expectation of a group's share is worth, as in the map."""


@dataclass(frozen=True)
class Setting:
    """A kind of conversation.

    people, statements: numbers. camps: groups planted. cards: mean number a participant answers, log-normal.
    late: share of the statements that arrive during the conversation, evenly over its first 70 %.
    one_sitting: everybody answers all cards at once; otherwise over several visits. flood: share of the
    statements that arrive together at half time.
    """

    name: str
    people: int
    statements: int
    camps: int
    cards: float
    late: float = 0.6
    one_sitting: bool = False
    flood: float = 0.0
    held_out: bool = False


SETTINGS = (
    Setting("base", 400, 80, 3, 16),
    Setting("long", 300, 150, 3, 30),
    Setting("two camps", 300, 50, 2, 12, held_out=True),
    Setting("five camps", 700, 120, 5, 20, held_out=True),
    Setting("sparse", 600, 200, 4, 12, held_out=True),
    Setting("one sitting", 500, 80, 3, 16, one_sitting=True, held_out=True),
    Setting("one continuum", 400, 80, 1, 16, held_out=True),
    Setting("flood", 400, 120, 3, 16, late=0.2, flood=0.5, held_out=True),
)


@dataclass(frozen=True, eq=False)
class Town:
    """The truth of one conversation.

    camp: of each participant, (n,). logit: of agreeing, (n, m). stand: the part that positions explain.
    answers: what each would vote, (n, m). turns: who answers a card, in order. arrives: the turn from which
    each statement is there, (m,).
    """

    camp: Ints
    logit: Floats
    stand: Floats
    answers: Ints
    turns: Ints
    arrives: Ints


def planted(setting: Setting, seed: int) -> Town:
    """logit = b_j + effect of the camp + a_i + a small continuous part; about 10 % pass."""
    rng = np.random.default_rng(seed)
    n, m = setting.people, setting.statements
    camp = rng.choice(setting.camps, n, p=rng.dirichlet(np.full(setting.camps, 8.0)))
    divides = rng.gamma(1.5, 1 / 1.5, m)  # some statements divide the camps, others nobody
    effect = 1.4 * rng.normal(size=(setting.camps, m)) * divides * (setting.camps > 1)
    within = (0.7 if setting.camps > 1 else 1.2) * rng.normal(size=(n, 2)) @ rng.normal(size=(2, m))
    stand = effect[camp] + within
    logit = rng.normal(0.6, 1.2, m) + rng.normal(0, 0.5, (n, 1)) + stand
    agrees = rng.random((n, m)) < 1 / (1 + np.exp(-logit))
    passes = rng.random((n, m)) < 1 / (1 + np.exp(2.6 - rng.normal(0, 0.6, (n, 1)) - rng.normal(0, 0.8, m)))
    answers = np.where(passes, 0, np.where(agrees, 1, -1))
    turns = _turns(setting, rng)
    return Town(camp, logit, stand - stand.mean(0), answers, turns, _arrivals(setting, len(turns), rng))


def _turns(setting: Setting, rng: np.random.Generator) -> Ints:
    """Who answers a card, in order: each comes at a random moment, and again at up to two later ones."""
    cards = np.exp(rng.normal(0, 0.8, setting.people))
    cards = np.clip(np.rint(cards * setting.cards / cards.mean()), 1, 0.9 * setting.statements).astype(int)
    who = np.repeat(np.arange(setting.people), cards)
    visits = 1 if setting.one_sitting else 3
    moments = rng.random((setting.people, visits))
    at = moments[who, rng.integers(0, visits, len(who))]
    return who[np.argsort(at, kind="stable")]


def _arrivals(setting: Setting, turns: int, rng: np.random.Generator) -> Ints:
    m = setting.statements
    arrives = np.zeros(m, np.int64)
    order = rng.permutation(m)
    late = order[: int(setting.late * m)]
    arrives[late] = np.linspace(0, 0.7 * turns, len(late)).astype(int)
    flood = order[len(late) : len(late) + int(setting.flood * m)]
    arrives[flood] = turns // 2
    return arrives


def accuracy(town: Town, votes: Votes, there: Bools) -> dict[str, float]:
    """The map of these votes against the truth, over the people who have come and the statements there."""
    model, people = fit(votes)
    points = points_of(people, model.dimensions)[0]
    who = votes.participants
    camps = int(town.camp.max()) + 1
    found = grouped(points, camps) if camps > 1 else np.zeros(len(who), int)
    true, guess = group_shares(town, votes, model, people)
    least, estimated = (np.maximum(x.min(axis=0), (1 - x).min(axis=0)) for x in (true, guess))
    least, estimated = least[there], estimated[there]
    shared = int((least >= SHARED_BY).sum())
    top = np.argsort(-estimated, kind="stable")[:shared]
    return {
        "groups": adjusted_rand(town.camp[who], found) if camps > 1 else float("nan"),
        "points": explained(town.stand[who], points),
        "rates": float(np.sqrt(((true - guess)[:, there] ** 2).mean())),
        "shared": float((least[top] >= SHARED_BY).mean()) if shared else float("nan"),
    }


def group_shares(town: Town, votes: Votes, model: Model, people: Floats) -> tuple[Floats, Floats]:
    """The share of each true camp that agrees with each statement, true and as the map would say."""
    camps, m = int(town.camp.max()) + 1, town.logit.shape[1]
    camp = town.camp[votes.participants]
    likely = model.agreement(people)
    true = np.array([(1 / (1 + np.exp(-town.logit[town.camp == g]))).mean(axis=0) for g in range(camps)])
    agreed, disagreed, _seen = votes.tally(camp, camps)
    guess = np.full((camps, m), 0.5)
    for g in range(camps):
        expected = likely[camp == g].mean(axis=0) if (camp == g).any() else np.full(likely.shape[1], 0.5)
        heard = agreed[g] + disagreed[g]
        guess[g, votes.statements] = (agreed[g] + PRIOR_VOTES * expected) / (heard + PRIOR_VOTES)
    return true, guess


def grouped(points: Floats, k: int, starts: int = 6) -> Ints:
    """k-means of the points: the best of several starts."""
    rng, best, found = np.random.default_rng(0), np.inf, np.zeros(len(points), np.int64)
    for _start in range(starts):
        centres = points[rng.choice(len(points), min(k, len(points)), replace=False)]
        for _step in range(30):
            distance = ((points[:, None] - centres) ** 2).sum(axis=2)
            label = distance.argmin(axis=1)
            centres = np.array(
                [
                    points[label == g].mean(axis=0) if (label == g).any() else centres[g]
                    for g in range(len(centres))
                ]
            )
        if (cost := float(distance.min(axis=1).sum())) < best:
            best, found = cost, label
    return found


def explained(true: Floats, points: Floats) -> float:
    """The share of the variance of where people truly stand that their ideal points explain, linearly."""
    true, basis = true - true.mean(axis=0), np.column_stack([np.ones(len(points)), points])
    left = true - basis @ np.linalg.lstsq(basis, true, rcond=None)[0]
    return 1 - float((left**2).sum() / (true**2).sum())


def fairness(votes: Votes, town: Town, first_seen: list[int], turns: int) -> dict[str, float]:
    """Over statements there for a tenth of the conversation at least: fewest votes, Gini, early votes."""
    seen = np.zeros(len(town.arrives))
    seen[votes.statements] = votes.counts()[2]
    early = np.array(first_seen, float)
    settled = town.arrives <= 0.9 * turns
    ranked = np.sort(seen[settled])
    k = len(ranked)
    gini = float(((2 * np.arange(1, k + 1) - k - 1) * ranked).sum() / (k * ranked.sum()))
    late = settled & (town.arrives > 0)
    return {
        "fewest": ranked[0],
        "gini": gini,
        "early": float(early[late].min()),
        "early mean": early[late].mean(),
    }
