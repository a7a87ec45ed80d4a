"""How many of some people would agree or disagree with each statement, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

from camphor.engine.opinion.votes import Floats, Ints

PRIOR_VOTES = 8.0
"""What the model expects of a group counts like so many votes; larger priors were no better calibrated."""
INTERVAL = 0.90
"""What the intervals aim at; those of groups hold less often where votes are few (docs/opinion-map.md)."""


@dataclass(frozen=True, eq=False)
class Rates:
    """Shares of people on one side, of each group and statement, as Beta distributions.

    on: votes on that side. seen: all votes, passes included. expected: the share by the model; each (g, m).
    prior: for how many votes the expected share counts.
    """

    on: Floats
    seen: Floats
    expected: Floats
    prior: float = PRIOR_VOTES

    @property
    def alpha(self) -> Floats:
        result: Floats = self.on + self.prior * self.expected
        return result

    @property
    def beta(self) -> Floats:
        result: Floats = self.seen - self.on + self.prior * (1 - self.expected)
        return result

    @property
    def mean(self) -> Floats:
        result: Floats = self.alpha / (self.seen + self.prior)
        return result

    @property
    def variance(self) -> Floats:
        result: Floats = self.mean * (1 - self.mean) / (self.seen + self.prior + 1)
        return result

    def interval(self) -> tuple[Floats, Floats]:
        """The central interval, lower and upper end, each of shape (g, m)."""
        from scipy.special import betaincinv  # only where a map is drawn

        outside = (1 - INTERVAL) / 2
        return betaincinv(self.alpha, self.beta, outside), betaincinv(self.alpha, self.beta, 1 - outside)

    def above_half(self) -> Floats:
        """The probability that more than half are on that side, shape (g, m)."""
        return above_half(self.alpha, self.beta)

    def of(self, groups: Ints | list[int]) -> Rates:
        """Those groups taken together, shape (1, m)."""
        seen = self.seen[groups].sum(axis=0, keepdims=True)
        expected = self.expected[groups]
        weight = self.seen[groups] + 1e-9
        together = (expected * weight).sum(axis=0, keepdims=True) / weight.sum(axis=0, keepdims=True)
        return Rates(self.on[groups].sum(axis=0, keepdims=True), seen, together, self.prior)


def above_half(alpha: Floats, beta: Floats) -> Floats:
    """The probability that a share with this Beta distribution is above one half."""
    from scipy.special import betainc

    result: Floats = betainc(beta, alpha, 0.5)
    return result
