"""One proposal on the longest way there is, and three that leave it: together every state of the flow."""

from __future__ import annotations

from typing import Any

import pytest

from camphor.matters.models import Matter
from camphor.rules.matters.proposal import PROPOSAL
from camphor.trail.history import entries_of

from ..conftest import Cast
from ..house import ITEMS, House, again, picture

BESIDE = {"withdrawn", "converted", "merged"}
"""The states that the longest way does not touch: two are ends, and one is that of a twin."""


@pytest.fixture
def house(cast: Cast) -> House:
    return House(cast)


def states_of(matter: Matter) -> set[str]:
    return set(entries_of(matter).values_list("to", flat=True))


def judged_twice(house: House) -> Matter:
    """From the paper to the desk of the reviewers, back for repair, refused, and judged again."""
    written: dict[str, Any] = {
        "form": "member", "title": "关于停车难的提案", "text": "夜间停车难。", "items": ITEMS,
        "category": "city", "sponsor": None, "facts": {},
    }  # fmt: skip
    proposal = Matter(kind="proposal", body=house.cast.district, raised_at=house.at)
    house.open(proposal, "record", house.qing, on_behalf_of=house.yun.person, scan=picture(), **written)
    assert again(proposal).author == house.yun.person
    house.do(proposal, "take_home", house.yun)
    house.do(proposal, "edit", house.yun, **{**written, "title": "关于破解老旧小区停车难的提案"})
    house.do(proposal, "submit", house.yun)
    house.do(proposal, "return", house.qing, reason_text="请写明小区名称")
    house.do(proposal, "submit", house.yun)
    house.do(proposal, "pass", house.qing, category="city", remark="")
    house.do(proposal, "refuse", house.qing, refusal="empty", reason_text="没有具体建议")
    house.do(proposal, "offer", house.qing, reason_text="可作为信息报送")
    return house.do(proposal, "keep", house.yun, reason_text="建议是具体的")


def test_one_proposal_and_its_three_fellows_pass_through_every_state(house: House, cast: Cast) -> None:
    gone = house.do(house.draft("已解决的事", by=house.hong), "withdraw", house.hong, reason_text="已解决")
    turned = house.do(house.draft("宜作信息的事", by=house.hong), "submit", house.hong)
    house.do(turned, "pass", house.qing, category="city", remark="")
    house.do(turned, "offer", house.qing, reason_text="适合作为信息报送")
    turned = house.do(turned, "consent", house.hong)

    proposal = house.do(judged_twice(house), "file", house.qing)
    number = proposal.number
    twin = house.do(house.draft(by=house.an), "submit", house.an)
    twin = house.do(twin, "merge", house.qing, twin=proposal)

    house.handed(proposal, mode="sole", lead=cast.power, assisting=())
    house.do(house.lead(proposal), "object", cast.rui, reason_text="不属我司")
    house.do(house.lead(proposal), "release", house.qing, reason_text="同意")
    assert again(proposal).state == "unled"
    house.do(proposal, "replace_lead", house.qing, lead=cast.housing)
    lead = again(proposal).assignments.get(handler=cast.housing)
    house.do(lead, "receive", cast.bo)

    def answer() -> None:
        found = [item for one in (proposal, twin) for item in again(one).items.all()]
        answers = house.answers(found)
        house.do(lead, "draft_reply", cast.bo, answers=answers, grade="A", contact="柏然")
        house.do(lead, "sign", house.chief, signed_by="局长", letter_number="")
        house.do(lead, "send", house.qing, checked_grade="A", remark="")

    answer()
    assert (again(proposal).state, again(twin).state) == ("answered", "answered")
    house.rate(twin, house.an, "satisfied")
    house.rate(proposal, house.yun, "dissatisfied", "标线仍未划")
    assert (again(proposal).state, again(proposal).round) == ("assigned", 2)
    answer()
    house.rate(proposal, house.yun, "satisfied")
    house.later(200)
    house.do(proposal, "insist", house.qing, seen_on=house.on, reason_text="标线已磨损")
    answer()
    house.rate(proposal, house.yun, "mostly")
    house.do(proposal, "disclose", house.qing, openness="none", reason_open="涉及施工安全", public_text="")
    house.do(lead, "disclose", house.qing, openness="none", reason_open="涉及施工安全", public_text="")
    kept = house.do(proposal, "archive", house.qing)

    assert house.do(twin, "disclose", house.qing, openness="none", reason_open="随主案", public_text="")
    assert house.do(twin, "archive", house.qing).state == "archived"  # by the first letter

    assert (kept.state, kept.number, kept.round) == ("archived", number, 3)
    assert kept.ratings.count() == 3  # each round keeps what was said of it
    assert states_of(kept) == set(PROPOSAL.states) - BESIDE
    assert states_of(kept) | states_of(gone) | states_of(turned) | states_of(twin) == set(PROPOSAL.states)
