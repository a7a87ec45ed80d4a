"""The map as JSON and as CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence

import numpy as np

from camphor.engine.opinion.drawing import members
from camphor.engine.opinion.reading import Conversation
from camphor.engine.opinion.result import OpinionMap, Rate, Tally

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would run: a cell of text that begins so gets an apostrophe before it."""


def json_text(conversation: Conversation, drawn: OpinionMap, mark: str) -> str:
    """The map without what it remembers, with the texts of its statements; mark: who made the file."""
    texts = {str(row.statement): conversation.texts.get(row.statement, "") for row in drawn.counted}
    whole = {"made_by": mark, "title": conversation.title, "texts": texts, **drawn.to_json(public=True)}
    return json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def statements_text(conversation: Conversation, drawn: OpinionMap) -> str:
    """A row a statement: votes, shares and their intervals of all and of each group, labels."""
    letters = [group.letter for group in drawn.groups]
    head = ["statement", "text", *_heads("all")]
    for letter in letters:
        head += _heads(letter)
    head += ["shared", "shared_sure", "shared_flips", "divides", "gap", "divides_sure", "divides_flips"]
    head += ["bridges", "least", "pick", "stands_for", "priority"]
    rows = (
        [
            row.statement,
            _safe(conversation.texts.get(row.statement, "")),
            *_cells(row.all),
            *(cell for tally in row.groups for cell in _cells(tally)),
            *_labels(drawn, row.statement),
            round(row.priority, 6),
        ]
        for row in drawn.counted
    )
    return _csv(head, rows)


def _labels(drawn: OpinionMap, statement: int) -> list[object]:
    """The cells of the labels of a statement, empty where it has none."""
    cells: list[object] = []
    shared = next((label for label in drawn.shared if label.statement == statement), None)
    cells += [_side(shared.agrees), shared.sure, shared.flips] if shared else [""] * 3
    divides = next((label for label in drawn.dividing if label.statement == statement), None)
    if divides:
        pro, con = drawn.groups[divides.pro].letter, drawn.groups[divides.con].letter
        cells += [f"{pro} {_side(divides.agrees)}, {con} not", divides.gap, divides.sure, divides.flips]
    else:
        cells += [""] * 4
    bridge = next((label for label in drawn.bridging if label.statement == statement), None)
    cells += [_side(bridge.agrees), bridge.least] if bridge else [""] * 2
    pick = next((n for n, one in enumerate(drawn.picks) if one.statement == statement), None)
    cells += [pick + 1, drawn.picks[pick].stands_for] if pick is not None else [""] * 2
    return cells


def groups_text(drawn: OpinionMap) -> str:
    """A row a group and statement that sets it apart; a group without any has one row."""
    head = ("group", "size", "share", "x", "y", "small", "statement", "side", "percent", "sure", "flips")
    rows: list[Sequence[object]] = []
    for group in drawn.groups:
        about = (group.letter, group.size, round(group.share, 4), group.x, group.y, int(group.small))
        rows += [
            (*about, said.statement, _side(said.agrees), said.percent, said.sure, said.flips)
            for said in group.speaks
        ] or [(*about, "", "", "", "", "")]
    return _csv(head, rows)


def participants_text(conversation: Conversation, drawn: OpinionMap) -> str | None:
    """A row a participant: the group, empty where it is not known, and the probability of each group.

    None where the map does not tell where its participants are. This is personal data.
    """
    placed = members(conversation.votes.without(conversation.left_out), drawn)
    if not placed.chance.shape[1]:
        return None
    letters = [group.letter for group in drawn.groups]
    head = ("participant", "group", *(f"probability_{letter}" for letter in letters))
    names = (_safe(name) for name in conversation.names)
    rows = (
        (name, letters[label] if label >= 0 else "", *chance)
        for name, label, chance in zip(
            names, placed.label.tolist(), np.round(placed.chance, 4).tolist(), strict=True
        )
    )
    return _csv(head, rows)


def _heads(whose: str) -> list[str]:
    sides = [f"{whose}_{side}{end}" for side in ("agree", "disagree") for end in ("", "_low", "_high")]
    return [f"{whose}_agreed", f"{whose}_disagreed", f"{whose}_seen", *sides]


def _cells(tally: Tally) -> list[object]:
    counts = (f"{number:g}" for number in (tally.agreed, tally.disagreed, tally.seen))
    return [*counts, *_rate(tally.agree), *_rate(tally.disagree)]


def _rate(rate: Rate) -> tuple[float, float, float]:
    return rate.mean, rate.low, rate.high


def _side(agrees: bool) -> str:
    return "agree" if agrees else "disagree"


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) and not text.lstrip("+-").isdecimal() else text


def _csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """With a BOM, without which spreadsheets take Chinese for another encoding."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return "\ufeff" + text.getvalue()
