"""Notices that leave the house: when, over what, saying what, and what becomes of those that fail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import ClassVar

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from camphor.dashboard.outgoing import write
from camphor.matters import actions as matters
from camphor.matters.models import Assignment
from camphor.people.models import Address, Membership, Preference
from camphor.rules.notices import CHANNELS, MOST_TRIES, RHYTHMS
from camphor.trail.delivering import awake, gathered, pause, plan, send
from camphor.trail.gateways import Console, Email, Message, Recording, Refused, gateways
from camphor.trail.models import Delivery, Entry, Notice, Reminding
from camphor.trail.undoing import undo

from ..conftest import AT, Cast, person
from ..story import Story

MINUTE = timedelta(minutes=1)
HERE = timezone.get_default_timezone()


class Broken(Recording):
    """A gateway whose provider is away."""

    tries: ClassVar[list[str]] = []

    def send(self, address: str, message: Message) -> None:
        self.tries.append(address)
        raise ConnectionError("the provider is away")


class Final(Recording):
    """A gateway that knows no such number."""

    def send(self, address: str, message: Message) -> None:
        raise Refused("no such number")


@pytest.fixture(autouse=True)
def empty() -> Iterator[None]:
    Recording.sent.clear()
    Broken.tries.clear()
    yield
    Recording.sent.clear()


@pytest.fixture
def assisting(cast: Cast) -> Assignment:
    """Rui's unit assists; Rui is reached by text message, Mei by e-mail."""
    assert cast.rui.person and cast.mei.person
    Address.objects.create(person=cast.rui.person, channel="sms", address="13900000000")
    Address.objects.create(person=cast.mei.person, channel="email", address="mei@example.org")
    Preference.objects.create(person=cast.mei.person, language="en")
    story = Story(cast)
    consultation, _concern, _twin = story.consultation()
    assisting = story.assignments(story.recommendation(consultation))[1]
    Notice.objects.exclude(entry__move="give_assisting").update(planned_at=AT)  # one notice is enough
    return assisting


def go(at: datetime, **ways: Recording | Email) -> dict[str, int]:
    plan(at=at, channels=list(CHANNELS))
    return dict(send(at=at, ways=ways, write=write))


def test_an_officer_hears_over_his_channel_and_the_delivery_is_recorded(
    cast: Cast, assisting: Assignment
) -> None:
    assert go(AT, sms=Recording()) == {"sent": 1, "read": 0}
    [(address, message)] = Recording.sent
    assert address == "13900000000"
    assert message.text.endswith(reverse("desk_thing", args=["assignments", assisting.pk]))
    kept = Delivery.objects.get()
    assert (kept.channel, kept.outcome, kept.done_at, kept.tries) == ("sms", "sent", AT, 1)
    assert go(AT + MINUTE, sms=Recording()) == {}


def test_no_name_and_no_title_leaves_the_house(cast: Cast, assisting: Assignment) -> None:
    matters.make(assisting, "object", by=cast.rui, at=AT, reason_text="不归我们管")
    notices = list(Notice.objects.all())
    secret = ("电梯", "Rui", "Mei", "Bo", "Lin", "不归", "采光", "object", str(cast.housing), str(cast.power))
    for language in ("zh-hans", "en"):
        for channel in CHANNELS:
            message = write(notices, language, channel)
            for word in secret:
                assert word not in message.text + message.subject, (language, channel, word)


def test_a_message_says_its_number_and_where_to_read_it_in_the_language_of_its_reader(
    cast: Cast, assisting: Assignment
) -> None:
    matter = assisting.matter
    matters.make(assisting, "object", by=cast.rui, at=AT, reason_text="不归我们管")
    notices = list(Notice.objects.filter(person=cast.mei.person, entry__move="object"))
    english, chinese = write(notices, "en", "email"), write(notices, "zh-hans", "email")
    assert "1 notice for you" in english.subject and "1 条通知" in chinese.subject
    assert f"Assignment {matter.number}" in english.text
    assert f"/desk/assignments/{assisting.pk}/" in chinese.text
    assert matter.title not in english.text + chinese.text


def test_what_waits_for_somebody_goes_in_one_message(cast: Cast, assisting: Assignment) -> None:
    _second(Story(cast))
    assert go(AT, sms=Recording())["sent"] == 3
    assert len(Recording.sent) == 1 and "3 条通知" in Recording.sent[0][1].text


def test_a_thing_is_named_once_and_what_comes_due_stands_first(cast: Cast, assisting: Assignment) -> None:
    given = Entry.objects.get(move="give_assisting", subject_id=assisting.pk)
    whole = Entry.objects.filter(move="assign", subject_id=assisting.matter.pk)[0]
    late = Reminding(subject=assisting, due_on=AT.date(), reminder="overdue", at=AT)
    notices = [Notice(entry=whole), Notice(entry=given), Notice(reminding=late)]
    lines = write(notices, "zh-hans", "email").text.splitlines()[2:]
    assert lines[0] == f"交办事项 {assisting.matter.number} · 逾期 (2026-09-07) · 2 条通知"
    assert len([line for line in lines if f"/assignments/{assisting.pk}/" in line]) == 1
    assert f"/recommendations/{assisting.matter.pk}/" in lines[3]


def test_what_is_overdue_longest_stands_first_and_work_that_was_handed_over_is_named_once(
    cast: Cast, assisting: Assignment
) -> None:
    day, matter = timedelta(days=1), assisting.matter
    soon = Reminding(subject=matter, due_on=AT.date() + 7 * day, reminder="week_before", at=AT)
    late = Reminding(subject=assisting, due_on=AT.date() - day, reminder="overdue", at=AT)
    for body in (cast.district, cast.hall):
        person(f"jun-{body.slug}", body, "clerk")
        seat = Membership.objects.get(person__username=f"jun-{body.slug}")
        Entry.objects.create(at=AT, move="take_over", standing="self", given={}, subject=seat)
    taken = [Notice(entry=entry) for entry in Entry.objects.filter(move="take_over")]
    message = write([*taken, Notice(reminding=soon), Notice(reminding=late)], "en", "email")
    lines = message.text.splitlines()[2:8]
    assert lines[0].startswith("Assignment") and "Overdue" in lines[0]
    assert lines[2].startswith("Recommendation")
    assert lines[4] == "My work · 2 notices" and lines[5].endswith(reverse("hand_over"))


def _second(story: Story) -> None:
    """Another recommendation in which Rui's unit assists."""
    matter = matters.draft_recommendation(
        title="第二份建议", text="", items=["一"], body=story.cast.hall, by=story.cast.mei, at=AT
    )
    matters.make(matter, "issue", by=story.cast.mei, at=AT)
    matters.make(
        matter, "assign", by=story.cast.mei, at=AT, lead=story.cast.housing, assisting=[story.cast.power]
    )


def test_what_can_be_taken_back_waits_five_minutes_and_is_never_sent_if_it_was(
    cast: Cast, assisting: Assignment
) -> None:
    matters.make(assisting, "object", by=cast.rui, at=AT, reason_text="不归我们")
    assert go(AT + MINUTE, email=Email()) == {}
    entry = Notice.objects.get(person=cast.mei.person, entry__move="object").entry
    assert entry is not None
    undo(assisting, entry, by=cast.rui, at=AT + 2 * MINUTE)
    assert go(AT + 6 * MINUTE, email=Email()) == {}
    assert mail.outbox == [] and Delivery.objects.get(channel="email").outcome == "withdrawn"


def test_once_it_has_left_it_is_not_taken_back(cast: Cast, assisting: Assignment) -> None:
    from camphor.trail.undoing import NotUndoable

    matters.make(assisting, "object", by=cast.rui, at=AT, reason_text="不归我们")
    go(AT, email=Email())
    Delivery.objects.filter(channel="email").update(outcome="sent")
    entry = Notice.objects.get(person=cast.mei.person, entry__move="object").entry
    assert entry is not None
    with pytest.raises(NotUndoable, match="已有人获知"):
        undo(assisting, entry, by=cast.rui, at=AT + MINUTE)


def test_mail_goes_by_django(cast: Cast, assisting: Assignment) -> None:
    matters.make(assisting, "object", by=cast.rui, at=AT, reason_text="不归我们")
    assert go(AT, email=Email()) == {}
    assert go(AT + 5 * MINUTE, email=Email())["sent"] == 1
    [letter] = mail.outbox
    assert letter.to == ["mei@example.org"] and "1 notice for you" in letter.subject


def test_what_was_read_at_the_desk_is_not_sent_again(cast: Cast, assisting: Assignment) -> None:
    plan(at=AT, channels=["sms"])
    Notice.objects.update(read_at=AT)
    assert go(AT, sms=Recording()) == {"read": 1}
    assert Recording.sent == [] and Delivery.objects.get().outcome == "read"


@pytest.mark.parametrize("tries", [1, 3, MOST_TRIES])
def test_a_failure_is_kept_and_tried_again_with_longer_and_longer_pauses(
    cast: Cast, assisting: Assignment, tries: int
) -> None:
    at = AT
    for n in range(1, tries + 1):
        go(at, sms=Broken())
        assert len(Broken.tries) == n
        go(at + pause(n) - MINUTE, sms=Broken())
        assert len(Broken.tries) == n, "not before the pause is over"
        at += pause(n)
    kept = Delivery.objects.get()
    assert (kept.tries, kept.fault) == (tries, "ConnectionError")
    assert kept.outcome == ("given_up" if tries == MOST_TRIES else "waiting")
    done = go(at, sms=Recording())
    assert len(Recording.sent) == (0 if tries == MOST_TRIES else 1), done


def test_what_the_gateway_refuses_for_good_is_not_tried_again(cast: Cast, assisting: Assignment) -> None:
    assert go(AT, sms=Final())["given_up"] == 1
    assert go(AT + timedelta(days=1), sms=Recording()) == {}


def test_a_process_that_died_while_sending_loses_nothing(cast: Cast, assisting: Assignment) -> None:
    class Died(Recording):
        def send(self, address: str, message: Message) -> None:
            raise SystemExit

    with pytest.raises(SystemExit):
        go(AT, sms=Died())
    assert go(AT + pause(1), sms=Recording())["sent"] == 1


def test_the_record_holds_neither_address_nor_words(cast: Cast, assisting: Assignment) -> None:
    go(AT, sms=Recording())
    columns = {field.name for field in Delivery._meta.get_fields()}
    assert columns == {"id", "notice", "channel", "not_before", "tries", "outcome", "done_at", "fault"}


def test_an_address_is_sealed_in_the_database(cast: Cast, assisting: Assignment) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT address FROM people_address")
        stored = [row[0] for row in cursor.fetchall()]
    assert len(stored) == 2 and not [text for text in stored if "139" in text or "mei" in text]
    assert Address.objects.get(channel="sms").address == "13900000000"


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HERE)


@pytest.mark.parametrize(
    ("now", "rhythm", "then"),
    [
        ("2026-09-07T10:00", "at_once", "2026-09-07T10:00"),
        ("2026-09-07T08:00", "daily", "2026-09-07T08:30"),
        ("2026-09-07T10:00", "daily", "2026-09-08T08:30"),
        ("2026-09-07T08:30", "weekly", "2026-09-07T08:30"),  # a Monday
        ("2026-09-07T10:00", "weekly", "2026-09-14T08:30"),
        ("2026-09-13T23:00", "weekly", "2026-09-14T08:30"),
    ],
)
def test_notices_are_gathered_by_the_wish_of_the_reader(now: str, rhythm: str, then: str) -> None:
    assert gathered(local(now), RHYTHMS[rhythm]) == local(then)


@pytest.mark.parametrize(
    ("now", "quiet", "then"),
    [
        ("2026-09-07T10:00", ("21:00", "08:00"), "2026-09-07T10:00"),
        ("2026-09-07T21:00", ("21:00", "08:00"), "2026-09-08T08:00"),
        ("2026-09-07T03:00", ("21:00", "08:00"), "2026-09-07T08:00"),
        ("2026-09-07T08:00", ("21:00", "08:00"), "2026-09-07T08:00"),
        ("2026-09-07T13:00", ("12:00", "14:00"), "2026-09-07T14:00"),
        ("2026-09-07T13:00", None, "2026-09-07T13:00"),
    ],
)
def test_quiet_hours_are_kept_also_past_midnight(now: str, quiet: tuple[str, str] | None, then: str) -> None:
    wish = Preference()
    if quiet:
        wish.quiet_from, wish.quiet_until = map(time.fromisoformat, quiet)
    assert awake(local(now), wish) == local(then)


@given(st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 1, 1)), st.times(), st.times())
def test_nothing_is_sent_in_quiet_hours_nor_held_for_more_than_a_day(
    now: datetime, since: time, until: time
) -> None:
    since, until = since.replace(second=0, microsecond=0), until.replace(second=0, microsecond=0)
    wish = Preference(quiet_from=since, quiet_until=until)
    start = now.replace(tzinfo=HERE)
    then = awake(start, wish)
    assert start <= then <= start + timedelta(days=1)
    assert awake(then, wish) == then


def test_a_site_without_ways_out_plans_and_sends_nothing(
    cast: Cast, assisting: Assignment, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("notify")
    assert "nothing to send" in capsys.readouterr().out
    assert not Delivery.objects.exists() and not Notice.objects.filter(planned_at=None).exists()


def test_the_command_sends_by_the_gateways_that_the_settings_name(
    cast: Cast, assisting: Assignment, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.GATEWAYS = {"sms": "camphor.trail.gateways.Console"}
    call_command("notify")
    out = capsys.readouterr().out
    assert "sent: 1" in out and "13…" in out and "13900000000" not in out
    assert isinstance(gateways()["sms"], Console)


def test_a_person_sets_how_she_is_told(cast: Cast, settings: Settings) -> None:
    settings.GATEWAYS = {"sms": "camphor.trail.gateways.Recording", "email": "camphor.trail.gateways.Email"}
    client, address = Client(), reverse("preferences")
    assert cast.mei.person is not None
    client.force_login(cast.mei.person)
    sent = {"language": "en", "rhythm": "daily", "quiet_from": "21:00", "quiet_until": "08:00"}
    for wrong in ({"sms": "not a number"}, {"email": "nobody"}, {"rhythm": "hourly"}, {"quiet_until": ""}):
        page = client.post(address, sent | wrong)
        assert page.status_code == 422, wrong
    assert not Preference.objects.exists()
    assert client.post(address, sent | {"sms": "13800000000"}).status_code == 302
    kept = Preference.objects.get()
    assert (kept.language, kept.rhythm, kept.quiet_from) == ("en", "daily", time(21))
    assert "13800000000" in client.get(address).content.decode()
    client.post(address, sent)
    assert not Address.objects.exists(), "what was emptied is forgotten"
