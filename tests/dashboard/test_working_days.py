"""Working days: what the official calendar says, and what a clerk declares otherwise."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from camphor.bodies.models import LocalRule
from camphor.bodies.rulebook import calendar
from camphor.dashboard.working_days import Run, runs
from camphor.rules.calendar import official
from camphor.trail.models import Entry

from ..conftest import Cast, signed_in


def sent(cast: Cast, **change: str) -> dict[str, object]:
    """The next Wednesday of the week after, which no holiday of the tests' year moves."""
    on = timezone.localdate()
    day = on + timedelta(days=7 + (2 - on.weekday()) % 7)
    return {
        "body": cast.hall.pk,
        "day": day.isoformat(),
        "worked": "no",
        "label": "高温停工",
        **change,
    }


def test_a_clerk_declares_a_day_and_deadlines_follow_it_until_she_withdraws_it(cast: Cast) -> None:
    mei, on = signed_in(cast.mei), timezone.localdate()
    given = sent(cast)
    day = date.fromisoformat(str(given["day"]))
    before = calendar(cast.hall, on=on).is_worked(day)
    worked = "no" if before else "yes"
    assert mei.post(reverse("working_days"), {**given, "worked": worked}).status_code == 302
    assert calendar(cast.hall, on=on).is_worked(day) is not before
    assert calendar(cast.city, on=on).is_worked(day) is before
    assert "高温停工" in mei.get(reverse("working_days")).content.decode()
    rule = LocalRule.objects.get()
    assert mei.post(reverse("withdraw_day", args=[rule.pk])).status_code == 302
    assert calendar(cast.hall, on=on).is_worked(day) is before
    moves = Entry.objects.values_list("move", "by", "in_name_of")
    assert cast.mei.person is not None
    who = (cast.mei.person.pk, cast.hall.pk)
    assert list(moves) == [("declare_day", *who), ("withdraw_day", *who)]


@pytest.mark.parametrize("who", ["bo", "yun"])
def test_who_is_no_clerk_sees_the_calendar_and_declares_nothing(cast: Cast, who: str) -> None:
    client = signed_in(getattr(cast, who))
    page = client.get(reverse("working_days"))
    assert page.status_code == 200 and page.context["form"] is None
    assert client.post(reverse("working_days"), sent(cast)).status_code == 403
    assert not LocalRule.objects.exists()


def test_a_clerk_declares_nothing_for_another_body(cast: Cast) -> None:
    stranger = signed_in(cast.stranger)
    assert stranger.post(reverse("working_days"), sent(cast)).status_code == 422
    signed_in(cast.mei).post(reverse("working_days"), sent(cast))
    rule = LocalRule.objects.get()
    assert stranger.post(reverse("withdraw_day", args=[rule.pk])).status_code == 403
    assert LocalRule.objects.get().until is None


@pytest.mark.parametrize("change", [{"day": "2020-01-01"}, {"day": "x"}, {"worked": ""}, {"label": ""}])
def test_a_wrong_day_gets_a_reason_and_the_rest_stays(cast: Cast, change: dict[str, str]) -> None:
    answer = signed_in(cast.mei).post(reverse("working_days"), sent(cast, **change))
    assert answer.status_code == 422
    assert ("高温停工" in answer.content.decode()) is ("label" not in change)
    assert not LocalRule.objects.exists()


def test_days_in_a_row_are_one_line_and_make_up_days_lines_of_their_own() -> None:
    found = runs(official((2026,)), since=date(2026, 9, 20))
    assert Run(date(2026, 9, 20), date(2026, 9, 20), True, False) == found[0]
    assert Run(date(2026, 10, 1), date(2026, 10, 7), False, False) in found
