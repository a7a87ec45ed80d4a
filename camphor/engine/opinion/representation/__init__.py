"""Who came against who lives here: weights, and what they change."""

from camphor.engine.opinion.representation.comparing import (
    EVERYBODY,
    Comparison,
    Share,
    Standing,
    Turned,
    compare,
)
from camphor.engine.opinion.representation.raking import (
    LEAST_EFFECTIVE,
    MOST_WEIGHT,
    Cell,
    Dimension,
    Weights,
    effective_size,
    rake,
)

__all__ = [
    "EVERYBODY",
    "LEAST_EFFECTIVE",
    "MOST_WEIGHT",
    "Cell",
    "Comparison",
    "Dimension",
    "Share",
    "Standing",
    "Turned",
    "Weights",
    "compare",
    "effective_size",
    "rake",
]
