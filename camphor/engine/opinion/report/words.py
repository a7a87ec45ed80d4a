"""What the report says, in English and in Chinese: the texts themselves are in words.csv."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from camphor.engine.opinion.result import Group, OpinionMap

LANGUAGES = ("en", "zh")
SURELY = 0.995
"""A probability that would be rounded to all is told as more than 99 %."""


@cache
def texts(language: str) -> dict[str, str]:
    """Every text by its key."""
    table = files("camphor.engine.opinion.report").joinpath("words.csv").read_text("utf-8")
    return {row["key"]: row[language] for row in csv.DictReader(table.splitlines())}


@dataclass(frozen=True)
class Words:
    """The texts in one language."""

    language: str

    @property
    def tag(self) -> str:
        """The language as HTML names it."""
        return "zh-Hans" if self.language == "zh" else "en"

    def __call__(self, key: str, **values: str | int) -> str:
        """A text with its values; whole numbers are grouped by thousands."""
        told = {name: f"{value:,}" if isinstance(value, int) else value for name, value in values.items()}
        return texts(self.language)[key].format(**told)

    def share(self, share: float) -> str:
        """A share from 0 to 1 in per cent."""
        if 0 < share < 0.005:
            return self("hardly")
        return f"{100 * share:.0f}%"

    def probability(self, chance: float) -> str:
        return self("surely") if chance > SURELY else self.share(chance)

    def count(self, noun: str, n: int) -> str:
        """So many of a noun: of people, votes or statements."""
        return self(f"{noun}_1") if n == 1 else self(f"{noun}_n", n=n)

    def lead(self, drawn: OpinionMap) -> str:
        """How many people voted how often on how many statements, and how many of them are placed."""
        return self(
            "lead",
            people=self.count("person", drawn.participants),
            votes=self.count("vote", drawn.votes),
            statements=self.count("statement", len(drawn.counted)),
            placed=drawn.placed,
        )

    def how_sure(self, drawn: OpinionMap) -> str:
        """How sure it is that there are groups."""
        evidence, n = drawn.evidence, len(drawn.groups)
        if n < 2:
            return self("one" if n else "nobody")
        if drawn.recipe == "polis":
            return self("as_published", n=n)
        if evidence.separate:
            chance = evidence.chances[n - 1] if n <= len(evidence.chances) else 0.0
            return self("separate", n=n, valley=self.share(evidence.valley), chance=self.share(chance))
        return self("continuum", n=n)

    def group(self, drawn: OpinionMap, group: Group) -> str:
        """The name of a group, or of a region where there are no separate groups."""
        return self("group" if is_apart(drawn) else "region", letter=group.letter)

    def size(self, group: Group) -> str:
        return self("size", people=self.count("person", group.size), share=self.share(group.share))


def is_apart(drawn: OpinionMap) -> bool:
    """Whether the groups are more than regions of one continuum."""
    return drawn.evidence.separate or len(drawn.groups) < 2
