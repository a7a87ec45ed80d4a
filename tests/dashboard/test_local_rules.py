"""The rules that a clerk sets for her body: from a day on, checked, on the trail, and never for the past."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from camphor.activities import actions as activities
from camphor.activities.actions import Guest
from camphor.activities.models import Activity
from camphor.bodies.actions import set_rule
from camphor.bodies.models import LocalRule
from camphor.bodies.rulebook import grades, pattern, reminders, times, words
from camphor.consultations import actions as consultations
from camphor.engine.flow import Lacking, NotPossible
from camphor.matters import actions as matters
from camphor.people.actor import Actor
from camphor.people.models import Membership
from camphor.rules.activities import FLOW
from camphor.rules.bodies import MATERIALS, PLATFORMS
from camphor.rules.calendar import TIMES
from camphor.rules.consultations import CONSULTATION
from camphor.rules.conversations import CONVERSATION, STATEMENT
from camphor.rules.matters import BACKING, INSTRUCTION, MATTERS, PARTS
from camphor.trail.models import Entry
from camphor.trail.moves import possible_moves

from ..conftest import AT, ON, SINCE, Cast, person, signed_in
from ..story import Story


def sent(cast: Cast, *, ahead: int = 0, **more: Any) -> dict[str, object]:
    since = timezone.localdate() + timedelta(days=ahead)
    return {"body": cast.hall.pk, "since": since.isoformat(), **more}


def held_rows(context: Any) -> list[Any]:
    """What holds, from all the folds of the page."""
    return [one for fold in context["folds"] for one in fold.rows]


def test_times_are_folded_but_for_what_was_set_or_is_asked_for(cast: Cast) -> None:
    mei, page = signed_in(cast.mei), reverse("local_rules", args=["times"])

    def unfolded(**asked: str) -> list[str]:
        answer = mei.get(page, asked)
        folds = answer.context["folds"]
        assert answer.content.decode().count('<details class="twin" open>') == sum(
            one.is_open for one in folds
        )
        assert {one.row.name for one in held_rows(answer.context)} == set(TIMES)
        return [one.label for one in folds if one.is_open]

    assert unfolded() == []
    assert unfolded(row="minutes") == ["Sessions"]
    mei.post(page, sent(cast, row="rating", months=0, days=20, worked=0))
    assert unfolded() == ["Concerns and consultations"]
    assert "<details" not in mei.get(reverse("local_rules", args=["grades"])).content.decode()


def test_a_time_holds_from_its_day_on_and_the_one_before_it_until_then(cast: Cast) -> None:
    mei, on, page = signed_in(cast.mei), timezone.localdate(), reverse("local_rules", args=["times"])
    row: dict[str, Any] = {"row": "rating", "months": 0, "days": 20, "worked": 0}
    assert mei.post(page, sent(cast, **row)).status_code == 302
    assert mei.post(page, sent(cast, ahead=10, **{**row, "days": 30})).status_code == 302
    held = [times(cast.hall, on=on + timedelta(days=n))["rating"].days for n in (0, 9, 10)]
    assert held == [20, 20, 30]
    assert times(cast.city, on=on)["rating"].days == 15
    shown = mei.get(page).content.decode()
    assert "尚未生效" in shown and shown.count("rating") >= 2
    entries = list(Entry.objects.filter(move="set_rule"))
    assert [entry.by for entry in entries] == [cast.mei.person] * 2
    assert entries[0].given["row"]["days"] == 20


@pytest.mark.parametrize(
    "change",
    [{"ahead": -1}, {"days": "-1"}, {"days": "x"}, {"row": "no_such_time"}, {"days": "100000"}],
    ids=["the past", "negative", "no number", "unknown", "mistyped"],
)
def test_a_wrong_rule_gets_a_reason_and_nothing_is_set(cast: Cast, change: dict[str, Any]) -> None:
    row: dict[str, Any] = {"row": "rating", "months": 0, "days": 20, "worked": 0, **change}
    answer = signed_in(cast.mei).post(reverse("local_rules", args=["times"]), sent(cast, **row))
    assert answer.status_code == 422
    assert not LocalRule.objects.exists() and not Entry.objects.exists()


def test_a_rule_before_one_that_is_to_come_is_refused(cast: Cast) -> None:
    mei, page = signed_in(cast.mei), reverse("local_rules", args=["times"])
    row: dict[str, Any] = {"row": "rating", "months": 0, "days": 20, "worked": 0}
    assert mei.post(page, sent(cast, ahead=10, **row)).status_code == 302
    assert mei.post(page, sent(cast, ahead=5, **row)).status_code == 422
    assert LocalRule.objects.count() == 1


def test_reminders_grades_and_grounds_are_set_and_words_taken_out(cast: Cast) -> None:
    mei, on = signed_in(cast.mei), timezone.localdate()
    for table, row in (
        ("reminders", {"row": "week_before", "before": 10}),
        ("grades", {"name": "D", "label": "D：留作参考"}),
        ("refusals", {"name": "many", "label": "一案多事"}),
        ("refusals", {"name": "academic", "label": "属于学术研讨", "gone": "on"}),
    ):
        assert mei.post(reverse("local_rules", args=[table]), sent(cast, **row)).status_code == 302
    assert reminders(cast.hall, on=on)["week_before"].before == 10
    assert list(grades(cast.hall, on=on)) == ["A", "B", "C", "D"]
    grounds = words("refusals", cast.hall, on=on)
    assert "many" in grounds and "academic" not in grounds


def test_a_ground_with_a_long_name_can_be_worded_anew(cast: Cast) -> None:
    """The form begins with the name of the house, which nobody may have to shorten."""
    mei, page = signed_in(cast.mei), reverse("local_rules", args=["refusals"])
    form = mei.get(page, {"row": "party_personnel"}).context["form"]
    row: dict[str, Any] = {"name": form["name"].value(), "label": "涉及党内组织、人事安排"}
    assert mei.post(page, sent(cast, **row)).status_code == 302
    assert words("refusals", cast.hall, on=timezone.localdate())["party_personnel"].label == row["label"]


def test_a_committee_sorts_its_proposals_by_categories_of_its_own(cast: Cast) -> None:
    mei, on, page = signed_in(cast.mei), timezone.localdate(), reverse("local_rules", args=["categories"])
    assert mei.post(page, sent(cast, name="village", label="乡村振兴")).status_code == 302
    assert words("categories", cast.hall, on=on)["village"].label == "乡村振兴"
    assert "乡村振兴" in mei.get(page).content.decode()


def test_a_committee_writes_its_numbers_in_its_own_way(cast: Cast) -> None:
    mei, on, page = signed_in(cast.mei), timezone.localdate(), reverse("local_rules", args=["series"])
    assert mei.get(page, {"row": "opinion"}).context["form"]["pattern"].value() == "{year}年第{n}期"
    row: dict[str, Any] = {"row": "opinion", "pattern": "{place}信息〔{year}〕第{n:03}期"}
    assert mei.post(page, sent(cast, **row)).status_code == 302
    assert row["pattern"] in mei.get(page).content.decode()
    written = pattern("opinion", "{year}年第{n}期", cast.hall, on=on)
    assert written.format(place="余杭", year=2026, n=7, term=0, session=0) == "余杭信息〔2026〕第007期"


@pytest.mark.parametrize(
    "typed",
    ["", "第{n号", "第n号", "第{n}号", "{year}", "{n.__class__}{year}", "{n!r}{year}", "{year:04}-{n}",
     "{x}{n}{year}", "{n:999999999}{year}", "{0}{n}{year}", "{}{n}{year}"],
)  # fmt: skip
def test_numbers_that_could_be_given_twice_or_not_written_are_refused(cast: Cast, typed: str) -> None:
    page = reverse("local_rules", args=["series"])
    answer = signed_in(cast.mei).post(page, sent(cast, row="opinion", pattern=typed))
    assert answer.status_code == 422 and not LocalRule.objects.exists()
    assert answer.context["form"].errors["pattern"]


@pytest.mark.parametrize("who", ["bo", "yun"])
def test_who_is_no_clerk_sets_no_rules(cast: Cast, who: str) -> None:
    page = reverse("local_rules", args=["times"])
    assert signed_in(getattr(cast, who)).post(page, {}).status_code == 403


def test_a_clerk_sets_no_rules_for_another_body(cast: Cast) -> None:
    row: dict[str, Any] = {"row": "rating", "months": 0, "days": 20, "worked": 0}
    answer = signed_in(cast.stranger).post(reverse("local_rules", args=["times"]), sent(cast, **row))
    assert answer.status_code == 422 and not LocalRule.objects.exists()


def test_who_works_for_several_bodies_sees_and_sets_the_rules_of_each(cast: Cast) -> None:
    assert cast.mei.person is not None
    Membership.objects.create(person=cast.mei.person, body=cast.district, role="clerk", since=SINCE)
    mei, page = signed_in(cast.mei), reverse("local_rules", args=["times"])
    given = sent(cast, row="rating", days=20) | {"body": cast.district.pk}
    assert mei.post(page, given)["Location"] == f"{page}?body={cast.district.pk}"
    on = timezone.localdate()
    assert [times(body, on=on)["rating"].days for body in (cast.district, cast.hall)] == [20, 20]
    shown = {body: mei.get(page, {"body": body.pk}).context for body in (cast.district, cast.hall)}
    assert [context["whose"] for context in shown.values()] == [cast.district, cast.hall]
    for context in shown.values():
        (held,) = [one for one in held_rows(context) if one.row.name == "rating"]
        assert held.rule.body == cast.district and "20" in held.told
    assert mei.get(page, {"body": cast.city.pk}).context["whose"] == cast.hall  # not hers: her own first


def test_a_time_is_never_shortened_to_nothing_by_leaving_all_empty(cast: Cast) -> None:
    mei, page = signed_in(cast.mei), reverse("local_rules", args=["times"])
    answer = mei.post(page, sent(cast, row="proposal_reply", months="", days="", worked=""))
    assert answer.status_code == 422 and not LocalRule.objects.exists()
    assert mei.post(page, sent(cast, row="proposal_reply", days=0)).status_code == 302  # the same day, said
    assert times(cast.hall, on=timezone.localdate())["proposal_reply"].months == 0


def test_the_same_rule_sent_twice_is_set_once(cast: Cast) -> None:
    mei, page = signed_in(cast.mei), reverse("local_rules", args=["times"])
    for _click in range(2):
        assert mei.post(page, sent(cast, row="rating", days=20)).status_code == 302
    assert LocalRule.objects.count() == Entry.objects.filter(move="set_rule").count() == 1


def test_the_form_of_a_row_begins_with_what_holds(cast: Cast) -> None:
    mei, page = signed_in(cast.mei), reverse("local_rules", args=["times"])
    form = mei.get(page, {"row": "recommendation_reply"}).context["form"]
    assert (form["row"].value(), form["months"].value()) == ("recommendation_reply", 2)
    assert mei.get(page, {"row": "no such"}).status_code == 200


def test_every_time_is_on_the_page_and_every_time_is_used(cast: Cast) -> None:
    shown = held_rows(signed_in(cast.mei).get(reverse("local_rules", args=["times"])).context)
    assert {one.row.name for one in shown} == set(TIMES)
    flows = [kind.flow for kind in MATTERS.values()] + [part.flow for part in PARTS.values()]
    flows += [BACKING, INSTRUCTION, CONVERSATION, STATEMENT, FLOW, CONSULTATION]
    moves = [move for flow in flows for move in flow.moves.values()]
    used = {name for move in moves for name in (move.due, move.urgent, move.only_within)}
    used |= {kind.reply for kind in MATTERS.values()} | {one.notice for one in PLATFORMS.values()}
    # by the forms that ask for more time and for signatures, by a need, and by what is reminded of
    asked_for = {"extension_limit", "signature", MATERIALS, "promise_look"}
    assert set(TIMES) <= used | asked_for


def test_a_session_that_is_told_too_late_by_the_bodys_own_time_needs_a_reason(cast: Cast) -> None:
    story = Story(cast)
    plan, _concern, _twin = story.consultation()
    set_rule(cast.district, "times", {"name": "station_notice", "label": "x", "worked": 10}, since=ON)
    begins = story.at + timedelta(days=5)  # five days suffice by the rule of the house, and not by theirs
    consultations.make(plan, "meet", by=cast.mei, at=story.at, title="会", starts_at=begins, venue=cast.venue)
    meeting = Activity.objects.get()
    guests = [Guest("云岫", "member", cast.yun.person)]
    with pytest.raises(Lacking, match="notice"):
        activities.make(meeting, "invite", by=cast.mei, at=story.at, invited=guests, short_notice="")
    activities.make(meeting, "invite", by=cast.mei, at=story.at, invited=guests, short_notice="防汛急需")


def test_the_materials_of_a_formal_session_go_out_in_time_or_with_a_reason(cast: Cast) -> None:
    begins = AT + timedelta(days=12)  # a Saturday, nine working days later
    formal = activities.plan(
        title="专题协商会", starts_at=begins, body=cast.district, venue=None, by=cast_clerk(cast), at=AT
    )
    with pytest.raises(Lacking, match="materials"):
        activities.make(formal, "send_materials", by=cast_clerk(cast), at=AT, text="通报材料")
    told = "上级文件刚到"
    activities.make(
        formal, "send_materials", by=cast_clerk(cast), at=AT, text="通报材料", late_materials=told
    )
    row: dict[str, object] = {"name": "materials", "label": "x", "worked": 5}
    set_rule(cast.district, "times", row, since=ON)
    activities.make(formal, "send_materials", by=cast_clerk(cast), at=AT, text="补充材料")
    station = activities.plan(
        title="会", starts_at=begins, body=cast.hall, venue=cast.venue, by=cast.mei, at=AT
    )
    activities.make(station, "send_materials", by=cast.mei, at=AT, text="材料")  # no time is asked for there


def cast_clerk(cast: Cast) -> Actor:
    """The clerk of the district, made once."""
    known = Membership.objects.filter(body=cast.district, role="clerk").first()
    return Actor(known.person) if known else person("qing", cast.district, "clerk")


def test_an_objection_is_possible_only_within_the_bodys_own_time(cast: Cast) -> None:
    story = Story(cast)
    plan, _concern, _twin = story.consultation()
    lead, _assisting = story.assignments(story.recommendation(plan))
    row: dict[str, object] = {"name": "objection", "label": "x", "worked": 1}
    set_rule(cast.district, "times", row, since=ON)
    assert "object" not in [move.name for move in possible_moves(lead, cast.bo, on=ON + timedelta(days=2))]
    with pytest.raises(NotPossible):
        matters.make(lead, "object", by=cast.bo, at=story.later(2), reason_text="不属于本单位职责")


def test_a_rule_that_is_still_to_come_is_withdrawn_and_what_held_before_holds_on(cast: Cast) -> None:
    mei, on, page = signed_in(cast.mei), timezone.localdate(), reverse("local_rules", args=["times"])
    for ahead, days in ((0, 20), (10, 30), (20, 40)):
        assert mei.post(page, sent(cast, ahead=ahead, row="rating", days=days)).status_code == 302
    assert mei.get(page).content.decode().count("/withdraw/") == 2
    middle = LocalRule.objects.get(row__days=30)
    for _click in range(2):
        assert mei.post(reverse("withdraw_rule", args=[middle.pk])).status_code == 302
    held = [times(cast.hall, on=on + timedelta(days=n))["rating"].days for n in (0, 10, 20)]
    assert held == [20, 20, 40]
    assert Entry.objects.filter(move="withdraw_rule").count() == 1
    assert "已撤回" in mei.get(page).content.decode()
    last = LocalRule.objects.get(row__days=40)
    assert mei.post(reverse("withdraw_rule", args=[last.pk])).status_code == 302
    assert times(cast.hall, on=on + timedelta(days=20))["rating"].days == 20
    # nothing is in the way of an earlier one any more
    assert mei.post(page, sent(cast, ahead=5, row="rating", days=25)).status_code == 302
    assert times(cast.hall, on=on + timedelta(days=10))["rating"].days == 25


def test_a_rule_that_holds_is_replaced_and_never_withdrawn(cast: Cast) -> None:
    mei, page = signed_in(cast.mei), reverse("local_rules", args=["times"])
    assert mei.post(page, sent(cast, row="rating", days=20)).status_code == 302
    rule = LocalRule.objects.get()
    answer = mei.post(reverse("withdraw_rule", args=[rule.pk]), follow=True)
    assert "该规则已经生效" in answer.content.decode()
    assert times(cast.hall, on=timezone.localdate())["rating"].days == 20


@pytest.mark.parametrize("who", ["bo", "yun", "stranger"])
def test_nobody_else_withdraws_a_rule(cast: Cast, who: str) -> None:
    assert signed_in(cast.mei).post(
        reverse("local_rules", args=["times"]), sent(cast, ahead=10, row="rating", days=20)
    )
    rule = LocalRule.objects.get()
    answer = signed_in(getattr(cast, who)).post(reverse("withdraw_rule", args=[rule.pk]))
    assert answer.status_code == 403
    assert LocalRule.objects.get().until is None


def test_no_time_is_chosen_before_somebody_chooses_it(cast: Cast) -> None:
    form = signed_in(cast.mei).get(reverse("local_rules", args=["times"])).context["form"]
    assert form.fields["row"].choices[0][0] == "" and form["row"].value() is None
