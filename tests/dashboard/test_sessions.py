"""A clerk enters the plenary sessions of her committee, and with them when proposals are taken."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from camphor.bodies.actions import session_for
from camphor.bodies.models import Term
from camphor.trail.models import Entry

from ..conftest import Cast, person, signed_in
from ..house import House

PAGE = reverse("sessions_of_term")


@pytest.fixture
def house(cast: Cast) -> House:
    return House(cast)


def entered(
    house: House, session: int = 3, *, opens: int = 10, from_: int = -5, until: int = 14
) -> dict[str, object]:
    """A session that opens so many days from today, with the days on which it takes proposals."""
    today = timezone.localdate()
    days = {"since": opens, "proposals_since": from_, "proposals_until": until}
    told = {name: (today + timedelta(days=n)).isoformat() for name, n in days.items()}
    return {"body": house.cast.district.pk, "number": 12, "session": session, **told}


def test_a_session_that_is_entered_takes_proposals_from_its_day_on(house: House) -> None:
    qing, today = signed_in(house.qing), timezone.localdate()
    assert "12-2" in qing.get(PAGE).content.decode()
    assert qing.post(PAGE, entered(house)).status_code == 302
    term = Term.objects.get(session=3)
    assert session_for(house.cast.district, on=today) == term
    assert Term.objects.get(session=2).until == term.since
    trace = Entry.objects.get(move="set_session")
    assert (trace.by, trace.in_name_of) == (house.qing.person, house.cast.district)
    assert "12-3" in qing.get(PAGE).content.decode()
    qing.post(PAGE, entered(house))  # a double click
    assert Term.objects.count() == 2 and Entry.objects.filter(move="set_session").count() == 1


def test_the_last_session_can_be_given_other_days_until_it_begins(house: House) -> None:
    qing = signed_in(house.qing)
    qing.post(PAGE, entered(house))
    assert qing.post(PAGE, entered(house, opens=12, until=20)).status_code == 302
    term, before = Term.objects.get(session=3), Term.objects.get(session=2)
    today = timezone.localdate()
    assert (term.since, term.proposals_until) == (today + timedelta(days=12), today + timedelta(days=20))
    assert before.until == term.since
    Term.objects.filter(pk=term.pk).update(since=today)
    assert qing.post(PAGE, entered(house, opens=0, until=30)).status_code == 302  # a later deadline
    moved = qing.post(PAGE, entered(house, opens=3, until=30))
    assert moved.status_code == 422 and "已经开幕" in moved.content.decode()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"opens": 20, "until": 14}, "开幕"),
        ({"opens": -10, "from_": -5}, "开幕"),
        ({"session": 1}, "不在上一次"),
        ({"opens": -400, "from_": -420}, "不在上一次"),
    ],
)
def test_days_that_do_not_follow_each_other_are_refused(
    house: House, change: dict[str, int], said: str
) -> None:
    answer = signed_in(house.qing).post(PAGE, entered(house, **change))
    assert answer.status_code == 422 and said in answer.content.decode()
    assert Term.objects.count() == 1


def test_only_clerks_of_a_committee_enter_its_sessions(house: House, cast: Cast) -> None:
    for who in (house.yun, house.lu, cast.bo, cast.mei):  # Mei works for a hall, which has no sessions
        assert signed_in(who).get(PAGE).status_code == 403
        assert PAGE not in signed_in(who).get(reverse("desk")).content.decode()
    stranger = signed_in(person("lan", cast.city, "clerk"))
    assert stranger.post(PAGE, entered(house)).status_code == 422
    assert Term.objects.count() == 1
    assert PAGE in signed_in(house.qing).get(reverse("desk")).content.decode()


def test_a_committee_without_a_session_enters_its_first(house: House, cast: Cast) -> None:
    wei = signed_in(person("wei", cast.city, "clerk"))
    assert "尚未" in wei.get(PAGE).content.decode()
    assert wei.post(PAGE, entered(house, 1) | {"body": cast.city.pk}).status_code == 302
    assert str(Term.objects.get(body=cast.city)) == "12-1"


def test_a_day_out_of_order_is_told_at_its_field(house: House) -> None:
    qing = signed_in(house.qing)
    early = qing.post(PAGE, entered(house, from_=11))
    assert early.status_code == 422 and list(early.context["form"].errors) == ["proposals_since"]
    late = qing.post(PAGE, entered(house, until=9))
    assert late.status_code == 422 and list(late.context["form"].errors) == ["proposals_until"]
    assert not Term.objects.filter(session=3).exists()


def test_the_form_that_changes_the_last_session_begins_with_its_days(house: House) -> None:
    qing = signed_in(house.qing)
    qing.post(PAGE, entered(house))
    last, first = Term.objects.get(session=3), Term.objects.get(session=2)
    assert f"?term={last.pk}" in qing.get(PAGE).content.decode()
    assert f"?term={first.pk}" not in qing.get(PAGE).content.decode()
    form = qing.get(PAGE, {"term": last.pk}).context["form"]
    assert (form["session"].value(), form["proposals_until"].value()) == (3, last.proposals_until)
    for other in (first.pk, "x", 10**9, "9" * 5000):
        assert qing.get(PAGE, {"term": other}).context["form"]["session"].value() == 4
