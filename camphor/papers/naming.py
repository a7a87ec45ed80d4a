"""How official papers name bodies, people and matters: in Chinese, whatever language the reader reads."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone, translation

from camphor.bodies.models import Body
from camphor.kit.fields import label_of
from camphor.matters.models import Matter
from camphor.rules.bodies import BODY_KINDS
from camphor.rules.matters import MATTERS

CHINESE = "zh-hans"


def organ(body: Body) -> Body:
    """Who signs for a body: a platform is a mechanism and no institution, so its committee does."""
    return next((one for one in body.line() if not BODY_KINDS[one.kind].mechanism), body)


def in_full(matter: Matter) -> str:
    """The matter as the title of a paper names it: its kind, its session, its number."""
    with translation.override(CHINESE):
        kind = label_of(MATTERS, matter.kind)
    term = matter.term
    session = f"{matter.body.name}第{term.number}届第{term.session}次会议" if term else matter.body.name
    return f"{session}{kind}{matter.number}" if matter.number else f"《{matter.title}》{kind}"


def addressees(matter: Matter) -> str:
    """Those who asked: members by their names, or the body in whose name it was made."""
    if matter.sponsor:
        return sponsors(matter)
    names = [str(person) for person in matter.proposers()] if _asks_in_person(matter) else []
    if not names:
        return organ(matter.body).name
    return "、".join(names) + "委员" if MATTERS[matter.kind].backed else names[0]


def _asks_in_person(matter: Matter) -> bool:
    """Members and enterprises ask themselves; what a committee issues is answered to the committee."""
    return MATTERS[matter.kind].backed or matter.kind == "request"


def spoken_to(matter: Matter) -> str:
    """How a letter speaks to its addressees: to one person, to several, or to a body."""
    persons = [] if matter.sponsor or not _asks_in_person(matter) else matter.proposers()
    if not persons:
        return "贵单位"
    return "您" if len(persons) == 1 else "你们"


def sponsors(matter: Matter) -> str:
    """The bodies in whose name it is made, the first one first."""
    return "、".join(str(body) for body in matter.sponsors())


def proposers(matter: Matter) -> str:
    return sponsors(matter) if matter.sponsor else "、".join(str(one) for one in matter.proposers())


def chinese(table: Any, name: str) -> str:
    """The label of a row of the rules in Chinese."""
    with translation.override(CHINESE):
        return label_of(table, name) if name else ""


def day(when: date | datetime | None) -> str:
    """A day as papers write it; nothing where there is none."""
    if when is None:
        return ""
    on = timezone.localdate(when) if isinstance(when, datetime) else when
    return f"{on.year}年{on.month}月{on.day}日"
