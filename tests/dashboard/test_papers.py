"""Papers on the desk: for those who may see the thing that they belong to, and to be saved only."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from camphor.engine.flow import Lacking
from camphor.matters.models import Matter, Rating
from camphor.trail.models import File

from ..conftest import Cast, signed_in
from ..house import House, again
from ..matters.test_evidence import PLAIN_PDF


@pytest.fixture
def house(cast: Cast) -> House:
    return House(cast)


def sealed(house: House, content: bytes = PLAIN_PDF) -> tuple[Matter, int]:
    """A committee's proposal to which its author attaches a sheet at his desk; and the answer to that."""
    proposal = house.draft(form="committee", sponsor=house.sponsor("committee"))
    scan = SimpleUploadedFile("印章.pdf", content, "application/pdf")
    page = reverse("desk_move", args=["proposals", proposal.pk, "seal"])
    return proposal, signed_in(house.yun).post(page, {"scan": scan}).status_code


def test_a_sealed_sheet_as_pdf_is_kept_and_only_ever_saved(house: House) -> None:
    proposal, status = sealed(house)
    assert status == 302
    file = File.objects.get()
    assert file.kind == "application/pdf"
    yun = signed_in(house.yun)
    address = reverse("paper", args=[file.pk])
    assert address in yun.get(reverse("desk_thing", args=["proposals", proposal.pk])).content.decode()
    answer = yun.get(address)
    assert answer.content == PLAIN_PDF
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_paper_does_not_exist_for_whoever_may_not_see_the_matter(house: House, cast: Cast) -> None:
    _proposal, _status = sealed(house)
    address = reverse("paper", args=[File.objects.get().pk])
    for other in (house.an, house.qing, cast.bo, cast.stranger):  # a draft is its author's alone
        assert signed_in(other).get(address).status_code == 404
    assert Client().get(address).status_code == 302  # to the sign-in
    assert Client().get(reverse("photo", args=[File.objects.get().pk])).status_code == 404


def test_a_script_in_a_pdf_gets_a_reason_and_nothing_is_kept(house: House) -> None:
    _proposal, status = sealed(house, PLAIN_PDF.replace(b"/Catalog", b"/JavaScript"))
    assert status == 422
    assert not File.objects.exists()


def test_a_rating_from_paper_is_entered_only_with_its_scan_and_no_unit_can_enter_it(
    house: House, cast: Cast
) -> None:
    answered = house.answered(house.filed())
    page = reverse("desk_move", args=["proposals", answered.pk, "rate_on_paper"])
    assert house.yun.person is not None
    given = {"proposer": house.yun.person.pk, "handling": "satisfied", "score": "satisfied", "remark": ""}
    qing = signed_in(house.qing)
    assert qing.post(page, given).status_code == 422
    assert not Rating.objects.exists()
    scan = SimpleUploadedFile("评价表.pdf", PLAIN_PDF, "application/pdf")
    assert signed_in(cast.bo).post(page, given | {"scan": scan}).status_code == 404
    scan.seek(0)
    assert qing.post(page, given | {"scan": scan}).status_code == 302
    kept = Rating.objects.get()
    assert kept.scan is not None and kept.scan.kind == "application/pdf"
    assert again(answered).state == "closed"
    link = reverse("paper", args=[kept.scan.pk])
    assert link in qing.get(reverse("desk_thing", args=["proposals", answered.pk])).content.decode()


def test_a_sealed_form_cannot_be_submitted_without_its_sheet(house: House) -> None:
    proposal = house.draft(form="committee", sponsor=house.sponsor("committee"))
    with pytest.raises(Lacking, match="seal"):
        house.do(proposal, "submit", house.yun)
    house.do(proposal, "seal", house.yun, scan=PLAIN_PDF)
    assert house.do(proposal, "submit", house.yun).state == "submitted"
