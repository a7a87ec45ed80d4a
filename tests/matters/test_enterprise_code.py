"""The credit code of an enterprise is checked where its request is written down; nothing typed is lost."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from camphor.kit.credit_code import check_character
from camphor.matters.models import Matter

from ..conftest import Cast
from ..house import House

FIRST = "91330110XXXXXXXXX"
CODE = FIRST + check_character(FIRST)


def test_a_wrong_code_is_told_at_its_field_and_the_rest_stays(cast: Cast) -> None:
    house, client = House(cast), Client()
    client.force_login(house.qing.person)  # type: ignore[arg-type]
    address = reverse("desk_begin", args=["requests"])
    sent = {
        "title": "续贷周期长", "text": "过桥成本高", "items": "推动无还本续贷", "fact_enterprise": "樟科机电",
        "fact_credit_code": "91330110", "ticket": "t",
    }  # fmt: skip
    refused = client.post(address, sent)
    assert refused.status_code == 422 and not Matter.objects.filter(kind="request").exists()
    assert list(refused.context["form"].errors) == ["fact_credit_code"]
    page = refused.content.decode()
    assert "应为 18 位，现在是 8 位" in page and 'value="91330110"' in page and "过桥成本高" in page
    assert client.post(address, sent | {"fact_credit_code": CODE.lower()}).status_code == 302
    request = Matter.objects.get(kind="request")
    assert request.facts["credit_code"] == CODE
    edit = reverse("desk_move", args=["requests", request.pk, "edit"])
    kept = sent | {"fact_credit_code": "", "version": request.version}
    assert client.post(edit, kept).status_code == 302, "it was never required"
