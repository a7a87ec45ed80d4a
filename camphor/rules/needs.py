"""What must be there before a move or before a stage is closed, and how it comes about."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Need:
    """Something that must be there before; the label completes «still lacking: …»."""

    name: str
    label: str
    steps: tuple[str, ...] = ()  # the moves by which it comes about, the first that is possible first
