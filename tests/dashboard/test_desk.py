"""The desk: what I owe next, and the three generic pages."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from camphor.activities.models import Activity
from camphor.consultations.models import Consultation
from camphor.dashboard.desk import unread
from camphor.dashboard.nouns import nouns
from camphor.engine.flow import Flow
from camphor.kit.nouns import Noun
from camphor.matters.models import Assignment, Matter
from camphor.people.actor import Actor
from camphor.rules import activities, conversations
from camphor.rules.consultations import CONSULTATION
from camphor.rules.matters import BACKING, INSTRUCTION, MATTERS, PARTS
from camphor.trail.models import Entry, File

from ..conftest import Cast, signed_in
from ..house import House
from ..story import Story, again


@pytest.fixture
def story(cast: Cast) -> Story:
    return Story(cast, at=timezone.now())


def page(client: Client, noun: str, pk: int, move: str = "") -> str:
    return reverse("desk_move", args=[noun, pk, move]) if move else reverse("desk_thing", args=[noun, pk])


TOLD = ("concerns", "consultations", "statements", "conversations", "sessions", "recommendations",
        "assignments", "promises")  # fmt: skip
"""The nouns of which the main story tells at least one thing."""
FLOWS: dict[str, Flow] = {
    "backings": BACKING,
    "instructions": INSTRUCTION,
    "consultations": CONSULTATION,
    "sessions": activities.FLOW,
    "conversations": conversations.CONVERSATION,
    "statements": conversations.STATEMENT,
} | {f"{kind.name}s": kind.flow for kind in MATTERS.values()}


@pytest.mark.parametrize("noun", nouns(), ids=[noun.name for noun in nouns()])
def test_every_word_that_a_move_asks_for_has_a_field(noun: Noun) -> None:
    parts = [part.flow for part in PARTS.values()]
    flows = parts if noun.name == "assignments" else [FLOWS[noun.name]]
    moves = [move for flow in flows for move in flow.moves.values() if move.of and not move.quiet]
    assert {word for move in moves for word in move.asks} <= set(noun.fields)


def test_the_clerk_finds_a_new_concern_among_what_she_owes(story: Story, cast: Cast) -> None:
    concern = story.concern()
    owed = signed_in(cast.mei).get(reverse("desk")).context["owed"]
    assert [(one.thing, one.due_on) for one in owed] == [(concern, concern.due_on)]
    assert signed_in(cast.bo).get(reverse("desk")).context["owed"] == []


def test_the_officer_finds_what_he_must_answer_and_by_when(story: Story, cast: Cast) -> None:
    plan, _concern, _twin = story.consultation()
    lead, assisting = story.assignments(story.recommendation(plan))
    assert [one.thing for one in signed_in(cast.bo).get(reverse("desk")).context["owed"]] == [lead]
    assert [one.thing for one in signed_in(cast.rui).get(reverse("desk")).context["owed"]] == [assisting]


def test_a_clerk_of_another_body_finds_nothing(story: Story, cast: Cast) -> None:
    concern = story.concern()
    client = signed_in(cast.stranger)
    assert client.get(page(client, "concerns", concern.pk)).status_code == 404
    assert client.post(page(client, "concerns", concern.pk, "accept")).status_code == 404


def test_a_resident_has_no_desk(cast: Cast) -> None:
    assert Client().get(reverse("desk")).status_code == 302


def test_a_concern_is_accepted_once_however_often_the_button_is_pressed(story: Story, cast: Cast) -> None:
    concern, client = story.concern(), signed_in(cast.mei)
    for _press in range(2):
        sent = client.post(page(client, "concerns", concern.pk, "accept"), follow=True)
        assert sent.status_code == 200
    assert "未作任何改动" in sent.content.decode()
    assert Entry.objects.filter(move="accept").count() == 1


def test_to_decline_needs_a_ground_and_what_was_written_stays(story: Story, cast: Cast) -> None:
    concern, client = story.concern(), signed_in(cast.mei)
    address = page(client, "concerns", concern.pk, "decline")
    sent = client.post(address, {"reason_text": "属于个人事务"})
    assert sent.status_code == 422
    assert "属于个人事务" in sent.content.decode()
    client.post(address, {"reason": "not_public", "reason_text": "属于个人事务"})
    assert again(concern).state == "declined"


def test_a_move_that_only_follows_from_others_has_no_page(story: Story, cast: Cast) -> None:
    _plan, concern, _twin = story.consultation()
    client = signed_in(cast.mei)
    assert client.post(page(client, "concerns", concern.pk, "answer")).status_code == 404
    assert client.get(page(client, "concerns", concern.pk, "no_such_move")).status_code == 404


def test_the_similar_concern_is_offered_first_and_merged_into(story: Story, cast: Cast) -> None:
    first, second, client = story.concern("lin"), story.concern("wen"), signed_in(cast.mei)
    address = page(client, "concerns", second.pk, "merge")
    assert str(first.pk) in client.get(address).content.decode()
    client.post(address, {"twin": first.pk})
    assert again(second).state == "merged"


def test_a_consultation_is_laid_out_from_the_pool(story: Story, cast: Cast) -> None:
    concern, client = story.concern(), signed_in(cast.mei)
    client.post(page(client, "concerns", concern.pk, "accept"))
    sent = {
        "title": "加装电梯",
        "text": "装不装",
        "method": "five_people",
        "begins_on": timezone.localdate().isoformat(),
        "concerns": [concern.pk],
    }
    client.post(reverse("desk_new"), sent)
    plan = Consultation.objects.get()
    assert plan.stages.count() == 5
    days = {f"stage_{stage.place}": stage.opens_on.isoformat() for stage in plan.stages.all()}
    shift = page(client, "consultations", plan.pk, "shift")
    wrong = client.post(shift, {**days, "stage_2": days["stage_1"]})
    assert wrong.status_code == 422
    assert client.post(shift, days).status_code == 302
    client.post(page(client, "consultations", plan.pk, "begin"))
    assert again(concern).state == "taken_up"


def test_what_is_lacking_is_said(story: Story, cast: Cast) -> None:
    plan, _concern, _twin = story.consultation("five_step")
    client = signed_in(cast.mei)
    address = page(client, "consultations", plan.pk, "advance")
    for _stage in range(2):
        client.post(address)
    sent = client.post(address)
    assert sent.status_code == 422
    assert "纪要已确认的协商会" in sent.content.decode()


def reply(matter: Matter, **change: str) -> dict[str, str]:
    sent: dict[str, str] = {}
    for item in matter.items.all():
        sent |= {f"text_{item.pk}": "已办理", f"grade_{item.pk}": "A"}
    first = matter.items.first()
    assert first is not None
    return sent | {f"{name}_{first.pk}": value for name, value in change.items()}


@pytest.mark.parametrize(
    ("change", "ok"),
    [
        ({}, True),
        ({"grade": "B"}, False),
        ({"grade": "B", "promise": "动工"}, False),
        ({"grade": "B", "promise": "动工", "promised_on": "2020-01-01"}, False),
        ({"grade": "B", "promise": "动工", "promised_on": "2099-01-01"}, True),
        ({"grade": "Z"}, False),
        ({"text": ""}, False),
    ],
)
def test_the_officer_answers_item_by_item_and_promises_with_a_day(
    story: Story, cast: Cast, change: dict[str, str], ok: bool
) -> None:
    plan, _concern, _twin = story.consultation()
    matter = story.recommendation(plan)
    lead, assisting = story.assignments(matter)
    rui = signed_in(cast.rui)
    rui.post(page(rui, "assignments", assisting.pk, "opine"), {"text": "同意"})
    client = signed_in(cast.bo)
    sent = client.post(page(client, "assignments", lead.pk, "reply"), reply(matter, **change))
    assert sent.status_code == (302 if ok else 422)
    assert (Assignment.objects.get(pk=lead.pk).state == "replied") is ok
    assert Matter.objects.filter(kind="promise").count() == (1 if ok and "promise" in change else 0)


def test_the_lead_waits_for_the_assisting_unit_until_the_clerk_records_to_go_on(
    story: Story, cast: Cast
) -> None:
    plan, _concern, _twin = story.consultation()
    matter = story.recommendation(plan)
    lead, assisting = story.assignments(matter)
    bo, mei = signed_in(cast.bo), signed_in(cast.mei)
    sent = bo.post(page(bo, "assignments", lead.pk, "reply"), reply(matter))
    assert "全部会办单位的意见" in sent.content.decode()
    assert "全部会办单位的意见" in bo.get(page(bo, "assignments", lead.pk)).content.decode()
    without = page(bo, "assignments", assisting.pk, "go_without")
    assert bo.post(without, {"reason_text": "逾期"}).status_code == 404
    assert mei.post(without, {"reason_text": "还没到期"}).status_code == 404
    assert assisting not in [one.thing for one in mei.get(reverse("desk")).context["owed"]]
    yesterday = timezone.localdate() - timedelta(days=1)
    Assignment.objects.filter(pk=assisting.pk).update(due_on=yesterday)
    assert assisting in [one.thing for one in mei.get(reverse("desk")).context["owed"]]
    mei.post(without, {"reason_text": "逾期未报"})
    assert bo.post(page(bo, "assignments", lead.pk, "reply"), reply(matter)).status_code == 302


def test_a_session_is_held_minuted_and_confirmed_at_the_desk(story: Story, cast: Cast) -> None:
    plan, _concern, _twin = story.consultation()
    client = signed_in(cast.mei)
    starts = (timezone.localtime() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    client.post(page(client, "consultations", plan.pk, "meet"), {"title": "协商会", "starts_at": starts})
    meeting = Activity.objects.get()
    client.post(
        page(client, "sessions", meeting.pk, "invite"),
        {"guests_resident": "王阿姨\n李叔", "short_notice": "居民要求尽快开会"},
    )
    seats = list(meeting.attendances.all())
    client.post(
        page(client, "sessions", meeting.pk, "attend"),
        {"came": [seats[0].pk], "others_stakeholder": "周师傅"},
    )
    point = {"point_kind": "dissent", "speaker": seats[0].pk, "text": "采光怎么办"}
    client.post(page(client, "sessions", meeting.pk, "note"), point)
    client.post(page(client, "sessions", meeting.pk, "minute"))
    present = meeting.attendances.exclude(came_at=None)
    assert present.count() == 2
    client.post(
        page(client, "sessions", meeting.pk, "agree_on_paper"), {"confirmed": [seat.pk for seat in present]}
    )
    client.post(page(client, "sessions", meeting.pk, "close"))
    assert Activity.objects.get().state == "confirmed"
    public = Client().get(reverse("activity", args=[meeting.pk])).content.decode()
    assert "采光怎么办" in public
    assert not re.search("王阿姨|李叔|周师傅", public)


@pytest.mark.parametrize("noun", TOLD)
def test_a_list_asks_a_fixed_number_of_questions(
    story: Story, cast: Cast, noun: str, django_assert_max_num_queries: object
) -> None:
    plan, _concern, _twin = story.consultation()
    story.conversation(plan)
    story.session(plan)
    story.answer(story.recommendation(plan), promised_on=timezone.localdate() + timedelta(days=9))
    client = signed_in(cast.mei)
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        listed = client.get(reverse("desk_list", args=[noun]))
    assert listed.context["rows"]
    for thing, _status, _beside in listed.context["rows"]:
        assert client.get(page(client, noun, thing.pk)).status_code == 200


def test_the_evidence_is_a_picture_that_is_drawn_anew(story: Story, cast: Cast) -> None:
    plan, _concern, _twin = story.consultation()
    promise = story.answer(story.recommendation(plan), promised_on=timezone.localdate() + timedelta(days=9))
    client = signed_in(cast.bo)
    address = page(client, "promises", promise.pk, "show")
    fake = io.BytesIO(b"<script>alert(1)</script>")
    fake.name = "photo.jpg"
    assert client.post(address, {"text": "完工", "photo": fake}).status_code == 422
    raw = io.BytesIO()
    Image.new("RGB", (3000, 20), "green").save(raw, "PNG")
    raw.seek(0)
    raw.name = "photo.png"
    assert client.post(address, {"text": "完工", "photo": raw}).status_code == 302
    kept = Image.open(io.BytesIO(File.objects.get().content))
    assert (kept.format, kept.width) == ("JPEG", 1600)


def test_a_photo_that_was_chosen_goes_along_when_the_form_comes_back(story: Story, cast: Cast) -> None:
    plan, _concern, _twin = story.consultation()
    promise = story.answer(story.recommendation(plan), promised_on=timezone.localdate() + timedelta(days=9))
    client = signed_in(cast.bo)
    address = page(client, "promises", promise.pk, "show")
    raw = io.BytesIO()
    Image.new("RGB", (30, 20), "green").save(raw, "PNG")
    raw.seek(0)
    raw.name = "完工.png"
    with_file = client.post(address, {"text": "", "photo": raw})
    assert with_file.status_code == 422
    key = with_file.context["form"].fields["photo"].kept.key
    assert key and "完工.png" in with_file.content.decode()
    without = client.post(address, {"text": ""})
    assert without.status_code == 422 and "photo-kept" not in without.content.decode()
    assert client.post(address, {"text": "已完工", "photo-kept": key}).status_code == 302
    assert File.objects.get().kind == "image/jpeg"


def owed_by(actor: Actor) -> list[tuple[object, str]]:
    """What is on the desk of somebody: the thing, and the last part of the address where it is done."""
    owed = signed_in(actor).get(reverse("desk")).context["owed"]
    return [(one.thing, one.url.rstrip("/").split("/")[-1].split("?")[0]) for one in owed]


def test_the_clerk_is_led_from_the_pool_to_a_draft_and_to_the_stage_that_is_due(
    story: Story, cast: Cast
) -> None:
    concern = story.concern()
    desk = signed_in(cast.mei)
    desk.post(page(desk, "concerns", concern.pk, "accept"))
    [owed] = desk.get(reverse("desk")).context["owed"]
    assert owed.url == f"{reverse('desk_new')}?concern={concern.pk}"
    sent = {"title": "电梯", "text": "怎么装", "method": "five_step", "begins_on": timezone.localdate()}
    desk.post(reverse("desk_new"), sent | {"concerns": [concern.pk]})
    plan = Consultation.objects.get()
    assert owed_by(cast.mei) == [(plan, "begin")]
    desk.post(page(desk, "consultations", plan.pk, "begin"))
    assert owed_by(cast.mei) == [(plan, "advance")]
    [owed] = desk.get(reverse("desk")).context["owed"]
    assert owed.due_on == plan.stages.all()[0].closes_on - timedelta(days=1)


def test_a_stage_that_needs_a_session_asks_for_one_and_then_the_session_asks(
    story: Story, cast: Cast
) -> None:
    plan, _concern, _twin = story.consultation("five_step")
    plan.stages.filter(place__lt=3).update(done_on=timezone.localdate())
    assert owed_by(cast.mei) == [(plan, "meet")]
    sent = {"title": "协商会", "starts_at": "2031-01-06T09:30"}
    desk = signed_in(cast.mei)
    desk.post(page(desk, "consultations", plan.pk, "meet"), sent)
    assert owed_by(cast.mei) == [(Activity.objects.get(), "invite")]


def test_a_stage_past_its_last_day_is_overdue_on_the_desk(story: Story, cast: Cast) -> None:
    plan, _concern, _twin = story.consultation()
    plan.stages.filter(place=1).update(closes_on=timezone.localdate())
    [owed] = signed_in(cast.mei).get(reverse("desk")).context["owed"]
    assert (owed.thing, owed.lamp.tone) == (plan, "overdue")


def test_the_clerk_owes_nothing_while_a_department_still_has_time(story: Story, cast: Cast) -> None:
    plan, _concern, _twin = story.consultation()
    lead, assisting = story.assignments(story.recommendation(plan))
    assert not {thing for thing, _move in owed_by(cast.mei)} & {lead, assisting}
    Assignment.objects.filter(pk=assisting.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    assert (assisting, "go_without") in owed_by(cast.mei)


def test_an_empty_topic_pool_says_what_to_do(cast: Cast) -> None:
    assert "议题库里还没有" in signed_in(cast.mei).get(reverse("desk_new")).content.decode()


def test_concerns_that_are_hardly_alike_are_not_shown_as_similar(story: Story, cast: Cast) -> None:
    concern = story.concern()
    other = story.concern("wen")
    Matter.objects.filter(pk=other.pk).update(title="路灯", text="夜里太暗")
    assert (
        "相似诉求"
        not in signed_in(cast.mei).get(page(signed_in(cast.mei), "concerns", concern.pk)).content.decode()
    )


def test_the_last_day_of_a_draft_can_be_shifted_too(story: Story, cast: Cast) -> None:
    concern = story.concern()
    desk = signed_in(cast.mei)
    desk.post(page(desk, "concerns", concern.pk, "accept"))
    begins = timezone.localdate()
    sent = {"title": "电梯", "text": "怎么装", "method": "five_step", "begins_on": begins}
    desk.post(reverse("desk_new"), sent | {"concerns": [concern.pk]})
    plan = Consultation.objects.get()
    days = {f"stage_{stage.place}": stage.opens_on.isoformat() for stage in plan.stages.all()}
    shift = page(desk, "consultations", plan.pk, "shift")
    last = plan.stages.latest("place")
    early = desk.post(shift, days | {"last_on": (last.opens_on - timedelta(days=1)).isoformat()})
    assert early.status_code == 422
    desk.post(shift, days | {"last_on": (last.opens_on + timedelta(days=9)).isoformat()})
    assert plan.stages.latest("place").last_on == last.opens_on + timedelta(days=9)


def test_notices_stand_in_the_order_in_which_it_happened(cast: Cast) -> None:
    house = House(cast)
    house.filed("后立案的提案")
    house.at -= timedelta(days=2)  # written down later than it happened
    house.filed("先立案的提案")
    assert [notice["title"] for notice in unread(house.yun)[0]] == ["后立案的提案", "先立案的提案"]
