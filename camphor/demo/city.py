"""The demo city, made by calling actions as its people would: it is one large test as well."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from camphor.activities import actions as activities
from camphor.activities.actions import Guest
from camphor.activities.models import Activity
from camphor.bodies.models import Body, Venue
from camphor.consultations import actions as consultations
from camphor.consultations.models import Consultation
from camphor.consultations.needs import recommendations
from camphor.consultations.support import shared_statements
from camphor.conversations import actions as conversations
from camphor.conversations import maps
from camphor.conversations.models import Conversation
from camphor.demo import bodies, crowd
from camphor.demo import matters as committee
from camphor.demo.cases import CASES, CHAPTERS, CONCERNS, LIFT, Case
from camphor.demo.cast import CAST, LIN_CODE, PASSWORD, WEN_CODE
from camphor.demo.places import TERM_SINCE
from camphor.matters import actions as matters
from camphor.matters.actions import CODE_LETTERS, Answer
from camphor.matters.models import Matter
from camphor.people.actor import Actor, digest
from camphor.people.models import Membership, Person
from camphor.trail.models import Entry

GUESTS = (Guest("王阿姨", "resident"), Guest("李叔", "resident"), Guest("周师傅", "stakeholder"))


@transaction.atomic
def build(*, at: datetime) -> None:
    """Build the whole city as it stands at a moment."""
    bodies.build()
    actors = _people()
    _tell(LIFT, actors, at=at, codes=(LIN_CODE, WEN_CODE))
    for case in CASES:
        _tell(case, actors, at=at, codes=(_code(case.concern), _code(case.concern + case.title)))
    _concerns(actors, at=at)
    committee.tell(actors, at=at)
    Entry.objects.update(recorded_at=F("at"))  # in the story, everything is written down when it happens
    for conversation in Conversation.objects.all():
        maps.current(conversation, at=at, wait=True)


def _people() -> dict[str, Actor]:
    actors = {}
    others = [
        body.slug for body in Body.objects.filter(kind="committee_district").exclude(slug="yuhang-committee")
    ]
    for one in CAST:
        person = Person.objects.create_user(one.username, password=PASSWORD, name=one.name)
        for slug in one.bodies or others:
            body = Body.objects.get(slug=slug)
            Membership.objects.create(person=person, body=body, role=one.role, since=TERM_SINCE)
        actors[one.username] = Actor(person)
    return actors


def _code(text: str) -> str:
    """A lookup code that is the same each time the city is built."""
    number = int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
    letters = []
    for _place in range(12):
        number, rest = divmod(number, len(CODE_LETTERS))
        letters.append(CODE_LETTERS[rest])
    return "".join(letters)


def _in_the_morning(at: datetime) -> datetime:
    """Half past nine of that day, when sessions begin."""
    return timezone.localtime(at).replace(hour=9, minute=30, second=0, microsecond=0)


@dataclass
class Telling:
    """A case being told: who acts in it, and what has been made so far."""

    case: Case
    clerk: Actor
    officer: Actor
    actors: dict[str, Actor]
    codes: tuple[str, str]
    now: datetime
    began: datetime

    def after(self, days: int) -> datetime:
        """So many days after the beginning, but never in the future."""
        return min(self.began + timedelta(days=days), self.now - timedelta(minutes=5))


def _tell(case: Case, actors: dict[str, Actor], *, at: datetime, codes: tuple[str, str]) -> None:
    """Tell a case up to the chapter that it has reached."""
    venue = Venue.objects.get(slug=case.venue)
    ours = venue.body.path.startswith("yuhang-committee/")
    telling = Telling(
        case=case,
        clerk=actors["mei" if ours else "qing"],
        officer=actors["bo" if case.lead == "housing" else "tian"],
        actors=actors,
        codes=codes,
        now=at,
        began=_in_the_morning(at - timedelta(days=case.began)),
    )
    plan = _plan(telling, venue)
    chapters: dict[str, Callable[[Telling, Consultation], None]] = {
        "running": _begin,
        "voting": _converse,
        "met": _meet,
        "issued": _recommend,
        "assigned": _hand_over,
        "answered": _answer,
        "rated": _rate,
    }
    for chapter in CHAPTERS[1 : CHAPTERS.index(case.reaches) + 1]:
        chapters[chapter](telling, plan)


def _raise(telling: Telling, title: str, text: str, code: str, venue: Venue, *, at: datetime) -> Matter:
    by = Actor(digests=frozenset({digest(code)}))
    return matters.raise_concern(
        title=title, text=text, body=venue.body, venue=venue, code=code, by=by, at=at
    )


def _plan(telling: Telling, venue: Venue) -> Consultation:
    case, clerk = telling.case, telling.clerk
    concern = _raise(telling, case.concern, case.told, telling.codes[0], venue, at=telling.after(0))
    matters.make(concern, "accept", by=clerk, at=telling.after(2))
    if case.twin:
        twin = _raise(telling, case.twin, case.told, telling.codes[1], venue, at=telling.after(3))
        matters.make(twin, "merge", by=clerk, at=telling.after(4), twin=concern)
    return consultations.draft(
        title=case.title,
        text=case.text,
        body=venue.body,
        venue=venue,
        method=case.method,
        begins_on=timezone.localdate(telling.after(5)),
        concerns=[concern],
        by=clerk,
        at=telling.after(5),
    )


def _begin(telling: Telling, plan: Consultation) -> None:
    consultations.make(plan, "begin", by=telling.clerk, at=telling.after(6))


def _converse(telling: Telling, plan: Consultation) -> None:
    case, at = telling.case, telling.after(8)
    consultations.make(
        plan, "converse", by=telling.clerk, at=at, title=case.title, text=case.text, seeds=list(case.seeds)
    )
    talk = Conversation.objects.get(openings__stage__consultation=plan)
    crowd.vote(talk, case.voters, camps=case.camps, at=telling.after(9), seed=plan.pk)
    if case is LIFT:
        author = conversations.join(talk, digest("lin", of="crowd"), at=at)
        for text in ("电梯井道的位置请画出来给大家看。", "请问什么时候动工？"):
            by = Actor(digests=frozenset({author.digest}))
            conversations.say(talk, text, participant=author, by=by, at=telling.now - timedelta(hours=3))


def _meet(telling: Telling, plan: Consultation) -> None:
    case, clerk, at = telling.case, telling.clerk, telling.after(24)
    _advance(telling, plan, until="meet", at=telling.after(20))
    consultations.make(
        plan,
        "meet",
        by=clerk,
        at=telling.after(20),
        title=f"{case.title}协商会",
        starts_at=at,
        venue=plan.venue,
    )
    session = Activity.objects.get(stages__consultation=plan)
    yun, officer = telling.actors["yun"].person, telling.officer.person
    lead = Body.objects.get(slug=case.lead)
    guests = [Guest(str(yun), "member", yun), Guest(str(officer), "officer", officer, lead), *GUESTS]
    told_at = telling.after(21)
    in_time = session.is_told_in_time(timezone.localdate(told_at))
    why = "" if in_time else "居民诉求紧迫，参会各方均同意提前召开。"
    activities.make(session, "invite", by=clerk, at=told_at, invited=guests, short_notice=why)
    seats = list(session.attendances.all())
    activities.make(session, "attend", by=clerk, at=at, came=seats, walk_ins=[])
    for kind, part, text in case.points:
        speaker = next((seat for seat in seats if seat.part == part), None)
        activities.make(session, "note", by=clerk, at=at, point_kind=kind, speaker=speaker, text=text)
    activities.make(session, "minute", by=clerk, at=telling.after(25))
    activities.make(session, "agree_on_paper", by=clerk, at=telling.after(26), confirmed=seats)
    activities.make(session, "close", by=clerk, at=telling.after(26))


def _advance(telling: Telling, plan: Consultation, *, until: str, at: datetime) -> None:
    """Close the stages before the first of this kind, where the method has one."""
    if not plan.stages.filter(kind=until).exists():
        return
    while (stage := plan.current_stage) and stage.kind != until:
        consultations.make(plan, "advance", by=telling.clerk, at=at)


def _recommend(telling: Telling, plan: Consultation) -> None:
    case = telling.case
    consultations.make(plan, "advance", by=telling.clerk, at=telling.after(27))
    consultations.make(
        plan,
        "recommend",
        by=telling.clerk,
        at=telling.after(28),
        title=f"关于{case.title}的协商建议",
        text="经征集民意、实地调研和协商会讨论，参会各方形成以下共识。",
        items=list(case.items),
        statements=[one.statement for one in shared_statements(plan, at=telling.after(28))],
    )
    matters.make(_recommendation(plan), "issue", by=telling.clerk, at=telling.after(29))


def _recommendation(plan: Consultation) -> Matter:
    return recommendations(plan).latest("pk")


def _hand_over(telling: Telling, plan: Consultation) -> None:
    lead = Body.objects.get(slug=telling.case.lead)
    power = Body.objects.get(slug="power")
    assisting = [power] if telling.case is LIFT else []
    matters.make(
        _recommendation(plan),
        "assign",
        by=telling.clerk,
        at=telling.after(30),
        lead=lead,
        assisting=assisting,
    )


def _answer(telling: Telling, plan: Consultation) -> None:
    matter, at = _recommendation(plan), telling.after(55)
    for assignment in matter.assignments.filter(part="assisting"):
        opinion = "同意迁移方案，强电部分由我司负责，弱电部分请协调运营商。"
        matters.make(assignment, "opine", by=telling.actors["rui"], at=telling.after(48), text=opinion)
    today = timezone.localdate(telling.now)
    answers = [
        Answer(
            item,
            reply.text,
            reply.grade,
            reply.promise,
            today + timedelta(days=reply.days) if reply.promise else None,
        )
        for item, reply in zip(matter.items.all(), telling.case.replies, strict=True)
    ]
    lead = matter.assignments.get(part="lead")
    matters.make(lead, "reply", by=telling.officer, at=at, answers=answers, contact="")
    _advance(telling, plan, until="track", at=at)
    for item, reply in zip(matter.items.all(), telling.case.replies, strict=True):
        if reply.kept:
            _keep(telling, item.replies.get().promise, days=reply.days)


def _keep(telling: Telling, promise: Matter | None, *, days: int) -> None:
    if promise is None:
        return
    shown = telling.now + timedelta(days=days - 3)
    matters.make(
        promise, "show", by=telling.officer, at=shown, text="已完工并投入使用，现场可查。", photo=None
    )
    seen_on = timezone.localdate(shown + timedelta(days=2))
    matters.make(
        promise,
        "confirm",
        by=telling.clerk,
        at=shown + timedelta(days=2),
        seen_on=seen_on,
        text="现场看过，属实。",
    )


def _rate(telling: Telling, plan: Consultation) -> None:
    concern = Matter.objects.get(code_digest=digest(telling.codes[0]))
    by = Actor(digests=frozenset({digest(telling.codes[0])}))
    matters.make(
        concern,
        "rate",
        by=by,
        at=telling.after(60),
        score=telling.case.rated,
        remark="事情办成了，谢谢大家。",
    )
    while plan.current_stage:
        consultations.make(plan, "advance", by=telling.clerk, at=telling.after(62))
    for talk in Conversation.objects.filter(openings__stage__consultation=plan, state="open"):
        conversations.make(talk, "close", by=telling.clerk, at=telling.after(62))
    consultations.make(plan, "finish", by=telling.clerk, at=telling.after(63))


def _concerns(actors: dict[str, Actor], *, at: datetime) -> None:
    """Concerns that no consultation has taken up, in every state that they can be in."""
    for slug, state, title, text, days in CONCERNS:
        venue = Venue.objects.get(slug=slug)
        raised = at - timedelta(days=days)
        code = _code(title)
        by = Actor(digests=frozenset({digest(code)}))
        concern = matters.raise_concern(
            title=title, text=text, body=venue.body, venue=venue, code=code, by=by, at=raised
        )
        clerk = actors["mei" if venue.body.path.startswith("yuhang-committee/") else "qing"]
        for move, given in MOVES_TO[state]:
            matters.make(concern, move, by=clerk, at=raised + timedelta(days=1), **given)


MOVES_TO: dict[str, tuple[tuple[str, dict[str, Any]], ...]] = {
    "submitted": (),
    "accepted": (("accept", {}),),
    "declined": (
        ("decline", {"reason": "not_public", "reason_text": "邻里界址纠纷可向村民调解委员会申请调解。"}),
    ),
    "redirected": (
        ("redirect", {"channel": "hotline", "reason_text": "涉及电梯安全，已转 12345 交市场监管部门处置。"}),
    ),
    "postponed": (
        ("accept", {}),
        ("postpone", {"reason_text": "古镇保护规划正在修编，待规划公布后再议。"}),
    ),
}
