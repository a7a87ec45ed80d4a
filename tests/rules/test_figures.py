"""Figures are a pure function of what was known: later entries change nothing, and rows add up."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from camphor.engine.tally import grouped, percentile
from camphor.rules.figures import INDICATORS, MEMBER, reckon
from camphor.rules.happenings import ASSIGNMENT, MATTER, Happening, Row, Share, Subject, rows
from camphor.rules.matters import MATTERS, PARTS

FIRST = date(2026, 1, 1)
KINDS = tuple(MATTERS)
SUBJECTS = [Subject(n, KINDS[n % len(KINDS)], body=n % 3, term=n % 2 or None) for n in range(18)]
SHARES = [Share(n, matter=n, handler=n % 4) for n in range(18)]
PART_OF = {"proposal": "sole", "request": "respond", "finding": "rectify", "task": "carry_out"}
days = st.integers(0, 60).map(lambda n: FIRST + timedelta(days=n))
words = st.fixed_dictionaries(
    {},
    optional={
        "due_on": days.map(date.isoformat),
        "category": st.sampled_from(["city", "society"]),
        "openness": st.sampled_from(["full", "summary", "none"]),
        "score": st.sampled_from(["satisfied", "mostly", "dissatisfied"]),
        "handling": st.sampled_from(["satisfied", "dissatisfied"]),
        "checked_grade": st.sampled_from(["A", "B"]),
        "twin": st.integers(0, 17),
        "move": st.sampled_from(["rate", "file", "submit"]),
        "answers": st.lists(
            st.fixed_dictionaries({"item": st.integers(0, 3), "grade": st.sampled_from(["A", "C"])}),
            max_size=2,
        ),
    },
)


@st.composite
def happening(draw: Any) -> Happening:
    about, pk = draw(st.sampled_from([MATTER, ASSIGNMENT])), draw(st.integers(0, 17))
    kind = SUBJECTS[pk].kind
    flow = MATTERS[kind].flow if about == MATTER else PARTS[PART_OF.get(kind, "lead")].flow
    move = draw(st.sampled_from([*flow.moves.values(), None]))
    happened = draw(days)
    return Happening(
        about,
        pk,
        move.name if move else "undo",
        (move.to if move else "") or draw(st.sampled_from(list(flow.states))),
        happened,
        happened + timedelta(days=draw(st.integers(0, 9))),
        draw(words),
        draw(st.integers(0, 3)),
    )


stories = st.lists(happening(), max_size=60).map(lambda found: sorted(found, key=lambda one: one.on))


def known(story: list[Happening], on: date) -> list[Row]:
    return rows(SUBJECTS, SHARES, story, on=on)


@given(stories, stories, days)
def test_what_is_recorded_after_a_day_changes_no_row_of_it(
    story: list[Happening], more: list[Happening], on: date
) -> None:
    later = [one for one in more if one.recorded_on > on]
    both = sorted([*story, *later], key=lambda one: one.on)
    assert known(both, on) == known(story, on)


@given(stories, days)
def test_counted_and_rest_are_the_whole_and_every_breakdown_adds_up(story: list[Happening], on: date) -> None:
    found = known(story, on)
    for indicator in INDICATORS.values():
        figure = reckon(indicator, found)
        whole = [*figure.part.counted, *figure.part.rest]
        assert len({(row.unit, row.key) for row in whole}) == len(whole) == figure.numbers.whole
        if indicator.by:
            assert sum(figure.numbers.split.values()) == figure.numbers.whole
        for by in ("body", "kind", "year", "term", "category", "handler"):
            groups = grouped(whole, lambda row, by=by: getattr(row, by))  # type: ignore[misc]
            parts = [reckon(indicator, own).numbers for own in groups.values()]
            assert sum(part.whole for part in parts) == figure.numbers.whole
            assert sum(part.n for part in parts) == figure.part.number


@given(st.lists(st.integers(0, 400), min_size=1), st.sampled_from([0.5, 0.9, 1.0]))
def test_a_percentile_is_the_least_value_that_enough_do_not_exceed(values: list[int], share: float) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values) - 1e-9
    assert sum(value < found for value in values) < share * len(values)


def test_every_figure_counts_by_facts_that_rows_can_have() -> None:
    units = {"matter", "answer", "letter", "item", "rating", "promise", "session", "attendance", MEMBER}
    for indicator in INDICATORS.values():
        assert indicator.unit in units and set(indicator.kinds) <= {*MATTERS, MEMBER}
        assert [bool(indicator.counts), bool(indicator.by), indicator.takes].count(True) == 1
