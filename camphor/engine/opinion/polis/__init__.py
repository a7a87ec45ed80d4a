"""The published Polis algorithm, step by step and as one function; see docs/opinion-map-polis.md."""

from camphor.engine.opinion.polis.arrival import by_first_vote
from camphor.engine.opinion.polis.recipe import PolisMap, polis_map, polis_replay

__all__ = ["PolisMap", "by_first_vote", "polis_map", "polis_replay"]
