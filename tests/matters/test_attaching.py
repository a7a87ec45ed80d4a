"""Files that go along with a text: who attaches them, who sees them, and how they are taken out again."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from camphor.engine.flow import NotPossible
from camphor.matters.models import Matter
from camphor.people.actor import Actor
from camphor.rules.matters import PARTS
from camphor.rules.matters.attaching import MOST_ATTACHED
from camphor.rules.people import HANDLER
from camphor.trail.history import attached_to
from camphor.trail.models import File

from ..conftest import ON, Cast, signed_in
from ..house import House, again, picture

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def house(cast: Cast) -> House:
    return House(cast)


def page(house: House, thing: Matter, who: Actor) -> str:
    return signed_in(who).get(reverse("desk_thing", args=["proposals", thing.pk])).content.decode()


def test_a_proposer_attaches_a_table_and_all_who_read_the_proposal_find_it(house: House) -> None:
    draft, client = house.draft(), signed_in(house.yun)
    form = reverse("desk_move", args=["proposals", draft.pk, "attach"])
    sent = client.post(form, {"caption": "六个小区车位调查表", "scan": SimpleUploadedFile("表.pdf", PDF)})
    assert sent.status_code == 302
    (file,) = attached_to(draft)
    assert file.kind == "application/pdf"
    assert "六个小区车位调查表" in page(house, draft, house.yun)
    house.do(draft, "submit", house.yun)
    assert "六个小区车位调查表" in page(house, draft, house.qing)
    assert client.get(reverse("paper", args=[file.pk])).status_code == 200
    assert signed_in(house.cast.stranger).get(reverse("paper", args=[file.pk])).status_code == 404


@pytest.mark.parametrize(("name", "content"), [("a.pdf", b"no PDF"), ("a.exe", b"MZ\0"), ("a.pdf", PDF[:9])])
def test_what_is_no_plain_file_is_refused_with_what_was_typed_kept(
    house: House, name: str, content: bytes
) -> None:
    draft = house.draft()
    form = reverse("desk_move", args=["proposals", draft.pk, "attach"])
    given = {"caption": "六个小区车位调查表", "scan": SimpleUploadedFile(name, content)}
    answer = signed_in(house.yun).post(form, given)
    assert answer.status_code == 422 and "六个小区车位调查表" in answer.content.decode()
    assert not attached_to(draft)


def test_a_wrong_file_is_taken_out_again_while_the_text_is_written(house: House) -> None:
    draft = house.draft()
    for name in ("调查表", "照片"):
        house.do(draft, "attach", house.yun, caption=name, scan=picture())
    first, _second = attached_to(draft)
    house.do(draft, "detach", house.yun, attached=first)
    assert [one.entry.given["caption"] for one in attached_to(draft)] == ["照片"]
    shown = page(house, draft, house.yun)
    assert "取出附件：调查表" in shown
    house.do(draft, "submit", house.yun)
    with pytest.raises(NotPossible):
        house.do(draft, "detach", house.yun, attached=attached_to(draft)[0])


def test_nothing_can_be_taken_out_where_nothing_is_attached(house: House) -> None:
    draft = house.draft()
    out = reverse("desk_move", args=["proposals", draft.pk, "detach"])
    assert out not in page(house, draft, house.yun)
    house.do(draft, "attach", house.yun, caption="调查表", scan=picture())
    assert out in page(house, draft, house.yun)


def test_there_is_an_end_to_the_files_beside_one_text(house: House) -> None:
    draft = house.draft()
    for n in range(MOST_ATTACHED):
        house.do(draft, "attach", house.yun, caption=f"附件{n}", scan=picture())
    with pytest.raises(ValueError, match="10"):
        house.do(draft, "attach", house.yun, caption="又一个", scan=picture())
    assert attached_to(draft).count() == MOST_ATTACHED


def test_who_signed_the_text_is_asked_again_when_a_file_joins_it(house: House) -> None:
    draft = house.draft(form="joint")
    house.do(draft, "invite", house.yun, invited=[house.an.person], confirm_by=ON)
    house.do(house.backing(draft, house.an), "confirm", house.an)
    house.do(draft, "attach", house.yun, caption="调查表", scan=picture())
    backing = house.backing(draft, house.an)
    assert backing.state == "asked"
    asked = signed_in(house.an).get(reverse("desk_thing", args=["backings", backing.pk]))
    assert "调查表" in asked.content.decode()


def test_what_goes_along_with_an_answer_is_seen_by_its_proposer_once_it_is_sent(house: House) -> None:
    proposal = house.handed(house.filed(), mode="sole", assisting=())
    lead = house.do(house.lead(proposal), "receive", house.cast.bo)
    house.do(lead, "attach", house.cast.bo, caption="车位分布图", scan=picture())
    (file,) = attached_to(lead)
    mine = signed_in(house.yun)
    leaf = reverse("desk_thing", args=["assignments", lead.pk])
    assert "车位分布图" not in mine.get(leaf).content.decode()
    assert mine.get(reverse("paper", args=[file.pk])).status_code == 404
    assert "车位分布图" in signed_in(house.cast.bo).get(leaf).content.decode()
    house.answer(proposal)
    assert "车位分布图" in page(house, again(proposal), house.yun)
    assert mine.get(reverse("paper", args=[file.pk])).status_code == 200


def test_what_went_out_with_an_answer_stays_with_it_in_a_second_round(house: House) -> None:
    proposal = house.handed(house.filed(), mode="sole", assisting=())
    house.do(house.lead(proposal), "receive", house.cast.bo)
    house.do(house.lead(proposal), "attach", house.cast.bo, caption="车位分布图", scan=picture())
    house.answer(proposal)
    house.rate(again(proposal), house.yun, "dissatisfied", "标线还没有划")
    lead = house.lead(proposal)
    (file,) = attached_to(lead)
    form = reverse("desk_move", args=["assignments", lead.pk, "detach"])
    signed_in(house.cast.bo).post(form, {"attached": file.pk})
    assert attached_to(lead).count() == 1
    house.do(lead, "attach", house.cast.bo, caption="复核照片", scan=picture())
    assert "复核照片" not in page(house, again(proposal), house.yun)


def test_a_form_that_is_sent_twice_attaches_one_file(house: House) -> None:
    draft, client = house.draft(), signed_in(house.yun)
    form = reverse("desk_move", args=["proposals", draft.pk, "attach"])
    given = {"caption": "六个小区车位调查表", "version": str(draft.version)}
    for _click in range(2):
        sent = client.post(form, {**given, "scan": SimpleUploadedFile("表.pdf", PDF)}, follow=True)
        assert sent.status_code == 200
    assert attached_to(draft).count() == 1


@pytest.mark.parametrize("part", [part.name for part in PARTS.values() if part.leads])
def test_every_unit_that_answers_can_send_something_along(part: str) -> None:
    flow = PARTS[part].flow
    answering = {
        state for name in ("reply", "sign", "complete") if name in flow.moves for state in flow.moves[name].of
    }
    assert flow.moves["attach"].of & answering and flow.moves["attach"].by == HANDLER


def test_a_desk_looks_for_no_files(house: House) -> None:
    """It may hold many things at once, and names what is owed alone."""
    proposal = house.handed(house.filed(), mode="sole", assisting=())
    house.do(house.lead(proposal), "receive", house.cast.bo)
    client = signed_in(house.cast.bo)
    with CaptureQueriesContext(connection) as asked:
        assert proposal.title in client.get(reverse("desk")).content.decode()
    assert not [one for one in asked.captured_queries if File._meta.db_table in one["sql"]]
