"""Reminders: who is told on which day, once, and after days off."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from camphor.bodies.actions import set_rule
from camphor.dashboard.reminding import remind_all
from camphor.matters import actions as matters
from camphor.matters.models import Assignment, Matter
from camphor.people.actor import Actor
from camphor.rules.reminders import REMINDERS, Reminder, call_for
from camphor.trail.models import Notice, Reminding

from ..conftest import AT, ON, SINCE, Cast, person
from ..house import House
from ..story import Story

DAY = timedelta(days=1)
DUE = date(2026, 11, 9)  # what the leading department is given from ON: two months, then a weekday


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (-8, None),
        (-7, ("week_before", 0)),
        (-2, ("week_before", 0)),
        (-1, ("day_before", 0)),
        (0, ("on_the_day", 0)),
        (1, ("overdue", 0)),
        (7, ("overdue", 0)),
        (8, ("overdue", 1)),
        (400, ("overdue", 57)),
    ],
)
def test_the_reminder_that_is_up_on_a_day(days: int, expected: tuple[str, int] | None) -> None:
    call = call_for(REMINDERS.values(), DUE, DUE + days * DAY)
    assert (call and (call.reminder.name, call.time)) == expected


@given(st.sets(st.integers(-20, 60), min_size=1))
def test_on_whatever_days_it_runs_each_reminder_comes_up_in_turn_and_the_last_is_never_older_than_a_week(
    days: set[int],
) -> None:
    seen = []
    for day in sorted(days):
        call = call_for(REMINDERS.values(), DUE, DUE + day * DAY)
        if call:
            assert DUE + day * DAY - call.since < 7 * DAY
            seen.append(call.since)
    assert seen == sorted(seen)


def test_what_a_body_turns_off_is_not_up() -> None:
    rows = [Reminder("on_the_day", "", before=0, off=True), Reminder("week_before", "", before=7)]
    call = call_for(rows, DUE, DUE)
    assert call is not None and call.reminder.name == "week_before"


@pytest.fixture
def lead(cast: Cast) -> Assignment:
    """Bo's department leads; the assisting unit has sent its opinion, so that nothing else is due."""
    story = Story(cast)
    plan, _concern, _twin = story.consultation()
    matter = story.recommendation(plan)
    lead, assisting = story.assignments(matter)
    matters.make(assisting, "opine", by=cast.rui, at=AT, text="同意")
    Assignment.objects.filter(pk=lead.pk).update(due_on=DUE)
    return lead


def told_on(day: date, thing: Assignment) -> set[str]:
    """Who is reminded of this thing by a run on that day."""
    before = set(Notice.objects.values_list("pk", flat=True))
    at = datetime.combine(day, AT.timetz())
    remind_all(at=at)
    new = Notice.objects.exclude(pk__in=before).filter(reminding__subject_id=thing.pk)
    kind = type(thing)._meta.model_name
    new = new.filter(reminding__subject_type__model=kind)
    return {notice.person.username for notice in new.select_related("person")}


def test_an_officer_is_reminded_and_from_the_day_after_his_leader_each_week(
    cast: Cast, lead: Assignment
) -> None:
    person("lan", cast.housing, "leader")
    told = {day: told_on(DUE + day * DAY, lead) for day in range(-9, 17)}
    assert {day: who for day, who in told.items() if who} == {
        -7: {"bo"},
        -1: {"bo"},
        0: {"bo"},
        1: {"bo", "lan"},
        8: {"bo", "lan"},
        15: {"bo", "lan"},
    }


def test_the_same_day_twice_sends_nothing_twice(cast: Cast, lead: Assignment) -> None:
    assert told_on(DUE - 7 * DAY, lead) == {"bo"}
    assert told_on(DUE - 7 * DAY, lead) == set()
    assert told_on(DUE - 5 * DAY, lead) == set()


def test_days_off_are_made_up_for_by_one_reminder(cast: Cast, lead: Assignment) -> None:
    assert told_on(DUE - 4 * DAY, lead) == {"bo"}
    assert told_on(DUE + 25 * DAY, lead) == {"bo"}
    kept = Reminding.objects.filter(subject_id=lead.pk, subject_type__model="assignment").order_by("pk")
    assert [(one.reminder, one.time) for one in kept] == [("week_before", 0), ("overdue", 3)]


def test_who_was_just_given_a_near_day_is_not_reminded_at_once(cast: Cast, lead: Assignment) -> None:
    Assignment.objects.filter(pk=lead.pk).update(due_on=ON + 3 * DAY)
    assert told_on(ON, lead) == set()
    assert told_on(ON + DAY, lead) == set()
    assert told_on(ON + 2 * DAY, lead) == {"bo"}


def test_what_was_done_is_not_reminded_of(cast: Cast, lead: Assignment) -> None:
    Story(cast).answer(lead.matter, promised_on=DUE)
    assert told_on(DUE + DAY, lead) == set()


def test_a_body_sets_its_own_times(cast: Cast, lead: Assignment) -> None:
    set_rule(cast.district, "reminders", {"name": "week_before", "before": 10}, since=SINCE)
    set_rule(cast.district, "reminders", {"name": "day_before", "off": True}, since=SINCE)
    set_rule(cast.district, "reminders", {"name": "overdue", "before": -1, "every": 3}, since=SINCE)
    days = [day for day in range(-12, 8) if told_on(DUE + day * DAY, lead)]
    assert days == [-10, 0, 1, 4, 7]


def test_a_stage_of_a_consultation_is_reminded_of_by_its_last_day(cast: Cast) -> None:
    plan, _concern, _twin = Story(cast).consultation()
    stage = plan.current_stage
    assert stage is not None
    remind_all(at=datetime.combine(stage.last_on, AT.timetz()))
    kept = Reminding.objects.get(subject_id=plan.pk, subject_type__model="consultation")
    assert (kept.due_on, kept.reminder) == (stage.last_on, "on_the_day")


def test_a_colleague_who_stands_in_is_reminded_as_well(cast: Cast, lead: Assignment) -> None:
    from camphor.trail.handing_over import delegate

    jun = person("jun", cast.housing, "member")
    assert cast.bo.person and jun.person
    since = DUE - 8 * DAY
    at = datetime.combine(since, AT.timetz())
    delegate(cast.bo.person, jun.person, since=since, last_on=DUE, by=cast.bo, at=at)
    assert told_on(DUE - 7 * DAY, lead) == {"bo", "jun"}


def test_where_a_unit_has_no_leader_the_one_above_it_hears(cast: Cast) -> None:
    concern = Story(cast).concern()
    person("chief", cast.district, "leader")
    assert concern.due_on is not None
    remind_all(at=datetime.combine(concern.due_on + DAY, AT.timetz()))
    told = Notice.objects.filter(reminding__reminder="overdue").values_list("person__username", flat=True)
    assert set(told) == {"mei", "chief"}


def test_the_command_run_each_morning_for_months_sends_each_reminder_once(
    cast: Cast, lead: Assignment
) -> None:
    with time_machine.travel(AT, tick=False) as clock:
        for _morning in range(75):
            call_command("remind", verbosity=0)
            call_command("remind", verbosity=0)
            clock.shift(DAY)
    kept = list(
        Reminding.objects.filter(subject_id=lead.pk, subject_type__model="assignment").values_list(
            "reminder", "time"
        )
    )
    assert len(kept) == len(set(kept))
    assert {name for name, _time in kept} == {"week_before", "day_before", "on_the_day", "overdue"}


def test_residents_are_reminded_of_nothing_and_no_contact_is_kept(cast: Cast) -> None:
    concern = Story(cast).concern()
    matters.make(concern, "decline", by=cast.mei, at=AT, reason="not_public", reason_text="私事")
    remind_all(at=AT + 60 * DAY)
    assert not Notice.objects.filter(person=None).exists()
    assert isinstance(cast.lin, Actor) and cast.lin.person is None
    assert Matter.objects.get().author_id is None


def test_the_day_that_a_supervision_named_for_the_next_look_comes_up_until_somebody_looked(
    cast: Cast,
) -> None:
    house = House(cast)
    proposal = house.handed(house.filed())
    look = {"supervision": "inspection", "held_on": ON, "led_by": "", "people": "", "text": "进度偏慢"}
    house.do(proposal, "supervise", house.qing, **look, next_on=ON + 20 * DAY)

    def told(day: date) -> set[str]:
        before = set(Notice.objects.values_list("pk", flat=True))
        remind_all(at=datetime.combine(day, AT.timetz()))
        new = Notice.objects.exclude(pk__in=before).filter(reminding__due_on=ON + 20 * DAY)
        return {notice.person.username for notice in new.select_related("person")}

    days = {n: told(ON + n * DAY) for n in range(11, 29)}
    assert {n: who for n, who in days.items() if who} == {
        13: {"qing"},
        19: {"qing"},
        20: {"qing"},
        21: {"qing", "lu"},
        28: {"qing", "lu"},
    }
    house.later(29)
    house.do(proposal, "supervise", house.qing, **{**look, "held_on": house.on}, next_on=None)
    assert told(ON + 35 * DAY) == set()


def test_a_promise_that_runs_for_years_is_looked_at_each_year_by_the_bodys_own_time(cast: Cast) -> None:
    house = House(cast)
    promise = Matter(
        kind="promise", title="建成停车楼", body=cast.district, owed_by=cast.housing, raised_at=AT
    )
    matters.make(promise, "give", by=cast.bo, at=AT, within=True, due_on=ON + 1200 * DAY)

    def told(day: date) -> set[str]:
        before = set(Notice.objects.values_list("pk", flat=True))
        remind_all(at=datetime.combine(day, AT.timetz()))
        return {one.person.username for one in Notice.objects.exclude(pk__in=before).select_related("person")}

    year = date(ON.year + 1, ON.month, ON.day)
    assert told(year - 20 * DAY) == set()
    assert told(year) == {"qing"}
    house.at += (year - ON) + DAY
    house.do(promise, "look_in", house.qing, seen_on=house.on, text="主体结构已封顶")
    assert told(year + 40 * DAY) == set()
    set_rule(cast.district, "times", {"name": "promise_look", "label": "x", "months": 2}, since=ON)
    assert told(date(year.year, year.month + 2, year.day + 1)) == {"qing"}


def test_how_far_a_promise_is_stands_on_its_page_and_changes_nothing_of_its_day(cast: Cast) -> None:
    house = House(cast)
    promise = Matter(
        kind="promise", title="建成停车楼", body=cast.district, owed_by=cast.housing, raised_at=AT
    )
    matters.make(promise, "give", by=cast.bo, at=AT, within=True, due_on=ON + 1200 * DAY)
    seen = house.do(promise, "look_in", house.qing, seen_on=ON, text="主体结构已封顶")
    assert (seen.state, seen.due_on) == ("given", ON + 1200 * DAY)
    client = Client()
    assert house.qing.person is not None
    client.force_login(house.qing.person)
    page = client.get(reverse("desk_thing", args=["promises", promise.pk])).content.decode()
    assert "主体结构已封顶" in page and "住房和城乡建设局" in page
