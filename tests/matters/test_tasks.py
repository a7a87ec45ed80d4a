"""Tasks from the city to its districts: the city sets the day, and all who are concerned see it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from camphor.bodies.actions import set_rule
from camphor.bodies.models import Body
from camphor.bodies.rulebook import deadline
from camphor.dashboard.reminding import remind_all
from camphor.engine.flow import NotPossible
from camphor.matters.models import Matter
from camphor.people.actor import Actor
from camphor.trail.models import Notice

from ..conftest import AT, ON, SINCE, Cast, person, signed_in
from ..house import House, again


@pytest.fixture
def house(cast: Cast) -> House:
    return House(cast)


@pytest.fixture
def zhong(cast: Cast) -> Actor:
    return person("zhong", cast.city, "clerk")


@pytest.fixture
def task(house: House, cast: Cast, zhong: Actor) -> Matter:
    made = Matter(kind="task", body=cast.city, author=zhong.person, raised_at=house.at)
    return house.open(made, "draft", zhong, title="报送运行情况", text="月底前报送。")


def handed_down(house: House, task: Matter, zhong: Actor, district: Body, days: int = 20) -> Matter:
    return house.do(task, "assign", zhong, guided=[district], lead_due_on=ON + timedelta(days=days))


def test_the_day_of_a_task_is_the_citys_own_and_begins_with_the_local_rule(
    task: Matter, cast: Cast, zhong: Actor
) -> None:
    row = {"name": "task_done", "label": "Completion of a task", "days": 10}
    set_rule(cast.city, "times", row, since=SINCE)
    address = reverse("desk_move", args=["tasks", task.pk, "assign"])
    client = signed_in(zhong)
    with time_machine.travel(AT, tick=False):
        field = client.get(address).context["form"]["lead_due_on"]
        assert field.initial == deadline("task_done", cast.city, on=ON) == ON + timedelta(days=10)
        assert field.label == "完成期限"
        given = {"guided": [cast.district.pk], "version": task.version}
        late = client.post(address, {**given, "lead_due_on": (ON - timedelta(days=1)).isoformat()})
        assert late.status_code == 422
        assert late.context["form"].errors["lead_due_on"] == ["该日期已过。"]
        assert client.post(address, {**given, "lead_due_on": "2026-09-16"}).status_code == 302
    made = again(task)
    assert str(made.due_on) == str(made.assignments.get().due_on) == "2026-09-16"


def test_the_district_sees_the_day_and_is_reminded_of_it(
    house: House, task: Matter, cast: Cast, zhong: Actor
) -> None:
    task = handed_down(house, task, zhong, cast.district)
    part = task.assignments.get()
    with time_machine.travel(AT, tick=False):
        page = signed_in(house.qing).get(reverse("desk_thing", args=["assignments", part.pk]))
    assert "2026-09-27" in page.content.decode()
    assert remind_all(at=house.later(20)) == {"on_the_day": 1}
    assert Notice.objects.filter(person=house.qing.person, reminding__due_on=ON + timedelta(days=20)).exists()


def test_once_the_day_has_passed_the_city_is_asked_and_can_close_it(
    house: House, task: Matter, cast: Cast, zhong: Actor
) -> None:
    task = handed_down(house, task, zhong, cast.district)
    with pytest.raises(NotPossible):
        house.do(task, "close_early", zhong, reason_text="其余单位另行督促")
    remind_all(at=house.later(21))
    assert Notice.objects.filter(person=zhong.person, reminding__subject_id=task.pk).exists()
    assert house.do(task, "close_early", zhong, reason_text="其余单位另行督促").state == "closed"


def test_a_task_given_back_runs_until_the_day_that_its_district_has(
    house: House, task: Matter, cast: Cast, zhong: Actor
) -> None:
    task = handed_down(house, task, zhong, cast.district)
    part = house.do(task.assignments.get(), "complete", house.qing, text="已报送", photo=None)
    house.later(25)
    part = house.do(part, "give_back", zhong, reason_text="请补充人数")
    assert again(task).state == "assigned"
    assert part.due_on is not None and part.due_on > house.on
    assert again(task).due_on == part.due_on
