"""Work lent and handed over: in whose name, how long, told, undone, and never more than one's own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone, translation

from camphor.dashboard.owed import lines
from camphor.dashboard.told import told
from camphor.matters import actions as matters
from camphor.matters.models import Assignment, Matter
from camphor.people.actor import Actor
from camphor.people.models import Delegation, Membership, Person
from camphor.people.standing import holders, standings
from camphor.rules.people import AUTHOR, HANDLER, LONGEST_DELEGATION
from camphor.trail.handing_over import Refused, delegate, end, hand_over, take_back
from camphor.trail.history import entries_of
from camphor.trail.models import Entry, Notice

from ..conftest import AT, ON, Cast, person, signed_in
from ..story import Story

DAY = timedelta(days=1)


def who(actor: Actor) -> Person:
    """The person behind an actor; a fresh actor of his forgets what he could do before."""
    assert actor.person is not None
    return actor.person


def fresh(actor: Actor) -> Actor:
    return Actor(who(actor))


@pytest.fixture
def jun(cast: Cast) -> Actor:
    """A colleague of Bo in the housing department, who reads there but answers nothing."""
    return person("jun", cast.housing, "member")


@pytest.fixture
def lead(cast: Cast) -> Assignment:
    story = Story(cast)
    plan, _concern, _twin = story.consultation()
    return story.assignments(story.recommendation(plan))[0]


def lend(cast: Cast, jun: Actor, *, days: int = 10) -> Delegation:
    return delegate(who(cast.bo), who(jun), since=ON, last_on=ON + days * DAY, by=cast.bo, at=AT)


def test_a_delegate_acts_in_the_name_of_his_colleague_and_the_trail_says_so(
    cast: Cast, jun: Actor, lead: Assignment
) -> None:
    assert [line.pk for line in lines(fresh(jun), on=ON)] == []
    lend(cast, jun)
    assert [line.pk for line in lines(fresh(jun), on=ON)] == [lead.pk]
    matters.make(lead, "object", by=fresh(jun), at=AT, reason_text="不归我们")
    entry = entries_of(lead).get(move="object")
    assert (entry.by, entry.on_behalf_of, entry.in_name_of) == (jun.person, cast.bo.person, cast.housing)
    with translation.override("en"):
        assert told(entry, lead)["who"] == f"Jun for Bo · {cast.housing}"


@pytest.mark.parametrize(("day", "may"), [(-1, False), (0, True), (10, True), (11, False)])
def test_a_delegation_ends_by_itself(cast: Cast, jun: Actor, lead: Assignment, day: int, may: bool) -> None:
    lend(cast, jun)
    assert (standings(fresh(jun), lead, on=ON + day * DAY) >= HANDLER) is may
    assert (who(jun) in holders(lead, HANDLER, on=ON + day * DAY)) is may
    assert standings(fresh(cast.bo), lead, on=ON + day * DAY) >= HANDLER


def test_what_is_lent_cannot_be_lent_on(cast: Cast, jun: Actor, lead: Assignment) -> None:
    lend(cast, jun)
    kai = person("kai", cast.housing, "member")
    with pytest.raises(PermissionDenied):
        delegate(who(cast.bo), who(kai), since=ON, last_on=ON, by=fresh(jun), at=AT)
    with pytest.raises(Refused):  # of his own he has nothing to lend
        delegate(who(jun), who(kai), since=ON, last_on=ON, by=fresh(jun), at=AT)
    assert standings(fresh(kai), lead, on=ON) == {"everyone"}


def test_a_delegate_does_not_rate_as_the_author(cast: Cast, jun: Actor) -> None:
    own = Matter.objects.create(
        kind="concern",
        title="住建局干部自己的诉求",
        body=cast.hall,
        author=cast.bo.person,
        raised_at=AT,
        state="answered",
    )
    lend(cast, jun)
    assert standings(fresh(cast.bo), own, on=ON) >= AUTHOR
    assert not AUTHOR & standings(fresh(jun), own, on=ON)
    with pytest.raises(PermissionDenied):
        matters.make(own, "rate", by=fresh(jun), at=AT, score="satisfied", remark="")


def test_what_a_delegate_does_by_his_own_right_bears_his_own_name(cast: Cast, lead: Assignment) -> None:
    kai = person("kai", cast.housing, "officer")
    lend(cast, kai)
    matters.make(lead, "object", by=fresh(kai), at=AT, reason_text="不归我们")
    assert entries_of(lead).get(move="object").on_behalf_of is None


@pytest.mark.parametrize(
    ("receiver", "since", "last_on"),
    [
        ("mei", 0, 5),  # of another house
        ("bo", 0, 5),  # himself
        ("jun", -1, 5),
        ("jun", 3, 2),
        ("jun", 0, LONGEST_DELEGATION),
    ],
)
def test_what_cannot_be_lent_is_refused(
    cast: Cast, jun: Actor, receiver: str, since: int, last_on: int
) -> None:
    to = jun if receiver == "jun" else getattr(cast, receiver)
    with pytest.raises(Refused):
        delegate(who(cast.bo), who(to), since=ON + since * DAY, last_on=ON + last_on * DAY, by=cast.bo, at=AT)
    assert not Delegation.objects.exists() and not Entry.objects.filter(move="delegate").exists()


def test_the_same_days_are_not_lent_twice(cast: Cast, jun: Actor) -> None:
    lend(cast, jun)
    with pytest.raises(Refused):
        lend(cast, jun)


@pytest.mark.parametrize("ender", ["bo", "jun"])
def test_either_ends_a_delegation_and_the_other_is_told(cast: Cast, jun: Actor, ender: str) -> None:
    lent = lend(cast, jun)
    assert Notice.objects.filter(entry__move="delegate", person=jun.person).exists()
    by, other = (cast.bo, jun) if ender == "bo" else (jun, cast.bo)
    end(lent, by=by, at=AT)
    assert not Delegation.objects.in_force(ON).exists()
    assert [notice.person for notice in Notice.objects.filter(entry__move="end_delegation")] == [other.person]


def test_a_stranger_ends_nothing(cast: Cast, jun: Actor) -> None:
    lent = lend(cast, jun)
    with pytest.raises(PermissionDenied):
        end(lent, by=cast.mei, at=AT)


def test_all_work_goes_to_a_colleague_in_one_step_and_he_is_told(
    cast: Cast, jun: Actor, lead: Assignment
) -> None:
    hand_over(who(cast.bo), who(jun), since=ON + DAY, by=cast.bo, at=AT, open_things=1)
    assert standings(fresh(cast.bo), lead, on=ON) >= HANDLER
    assert not HANDLER & standings(fresh(cast.bo), lead, on=ON + DAY)
    assert [line.pk for line in lines(fresh(jun), on=ON + DAY)] == [lead.pk]
    moves = Entry.objects.filter(move__in=("hand_over", "take_over")).values_list("move", "by", "given__open")
    assert sorted(moves) == [("hand_over", who(cast.bo).pk, 1), ("take_over", who(cast.bo).pk, 1)]
    assert [notice.person for notice in Notice.objects.filter(entry__move="take_over")] == [jun.person]


@pytest.mark.parametrize("later", [0, 5])
def test_what_was_handed_over_comes_back_and_past_days_stay_true(
    cast: Cast, jun: Actor, lead: Assignment, later: int
) -> None:
    [entry] = hand_over(who(cast.bo), who(jun), since=ON + DAY, by=cast.bo, at=AT)
    back_on = ON + later * DAY
    take_back(entry, by=fresh(cast.bo), at=AT + later * DAY)
    assert standings(fresh(cast.bo), lead, on=back_on) >= HANDLER
    assert not HANDLER & standings(fresh(jun), lead, on=max(back_on, ON + DAY))
    if later:
        assert not HANDLER & standings(fresh(cast.bo), lead, on=back_on - DAY)
        assert standings(fresh(jun), lead, on=back_on - DAY) >= HANDLER
    with pytest.raises(Refused):
        take_back(entry, by=fresh(cast.bo), at=AT + later * DAY)


def test_a_colleague_who_held_the_seat_already_keeps_it_when_work_is_taken_back(cast: Cast) -> None:
    kai = person("kai", cast.housing, "officer")
    [entry] = hand_over(who(cast.bo), who(kai), since=ON, by=cast.bo, at=AT)
    take_back(entry, by=cast.bo, at=AT)
    assert Membership.objects.in_force(ON).filter(body=cast.housing, role="officer").count() == 2


def test_the_leader_hands_over_the_work_of_who_is_away_and_nobody_else_does(cast: Cast, jun: Actor) -> None:
    lan = person("lan", cast.housing, "leader")
    with pytest.raises(PermissionDenied):
        hand_over(who(cast.bo), who(jun), since=ON, by=cast.rui, at=AT)
    hand_over(who(cast.bo), who(jun), since=ON, by=lan, at=AT)
    assert {
        notice.person for notice in Notice.objects.filter(entry__move__in=("hand_over", "take_over"))
    } == {
        cast.bo.person,
        jun.person,
    }


def test_the_page_lends_hands_over_and_takes_back(cast: Cast, jun: Actor) -> None:
    client, address = signed_in(cast.bo), reverse("hand_over")
    today = timezone.localdate()
    sent = {"giver": who(cast.bo).pk, "receiver": who(jun).pk, "how": "while", "since": today.isoformat()}
    assert client.post(address, sent).status_code == 422  # up to which day?
    done = client.post(address, sent | {"last_on": (today + DAY).isoformat()}, follow=True)
    assert "Jun" in done.content.decode()
    lent = Delegation.objects.get()
    assert "代Bo" in signed_in(jun).get(reverse("desk")).content.decode()
    signed_in(jun).post(reverse("end_delegation", args=[lent.pk]))
    assert not Delegation.objects.in_force(today).exists()
    refused = client.post(address, sent | {"how": "good", "last_on": (today + DAY).isoformat()})
    assert refused.status_code == 422, "what is given for good has no last day"
    assert "由 Jun 接任" in client.post(address, sent | {"how": "good"}, follow=True).content.decode()
    assert not Membership.objects.in_force(today).filter(person=cast.bo.person).exists()
    notices = signed_in(jun).get(reverse("desk"))
    assert "接收移交的工作" in notices.content.decode()
    entry = Entry.objects.get(move="hand_over")
    client.post(reverse("take_back_work", args=[entry.pk]))
    assert Membership.objects.in_force(today).filter(person=cast.bo.person).exists()


def test_the_page_gives_nobody_elses_work_away(cast: Cast, jun: Actor) -> None:
    sent = {"giver": who(cast.bo).pk, "receiver": who(jun).pk, "how": "good", "since": timezone.localdate()}
    assert signed_in(cast.rui).post(reverse("hand_over"), sent).status_code == 422
    [entry] = hand_over(who(cast.bo), who(jun), since=timezone.localdate(), by=cast.bo, at=timezone.now())
    assert signed_in(cast.rui).post(reverse("take_back_work", args=[entry.pk])).status_code == 403


def test_who_audits_the_house_does_nobodys_work_in_it(cast: Cast, jun: Actor) -> None:
    Membership.objects.create(person=who(jun), body=cast.district, role="auditor", since=ON - DAY)
    with pytest.raises((PermissionDenied, Refused)):
        delegate(who(cast.mei), who(jun), since=ON, last_on=ON + DAY, by=cast.mei, at=AT)
    with pytest.raises((PermissionDenied, Refused)):
        hand_over(who(cast.mei), who(jun), since=ON, by=cast.mei, at=AT)


def test_what_goes_to_somebody_from_a_day_to_come_is_shown_and_not_given_twice(
    cast: Cast, jun: Actor
) -> None:
    client, address = signed_in(cast.bo), reverse("hand_over")
    today, kai = timezone.localdate(), person("kai", cast.housing, "member")
    day = (today + 10 * DAY).isoformat()
    sent = {"giver": who(cast.bo).pk, "receiver": who(jun).pk, "how": "good", "since": day}
    shown = client.post(address, sent, follow=True)
    assert f"{day} 起由 Jun 接任" in shown.content.decode()
    assert "good" not in dict(shown.context["form"].fields["how"].choices)
    assert client.post(address, sent | {"receiver": who(kai).pk}).status_code == 422
    with pytest.raises(Refused, match="先收回"):
        hand_over(who(cast.bo), who(kai), since=today + 5 * DAY, by=cast.bo, at=timezone.now())
    seat = Membership.objects.get(person=cast.bo.person)
    assert seat.until == today + 10 * DAY
    entry = Entry.objects.get(move="hand_over")
    client.post(reverse("take_back_work", args=[entry.pk]))
    seat.refresh_from_db()
    assert seat.until is None
    assert (
        not Membership.objects.in_force(today + 10 * DAY).filter(person=jun.person, role="officer").exists()
    )
    assert client.post(address, sent | {"receiver": who(kai).pk}).status_code == 302


def test_a_seat_that_came_later_can_still_be_handed_over(cast: Cast, jun: Actor) -> None:
    hand_over(who(cast.bo), who(jun), since=ON + 10 * DAY, by=cast.bo, at=AT)
    second = Membership.objects.create(person=who(cast.bo), body=cast.power, role="officer", since=ON)
    [entry] = hand_over(who(cast.bo), who(jun), since=ON + 5 * DAY, by=cast.bo, at=AT)
    assert entry.subject == second
    assert [one.until for one in Membership.objects.filter(person=cast.bo.person).order_by("pk")] == [
        ON + 10 * DAY, ON + 5 * DAY,
    ]  # fmt: skip


def test_until_that_day_a_colleague_can_still_do_the_work_for_a_while_and_not_after_it(
    cast: Cast, jun: Actor
) -> None:
    hand_over(who(cast.bo), who(jun), since=ON + 10 * DAY, by=cast.bo, at=AT)
    kai = person("kai", cast.housing, "member")
    with pytest.raises(Refused):
        delegate(who(cast.bo), who(kai), since=ON + 10 * DAY, last_on=ON + 12 * DAY, by=cast.bo, at=AT)
    lent = delegate(who(cast.bo), who(kai), since=ON, last_on=ON + 3 * DAY, by=cast.bo, at=AT)
    assert lent.last_on == ON + 3 * DAY


def test_who_has_handed_over_everything_finds_the_way_to_take_it_back(cast: Cast, jun: Actor) -> None:
    hand_over(who(cast.bo), who(jun), since=timezone.localdate(), by=cast.bo, at=timezone.now())
    client = signed_in(cast.bo)
    assert reverse("hand_over") in client.get(reverse("desk")).content.decode().split("<main")[1]
    page = client.get(reverse("hand_over")).content.decode()
    assert "您的工作已全部移交" in page and "0 件待办" not in page
