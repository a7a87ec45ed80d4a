"""In whose name a proposal is made: each form of submission has its own kinds of body."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx import Document

from camphor.bodies.actions import found, set_rule
from camphor.bodies.models import Body
from camphor.engine.flow import Lacking
from camphor.matters.models import Matter
from camphor.matters.rateable import standing, unrated
from camphor.papers.naming import addressees, proposers
from camphor.papers.proposal_form import proposal_form
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


def together(
    bodies: dict[str, Body], *kinds: str, form: str = "party", first: str = "party"
) -> dict[str, Any]:
    return written(form, bodies[first] if first else None) | {
        "joined_by": [bodies[kind].pk for kind in kinds]
    }


def joint(house: House, bodies: dict[str, Body]) -> Matter:
    """A party makes it with the federation and the sector; An signs for the one, Hong for the other."""
    proposal = house.draft(
        form="party", sponsor=bodies["party"], joined_by=[bodies["federation"], bodies["sector"]]
    )
    house.do(proposal, "seal", house.yun, scan=picture())
    joining = {bodies["federation"].pk: house.an.person, bodies["sector"].pk: house.hong.person}
    return house.do(proposal, "invite", house.yun, joining=joining, confirm_by=house.on)


def test_several_bodies_make_a_proposal_together(bodies: dict[str, Body], yun: Client) -> None:
    page = reverse("desk_begin", args=["proposals"])
    assert yun.post(page, together(bodies, "federation", "sector")).status_code == 302
    proposal = Matter.objects.get(kind="proposal")
    first, *others = proposal.sponsors()
    assert first == bodies["party"] and set(others) == {bodies["federation"], bodies["sector"]}
    shown = yun.get(reverse("desk_thing", args=["proposals", proposal.pk])).content.decode()
    assert "、".join(str(body) for body in proposal.sponsors()) in shown
    assert proposers(proposal) == addressees(proposal) == "、".join(map(str, proposal.sponsors()))
    edited = yun.get(reverse("desk_move", args=["proposals", proposal.pk, "edit"])).context["form"]
    assert set(edited["joined_by"].value()) == {body.pk for body in others}


@pytest.mark.parametrize(
    ("first", "kinds", "form", "said"),
    [
        ("", ["federation"], "party", "请选择排在第一位的单位"),
        ("party", ["party"], "party", "已排在第一位"),
        ("member_group", ["party"], "group", "不与其他单位联合提出"),
    ],
)
def test_bodies_that_cannot_make_it_together_are_refused_and_nothing_is_lost(
    bodies: dict[str, Body], yun: Client, first: str, kinds: list[str], form: str, said: str
) -> None:
    given = together(bodies, *kinds, form=form, first=first)
    answer = yun.post(reverse("desk_begin", args=["proposals"]), given)
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page and "夜间停车难。" in page
    assert answer.context["form"]["joined_by"].value() == [str(pk) for pk in given["joined_by"]]


def test_a_joint_proposal_is_submitted_once_somebody_has_signed_for_each_body(
    house: House, bodies: dict[str, Body]
) -> None:
    proposal = joint(house, bodies)
    house.do(house.backing(proposal, house.an), "confirm", house.an)
    house.later(1)
    with pytest.raises(Lacking, match="joined"):
        house.do(proposal, "submit", house.yun)
    house.do(house.backing(proposal, house.hong), "confirm", house.hong)
    assert house.do(proposal, "submit", house.yun).state == "submitted"


def test_whoever_signed_for_a_body_rates_the_answer_as_well(house: House, bodies: dict[str, Body]) -> None:
    proposal = joint(house, bodies)
    for who in (house.an, house.hong):
        house.do(house.backing(proposal, who), "confirm", who)
    house.do(proposal, "submit", house.yun)
    Matter.objects.filter(pk=proposal.pk).update(state="answered")
    open_ones = unrated(again(proposal), standing(again(proposal)))
    assert [who for _answer, who in open_ones] == [house.yun.person, house.an.person, house.hong.person]
    rating = {"handling": "satisfied", "score": "satisfied", "remark": ""}
    for who in (house.yun, house.an):
        assert house.do(proposal, "rate", who, **rating).state == "answered"
    assert house.do(proposal, "rate", house.hong, **rating).state == "closed"


def test_another_body_that_makes_it_as_well_has_the_signatures_given_anew(
    house: House, bodies: dict[str, Body]
) -> None:
    proposal = joint(house, bodies)
    house.do(house.backing(proposal, house.an), "confirm", house.an)
    words = {
        name: getattr(proposal, name) for name in ("form", "title", "text", "category", "sponsor", "facts")
    }
    left = [bodies["sector"]]
    house.do(
        proposal, "edit", house.yun, joined_by=left, items=[str(one) for one in proposal.items.all()], **words
    )
    for_nobody = house.backing(proposal, house.an)
    assert (for_nobody.state, for_nobody.in_name_of) == ("asked", None)
    assert house.backing(proposal, house.hong).in_name_of == bodies["sector"]


def test_one_member_signs_in_the_name_of_each_further_body(
    house: House, bodies: dict[str, Body], yun: Client
) -> None:
    proposal = house.draft(form="party", sponsor=bodies["party"], joined_by=[bodies["federation"]])
    page = reverse("desk_move", args=["proposals", proposal.pk, "invite"])
    field = f"joins_{bodies['federation'].pk}"
    assert house.an.person and f'name="{field}"' in yun.get(page).content.decode()
    given = {"confirm_by": timezone.localdate().isoformat(), "version": proposal.version}
    twice = yun.post(page, given | {field: house.an.person.pk, "invited": [house.an.person.pk]})
    assert twice.status_code == 422 and "每人只署名一次" in twice.content.decode()
    assert yun.post(page, given).status_code == 422
    assert yun.post(page, given | {field: house.an.person.pk}).status_code == 302
    assert house.backing(proposal, house.an).in_name_of == bodies["federation"]
    assert field not in yun.get(page).content.decode()


def test_the_form_in_word_names_all_bodies_and_who_signed_for_them(
    house: House, bodies: dict[str, Body]
) -> None:
    proposal = joint(house, bodies)
    table = Document(io.BytesIO(proposal_form(proposal))).tables[0]
    told = {row.cells[0].text: row.cells[1].text for row in table.rows}
    assert told["提案单位"] == "、".join(map(str, proposal.sponsors()))
    assert f"（代表{bodies['federation']}）" in told["联名人"]
