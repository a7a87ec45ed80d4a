"""What an auditor reads: who did what in the name of his body, and nothing of what was written."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from camphor.matters.models import Matter
from camphor.people.actor import Actor
from camphor.people.models import Membership
from camphor.trail.models import Entry

from ..conftest import Cast, person, signed_in
from ..house import House

SAID = "请写明涉及的三户人家"


@pytest.fixture
def house(cast: Cast) -> House:
    return House(cast)


@pytest.fixture
def returned(house: House) -> Matter:
    """A proposal that the clerk sent back with words of her own."""
    proposal = house.do(house.draft(), "submit", house.yun)
    return house.do(proposal, "return", house.qing, reason_text=SAID)


def page(actor: Actor, language: str = "zh-hans", **asked: str) -> str:
    answer = signed_in(actor, language).get(reverse("audit"), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_auditor_reads_who_did_what_and_not_what_was_written(house: House, returned: Matter) -> None:
    shown = page(house.auditor)
    assert "Qing · 余杭区政协" in shown and "退回" in shown
    assert f"提案 流水号 {returned.pk}" in shown
    assert SAID not in shown and returned.title not in shown and returned.text not in shown
    assert f"Proposal serial no. {returned.pk}" in page(house.auditor, "en")
    filed = house.filed("另一件", by=house.an)
    assert f"提案 {filed.number}" in page(house.auditor)


def test_what_was_written_stays_closed_to_him(house: House, returned: Matter) -> None:
    shen = signed_in(house.auditor)
    assert shen.get(reverse("desk_thing", args=["proposals", returned.pk])).status_code == 404
    assert shen.post(reverse("audit"), {}).status_code == 405


def test_he_reads_of_his_own_body_alone(house: House, cast: Cast, returned: Matter) -> None:
    city = person("wei", cast.city, "auditor")
    assert "Qing" not in page(city)  # guided by the city, and not a part of it
    other = person("xu", cast.stranger.memberships(house.on)[0].body, "auditor")
    assert "Qing" not in page(other)
    hall = person("luo", cast.hall, "auditor")
    assert "Qing" not in page(hall)


def test_nobody_else_reads_it_and_he_no_longer_when_his_time_is_over(house: House, returned: Matter) -> None:
    for who in (house.yun, house.qing, house.lu, house.cast.bo):
        assert signed_in(who).get(reverse("audit")).status_code == 403
        assert reverse("audit") not in signed_in(who).get(reverse("desk")).content.decode()
    assert Client().get(reverse("audit")).status_code == 302
    assert reverse("audit") in signed_in(house.auditor).get(reverse("desk")).content.decode()
    Membership.objects.filter(person=house.auditor.person).update(until=timezone.localdate())
    assert signed_in(house.auditor).get(reverse("audit")).status_code in (302, 403)


def test_it_is_narrowed_by_name_and_day(house: House, returned: Matter) -> None:
    house.later(1)
    house.do(returned, "withdraw", house.yun, reason_text="不提了")
    house.filed("另一件", by=house.an)
    assert "退回" in page(house.auditor, name="qing") and "Nothing" not in page(house.auditor)
    assert "没有找到" in page(house.auditor, name="nobody")
    first = timezone.localdate(returned.raised_at)
    assert "已立案" not in page(house.auditor, on=first.isoformat())
    assert "已立案" in page(house.auditor, on=(first + timedelta(days=1)).isoformat())


def test_what_was_written_down_later_says_so(house: House, returned: Matter) -> None:
    entry = Entry.objects.filter(move="return").get()
    assert timezone.localdate(entry.recorded_at) != timezone.localdate(entry.at)
    assert f"{timezone.localdate(entry.recorded_at):%Y-%m-%d}" in page(house.auditor)


def test_an_auditors_desk_tells_the_latest_deeds_and_names_no_list_in_which_he_finds_nothing(
    house: House, returned: Matter
) -> None:
    shown = signed_in(house.auditor).get(reverse("desk")).content.decode()
    assert f"提案 流水号 {returned.pk}" in shown and SAID not in shown
    lists = [reverse("desk_list", args=[name]) for name in ("proposals", "opinions", "tasks", "backings")]
    assert not any(one in shown for one in lists)
    assert reverse("desk_list", args=["instructions"]) in shown
    yun = signed_in(house.yun).get(reverse("desk")).content.decode()
    assert "流水号" not in yun and lists[0] in yun and lists[3] in yun and lists[2] not in yun
    assert reverse("desk_list", args=["instructions"]) not in yun
