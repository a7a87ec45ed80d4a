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
    """Those who asked: members by their names, the body in whose name it was made, or the enterprise."""
    if matter.sponsor:
        return sponsors(matter)
    if MATTERS[matter.kind].backed:
        names = [str(person) for person in matter.proposers()]
        return "、".join(names) + "委员" if names else organ(matter.body).name
    return str(matter.facts.get("enterprise", "")) or organ(matter.body).name


def spoken_to(matter: Matter) -> str:
    """How a letter speaks to its addressees: to one person, to several, or to a body."""
    in_person = MATTERS[matter.kind].backed and not matter.sponsor
    persons = matter.proposers() if in_person else []
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
