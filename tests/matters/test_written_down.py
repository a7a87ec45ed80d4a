"""What a clerk writes down for others: a member's proposal from paper, and an enterprise's request."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from camphor.engine.flow import Lacking, NotPossible
from camphor.matters.answering import Answer
from camphor.matters.models import Matter, Rating
from camphor.people.actor import Actor, digest
from camphor.trail.models import Entry, Notice

from ..conftest import ON, Cast, signed_in
from ..house import ITEMS, House, again
from ..matters.test_evidence import PLAIN_PDF


@pytest.fixture
def house(cast: Cast) -> House:
    cache.clear()
    return House(cast)


def on_paper(house: House, **more: Any) -> Matter:
    """Qing writes down what Yun has handed in on paper."""
    given: dict[str, Any] = {
        "form": "member", "title": "关于增设夜间车位的提案", "text": "夜间停车难。", "items": ITEMS,
        "category": "city", "sponsor": None, "facts": {}, "scan": PLAIN_PDF,
        "on_behalf_of": house.yun.person,
    }  # fmt: skip
    return house.begin("proposal", "record", house.qing, **(given | more))


def test_a_proposal_from_paper_counts_only_when_its_proposer_confirms_it_in_person(house: House) -> None:
    recorded = on_paper(house)
    assert recorded.author == house.yun.person
    assert (recorded.state, recorded.due_on) == ("recorded", ON + timedelta(days=7))  # five working days
    assert Notice.objects.filter(person=house.yun.person, entry__move="record").exists()
    for other in (house.qing, house.an):
        with pytest.raises(PermissionDenied):
            house.do(recorded, "own", other)
    submitted = house.do(recorded, "own", house.yun)
    assert (submitted.state, submitted.occasion) == ("submitted", "plenary")
    assert house.do(submitted, "pass", house.qing, category="city", remark="").state == "reviewed"


def test_a_proposal_from_paper_that_nobody_owns_by_its_day_is_closed_and_not_before(house: House) -> None:
    recorded = on_paper(house)
    with pytest.raises(NotPossible):
        house.do(recorded, "lapse", house.qing, reason_text="未确认")
    house.later(8)
    assert house.do(recorded, "lapse", house.qing, reason_text="逾期未确认").state == "withdrawn"
    with pytest.raises(NotPossible):
        house.do(recorded, "own", house.yun)


def test_a_proposer_disowns_what_is_not_his_or_takes_it_into_his_drafts(house: House) -> None:
    assert house.do(on_paper(house), "disown", house.yun, reason_text="不是我写的").state == "withdrawn"
    taken = house.do(on_paper(house), "take_home", house.yun)
    assert taken.state == "draft"
    assert taken not in Matter.objects.visible_to(house.qing, on=ON)


def test_a_joint_proposal_from_paper_still_needs_the_others_to_sign_in_person(house: House) -> None:
    recorded = on_paper(house, form="joint")
    with pytest.raises(Lacking, match="co_signed"):
        house.do(recorded, "own", house.yun)


def test_the_paper_of_a_committees_proposal_is_its_sealed_sheet(house: House) -> None:
    recorded = on_paper(house, form="committee", sponsor=house.sponsor("committee"))
    assert house.do(recorded, "own", house.yun).state == "submitted"
    with pytest.raises(ValueError):
        on_paper(house, scan=None)


def test_a_clerk_enters_a_proposal_at_her_desk_and_a_member_writes_his_own(house: House) -> None:
    page = reverse("desk_begin", args=["proposals"])
    assert "on_behalf_of" in signed_in(house.qing).get(page).content.decode()
    assert "on_behalf_of" not in signed_in(house.yun).get(page).content.decode()


def asked(house: House) -> tuple[Matter, str]:
    """A request that Qing wrote down at the dialogue, and the code that she handed to the enterprise."""
    request = house.begin(
        "request", "raise", house.qing, title="续贷困难", text="融资难", items=["续贷"],
        secret="年亏损三百万元", facts={"enterprise": "某公司"},
    )  # fmt: skip
    page = reverse("desk_move", args=["requests", request.pk, "give_code"])
    desk = signed_in(house.qing)
    code = desk.get(page).context["form"]["code"].value()
    assert desk.post(page, {"code": code}).status_code == 302
    return again(request), code


def answered(house: House, cast: Cast, request: Matter, said: str) -> None:
    if request.state == "raised":
        house.do(request, "assign", house.qing, lead=cast.housing)
        house.do(house.lead(request), "first_contact", cast.bo, way="phone", held_on=ON, people="", text="")
    answers = [Answer(request.items.get(), said, "A")]
    house.do(house.lead(request), "reply", cast.bo, answers=answers, contact="柏然 0571-88880000")


def test_an_enterprise_reads_its_answer_behind_its_code_and_rates_it_there(house: House, cast: Cast) -> None:
    request, code = asked(house)
    assert code not in str(list(Entry.objects.values_list("given", flat=True)))
    answered(house, cast, request, "已协调银行续贷")
    phone = Client()
    page = phone.post(reverse("code"), {"code": code}).headers["Location"]
    shown = phone.get(page).content.decode()
    assert "已协调银行续贷" in shown
    for hidden in ("三百万", "88880000", "柏然"):
        assert hidden not in shown
    assert phone.post(page, {"handling": "satisfied", "score": "dissatisfied"}).status_code == 422
    given = {"handling": "satisfied", "score": "dissatisfied", "remark": "额度不够"}
    assert phone.post(page, given).status_code == 302
    assert (again(request).state, again(request).round) == ("assigned", 2)
    answered(house, cast, again(request), "额度已提高")
    assert phone.post(page, {"handling": "mostly", "score": "satisfied", "remark": ""}).status_code == 302
    assert again(request).state == "rated"
    kept = Rating.objects.values_list("round", "handling", "score")
    assert list(kept) == [(1, "satisfied", "dissatisfied"), (2, "mostly", "satisfied")]
    assert not Rating.objects.exclude(person=None).exists()


def test_neither_a_department_nor_the_clerk_rates_with_the_enterprises_code(house: House, cast: Cast) -> None:
    request, code = asked(house)
    answered(house, cast, request, "已办")
    page = reverse("mine", args=["".join(code.split("-"))])
    for who in (cast.bo, house.qing):
        assert signed_in(who).get(page).context["form"] is None
        answer = signed_in(who).post(page, {"handling": "satisfied", "score": "satisfied", "remark": ""})
        assert answer.status_code == 403
    with pytest.raises(PermissionDenied):
        stranger = Actor(digests=frozenset({digest("KXMT27QP4ZHR")}))
        house.do(request, "rate", stranger, handling="satisfied", score="satisfied", remark="")
    assert not Rating.objects.exists()


def test_a_new_code_makes_the_earlier_one_void_and_a_bent_one_is_refused(house: House) -> None:
    request, first = asked(house)
    page = reverse("desk_move", args=["requests", request.pk, "give_code"])
    desk = signed_in(house.qing)
    assert desk.post(page, {"code": "1234"}).status_code == 422
    second = desk.get(page).context["form"]["code"].value()
    assert desk.post(page, {"code": second}).status_code == 302
    bare = [code.replace("-", "") for code in (first, second)]
    assert [Client().get(reverse("mine", args=[code])).status_code for code in bare] == [404, 200]


def test_an_urgent_opinion_report_is_reviewed_on_the_same_day(house: House) -> None:
    days = []
    for is_urgent in (False, True):
        report = house.begin(
            "opinion", "draft", house.yun, title="积水", text="地下通道积水", category="", facts={},
            is_urgent=is_urgent,
        )  # fmt: skip
        days.append(house.do(report, "submit", house.yun).due_on)
    assert days == [ON + timedelta(days=3), ON]
