"""The drawings of the report: where people stand, and shares with their intervals."""

from __future__ import annotations

from math import cos, pi, sin, sqrt

from camphor.engine.opinion.report.markup import Html, join, tag
from camphor.engine.opinion.report.words import Words
from camphor.engine.opinion.result import OpinionMap, Tally

LARGEST, SMALLEST = 2.05, 0.55
"""Radius of the fullest spot, which just touches its neighbour on the picture's grid, and of one person."""
CORNERS = {1: (4, 45), 2: (3, -90), 3: (4, 0), 4: (6, 0), 5: (5, -90)}
"""Corners of the mark of each group and the angle of the first: square, triangle, diamond, hexagon, pentagon;
the first group has discs."""
KINDS = "abcdef"
"""The looks of groups; after the last they begin again."""


def kind(letter: str) -> str:
    """The look of a group, which stays with its letter."""
    return KINDS[(ord(letter) - ord("A")) % len(KINDS)]


def chip(letter: str) -> Html:
    """The letter of a group in its shape and colour."""
    return tag("span", letter, class_=f"group group-{kind(letter)}", aria_hidden="true")


def plot(drawn: OpinionMap, words: Words, label: str) -> Html:
    """Where people stand, a mark a spot; group by shape and colour, people by area."""
    fullest = max((cell.count for cell in drawn.cells), default=1)
    marks = [
        _mark(
            cell.x,
            cell.y,
            max(LARGEST * sqrt(cell.count / fullest), SMALLEST),
            kind(drawn.groups[cell.group].letter) if 0 <= cell.group < len(drawn.groups) else "",
        )
        for cell in sorted(drawn.cells, key=lambda cell: -cell.count)
    ]
    names = [
        tag("text", group.letter, class_=f"label group-{kind(group.letter)}", x=group.x, y=group.y)
        for group in drawn.groups
    ]
    axes = tag("path", class_="axis", d="M50 2V98M2 50H98")
    return tag(
        "svg", axes, *marks, *names, class_="plot", viewBox="0 0 100 100", role="img", aria_label=label
    )


def _mark(x: float, y: float, radius: float, look: str) -> Html:
    corners, first = CORNERS.get(KINDS.find(look), (0, 0))
    named = f"spot group-{look}" if look else "spot spot--none"
    if not corners:
        return tag("circle", class_=named, cx=x, cy=y, r=radius)
    angles = [(first + 360 * corner / corners) * pi / 180 for corner in range(corners)]
    points = " ".join(
        f"{x + 1.15 * radius * cos(angle):.2f},{y + 1.15 * radius * sin(angle):.2f}" for angle in angles
    )
    return tag("polygon", class_=named, points=points)


def bar(tally: Tally) -> Html:
    """Those who agree from the left, those who disagree from the right, each with its interval."""
    agree, disagree = tally.agree, tally.disagree
    parts = [
        tag("rect", class_="bar__track", width=100, height=18),
        tag("rect", class_="bar__agree", y=3, width=100 * agree.mean, height=12),
        tag(
            "rect",
            class_="bar__disagree",
            x=100 - 100 * disagree.mean,
            y=3,
            width=100 * disagree.mean,
            height=12,
        ),
        tag("rect", class_="bar__half", x=49.85, width=0.3, height=18),
        _interval(100 * agree.low, 100 * agree.high, 6),
        _interval(100 - 100 * disagree.high, 100 - 100 * disagree.low, 12),
    ]
    return tag(
        "svg", *parts, class_="bar", viewBox="0 0 100 18", preserveAspectRatio="none", aria_hidden="true"
    )


def _interval(low: float, high: float, y: float) -> Html:
    """A line with its two ends; those of agreeing and disagreeing have heights of their own."""
    high = max(high, low + 0.6)
    return join(
        tag("rect", class_="bar__range", x=low, y=y - 0.8, width=high - low, height=1.6),
        tag("rect", class_="bar__range", x=low, y=y - 3, width=0.5, height=6),
        tag("rect", class_="bar__range", x=high - 0.5, y=y - 3, width=0.5, height=6),
    )
