"""The rules of the house, overlaid with local ones."""

from __future__ import annotations

from datetime import date

from camphor.bodies.actions import next_number, set_rule
from camphor.bodies.rulebook import calendar, deadline, grades, times

from ..conftest import ON, SINCE, Cast


def test_a_time_set_by_the_district_holds_in_its_hall_and_nowhere_else(cast: Cast) -> None:
    set_rule(cast.district, "times", {"name": "concern_answer", "label": "快答", "worked": 1}, since=SINCE)
    assert deadline("concern_answer", cast.hall, on=ON) == date(2026, 9, 8)
    assert deadline("concern_answer", cast.city, on=ON) == date(2026, 9, 14)


def test_the_nearest_body_wins(cast: Cast) -> None:
    set_rule(cast.city, "times", {"name": "rating", "label": "r", "days": 10}, since=SINCE)
    set_rule(cast.hall, "times", {"name": "rating", "label": "r", "days": 20}, since=SINCE)
    assert times(cast.hall, on=ON)["rating"].days == 20
    assert times(cast.district, on=ON)["rating"].days == 10


def test_a_later_rule_ends_the_earlier_one_on_its_day(cast: Cast) -> None:
    for days, since in ((10, SINCE), (30, ON)):
        set_rule(cast.city, "times", {"name": "rating", "label": "r", "days": days}, since=since)
    assert times(cast.city, on=date(2026, 9, 6))["rating"].days == 10
    assert times(cast.city, on=ON)["rating"].days == 30


def test_the_city_can_declare_a_day_free(cast: Cast) -> None:
    assert calendar(cast.hall, on=ON).is_worked(date(2026, 9, 8))
    set_rule(cast.city, "calendar", {"name": "2026-09-08", "label": "台风", "worked": False}, since=SINCE)
    assert not calendar(cast.hall, on=ON).is_worked(date(2026, 9, 8))


def test_a_city_adds_a_fourth_grade(cast: Cast) -> None:
    set_rule(cast.city, "grades", {"name": "D", "label": "D 留作参考"}, since=SINCE)
    assert list(grades(cast.hall, on=ON)) == ["A", "B", "C", "D"]


def test_numbers_are_given_once_and_begin_anew_each_year(cast: Cast) -> None:
    given = [next_number(cast.hall, "r", "〔{year}〕{n}号", on=ON) for _again in range(2)]
    given.append(next_number(cast.hall, "r", "〔{year}〕{n}号", on=date(2027, 1, 4)))
    assert given == ["〔2026〕1号", "〔2026〕2号", "〔2027〕1号"]
