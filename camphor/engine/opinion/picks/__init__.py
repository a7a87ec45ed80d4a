"""A short list of statements in which every part of the participants finds its own."""

from camphor.engine.opinion.picks.ballots import Ballots, approvals_of
from camphor.engine.opinion.picks.choosing import METHODS, Picks, Represented, pick
from camphor.engine.opinion.picks.justified import Coalition, Justification, justification
from camphor.engine.opinion.picks.shares import equal_shares
from camphor.engine.opinion.picks.thiele import pav, pav_score, sequential_pav

__all__ = [
    "METHODS",
    "Ballots",
    "Coalition",
    "Justification",
    "Picks",
    "Represented",
    "approvals_of",
    "equal_shares",
    "justification",
    "pav",
    "pav_score",
    "pick",
    "sequential_pav",
]
