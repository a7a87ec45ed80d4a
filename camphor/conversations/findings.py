"""What was found about statements, each with its bars, its intervals and its margin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from camphor.conversations import sentences
from camphor.conversations.models import Statement
from camphor.engine.opinion import Counted, OpinionMap, Rate, Tally

MOST_ROWS = 8
"""Statements named under one heading; all others are in the table of all statements."""
FEWEST_SHOWN = 10
"""Of fewer votes no count is shown for a group, so that nobody's vote can be worked out."""


@dataclass(frozen=True)
class Bar:
    """Rates as widths that add up to 100, with the interval of the side that is spoken of.

    low, high: the ends of the interval, from the left edge of the bar. percent: of that side.
    """

    agree: int
    passed: int
    disagree: int
    low: int
    high: int
    percent: int
    agrees: bool
    range: str
    few: bool

    @property
    def passed_from(self) -> int:
        return self.agree

    @property
    def disagree_from(self) -> int:
        return self.agree + self.passed


@dataclass(frozen=True)
class Finding:
    """A statement with what is said of it, how surely, and the votes of all and of every group."""

    statement: Statement
    says: str
    margin: str
    bridge: bool
    all: Bar
    groups: tuple[tuple[str, Bar], ...]


@dataclass(frozen=True)
class Line:
    """A statement as a row of the table of all statements."""

    statement: Statement
    votes: str
    agreed: str
    passed: str
    disagreed: str
    all: Bar
    groups: tuple[tuple[str, Bar], ...]


class Findings:
    """The findings of a map, of statements that are still known."""

    def __init__(self, drawn: OpinionMap, texts: Mapping[int, Statement]) -> None:
        self.drawn = drawn
        self.texts = texts
        self.rows = {row.statement: row for row in drawn.counted if row.statement in texts}
        self.letters = [group.letter for group in drawn.groups]
        self.bridges = {(bridge.statement, bridge.agrees) for bridge in drawn.bridging}

    def shared(self) -> list[Finding]:
        """What all groups say alike."""
        return [
            self._finding(
                said.statement,
                said.agrees,
                sentences.sharing(said, self._rates(said.statement, said.agrees), self.drawn),
                sentences.margin(said.sure, said.flips),
            )
            for said in self.drawn.shared
            if said.statement in self.rows
        ]

    def dividing(self) -> list[Finding]:
        """Where most of one group are on a side, and most of another are not."""
        return [
            self._finding(
                one.statement,
                one.agrees,
                sentences.differing(one, self._rates(one.statement, one.agrees), self.drawn),
                sentences.margin(one.sure, one.flips),
            )
            for one in self.drawn.dividing
            if one.statement in self.rows
        ]

    def bridging(self) -> list[Finding]:
        """What nine of ten would rather agree with; what all groups share anyway is not said twice."""
        told = {(said.statement, said.agrees) for said in self.drawn.shared}
        return [
            self._finding(one.statement, one.agrees, sentences.bridging(one.least, agrees=one.agrees), "")
            for one in self.drawn.bridging
            if one.statement in self.rows and (one.statement, one.agrees) not in told
        ]

    def lines(self, *, is_open: bool) -> list[Line]:
        """Every statement with its votes, in the order in which they were written."""
        return [
            _line(self.texts[pk], row, self._bars(row, row.all.agreed >= row.all.disagreed), is_open=is_open)
            for pk, row in sorted(self.rows.items(), key=lambda item: self.texts[item[0]].number)
        ]

    def _finding(self, statement: int, agrees: bool, says: str, margin: str) -> Finding:
        row = self.rows[statement]
        return Finding(
            statement=self.texts[statement],
            says=says,
            margin=margin,
            bridge=(statement, agrees) in self.bridges,
            all=bar(row.all, agrees),
            groups=self._bars(row, agrees),
        )

    def _bars(self, row: Counted, agrees: bool) -> tuple[tuple[str, Bar], ...]:
        if len(self.letters) == 1:  # one group says nothing that the bar of all does not
            return ()
        return tuple(
            (letter, bar(tally, agrees)) for letter, tally in zip(self.letters, row.groups, strict=True)
        )

    def _rates(self, statement: int, agrees: bool) -> list[tuple[str, Rate]]:
        groups = self.rows[statement].groups
        return [
            (letter, tally.agree if agrees else tally.disagree)
            for letter, tally in zip(self.letters, groups, strict=True)
        ]


def bar(tally: Tally, agrees: bool) -> Bar:
    """The rates of a tally, seen from one side."""
    agree, disagree = round(100 * tally.agree.mean), round(100 * tally.disagree.mean)
    agree = min(agree, 100 - disagree)
    rate = tally.agree if agrees else tally.disagree
    low, high = round(100 * rate.low), round(100 * rate.high)
    return Bar(
        agree=agree,
        passed=100 - agree - disagree,
        disagree=disagree,
        low=low if agrees else 100 - high,
        high=high if agrees else 100 - low,
        percent=agree if agrees else disagree,
        agrees=agrees,
        range=f"{low}–{high}",
        few=tally.seen < FEWEST_SHOWN,
    )


def _line(statement: Statement, row: Counted, groups: tuple[tuple[str, Bar], ...], *, is_open: bool) -> Line:
    tally = row.all
    passed = tally.seen - tally.agreed - tally.disagreed

    def shown(number: float) -> str:
        return sentences.count(number, is_open=is_open)

    return Line(
        statement=statement,
        votes=shown(tally.seen),
        agreed=shown(tally.agreed),
        passed=shown(passed),
        disagreed=shown(tally.disagreed),
        all=bar(tally, tally.agreed >= tally.disagreed),
        groups=groups,
    )
