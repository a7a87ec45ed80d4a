"""What stands on a desk: what the database finds is what the rules say, however much there is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from camphor.consultations import actions as consultations
from camphor.consultations.models import Consultation
from camphor.dashboard.awaited import SHELVES, Shelf, is_open
from camphor.dashboard.next_move import next_move
from camphor.dashboard.nouns import nouns
from camphor.dashboard.owed import LAMPS, board, lamp_of, lines
from camphor.kit.nouns import Noun
from camphor.matters import actions as matters
from camphor.matters.models import Matter
from camphor.people.actor import Actor
from camphor.rules.people import EVERYONE
from camphor.trail.moves import possible_moves

from ..conftest import ON, Cast, person, signed_in
from ..story import Story


@pytest.fixture
def story(cast: Cast) -> Story:
    return Story(cast, at=timezone.now())


@pytest.mark.parametrize("shelf", SHELVES, ids=[shelf.model.__name__ for shelf in SHELVES])
def test_whoever_is_asked_for_a_move_is_found_by_the_database(shelf: Shelf) -> None:
    for _row, flow in shelf.flows():
        for state in flow.states.values():
            if is_open(state):
                asked = {who for move in flow.awaited_from(state.name) for who in move.by - EVERYONE}
                assert asked <= set(shelf.holds), (state.name, asked)


def _by_the_rules(noun: Noun, actor: Actor, on: date) -> set[int]:
    """The long way: every visible thing, every move, asked one by one."""
    found = set()
    for thing in noun.rows(actor, on):
        state = thing.flow.states[thing.state]
        if not is_open(state) or (state.tone == "note" and thing.due_on is None):
            continue
        moves = [move for move in possible_moves(thing, actor, on=on) if not move.free]
        drafted = noun.name == "concerns" and thing.state == "accepted"
        drafted = drafted and Consultation.objects.filter(state="draft").exists()
        if moves and not drafted and next_move(noun, thing, moves, on=on):
            found.add(thing.pk)
    return found


def agree(cast: Cast, *, chapter: str) -> None:
    """For everybody of the cast, today and after all days have passed, both ways lead to the same things."""
    for name in ("mei", "bo", "rui", "yun", "stranger"):
        actor: Actor = getattr(cast, name)
        for on in (timezone.localdate(), timezone.localdate() + timedelta(days=400)):
            found = lines(actor, on=on)
            for noun in nouns():
                quick = {line.pk for line in found if line.noun == noun.name}
                assert quick == _by_the_rules(noun, actor, on), (chapter, name, noun.name, on)


def test_the_quick_way_and_the_rules_find_the_same_at_every_chapter(story: Story, cast: Cast) -> None:
    lone = story.concern("wen")
    agree(cast, chapter="submitted")
    matters.make(lone, "accept", by=cast.mei, at=story.at)
    matters.make(lone, "postpone", by=cast.mei, at=story.at, reason_text="再看")
    agree(cast, chapter="postponed")
    matters.make(lone, "accept", by=cast.mei, at=story.at)
    agree(cast, chapter="accepted")
    Matter.objects.filter(pk=lone.pk).update(code_digest="")
    plan, _concern, _twin = story.consultation("five_step")
    agree(cast, chapter="running")
    drafted = consultations.draft(
        title="草稿",
        text="",
        body=cast.hall,
        method="five_step",
        begins_on=ON,
        concerns=[lone],
        by=cast.mei,
        at=story.at,
    )
    agree(cast, chapter="drafted")
    consultations.make(drafted, "stop", by=cast.mei, at=story.at, reason_text="不办")
    story.conversation(plan)
    for chapter in ("collect", "select"):
        consultations.make(plan, "advance", by=cast.mei, at=story.at)
        agree(cast, chapter=chapter)
    story.session(plan)
    agree(cast, chapter="session")
    consultations.make(plan, "advance", by=cast.mei, at=story.at)
    matter = story.recommendation(plan)
    agree(cast, chapter="assigned")
    _lead, assisting = story.assignments(matter)
    matters.make(assisting, "object", by=cast.rui, at=story.at, reason_text="不归我们")
    agree(cast, chapter="objected")
    matters.make(assisting, "uphold", by=cast.mei, at=story.at, reason_text="归你们")
    promise = story.answer(matter, promised_on=timezone.localdate() + timedelta(days=9))
    agree(cast, chapter="answered")
    matters.make(promise, "show", by=cast.bo, at=story.at, text="做好了")
    agree(cast, chapter="shown")


def test_who_confirmed_the_minutes_has_nothing_more_on_his_desk(story: Story, cast: Cast) -> None:
    plan, _concern, _twin = story.consultation()
    meeting = story.session(plan)
    type(meeting).objects.filter(pk=meeting.pk).update(state="minuted")
    agree(cast, chapter="minuted")
    meeting.attendances.update(confirmed_at=None)
    assert [line.pk for line in lines(cast.yun, on=timezone.localdate())] == [meeting.pk]
    agree(cast, chapter="unconfirmed")


@pytest.mark.parametrize(
    ("days", "lamp"),
    [(-30, "overdue"), (-1, "overdue"), (0, "soon"), (7, "soon"), (8, "in_time"), (None, "undated")],
)
def test_the_lamp_is_a_word(days: int | None, lamp: str) -> None:
    day = None if days is None else ON + timedelta(days=days)
    assert lamp_of(day, ON) == lamp
    assert LAMPS[lamp].label


def many(cast: Cast, n: int) -> None:
    """So many new concerns, each due on a day of its own, in no order, the first overdue the longest."""
    now, today = timezone.now(), timezone.localdate()
    Matter.objects.bulk_create(
        Matter(
            kind="concern",
            title=f"诉求{number}",
            body=cast.hall,
            raised_at=now,
            state="submitted",
            due_on=today + timedelta(days=(number * 37) % n - 50),
        )
        for number in range(n)
    )


def test_two_thousand_things_take_no_more_questions_than_thirty(
    cast: Cast, django_assert_max_num_queries: object
) -> None:
    many(cast, 2000)
    client = signed_in(cast.mei)
    client.get(reverse("desk"))
    with django_assert_max_num_queries(24):  # type: ignore[operator]
        page = client.get(reverse("desk"))
    assert page.context["board"].total == 2000 and len(page.context["owed"]) == 25


@pytest.mark.parametrize(
    "address", ["?order=first", "?order=last", "?page=70", "?lamp=in_time", "?kind=concerns"]
)
def test_what_is_overdue_the_longest_is_seen_on_every_page(cast: Cast, address: str) -> None:
    many(cast, 2000)
    page = signed_in(cast.mei).get(reverse("desk") + address)
    oldest = Matter.objects.order_by("due_on")[0]
    assert page.context["board"].latest.thing == oldest
    assert oldest.title in page.content.decode()


def test_the_desk_is_sorted_both_ways_and_filtered_by_kind_and_lamp(cast: Cast) -> None:
    many(cast, 100)
    on = timezone.localdate()
    days = [one.due_on for one in board(cast.mei, on=on).owed if one.due_on]
    assert days == sorted(days) and days[0] == on - timedelta(days=50)
    days = [one.due_on for one in board(cast.mei, on=on, last_first=True).owed if one.due_on]
    assert days == sorted(days, reverse=True) and days[0] == on + timedelta(days=49)
    assert {one.lamp.name for one in board(cast.mei, on=on, lamp="soon").owed} == {"soon"}
    assert board(cast.mei, on=on, kind="promises").owed == []
    shown = board(cast.mei, on=on)
    assert dict(shown.lamps) == {"overdue": 50, "soon": 8, "in_time": 42}
    assert [(noun.name, n) for noun, n in shown.kinds] == [("concerns", 100)]


def test_nonsense_in_the_address_shows_the_desk(cast: Cast) -> None:
    many(cast, 30)
    client = signed_in(cast.mei)
    for address in ("?lamp=purple", "?page=none", "?page=-3", "?order=%00", "?whose=unit"):
        assert len(client.get(reverse("desk") + address).context["owed"]) >= 5, address


def test_a_leader_sees_what_her_unit_owes_and_has_no_button_for_it(story: Story, cast: Cast) -> None:
    lan = person("lan", cast.housing, "leader")
    plan, _concern, _twin = story.consultation()
    lead, _assisting = story.assignments(story.recommendation(plan))
    page = signed_in(lan).get(reverse("desk"))
    assert [(one.thing, one.verb) for one in page.context["owed"]] == [(lead, "")]
    thing = signed_in(lan).get(reverse("desk_thing", args=["assignments", lead.pk]))
    assert thing.status_code == 200 and thing.context["moves"] == []


def test_only_notices_that_were_shown_are_marked_as_read(cast: Cast) -> None:
    story = Story(cast, at=timezone.now())
    for number in range(12):
        matters.raise_concern(
            title=f"诉求{number}",
            text="",
            body=cast.hall,
            venue=None,
            code=f"AAAAAAAAAA{number:02}".replace("0", "K").replace("1", "M"),
            by=Actor(),
            at=story.at,
        )
    client = signed_in(cast.mei)
    page = client.get(reverse("desk"))
    assert (len(page.context["notices"]), page.context["more_notices"]) == (10, 2)
    client.post(reverse("read_notices"), {"notice": [one["pk"] for one in page.context["notices"]]})
    assert len(client.get(reverse("desk")).context["notices"]) == 2
