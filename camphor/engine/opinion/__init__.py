"""The opinion map: from votes to groups, what each stands for, what all share, and what to ask next."""

from camphor.engine.opinion.drawing import FEWEST_PLACED, draw_map, members
from camphor.engine.opinion.located import Ellipse, Located, locate
from camphor.engine.opinion.result import (
    Bridge,
    Cell,
    Counted,
    Divides,
    Evidence,
    Group,
    OpinionMap,
    Pick,
    Rate,
    Said,
    Tally,
)
from camphor.engine.opinion.scoring import Placed
from camphor.engine.opinion.turn import Routing
from camphor.engine.opinion.votes import BadVote, Votes

__all__ = [
    "FEWEST_PLACED",
    "BadVote",
    "Bridge",
    "Cell",
    "Counted",
    "Divides",
    "Ellipse",
    "Evidence",
    "Group",
    "Located",
    "OpinionMap",
    "Pick",
    "Placed",
    "Rate",
    "Routing",
    "Said",
    "Tally",
    "Votes",
    "draw_map",
    "locate",
    "members",
]
