"""The pages of a proposal: what may be left open, what is said where, and what is not passed over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from camphor.matters.models import Matter

from ..conftest import Cast
from ..house import House, again


@pytest.fixture
def house(cast: Cast) -> House:
    return House(cast)


def test_suggestions_are_plain_words(house: House, cast: Cast, client: Client) -> None:
    client.force_login(cast.yun.person)  # type: ignore[arg-type]
    sent = {"form": "member", "title": "停车难", "text": "一", "items": "<script>alert(1)</script>划线"}
    begin = reverse("desk_begin", args=["proposals"])
    answer = client.post(begin, sent, headers={"accept-language": "zh-hans"})
    assert answer.status_code == 422
    assert "建议，每行一条：请用普通文字书写" in answer.content.decode()
    assert not Matter.objects.exists()


def test_an_unfinished_draft_is_kept_and_what_it_lacks_is_said_when_it_is_submitted(
    house: House, cast: Cast, client: Client
) -> None:
    client.force_login(cast.yun.person)  # type: ignore[arg-type]
    begin = reverse("desk_begin", args=["proposals"])
    client.post(begin, {"form": "member", "title": "停车难", "text": "", "items": ""})
    draft = Matter.objects.get()
    submit = reverse("desk_move", args=["proposals", draft.pk, "submit"])
    page = client.post(submit, headers={"accept-language": "zh-hans"})
    assert "还需：正文、至少一条" in page.content.decode()
    assert again(draft).state == "draft"


def test_a_returned_proposal_is_not_emptied(house: House, cast: Cast, client: Client) -> None:
    proposal = house.draft()
    house.do(proposal, "submit", house.yun)
    house.do(proposal, "return", house.qing, reason_text="请补充数据")
    client.force_login(cast.yun.person)  # type: ignore[arg-type]
    edit = reverse("desk_move", args=["proposals", proposal.pk, "edit"])
    answer = client.post(edit, {"form": "member", "title": "停车难", "text": "", "items": ""})
    assert answer.status_code == 422


def test_several_units_are_more_than_one(house: House) -> None:
    with pytest.raises(ValueError, match="分办"):
        house.handed(house.filed(), mode="separate", assisting=())


def test_no_ground_of_refusal_is_chosen_beforehand(house: House, client: Client) -> None:
    proposal = house.draft()
    house.do(proposal, "submit", house.yun)
    house.do(proposal, "pass", house.qing, category="city", remark="")
    client.force_login(house.qing.person)  # type: ignore[arg-type]
    refuse = reverse("desk_move", args=["proposals", proposal.pk, "refuse"])
    assert client.post(refuse, {"refusal": "", "reason_text": "不成立"}).status_code == 422
    assert '<option value="" selected>' in client.get(refuse).content.decode()


def test_the_whole_text_is_not_published_as_a_summary(house: House, client: Client) -> None:
    filed = house.filed()
    client.force_login(house.qing.person)  # type: ignore[arg-type]
    disclose = reverse("desk_move", args=["proposals", filed.pk, "disclose"])
    text = client.get(disclose).context["form"]["public_text"].value()
    sent = {"openness": "summary", "reason_open": "", "public_text": text}
    assert client.post(disclose, sent).status_code == 422
    assert client.post(disclose, sent | {"public_text": "建议破解停车难"}).status_code == 302


def test_who_signs_an_answer_has_it_before_him(house: House, client: Client) -> None:
    handed = house.handed(house.filed(), mode="sole", assisting=())
    house.do(house.lead(handed), "receive", house.cast.bo)
    house.draft_answer(handed)
    client.force_login(house.chief.person)  # type: ignore[arg-type]
    sign = reverse("desk_move", args=["assignments", house.lead(handed).pk, "sign"])
    assert "已公布 320 个共享车位" in client.get(sign).content.decode()


def test_the_day_for_which_more_time_is_asked_stands_before_the_one_who_decides(
    house: House, client: Client
) -> None:
    lead = house.lead(house.handed(house.filed(), mode="sole", assisting=()))
    house.do(lead, "receive", house.cast.bo)
    until = house.lead(lead.matter).answer_by
    assert until
    until += timedelta(days=20)
    house.do(lead, "ask_time", house.cast.bo, until=until, reason_text="需踏勘")
    client.force_login(house.qing.person)  # type: ignore[arg-type]
    page = client.get(reverse("desk_thing", args=["assignments", lead.pk]))
    assert until.isoformat() in page.content.decode()


def test_what_became_of_a_proposal_is_told_in_its_own_words(house: House, client: Client) -> None:
    proposal = house.draft()
    house.do(proposal, "submit", house.yun)
    house.do(proposal, "pass", house.qing, category="city", remark="")
    house.do(proposal, "offer", house.qing, reason_text="更适合作为信息报送")
    house.do(proposal, "consent", house.yun)
    client.force_login(house.qing.person)  # type: ignore[arg-type]
    desk = client.get(reverse("desk"), headers={"accept-language": "zh-hans"}).content.decode()
    assert "接收移交的工作" not in desk  # that is said of a colleague's work


def test_an_answer_of_which_nothing_is_decided_is_not_passed_over_in_public(
    house: House, client: Client
) -> None:
    proposal = house.answered(house.filed())
    house.do(proposal, "disclose", house.qing, openness="full", reason_open="", public_text="停车难")
    page = client.get(reverse("proposal", args=[proposal.pk]), headers={"accept-language": "zh-hans"})
    assert "公开内容尚未确定" in page.content.decode()


def test_who_is_not_content_is_led_to_the_field_for_the_reason(house: House, client: Client) -> None:
    proposal = house.answered(house.filed())
    client.force_login(house.yun.person)  # type: ignore[arg-type]
    rate = reverse("desk_move", args=["proposals", proposal.pk, "rate"])
    answer = client.post(rate, {"handling": "satisfied", "score": "dissatisfied", "remark": ""})
    assert answer.status_code == 422
    assert answer.context["form"].errors["remark"]


def test_why_the_office_asks_for_another_answer_stands_above_its_form(house: House, client: Client) -> None:
    proposal = house.answered(house.filed())
    house.rate(proposal, house.yun, "satisfied")
    house.do(proposal, "insist", house.qing, seen_on=house.on, reason_text="标线只划了一半")
    client.force_login(house.cast.bo.person)  # type: ignore[arg-type]
    form = reverse("desk_move", args=["assignments", house.lead(proposal).pk, "draft_reply"])
    assert "标线只划了一半" in client.get(form).content.decode()


@pytest.mark.parametrize("move", ["pass", "return"])
def test_who_reviews_a_proposal_has_it_before_him(house: House, client: Client, move: str) -> None:
    proposal = house.draft()
    house.do(proposal, "submit", house.yun)
    client.force_login(house.qing.person)  # type: ignore[arg-type]
    page = client.get(reverse("desk_move", args=["proposals", proposal.pk, move])).content.decode()
    assert proposal.text in page and "公布夜间停车的共享车位" in page


def test_who_rates_an_answer_has_it_before_him(house: House, client: Client) -> None:
    proposal = house.answered(house.filed())
    client.force_login(house.yun.person)  # type: ignore[arg-type]
    page = client.get(reverse("desk_move", args=["proposals", proposal.pk, "rate"])).content.decode()
    assert "已公布 320 个共享车位" in page


def test_the_page_tells_who_signed_and_when(house: House, client: Client) -> None:
    proposal = house.joint()
    client.force_login(house.qing.person)  # type: ignore[arg-type]
    page = client.get(reverse("desk_thing", args=["proposals", proposal.pk]))
    ((backing, _status, at),) = page.context["backings"]
    assert backing.person == house.an.person
    assert at is not None


def test_who_decides_on_an_objection_reads_its_reason_above_the_form(house: House, client: Client) -> None:
    lead = house.lead(house.handed(house.filed(), mode="sole", assisting=()))
    house.do(lead, "object", house.cast.bo, reason_text="停车由城管部门负责")
    client.force_login(house.qing.person)  # type: ignore[arg-type]
    for move in ("uphold", "release"):
        page = client.get(reverse("desk_move", args=["assignments", lead.pk, move]))
        assert "停车由城管部门负责" in page.content.decode()
