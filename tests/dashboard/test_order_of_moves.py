"""In which order a page offers what can be done with a thing."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from camphor.trail.moves import possible_moves

from ..conftest import Cast
from ..house import House


def test_what_is_owed_stands_before_what_one_may_do_besides(cast: Cast) -> None:
    house = House(cast)
    handed = house.handed(house.filed(), mode="sole", assisting=())
    lead = house.do(house.lead(handed), "receive", cast.bo)
    rows = [move.name for move in possible_moves(lead, cast.bo, on=timezone.localdate(house.at))]
    assert rows.index("ask_time") < rows.index("draft_reply"), (
        "the rows of the flow stand the other way round"
    )
    client = Client()
    assert cast.bo.person is not None
    client.force_login(cast.bo.person)
    page = client.get(reverse("desk_thing", args=["assignments", lead.pk]))
    shown = [move.name for move, _missing in page.context["moves"]]
    assert shown[0] == "draft_reply" and set(shown[1:]) >= {"ask_time", "contact"}
