"""Pages that lead nowhere show the way on: to the desk, or to the front page and the search."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import translation

from camphor.dashboard.shared import ELDER
from camphor.site.outage import error, out_of_order

from ..conftest import Cast

DESK, FRONT, SEARCH = 'button--primary" href="/desk/"', 'button--primary" href="/"', 'href="/search/"'


def main(content: bytes) -> str:
    return content.decode().split("<main", 1)[1].split("</main>")[0]


@pytest.mark.parametrize("address", ["/nothing/here/", "/desk/audit/"])
def test_404_and_403_lead_who_works_here_to_the_desk(cast: Cast, address: str) -> None:
    client = Client()
    client.force_login(cast.bo.person)  # type: ignore[arg-type]
    answer = client.get(address)
    assert answer.status_code in (403, 404)
    shown = main(answer.content)
    assert DESK in shown and SEARCH in shown and 'href="/"' in shown


def test_404_leads_everybody_else_to_the_front_page_and_the_search(cast: Cast) -> None:
    shown = main(Client().get("/nothing/here/").content)
    assert FRONT in shown and SEARCH in shown and reverse("code") in shown and "/desk/" not in shown


def test_a_refused_form_leads_on_as_well(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.bo.person)  # type: ignore[arg-type]
    answer = client.post(reverse("hand_over"), {})
    assert answer.status_code == 403
    assert 'href="/desk/"' in main(answer.content)


@pytest.mark.parametrize("kind", [OperationalError, ValueError])
def test_500_and_503_do_the_same_without_a_look_into_the_database(rf: Any, kind: type[Exception]) -> None:
    """No database is allowed in this test: what is known, is known by the cookie."""
    for cookies, wanted in (({}, FRONT), ({settings.SESSION_COOKIE_NAME: "x"}, DESK)):
        request = rf.get("/desk/")
        request.COOKIES = cookies
        try:
            raise kind
        except kind:
            shown = main(error(request).content)
        assert wanted in shown and SEARCH in shown
        assert ('href="/desk/"' in shown) is bool(cookies)


def test_they_keep_the_language_and_the_large_type() -> None:
    with translation.override("en"):
        shown = out_of_order({ELDER: "1"}).content.decode()
    assert '<html lang="en" class="elder">' in shown
    with translation.override("zh-hans"):
        assert '<html lang="zh-hans">' in out_of_order().content.decode()
