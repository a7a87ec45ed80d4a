"""What the texts of the demo city say of days, its fields say as well, on whichever day it is built."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from camphor.activities.models import Activity, Point
from camphor.consultations.models import Consultation
from camphor.conversations.models import Statement
from camphor.demo import city
from camphor.demo.cases import CASES, LIFT
from camphor.matters.models import Assignment, Contact, Item, Matter, Reply
from camphor.trail.history import entries_of
from camphor.trail.models import Entry

A_DAY = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日")
N = "[0-9一二两三四五六七八九十半]+"
IN_TIME = re.compile(
    rf"{N}个?(?:工作日|小时|分钟|天|周|月|年)(?:内|以内|之内|前|后)"
    r"|(?:本|今|下|上|当|次|去|明)(?:月|周|年|年度|季度)(?:底|初|末|内|前|中)?|月底|月初|年底|年初|季度末"
)
"""A span of time that is counted from some day, or a day that only a calendar tells."""
COUNTED = re.compile(r"(\d+) ?[个名家盏条处]([\u4e00-\u9fff]{2,4})")
TOLD = {
    "两周内": "the measurements were published before the answer, see below",
    "三个月内": "the shed, see below",
    "去年": "a resident tells what was before",
    "上周": "a resident tells what was before",
    "本年": "the title of a task that names the year in which it is given",
}
"""Every such span that is left in the texts, and why it is right: whoever writes another checks it."""
BUILT = datetime(2027, 1, 3, 2, tzinfo=UTC)
"""In the first days of a year, when what was «this year» is another one."""


pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The city, built once for all that is looked at in it, and taken away again."""
    with django_db_blocker.unblock(), transaction.atomic():
        city.build(at=BUILT)
        yield
        transaction.set_rollback(True)


def texts() -> Iterator[tuple[Any, str]]:
    """Every text of the city with the thing that it is about."""
    for matter in Matter.objects.all():
        yield from ((matter, text) for text in (matter.title, matter.text, matter.public_text))
    for item in Item.objects.select_related("matter"):
        yield item.matter, item.text
    for reply in Reply.objects.select_related("assignment__matter"):
        yield reply.assignment.matter, reply.text
    for contact in Contact.objects.select_related("matter"):
        yield contact.matter, contact.text
    for model in (Consultation, Activity):
        for planned in model._default_manager.all():
            yield from ((planned, getattr(planned, name, "")) for name in ("title", "text"))
    yield from ((one, one.text) for one in Point.objects.all())
    yield from ((one, one.text) for one in Statement.objects.all())
    for entry in Entry.objects.all():
        thing = entry.subject.matter if isinstance(entry.subject, Assignment) else entry.subject
        yield from (
            (thing, str(entry.given[name])) for name in ("text", "reason_text") if name in entry.given
        )


def days_of(thing: Any) -> set[date | None]:
    """Every day that the fields of a matter hold: its own, those of its units, and those of its promises."""
    days = {thing.due_on}
    for one in thing.assignments.all():
        days |= {one.due_on, one.answer_by}
    for reply in Reply.objects.filter(assignment__matter=thing).exclude(promise=None):
        days.add(reply.promise.due_on if reply.promise else None)
    return days


def test_a_day_that_a_text_names_is_one_that_its_matter_holds(built: None) -> None:
    named = 0
    for thing, text in texts():
        for year, month, day in A_DAY.findall(text):
            held = days_of(thing)
            assert any(
                one and (one.month, one.day) == (int(month), int(day)) and year in ("", str(one.year))
                for one in held
            ), f"{text}: {held}"
            named += 1
    assert named >= 3  # the task, the finding and the marking of the fire lane


def test_every_other_span_of_time_in_a_text_was_looked_at(built: None) -> None:
    found = {span: text for _thing, text in texts() for span in IN_TIME.findall(text)}
    assert {span: text for span, text in found.items() if span not in TOLD} == {}


def test_the_shed_was_promised_for_the_day_that_was_said_at_the_table(built: None) -> None:
    said = Point.objects.get(text__contains="三个月内建成").activity
    promise = Matter.objects.get(kind="promise", title__contains="充电棚")
    due = entries_of(promise).filter(move="show")[0].was_due_on
    assert due is not None
    spent = due - timezone.localdate(said.starts_at)
    assert timedelta(days=88) <= spent <= timedelta(days=93)


def test_the_measurements_were_published_within_the_two_weeks_that_were_said(built: None) -> None:
    said = Point.objects.get(text__contains="两周内公布").activity
    answer = Reply.objects.get(text__contains="实测数据已在社区公示栏公布")
    assert timezone.localdate(answer.at) >= timezone.localdate(said.starts_at) + timedelta(weeks=2)


def test_a_number_of_things_that_a_case_names_twice_is_the_same() -> None:
    for case in (LIFT, *CASES):
        said = [case.title, case.text, case.told, *case.items, *(text for _kind, _part, text in case.points)]
        said += [text for reply in case.replies for text in (reply.text, reply.promise)]
        counted: dict[str, set[str]] = {}
        for text in said:
            for number, thing in COUNTED.findall(text):
                counted.setdefault(thing, set()).add(number)
        assert all(len(numbers) == 1 for numbers in counted.values()), counted
