"""The letter by which a matter is handed over to those who must answer it."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from camphor.matters.models import Assignment, Matter
from camphor.papers.letter import Letter
from camphor.papers.naming import chinese, day, organ, proposers
from camphor.rules.matters import MATTERS, PARTS
from camphor.trail.history import entries_of, made_on


def letter_of(matter: Matter) -> Letter:
    """The letter in Chinese, whatever language the reader has chosen: it is an official paper."""
    handling = list(matter.assignments.exclude(state="released").select_related("handler"))
    leading = [one for one in handling if one.leads]
    assisting = [one for one in handling if not one.leads]
    given = [one.given_at for one in handling]
    issued = made_on(matter, "issue") or (timezone.localdate(min(given)) if given else None)
    kind = chinese(MATTERS, matter.kind)
    recommended = matter.kind == "recommendation"
    lead_in = "现将经协商形成的意见建议函告如下：" if recommended else "现将有关意见建议函告如下："
    head = () if recommended else (_reference(matter, kind),)
    return Letter(
        sender=organ(matter.body).name,
        number=matter.number,
        title=f"关于{MATTERS[matter.kind].handed}《{matter.title}》的函",
        recipient="、".join(one.handler.name for one in leading) or "有关部门",
        paragraphs=tuple(part for part in (*head, matter.text, *([lead_in] if matter.items.exists() else []))
                         if part),
        items=tuple(item.text for item in matter.items.all()),
        closing=tuple(dict.fromkeys(_asked(one) for one in handling if _day(one))),
        signed_on=issued or timezone.localdate(matter.raised_at),
        copies_to=tuple(one.handler.name for one in assisting),
    )  # fmt: skip


def _reference(matter: Matter, kind: str) -> str:
    who = proposers(matter) if matter.kind == "proposal" else ""
    said = [f"{kind}编号：{matter.number}" if matter.number else "", f"提案者：{who}" if who else ""]
    return "；".join(part for part in said if part) + ("。" if any(said) else "")


def _asked(one: Assignment) -> str:
    return PARTS[one.part].asked.format(unit=one.handler.name, day=day(_day(one)))


def _day(one: Assignment) -> date | None:
    """The day that the unit was given with the letter, whatever it owes by now."""
    if one.answer_by:
        return one.answer_by
    moved = entries_of(one)[1:2]
    return moved[0].was_due_on if moved else one.due_on
