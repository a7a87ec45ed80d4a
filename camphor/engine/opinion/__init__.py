"""The opinion map: from votes to groups, what each stands for, what all share, and what to ask next."""

from camphor.engine.opinion.drawing import (
    ENOUGH_VOTES,
    FEWEST_PLACED,
    Counted,
    Group,
    OpinionMap,
    Said,
    draw_map,
)
from camphor.engine.opinion.turn import choose_statement, priorities
from camphor.engine.opinion.votes import BadVote, Votes

__all__ = [
    "ENOUGH_VOTES",
    "FEWEST_PLACED",
    "BadVote",
    "Counted",
    "Group",
    "OpinionMap",
    "Said",
    "Votes",
    "choose_statement",
    "draw_map",
    "priorities",
]
