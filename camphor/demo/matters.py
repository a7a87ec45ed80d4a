"""The committee's own matters in the demo city: proposals in different states, a report, a finding, a task."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from PIL import Image, ImageDraw

from camphor.bodies.actions import begin_session
from camphor.bodies.models import Body
from camphor.matters import actions as matters
from camphor.matters.actions import Answer
from camphor.matters.models import Backing, Matter
from camphor.matters.published_text import joined
from camphor.people.actor import Actor

ANSWERED, HANDLED, REVIEWED, INVITED = (
    (
        "关于推进老旧小区夜间停车资源共享的提案",
        "老旧小区车位少、登记车辆多，晚上八点以后消防通道和盲道常被占用。周边单位的车位夜间多数空置，"
        "但没有统一的开放办法，管理责任和收费标准不清。",
        ("公布可在夜间共享的单位车位清单。", "在消防通道施划标线，明确巡查责任。"),
    ),
    (
        "关于完善养老助餐点布局和送餐服务的提案",
        "独居和高龄老人做饭困难。现有助餐点集中在集镇，村里的老人走过去要半小时，送餐范围和补贴标准各不相同。",
        ("按步行一刻钟的距离补设助餐点。", "统一送餐补贴标准并向社会公布。", "为失能老人提供上门送餐。"),
    ),
    (
        "关于规范园区电动自行车充电设施的提案",
        "园区就业人员多，充电设施不足，飞线充电时有发生，消防隐患突出。",
        ("新建园区按车位比例配建充电棚。", "充电价格在现场公示。"),
    ),
    (
        "关于保护古镇传统民居风貌的提案",
        "部分民居翻新时使用与古镇不协调的材料，缺少可以照着做的图集和咨询渠道。",
        ("编制民居修缮图集，免费提供。", "设立一名驻镇的风貌咨询员。"),
    ),
)
"""Title, analysis and suggestions of four proposals, by how far each has come."""
OF_SECTOR = (
    "关于帮助小微企业用好数字化改造服务的提案",
    "小微企业想做数字化改造，但缺少懂行的人，改什么、花多少钱、找谁做都不清楚；现有服务目录分散，成效也没有人核验。",
    ("把各部门的改造服务合成一份目录，注明价格和适用行业。", "为首次改造的小微企业提供一次免费诊断。"),
)
"""The same, of a proposal of the economic sector."""
OF_SEVERAL = (
    "关于盘活商务楼宇夜间车位服务周边居民的提案",
    "商务楼宇车位夜间空置较多，周边小区停车难。企业担心管理责任和车辆安全，居民不清楚收费和进出时间，"
    "双方缺少对接的渠道。",
    ("由镇街牵头，组织楼宇业主与社区签订错时共享协议。", "统一夜间收费上限和进出时段，在小程序上公布。"),
)
"""The same, of a proposal of a party together with the federation of industry and commerce."""


@dataclass
class Office:
    """Who acts in the committee of Yuhang, and the day that the telling has reached."""

    body: Body
    actors: dict[str, Actor]
    now: datetime

    def begin(
        self, kind: str, opening: str, who: str, *, ago: int, body: Body | None = None, **given: Any
    ) -> Matter:
        at = self._at(ago)
        matter = Matter(kind=kind, body=body or self.body, author=self.actors[who].person, raised_at=at)
        matters.make(matter, opening, by=self.actors[who], at=at, **given)
        return matter

    def do(self, thing: Any, move: str, who: str, *, ago: int, **given: Any) -> None:
        thing.refresh_from_db()
        matters.make(thing, move, by=self.actors[who], at=self._at(ago), **given)

    def _at(self, ago: int) -> datetime:
        return self.now - timedelta(days=ago, minutes=5)

    def on(self, ago: int) -> Any:
        return timezone.localdate(self._at(ago))


def tell(actors: dict[str, Actor], *, at: datetime) -> None:
    """Everything that the committee has in hand."""
    body = Body.objects.get(slug="yuhang-committee")
    office = Office(body, actors, at)
    for session, opened in ((2, 366), (3, 1)):  # once a year; the third opened yesterday and is sitting
        begin_session(
            body,
            number=12,
            session=session,
            since=office.on(opened),
            proposals_since=office.on(opened + 20),
            proposals_until=office.on(opened - 5),
        )
    _answered(office)
    _handled(office)
    _in_review(office)
    _invited(office)
    _of_sector(office)
    _of_several(office)
    _report(office)
    _finding(office)
    _request(office)
    _task(office)


def _draft(
    office: Office, what: tuple[str, str, tuple[str, ...]], *, ago: int, form: str = "member"
) -> Matter:
    title, text, items = what
    facts = {"researched": "实地走访并召开座谈会", "name_public": "yes"}
    return office.begin(
        "proposal", "draft", "yun", ago=ago, form=form, title=title, text=text, items=items, category="society",
        sponsor=None, facts=facts,
    )  # fmt: skip


def _filed(office: Office, what: tuple[str, str, tuple[str, ...]], *, ago: int) -> Matter:
    proposal = _draft(office, what, ago=ago)
    office.do(proposal, "submit", "yun", ago=ago - 1)
    office.do(proposal, "pass", "mei", ago=ago - 3, category="society", remark="")
    office.do(proposal, "file", "mei", ago=ago - 5)
    return proposal


def _answered(office: Office) -> None:
    """A key proposal that housing answered alone: one item solved, one promised; Yun has to rate it."""
    proposal, lead = _filed(office, ANSWERED, ago=130), Body.objects.get(slug="housing")
    office.do(proposal, "assign", "mei", ago=120, mode="sole", lead=lead)
    office.do(proposal, "choose_key", "mei", ago=110, key_level="chair", led_by="副主席", remark="")
    mine = proposal.assignments.get()
    office.do(mine, "receive", "bo", ago=119)
    office.do(
        mine, "contact", "bo", ago=100, phase="before", way="on_the_spot", held_on=office.on(100), people="云岫",
        text="一同查看了三处单位车位。",
    )  # fmt: skip
    first, second = proposal.items.all()
    day = office.on(0) + timedelta(days=45)
    answers = [
        Answer(first, "已公布首批 12 家单位共 460 个夜间共享车位。", "A"),
        Answer(second, f"标线施划已列入计划，{_named(day)}前完成。", "B", "完成消防通道标线施划", day),
    ]
    office.do(mine, "draft_reply", "bo", ago=45, answers=answers, grade="B", contact="承办科室")
    office.do(mine, "sign", "chi", ago=42, signed_by="池明", letter_number="")
    office.do(mine, "send", "mei", ago=10, checked_grade="B", remark="")
    shown = joined(proposal.text, [item.text for item in proposal.items.all()])
    office.do(proposal, "disclose", "mei", ago=8, openness="full", reason_open="", public_text=shown)
    said = joined("", [answer.text for answer in answers])
    office.do(mine, "disclose", "mei", ago=8, openness="full", reason_open="", public_text=said)


def _handled(office: Office) -> None:
    """One that civil affairs leads and the power supply joins in, still being worked on."""
    proposal = _filed(office, HANDLED, ago=70)
    lead, assisting = Body.objects.get(slug="civil"), Body.objects.get(slug="housing")
    office.do(proposal, "assign", "mei", ago=50, mode="joint", lead=lead, assisting=[assisting])
    office.do(proposal.assignments.get(leads=True), "receive", "tian", ago=49)
    office.do(proposal.assignments.get(leads=False), "receive", "bo", ago=48)


def _in_review(office: Office) -> None:
    proposal = _draft(office, REVIEWED, ago=6)
    office.do(proposal, "submit", "yun", ago=4)


def _invited(office: Office) -> None:
    """A joint proposal for which An has signed and Hong has not answered yet."""
    proposal, day = _draft(office, INVITED, ago=3, form="joint"), office.on(0) + timedelta(days=4)
    invited = [office.actors["an"].person, office.actors["hong"].person]
    office.do(proposal, "invite", "yun", ago=2, invited=invited, confirm_by=day)
    office.do(Backing.objects.get(matter=proposal, person=invited[0]), "confirm", "an", ago=1)


def _of_sector(office: Office) -> None:
    """One that the economic sector agreed on at the plenary; its convener signed, and it waits for review."""
    title, text, items = OF_SECTOR
    sector = Body.objects.get(kind="sector", part_of=office.body)
    proposal = office.begin(
        "proposal", "draft", "hong", ago=1, form="sector", title=title, text=text, items=items,
        category="economy", sponsor=sector, facts={"researched": "界别小组会议讨论通过", "name_public": "yes"},
    )  # fmt: skip
    office.do(proposal, "seal", "hong", ago=1, scan=_signed_sheet())
    office.do(proposal, "submit", "hong", ago=1)


def _of_several(office: Office) -> None:
    """One that a party makes together with the federation, for which Hong has signed; it waits for review."""
    title, text, items = OF_SEVERAL
    party, federation = Body.objects.get(kind="party"), Body.objects.get(kind="federation")
    proposal = office.begin(
        "proposal", "draft", "an", ago=5, form="party", title=title, text=text, items=items, category="city",
        sponsor=party, joined_by=[federation], facts={"researched": "联合调研四幢商务楼宇", "name_public": "yes"},
    )  # fmt: skip
    joining = {federation.pk: office.actors["hong"].person}
    office.do(proposal, "invite", "an", ago=4, joining=joining, confirm_by=office.on(0) + timedelta(days=2))
    office.do(Backing.objects.get(matter=proposal), "confirm", "hong", ago=3)
    office.do(proposal, "seal", "an", ago=3, scan=_signed_sheet())
    office.do(proposal, "submit", "an", ago=2)


def _signed_sheet() -> bytes:
    """A sheet with lines of text and a seal, drawn and legible to nobody: of a demo, not of a body."""
    sheet = Image.new("RGB", (420, 594), "white")
    pen = ImageDraw.Draw(sheet)
    for line in range(80, 420, 26):
        pen.line((50, line, 370, line), fill=(120, 120, 120), width=2)
    pen.ellipse((250, 430, 370, 550), outline=(190, 30, 30), width=5)
    out = io.BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()


def _report(office: Office) -> None:
    """An opinion report that was sent and used, with a leader's instruction for named people."""
    text = "午间外卖骑手集中取餐，门口人行道被占，盲道不通。商圈内有三处空地可作临时停放区。"
    report = office.begin(
        "opinion", "draft", "an", ago=40, title="商圈外卖骑手停车占道问题值得关注", text=text, category="city",
        is_urgent=False, facts={"suggestion": "划出限时停放区，由商场派人引导。"},
    )  # fmt: skip
    office.do(report, "submit", "an", ago=39)
    office.do(report, "take", "mei", ago=38)
    office.do(report, "proof", "mei", ago=36)
    office.do(report, "sign", "lu", ago=35, signed_by="陆远")
    office.do(report, "dispatch", "mei", ago=34, destination="leadership", to_whom="", held_on=office.on(34))
    office.do(
        report,
        "adopt",
        "mei",
        ago=20,
        dispatch=report.dispatches.get(),
        manner="single",
        held_on=office.on(20),
    )
    office.do(
        report, "instruct", "mei", ago=18, led_by="分管领导", held_on=office.on(19),
        instruction="请商圈所在街道研究停放区方案。", readers=[office.actors["lu"].person],
    )  # fmt: skip


def _finding(office: Office) -> None:
    finding = office.begin(
        "finding", "draft", "mei", ago=30, title="关于盲道占用情况的监督意见", text="视察的十条道路中有四条盲道被占。",
        items=["清理被占用的盲道。", "建立每月巡查并公布结果。"], facts={"manner": "topic", "source": "own"},
    )  # fmt: skip
    office.do(finding, "issue", "lu", ago=28, signed_by="陆远")
    office.do(finding, "assign", "mei", ago=27, lead=Body.objects.get(slug="urban"))
    mine = finding.assignments.get()
    office.do(mine, "receive", "tian", ago=26)
    plan = f"{_named(mine.answer_by or office.on(0))}前完成清理，建立月度巡查表。"
    office.do(mine, "plan", "tian", ago=20, text=plan)


def _request(office: Office) -> None:
    request = office.begin(
        "request", "raise", "mei", ago=2, title="园区小微企业续贷周期长", text="续贷要先还后贷，过桥成本高。",
        items=["推动无还本续贷。"], secret="企业当前授信与负债情况（演示数据）。",  # noqa: S106
        facts={"enterprise": "樟科机电（虚构）", "size": "small", "field": "finance", "first_time": "yes"},
    )  # fmt: skip
    office.do(request, "assign", "mei", ago=1, lead=Body.objects.get(slug="housing"))


def _task(office: Office) -> None:
    """From the city to all its districts; Yuhang has done it, the others have still to."""
    city, day = Body.objects.get(slug="hangzhou"), office.on(0) + timedelta(days=18)
    task = office.begin(
        "task",
        "draft",
        "zhong",
        ago=12,
        body=city,
        title="报送本年度协商驿站运行情况",
        text=f"请于{_named(day)}前报送。",
    )
    guided = list(Body.objects.filter(guided_by=city))
    office.do(task, "assign", "zhong", ago=11, guided=guided, lead_due_on=day)
    ours = task.assignments.get(handler=office.body)
    office.do(ours, "receive", "mei", ago=10)
    office.do(ours, "complete", "mei", ago=3, text="全区运行情况已汇总报送。", photo=None)


def _named(day: date) -> str:
    """A day as a text names it: the same that its field holds, on whichever day the city is built."""
    return f"{day.year}年{day.month}月{day.day}日"
