"""In whose name a proposal is made: each form of submission has its own kinds of body."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from camphor.bodies.actions import found, set_rule
from camphor.bodies.models import Body
from camphor.engine.flow import Lacking
from camphor.matters.models import Matter
from camphor.rules.bodies import BODY_KINDS
from camphor.rules.matters import FORMS

from ..conftest import SINCE, Cast
from ..house import House, again, picture

KINDS = {
    "member": set(),
    "joint": set(),
    "party": {"party", "federation"},
    "organisation": {"people_organisation", "federation"},
    "sector": {"sector"},
    "group": {"member_group"},
    "committee": {"special_committee"},
}
"""By the practice of the committees: a federation of industry and commerce proposes beside the parties."""
CASES = [(form, kind) for form in KINDS for kind in sorted(set().union(*KINDS.values()))]


@pytest.fixture
def house(cast: Cast) -> House:
    return House(cast)


@pytest.fixture
def bodies(house: House) -> dict[str, Body]:
    """A body of every kind in whose name something can be proposed."""
    kinds = sorted({kind for form in FORMS.values() for kind in form.sponsors})
    within = {kind: house.cast.district if BODY_KINDS[kind].within else None for kind in kinds}
    return {
        kind: found(name=f"余杭{n}", slug=kind, kind=kind, since=SINCE, part_of=within[kind])
        for n, kind in enumerate(kinds)
    }


@pytest.fixture
def yun(house: House) -> Client:
    client = Client()
    assert house.yun.person
    client.force_login(house.yun.person)
    return client


def written(form: str, sponsor: Body | None) -> dict[str, Any]:
    return {
        "form": form,
        "title": "关于破解停车难的提案",
        "text": "夜间停车难。",
        "items": "公布共享车位",
        "category": "city",
        "sponsor": sponsor.pk if sponsor else "",
        "ticket": f"{form}-{sponsor}",
    }


@pytest.mark.parametrize(("form", "kind"), CASES)
def test_a_proposal_is_begun_in_the_name_of_a_body_that_fits_its_form_and_of_no_other(
    bodies: dict[str, Body], yun: Client, form: str, kind: str
) -> None:
    answer = yun.post(reverse("desk_begin", args=["proposals"]), written(form, bodies[kind]))
    assert answer.status_code == (302 if kind in KINDS[form] else 422)
    assert Matter.objects.filter(kind="proposal", sponsor=bodies[kind]).exists() is (kind in KINDS[form])


@pytest.mark.parametrize("form", FORMS)
def test_a_draft_may_still_lack_its_body(yun: Client, bodies: dict[str, Body], form: str) -> None:
    answer = yun.post(reverse("desk_begin", args=["proposals"]), written(form, None))
    assert answer.status_code == 302


def test_the_refusal_says_what_is_needed_and_what_was_chosen(bodies: dict[str, Body], yun: Client) -> None:
    page = reverse("desk_begin", args=["proposals"])
    said = yun.post(page, written("sector", bodies["party"])).content.decode()
    assert f"界别提案须以界别的名义提出，{bodies['party']}属于民主党派组织。" in said
    said = yun.post(page, written("member", bodies["sector"])).content.decode()
    assert "委员个人提案由委员本人署名" in said


def test_a_draft_that_was_kept_with_a_body_that_does_not_fit_cannot_be_submitted(
    house: House, bodies: dict[str, Body]
) -> None:
    proposal = house.draft(form="party", sponsor=bodies["sector"])
    house.do(proposal, "seal", house.yun, scan=picture())
    with pytest.raises(Lacking, match="sponsor"):
        house.do(proposal, "submit", house.yun)
    Matter.objects.filter(pk=proposal.pk).update(sponsor=bodies["party"])
    assert house.do(again(proposal), "submit", house.yun).state == "submitted"


def test_a_committee_names_other_kinds_from_a_day_on(
    house: House, bodies: dict[str, Body], yun: Client
) -> None:
    row: dict[str, object] = {"name": "party", "label": "党派提案", "sponsors": ["party"], "sealed": True}
    set_rule(house.cast.district, "forms", row, since=SINCE)
    page = reverse("desk_begin", args=["proposals"])
    assert yun.post(page, written("party", bodies["federation"])).status_code == 422
    assert yun.post(page, written("party", bodies["party"])).status_code == 302


def test_the_bodies_are_offered_by_their_kind_and_only_those_of_ones_own_committee(
    house: House, bodies: dict[str, Body], yun: Client, cast: Cast
) -> None:
    found(name="市政协经济界", slug="city-sector", kind="sector", since=SINCE, part_of=cast.city)
    page = yun.get(reverse("desk_begin", args=["proposals"])).content.decode()
    for kind, body in bodies.items():
        assert body.name in page, kind
    assert '<optgroup label="界别">' in page and "市政协经济界" not in page


def test_a_body_s_proposal_names_who_wrote_it_and_has_no_first_proposer(
    house: House, bodies: dict[str, Body], yun: Client
) -> None:
    draft = house.draft(form="party", sponsor=bodies["party"], facts={"name_public": "yes"})
    page = yun.get(
        reverse("desk_thing", args=["proposals", draft.pk]), headers={"accept-language": "zh-hans"}
    )
    assert "执笔人" in page.content.decode()
    assert "第一提案人" not in page.content.decode()
    house.do(draft, "seal", house.yun, scan=picture())
    house.do(draft, "submit", house.yun)
    house.do(draft, "pass", house.qing, category="city", remark="")
    house.do(draft, "file", house.qing)
    house.do(draft, "disclose", house.qing, openness="full", reason_open="", public_text="停车难")
    shown = Client().get(reverse("proposal", args=[draft.pk])).content.decode()
    assert bodies["party"].name in shown and "Yun" not in shown
