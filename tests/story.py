"""The main story, told through actions: every test that needs a later chapter begins here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone

from camphor.activities import actions as activities
from camphor.activities.actions import Guest
from camphor.activities.models import Activity
from camphor.consultations import actions as consultations
from camphor.consultations.models import Consultation
from camphor.conversations.models import Conversation
from camphor.matters import actions as matters
from camphor.matters.actions import Answer
from camphor.matters.models import Assignment, Matter
from camphor.people.actor import Actor

from .conftest import AT, ON, Cast


@dataclass
class Story:
    """The chapters of the lift story; each returns what it made, and stands on those before it."""

    cast: Cast
    at: datetime = AT
    made: dict[str, object] = field(default_factory=dict)

    def later(self, days: int) -> datetime:
        self.at += timedelta(days=days)
        return self.at

    def concern(self, who: str = "lin") -> Matter:
        cast = self.cast
        return matters.raise_concern(
            title="老楼没有电梯",
            text="七层的老楼没有电梯，一楼邻居担心采光。",
            body=cast.hall,
            venue=cast.venue,
            code=getattr(cast, f"{who}_code"),
            by=getattr(cast, who),
            at=self.at,
        )

    def consultation(self, method: str = "seven_step") -> tuple[Consultation, Matter, Matter]:
        """Lin's concern with Wen's merged into it, taken up by a running consultation."""
        first, twin = self.concern("lin"), self.concern("wen")
        matters.make(first, "accept", by=self.cast.mei, at=self.at)
        matters.make(twin, "merge", by=self.cast.mei, at=self.at, twin=first)
        plan = consultations.draft(
            title="樟荫社区加装电梯",
            text="",
            body=self.cast.hall,
            venue=self.cast.venue,
            method=method,
            begins_on=ON,
            concerns=[first],
            by=self.cast.mei,
            at=self.at,
        )
        consultations.make(plan, "begin", by=self.cast.mei, at=self.at)
        return plan, first, twin

    def conversation(self, plan: Consultation) -> Conversation:
        seeds = ["电梯费用应按楼层分摊", "一楼应得到补偿", "先看样板楼再决定"]
        consultations.make(
            plan, "converse", by=self.cast.mei, at=self.at, title="电梯怎么装？", text="", seeds=seeds
        )
        return Conversation.objects.get(openings__stage__consultation=plan)

    def session(self, plan: Consultation) -> Activity:
        """A session that was held, minuted, and confirmed by the two who came."""
        cast = self.cast
        consultations.make(
            plan, "meet", by=cast.mei, at=self.at, title="电梯协商会", starts_at=self.at, venue=cast.venue
        )
        meeting = Activity.objects.get(stages__consultation=plan)
        guests = [
            Guest("云岫", "member", cast.yun.person),
            Guest("柏然", "officer", cast.bo.person, cast.housing),
        ]
        activities.make(
            meeting, "invite", by=cast.mei, at=self.at, invited=guests, short_notice="各方同意当天开会"
        )
        came = list(meeting.attendances.all())
        activities.make(meeting, "attend", by=cast.mei, at=self.at, came=came, walk_ins=[])
        activities.make(
            meeting, "note", by=cast.mei, at=self.at, point_kind="dissent", speaker=came[0], text="采光怎么办"
        )
        activities.make(meeting, "minute", by=cast.mei, at=self.at)
        activities.make(meeting, "agree", by=cast.yun, at=self.at)
        activities.make(meeting, "agree_on_paper", by=cast.mei, at=self.at, confirmed=came[1:])
        activities.make(meeting, "close", by=cast.mei, at=self.at)
        return meeting

    def recommendation(self, plan: Consultation) -> Matter:
        """A recommendation of two items, handed to housing (leading) and power (assisting)."""
        cast = self.cast
        items = ["先建样板楼", "公布分摊办法"]
        consultations.make(
            plan, "recommend", by=cast.mei, at=self.at, title="关于加装电梯的建议", text="", items=items
        )
        matter = Matter.objects.get(kind="recommendation")
        matters.make(matter, "issue", by=cast.mei, at=self.at)
        matters.make(matter, "assign", by=cast.mei, at=self.at, lead=cast.housing, assisting=[cast.power])
        return matter

    def answer(self, matter: Matter, *, promised_on: date, by: Actor | None = None) -> Matter:
        """Power sends its opinion, housing answers both items and promises the second."""
        lead, assisting = self.assignments(matter)
        if assisting.state == "given":
            matters.make(assisting, "opine", by=self.cast.rui, at=self.at, text="可以迁移管线")
        first, second = matter.items.all()
        answers = [
            Answer(first, "样板楼已建成", "A"),
            Answer(second, "列入计划", "B", promise="公布分摊办法", promised_on=promised_on),
        ]
        matters.make(lead, "reply", by=by or self.cast.bo, at=self.at, answers=answers, contact="")
        return Matter.objects.filter(kind="promise").latest("pk")

    def whole(self) -> Matter:
        """From the concern to an answer with a promise, and a conversation on the way."""
        plan, _first, _twin = self.consultation()
        self.conversation(plan)
        soon = timezone.localdate(self.at) + timedelta(days=9)
        return self.answer(self.recommendation(plan), promised_on=soon)

    @staticmethod
    def assignments(matter: Matter) -> tuple[Assignment, Assignment]:
        return matter.assignments.get(part="lead"), matter.assignments.get(part="assisting")


def again(thing: Matter) -> Matter:
    """The thing as it stands in the database now."""
    return Matter.objects.get(pk=thing.pk)
