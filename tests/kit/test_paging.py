"""Long lists: pages are reached one after the other, and what is not counted is not told as counted."""

from __future__ import annotations

import pytest

from camphor.kit import paging
from camphor.kit.paging import page_of
from camphor.people.models import Person

pytestmark = pytest.mark.django_db


def pages(monkeypatch: pytest.MonkeyPatch, *, people: int, counted: int) -> list[tuple[int, bool, list[str]]]:
    """Of each page in turn, as its links lead on: what is counted, whether there are more, who is on it."""
    monkeypatch.setattr(paging, "COUNTED", counted)
    Person.objects.bulk_create(Person(username=f"p{n:03}") for n in range(people))
    shown, number = [], 1
    while True:
        page = page_of(Person.objects.order_by("username"), 10, str(number))
        who = [person.username for person in page]
        shown.append((page.paginator.count, page.paginator.has_more, who))  # type: ignore[attr-defined]
        if not page.has_next():
            return shown
        number = page.next_page_number()


def test_a_short_list_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = pages(monkeypatch, people=25, counted=30)
    assert [(count, more) for count, more, _who in shown] == [(25, False)] * 3


def test_a_long_list_says_that_there_are_more_and_ends_where_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = pages(monkeypatch, people=65, counted=30)
    assert [(count, more) for count, more, _who in shown] == [
        (30, True), (30, True), (40, True), (50, True), (60, True), (65, False), (65, False),
    ]  # fmt: skip
    assert [name for _count, _more, who in shown for name in who] == [f"p{n:03}" for n in range(65)]


@pytest.mark.parametrize("asked", ["0", "-1", "x", "", None, "9" * 400, "999", "２"])
def test_a_page_that_is_none_is_the_first_or_the_last(monkeypatch: pytest.MonkeyPatch, asked: object) -> None:
    pages(monkeypatch, people=25, counted=10)
    assert page_of(Person.objects.order_by("username"), 10, asked).number in (1, 2, 3)
