"""The committee's own work, told through actions: members, its clerk, its leader, and what they raise."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from PIL import Image

from camphor.bodies.actions import begin_session, found
from camphor.bodies.models import Body
from camphor.matters import actions as matters
from camphor.matters.actions import Answer
from camphor.matters.models import Assignment, Backing, Instruction, Item, Matter
from camphor.matters.origins import twins_of
from camphor.people.actor import Actor
from camphor.rules.matters import FORMS

from .conftest import AT, ON, SINCE, Cast, person

M = TypeVar("M", Matter, Assignment, Backing, Instruction)
ITEMS = ("公布夜间停车的共享车位", "划出消防通道并设标线")


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "PNG")
    return out.getvalue()


@dataclass
class House:
    """The district's committee: Yun, An and Hong are members, Qing its clerk, Lu its leader."""

    cast: Cast
    at: datetime = AT
    made: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        district = self.cast.district
        self.yun = self.cast.yun
        self.an, self.hong = person("an", district, "member"), person("hong", district, "member")
        self.qing, self.lu = person("qing", district, "clerk"), person("lu", district, "leader")
        self.auditor = person("shen", district, "auditor")
        self.chief = person("chief", self.cast.housing, "leader")
        begin_session(
            district,
            number=12,
            session=2,
            since=date(2026, 1, 1),
            proposals_since=ON - timedelta(days=30),
            proposals_until=ON + timedelta(days=3),
        )

    @property
    def on(self) -> date:
        return ON + (self.at - AT)

    def later(self, days: int) -> datetime:
        self.at += timedelta(days=days)
        return self.at

    def begin(self, kind: str, opening: str, by: Actor, **given: Any) -> Matter:
        matter = Matter(kind=kind, body=self.cast.district, author=by.person, raised_at=self.at)
        return self.open(matter, opening, by, **given)

    def open(self, matter: Matter, opening: str, by: Actor, **given: Any) -> Matter:
        matters.make(matter, opening, by=by, at=self.at, **given)
        return again(matter)

    def do(self, thing: M, move: str, by: Actor, **given: Any) -> M:
        """Make the move with the thing as it stands now."""
        now = again(thing)
        matters.make(now, move, by=by, at=self.at, **given)
        return again(now)

    def draft(
        self, title: str = "关于破解老旧小区停车难的提案", by: Actor | None = None, **more: Any
    ) -> Matter:
        given = {
            "form": "member",
            "title": title,
            "text": "夜间停车难，消防通道被占。",
            "items": ITEMS,
            "category": "city",
            "sponsor": None,
            "facts": {"researched": "走访六个小区"},
        }
        return self.begin("proposal", "draft", by or self.yun, **(given | more))

    def sponsor(self, form: str) -> Body:
        """A body in whose name a proposal of this form is made, a part of the district's committee."""
        kind = FORMS[form].sponsors[0]
        known = Body.objects.filter(kind=kind).first()
        return known or found(
            name=f"余杭 {kind}", slug=kind, kind=kind, since=SINCE, part_of=self.cast.district
        )

    def backing(self, matter: Matter, who: Actor) -> Backing:
        return Backing.objects.get(matter=matter, person=who.person)

    def filed(self, title: str = "关于破解老旧小区停车难的提案", by: Actor | None = None) -> Matter:
        proposal = self.draft(title, by)
        self.do(proposal, "submit", by or self.yun)
        self.do(proposal, "pass", self.qing, category="city", remark="")
        filed: Matter = self.do(proposal, "file", self.qing)
        return filed

    def handed(self, proposal: Matter, **more: Any) -> Matter:
        given = {"mode": "joint", "lead": self.cast.housing, "assisting": [self.cast.power]} | more
        handed: Matter = self.do(proposal, "assign", self.qing, **given)
        return handed

    def lead(self, proposal: Matter) -> Assignment:
        return again(proposal).assignments.get(leads=True)

    def joining(self, proposal: Matter) -> Assignment:
        return again(proposal).assignments.get(leads=False)

    def draft_answer(self, proposal: Matter, move: str = "draft_reply", grade: str = "A") -> None:
        """Housing drafts: the first item is solved, and each other is promised for in forty days."""
        lead = self.lead(proposal)
        items = [item for one in [proposal, *self.merged(proposal)] for item in one.items.all()]
        answers = self.answers(items)
        self.do(lead, move, self.cast.bo, answers=answers, grade=grade, contact="柏然 0571-88880000")

    def answers(self, items: Sequence[Item]) -> list[Answer]:
        """The first item is solved, and each other is promised for in forty days."""
        by = self.on + timedelta(days=40)
        return [
            Answer(items[0], "已公布 320 个共享车位", "A"),
            *(Answer(one, "列入计划", "B", promise="完成标线施划", promised_on=by) for one in items[1:]),
        ]

    def merged(self, proposal: Matter) -> list[Matter]:
        return list(twins_of(proposal).filter(state="merged"))

    def joint(self) -> Matter:
        """A joint proposal of Yun and An that was answered."""
        proposal = self.draft(form="joint")
        self.do(proposal, "invite", self.yun, invited=[self.an.person], confirm_by=ON + timedelta(days=3))
        self.do(self.backing(proposal, self.an), "confirm", self.an)
        self.do(proposal, "submit", self.yun)
        self.do(proposal, "pass", self.qing, category="city", remark="")
        return self.answered(self.do(proposal, "file", self.qing))

    def answered(self, proposal: Matter) -> Matter:
        """From the hand-over to one unit alone to the letter that goes out."""
        handed = self.handed(proposal, mode="sole", assisting=())
        self.do(self.lead(handed), "receive", self.cast.bo)
        self.answer(handed)
        return again(handed)

    def answer(self, proposal: Matter) -> None:
        self.draft_answer(proposal)
        self.do(self.lead(proposal), "sign", self.chief, signed_by="局长", letter_number="")
        self.do(self.lead(proposal), "send", self.qing, checked_grade="A", remark="")

    def rate(self, proposal: Matter, who: Actor, score: str, remark: str = "") -> Matter:
        rated: Matter = self.do(proposal, "rate", who, handling="satisfied", score=score, remark=remark)
        return rated


def again(thing: M) -> M:
    """The thing as it stands in the database now."""
    return type(thing)._default_manager.get(pk=thing.pk)
