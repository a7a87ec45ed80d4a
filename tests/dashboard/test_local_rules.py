"""The rules that a clerk sets for her body: from a day on, checked, on the trail, and never for the past."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from camphor.bodies.models import LocalRule
from camphor.bodies.rulebook import grades, reminders, times, words
from camphor.people.actor import Actor
from camphor.trail.models import Entry

from ..conftest import Cast


def signed_in(actor: Actor) -> Client:
    client = Client()
    assert actor.person is not None
    client.force_login(actor.person)
    return client


def sent(cast: Cast, *, ahead: int = 0, **more: Any) -> dict[str, object]:
    since = timezone.localdate() + timedelta(days=ahead)
    return {"body": cast.hall.pk, "since": since.isoformat(), **more}


def test_a_time_holds_from_its_day_on_and_the_one_before_it_until_then(cast: Cast) -> None:
    mei, on, page = signed_in(cast.mei), timezone.localdate(), reverse("local_rules", args=["times"])
    row: dict[str, Any] = {"row": "rating", "months": 0, "days": 20, "worked": 0}
    assert mei.post(page, sent(cast, **row)).status_code == 302
    assert mei.post(page, sent(cast, ahead=10, **{**row, "days": 30})).status_code == 302
    held = [times(cast.hall, on=on + timedelta(days=n))["rating"].days for n in (0, 9, 10)]
    assert held == [20, 20, 30]
    assert times(cast.city, on=on)["rating"].days == 15
    shown = mei.get(page).content.decode()
    assert "尚未生效" in shown and shown.count("rating") >= 2
    entries = list(Entry.objects.filter(move="set_rule"))
    assert [entry.by for entry in entries] == [cast.mei.person] * 2
    assert entries[0].given["row"]["days"] == 20


@pytest.mark.parametrize(
    "change",
    [{"ahead": -1}, {"days": "-1"}, {"days": "x"}, {"row": "no_such_time"}, {"days": "100000"}],
    ids=["the past", "negative", "no number", "unknown", "mistyped"],
)
def test_a_wrong_rule_gets_a_reason_and_nothing_is_set(cast: Cast, change: dict[str, Any]) -> None:
    row: dict[str, Any] = {"row": "rating", "months": 0, "days": 20, "worked": 0, **change}
    answer = signed_in(cast.mei).post(reverse("local_rules", args=["times"]), sent(cast, **row))
    assert answer.status_code == 422
    assert not LocalRule.objects.exists() and not Entry.objects.exists()


def test_a_rule_before_one_that_is_to_come_is_refused(cast: Cast) -> None:
    mei, page = signed_in(cast.mei), reverse("local_rules", args=["times"])
    row: dict[str, Any] = {"row": "rating", "months": 0, "days": 20, "worked": 0}
    assert mei.post(page, sent(cast, ahead=10, **row)).status_code == 302
    assert mei.post(page, sent(cast, ahead=5, **row)).status_code == 422
    assert LocalRule.objects.count() == 1


def test_reminders_grades_and_grounds_are_set_and_words_taken_out(cast: Cast) -> None:
    mei, on = signed_in(cast.mei), timezone.localdate()
    for table, row in (
        ("reminders", {"row": "week_before", "before": 10}),
        ("grades", {"name": "D", "label": "D：留作参考"}),
        ("refusals", {"name": "many", "label": "一案多事"}),
        ("refusals", {"name": "academic", "label": "属于学术研讨", "gone": "on"}),
    ):
        assert mei.post(reverse("local_rules", args=[table]), sent(cast, **row)).status_code == 302
    assert reminders(cast.hall, on=on)["week_before"].before == 10
    assert list(grades(cast.hall, on=on)) == ["A", "B", "C", "D"]
    grounds = words("refusals", cast.hall, on=on)
    assert "many" in grounds and "academic" not in grounds


@pytest.mark.parametrize("who", ["bo", "yun"])
def test_who_is_no_clerk_sets_no_rules(cast: Cast, who: str) -> None:
    page = reverse("local_rules", args=["times"])
    assert signed_in(getattr(cast, who)).post(page, {}).status_code == 403


def test_a_clerk_sets_no_rules_for_another_body(cast: Cast) -> None:
    row: dict[str, Any] = {"row": "rating", "months": 0, "days": 20, "worked": 0}
    answer = signed_in(cast.stranger).post(reverse("local_rules", args=["times"]), sent(cast, **row))
    assert answer.status_code == 422 and not LocalRule.objects.exists()
