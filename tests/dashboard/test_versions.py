"""Old tabs, two people at once, double clicks and replayed forms: one effect, and nothing typed is lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from camphor.matters.models import Contact, Matter, Rating
from camphor.trail.models import Entry

from ..conftest import Cast, person, signed_in
from ..house import House, again


@pytest.fixture
def house(cast: Cast) -> House:
    return House(cast)


def version(client: Client, address: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', client.get(address).content.decode())
    assert found
    return found[1]


def draft_form(**more: Any) -> dict[str, Any]:
    return {
        "form": "member", "title": "停车难", "text": "夜间停车难", "items": "公布车位\n划线",
        "category": "city", "fact_researched": "走访", **more,
    }  # fmt: skip


def finding(house: House) -> Matter:
    return house.begin("finding", "draft", house.qing, title="盲道", text="旧", items=["清理"], facts={})


def finding_form(text: str) -> dict[str, str]:
    return {"title": "盲道", "text": text, "items": "清理", "fact_manner": "topic"}


def test_two_clerks_who_edit_one_draft_never_overwrite_each_other_in_silence(house: House) -> None:
    """A9: the second sees both texts, and writes over the first only on purpose."""
    other = person("ning", house.cast.district, "clerk")
    matter = finding(house)
    address = reverse("desk_move", args=["findings", matter.pk, "edit"])
    first, second = signed_in(house.qing), signed_in(other)
    seen = version(first, address)
    assert version(second, address) == seen
    assert first.post(address, finding_form("第一人写的") | {"version": seen}).status_code == 302
    refused = second.post(address, finding_form("第二人写的") | {"version": seen})
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "第一人写的" in page and "第二人写的" in page
    assert again(matter).text == "第一人写的"
    renewed = re.search(r'name="version" value="(\d+)"', page)
    assert renewed and int(renewed[1]) == int(seen) + 1
    assert second.post(address, finding_form("第二人写的") | {"version": renewed[1]}).status_code == 302
    assert again(matter).text == "第二人写的"


def test_an_old_tab_gets_its_text_back_when_the_move_is_over(house: House) -> None:
    other = person("ning", house.cast.district, "clerk")
    proposal = house.draft()
    house.do(proposal, "submit", house.yun)
    address = reverse("desk_move", args=["proposals", proposal.pk, "return"])
    old = signed_in(other)
    seen = version(old, address)
    house.do(proposal, "pass", house.qing, category="city", remark="")
    house.do(proposal, "file", house.qing)
    refused = old.post(address, {"reason_text": "请写明小区名称和车位数", "version": seen})
    assert refused.status_code == 409
    assert "请写明小区名称和车位数" in refused.content.decode()
    assert again(proposal).state == "filed"


def test_one_person_with_two_tabs_gets_back_what_the_second_says(house: House) -> None:
    matter = finding(house)
    address = reverse("desk_move", args=["findings", matter.pk, "edit"])
    clerk = signed_in(house.qing)
    seen = version(clerk, address)
    for _twice in range(2):  # the same words twice are a double click, and no conflict
        assert clerk.post(address, finding_form("第一个标签页") | {"version": seen}).status_code == 302
    refused = clerk.post(address, finding_form("第二个标签页") | {"version": seen})
    assert refused.status_code == 409
    assert "第二个标签页" in refused.content.decode()
    assert again(matter).text == "第一个标签页"


def test_a_numbered_list_that_is_pasted_and_sent_twice_is_no_conflict(house: House) -> None:
    proposal = house.draft()
    address = reverse("desk_move", args=["proposals", proposal.pk, "edit"])
    client = signed_in(house.yun)
    form = draft_form(items="1. 公布车位\n2. 划线", version=version(client, address))
    assert client.post(address, form).status_code == 302
    told = client.post(address, form, follow=True)
    assert told.status_code == 200 and "未作任何改动" in told.content.decode()
    other = client.post(address, form | {"items": "1. 公布车位\n2. 拆除地锁"})
    assert other.status_code == 409 and "拆除地锁" in other.content.decode()


def test_it_is_commended_once_and_the_commendation_can_be_taken_back(house: House) -> None:
    closed = house.rate(house.answered(house.filed()), house.yun, "satisfied")
    client = signed_in(house.qing)
    page, address = (
        reverse("desk_thing", args=["proposals", closed.pk]),
        reverse("desk_move", args=["proposals", closed.pk, "commend"]),
    )
    offered = f'href="{address}"'
    assert offered in client.get(page).content.decode()
    form = {"remark": "选题好", "version": version(client, address)}
    assert client.post(address, form).status_code == 302
    assert again(closed).is_outstanding and offered not in client.get(page).content.decode()
    assert "未作任何改动" in client.post(address, form, follow=True).content.decode()
    entry = Entry.objects.get(move="commend")
    assert client.post(reverse("desk_undo", args=["proposals", closed.pk, entry.pk])).status_code == 302
    assert not again(closed).is_outstanding and offered in client.get(page).content.decode()


def test_a_double_click_records_one_contact(house: House, cast: Cast) -> None:
    handed = house.handed(house.filed(), mode="sole", assisting=())
    house.do(house.lead(handed), "receive", cast.bo)
    address = reverse("desk_move", args=["assignments", house.lead(handed).pk, "contact"])
    client = signed_in(cast.bo)
    form = {"phase": "before", "way": "phone", "held_on": "2026-09-07", "people": "", "text": "通话"}
    form["version"] = version(client, address)
    first, second = client.post(address, form), client.post(address, form, follow=True)
    assert (first.status_code, second.status_code) == (302, 200)
    assert "未作任何改动" in second.content.decode()
    assert Contact.objects.count() == 1


def test_a_replayed_rating_counts_once(house: House) -> None:
    proposal = house.draft(form="joint")
    house.do(proposal, "invite", house.yun, invited=[house.an.person], confirm_by=house.on)
    house.do(house.backing(proposal, house.an), "confirm", house.an)
    house.do(proposal, "submit", house.yun)
    house.do(proposal, "pass", house.qing, category="city", remark="")
    answered = house.answered(house.do(proposal, "file", house.qing))
    address = reverse("desk_move", args=["proposals", answered.pk, "rate"])
    client = signed_in(house.yun)
    form = {"handling": "satisfied", "score": "mostly", "remark": "", "version": version(client, address)}
    for _send in range(2):
        assert client.post(address, form, follow=True).status_code == 200
    assert Rating.objects.count() == 1


def test_a_member_writes_invites_and_submits_from_the_desk_and_one_form_makes_one_proposal(
    house: House, cast: Cast
) -> None:
    yun, an = signed_in(house.yun), signed_in(house.an)
    assert (
        reverse("desk_begin", args=["proposals"])
        in yun.get(reverse("desk_list", args=["proposals"])).content.decode()
    )
    begin = reverse("desk_begin", args=["proposals"])
    ticket = re.search(r'name="ticket" value="(\w+)"', yun.get(begin).content.decode())
    assert ticket
    for _send in range(2):
        assert yun.post(begin, draft_form(ticket=ticket[1]), follow=True).status_code == 200
    proposal = Matter.objects.get()
    assert [item.text for item in proposal.items.all()] == ["公布车位", "划线"]
    assert proposal.facts["researched"] == "走访"
    invite = reverse("desk_move", args=["proposals", proposal.pk, "invite"])
    by_when = yun.get(invite).context["form"]["confirm_by"].initial
    assert yun.post(invite, {"invited": [house.an.person.pk], "confirm_by": by_when}).status_code == 302  # type: ignore[union-attr]
    backing = house.backing(proposal, house.an)
    page = an.get(reverse("desk_thing", args=["backings", backing.pk]))
    assert "夜间停车难" in page.content.decode()
    assert an.post(reverse("desk_move", args=["backings", backing.pk, "confirm"])).status_code == 302
    assert yun.post(reverse("desk_move", args=["proposals", proposal.pk, "submit"])).status_code == 302
    assert again(proposal).state == "submitted"
    assert Entry.objects.filter(move="draft").count() == 1


def test_what_is_missing_on_a_new_form_is_said_and_the_rest_stays(house: House) -> None:
    client = signed_in(house.yun)
    sent = client.post(reverse("desk_begin", args=["proposals"]), draft_form(title=""))
    assert sent.status_code == 422 and "夜间停车难" in sent.content.decode()
    assert not Matter.objects.exists()


def test_trade_secrets_are_shown_to_the_unit_and_not_to_the_clerk(house: House, cast: Cast) -> None:
    request = house.begin(
        "request", "raise", house.qing, title="续贷", text="融资", items=["续贷"], secret="年亏损三百万元",
        facts={"enterprise": "某公司"},
    )  # fmt: skip
    house.do(request, "assign", house.qing, lead=cast.housing)
    lead = reverse("desk_thing", args=["assignments", house.lead(request).pk])
    assert "三百万" in signed_in(cast.bo).get(lead).content.decode()
    for who in (house.qing, house.lu):
        assert "三百万" not in signed_in(who).get(lead).content.decode()
        own = reverse("desk_thing", args=["requests", request.pk])
        assert "三百万" not in signed_in(who).get(own).content.decode()


def test_an_instruction_opens_for_named_people_and_every_opening_is_logged(house: House) -> None:
    report = house.begin("opinion", "draft", house.yun, title="骑手停车", text="占道", facts={})
    house.do(report, "submit", house.yun)
    for move, given in (("take", {}), ("proof", {}), ("sign", {"signed_by": "主席"})):
        house.do(report, move, house.qing, **given)
    house.do(report, "dispatch", house.qing, destination="leadership", to_whom="", held_on=house.on)
    house.do(
        report, "instruct", house.qing, led_by="分管领导", held_on=house.on, instruction="请城管局研究",
        readers=[house.lu.person],
    )  # fmt: skip
    kept = report.instructions.get()
    address = reverse("read_instruction", args=[kept.pk])
    assert signed_in(house.yun).get(address).status_code == 404
    assert signed_in(house.auditor).post(address).status_code == 403
    leader = signed_in(house.lu)
    assert "请城管局研究" not in leader.get(address).content.decode()
    assert "请城管局研究" in leader.post(address).content.decode()
    assert Entry.objects.filter(move="read", by=house.lu.person).count() == 1
    log = signed_in(house.auditor).get(reverse("desk_thing", args=["instructions", kept.pk])).content.decode()
    assert "Lu" in log and "请城管局研究" not in log


@pytest.mark.parametrize("who", ["yun", "qing", "lu"])
def test_every_page_of_a_proposal_opens_with_all_its_buttons(house: House, cast: Cast, who: str) -> None:
    answered = house.answered(house.filed())
    client = signed_in(getattr(house, who))
    for noun, thing in (("proposals", answered), ("assignments", house.lead(answered))):
        page = client.get(reverse("desk_thing", args=[noun, thing.pk]))
        assert page.status_code == 200
        for move, _missing in page.context["moves"]:
            form = client.get(reverse("desk_move", args=[noun, thing.pk, move.name]))
            assert form.status_code == 200, move.name


def test_the_public_reads_what_was_decided_and_no_name_or_number_besides(house: House) -> None:
    closed = house.rate(house.answered(house.filed("Yun 关于停车的提案")), house.yun, "satisfied")
    lead = house.lead(closed)
    address = reverse("proposal", args=[closed.pk])
    assert Client().get(address).status_code == 404
    told = "Yun 说停车难，电话13812345678"
    house.do(closed, "disclose", house.qing, openness="summary", reason_open="", public_text=told)
    assert "已公布 320" not in Client().get(address).content.decode()
    house.do(lead, "disclose", house.qing, openness="none", reason_open="涉及施工安全", public_text="")
    page = Client().get(address).content.decode()
    assert "涉及施工安全" in page and "停车难" in page
    assert "Yun" not in page and "138" not in page and "0571" not in page
    assert closed.number in Client().get(reverse("proposals")).content.decode()
