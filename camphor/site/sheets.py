"""The sheets that are printed from the rules: who may do what, and the step methods."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import override

from camphor.engine.flow import HANDED_IN, UNCHANGED, Flow, Move
from camphor.rules import activities, conversations, matters
from camphor.rules.calendar import TIMES
from camphor.rules.consultations import CONSULTATION, METHODS, STEPS
from camphor.rules.people import STANDINGS

MADE = "<!-- Made by `python3 x.py docs` from camphor/rules; edit the rules, not this page. -->"


def flows() -> Iterator[tuple[str, Flow]]:
    """Every flow of the house, with the name of what goes through it."""
    for kind in matters.MATTERS.values():
        yield kind.label, kind.flow
    for part in matters.PARTS.values():
        yield f"Assignment: {part.label.lower()}", part.flow
    yield "Consultation", CONSULTATION
    yield "Session", activities.FLOW
    yield "Conversation", conversations.CONVERSATION
    yield "Statement", conversations.STATEMENT


def who_may_do_what() -> str:
    """Every move of every flow: from where, to where, by whom, in what time, telling whom."""
    with override("en"):
        lines = [MADE, "", "# Who may do what", ""]
        lines += [
            "Every move of every flow, as the program carries it out. A move marked with * follows by itself"
        ]
        lines += ["from another move and has no button.", ""]
        for title, flow in flows():
            lines += [
                f"## {title}",
                "",
                "| move | from | to | by | gives | tells |",
                "|---|---|---|---|---|---|",
            ]
            lines += [_row(flow, move) for move in flow.moves.values()]
            lines.append("")
        return "\n".join(lines)


def _row(flow: Flow, move: Move) -> str:
    def states(names: frozenset[str]) -> str:
        return ", ".join(state.label for state in flow.states.values() if state.name in names) or "–"

    def people(names: frozenset[str]) -> str:
        return "; ".join(row.label for row in STANDINGS.values() if row.name in names) or "–"

    cells = [
        move.label + ("*" if move.quiet else ""),
        ("any" if move.of == frozenset(flow.states) else states(move.of))
        + (", when its day has passed" if move.once_late else ""),
        states(frozenset({move.to})),
        people(move.by),
        _time(move.due) + (f"; urgent: {_time(move.urgent)}" if move.urgent else ""),
        people(move.tells),
    ]
    return f"| {' | '.join(cells)} |"


def _time(due: str | None) -> str:
    if due is None:
        return "–"
    if due == HANDED_IN:
        return "the day that is promised"
    if due == UNCHANGED:
        return "the day that it had"
    time = TIMES[due]
    parts = [(time.worked, "working days"), (time.days, "days"), (time.months, "months")]
    told = ", ".join(f"{n} {unit}" for n, unit in parts if n)
    return f"{time.label}: {told or 'the same day'}"


def methods() -> str:
    """The step methods that come with Camphor, in both languages."""
    lines = [MADE, "", "# Step methods", ""]
    lines += [
        "A body may add its own, or change these, by a dated local rule; what runs keeps its stages.",
        "",
    ]
    for method in METHODS.values():
        with override("zh-hans"):
            chinese, steps = _(method.label), [_(step.label) for step in method.steps]
        lines += [f"## {method.label} {chinese}", "", f"{method.source}.", ""]
        lines += ["| step | 步骤 | kind | days |", "|---|---|---|---|"]
        for step, own in zip(method.steps, steps, strict=True):
            lines.append(f"| {step.label} | {own} | {STEPS[step.kind].label} | {step.days} |")
        lines.append("")
    return "\n".join(lines)


SHEETS = {"who-may-do-what.md": who_may_do_what, "methods.md": methods}
