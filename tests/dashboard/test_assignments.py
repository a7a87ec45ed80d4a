"""The list of assignments holds what somebody's work is about, and not what the public may read elsewhere."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from camphor.matters.models import Matter
from camphor.people.actor import Actor
from camphor.search.indexing import catch_up

from ..conftest import ON, Cast, person, signed_in
from ..house import House
from ..papers.test_lists import table
from ..story import Story


@pytest.fixture
def story(cast: Cast) -> Story:
    """A recommendation of the hall, which is public, handed to housing and to the power supply."""
    told = Story(cast, at=timezone.now())
    told.whole()
    catch_up()
    return told


def listed(actor: Actor, **asked: str) -> list[str]:
    """Whose assignments the page of the list shows; the file must hold the same."""
    client = signed_in(actor)
    page = client.get(reverse("desk_list", args=["assignments"]), asked)
    shown = sorted(thing.handler.slug for thing, _status, _beside in page.context["rows"])
    filed = table(client, "assignments", **asked)[1:]
    assert len(filed) == len(shown)
    return shown


def test_the_public_assignments_of_another_district_are_not_on_its_clerks_list(
    story: Story, cast: Cast
) -> None:
    public = Matter.objects.get(kind="recommendation")
    page = reverse("desk_thing", args=["recommendations", public.pk])
    assert signed_in(cast.stranger).get(page).status_code == 200
    for asked in ({}, {"q": "电梯"}, {"state": "replied"}, {"state": "overdue"}):
        assert listed(cast.stranger, **asked) == []
    for asked in ({}, {"q": "电梯"}, {"state": "replied"}):
        assert listed(cast.mei, **asked) == ["housing", "power"]
    assert listed(cast.mei, state="overdue") == []


def test_who_works_on_it_together_sees_all_parts_and_the_page_stays_open_to_who_may_see_it(
    story: Story, cast: Cast
) -> None:
    assert listed(cast.bo) == listed(cast.rui) == ["housing", "power"]
    assert listed(cast.yun) == []
    given = Matter.objects.get(kind="recommendation").assignments.first()
    assert given
    address = reverse("desk_thing", args=["assignments", given.pk])
    assert signed_in(cast.stranger).get(address).status_code == 200
    assert Client().get(address).status_code == 302


def test_of_a_task_a_district_lists_its_own_row_and_the_city_lists_all(cast: Cast) -> None:
    house, zhong = House(cast, at=timezone.now()), person("zhong", cast.city, "clerk")
    made = Matter(kind="task", body=cast.city, author=zhong.person, raised_at=house.at)
    task = house.open(made, "draft", zhong, title="报送运行情况", text="请报送。")
    districts = [cast.district, cast.stranger.memberships(ON)[0].body]
    day = timezone.localdate() + timedelta(days=20)
    house.do(task, "assign", zhong, guided=districts, lead_due_on=day)
    assert listed(house.qing) == ["district"]
    assert listed(cast.stranger) == ["other"]
    assert listed(zhong) == ["district", "other"]
