"""The form of a proposal, with all that the form of the committees asks for."""

from __future__ import annotations

from typing import Any

from django.utils import timezone, translation
from docx.shared import Mm

from camphor.bodies.rulebook import words
from camphor.matters.attaching import caption_of
from camphor.matters.fields.writing import told_facts
from camphor.matters.models import Contact, Matter, Rating
from camphor.papers.naming import CHINESE, chinese, day, sponsors
from camphor.papers.review import judged
from camphor.papers.sheet import BLACK, BODY, Sheet
from camphor.papers.table import table, write_row
from camphor.people.models import Person
from camphor.rules.matters import FORMS, KEY_LEVELS, OCCASIONS, PARTS, PHASES, SCORES, SUPERVISIONS, WAYS
from camphor.trail.history import attached_to, entries_of, made_on

LABEL, REST = Mm(36), Mm(120)
"""The two columns of the form; together the text block."""
SIGNING = ("asked", "confirmed")
"""Whose name stands on the form: who declined, or did not answer in time, is not one of its proposers."""


def proposal_form(matter: Matter) -> bytes:
    """One proposal as the table that goes into the file: head, proposers, body, review, handling, rating."""
    sheet = Sheet(matter.title)
    sheet.title(f"{matter.body.name}提案表")
    sheet.line()
    drawn = table(sheet, (LABEL, REST))
    for label, value in [*_head(matter), *_body(matter), *_afterwards(matter)]:
        if value:
            write_row(drawn, (label, value), (BLACK, BODY))
    return sheet.save()


def _head(matter: Matter) -> list[tuple[str, str]]:
    table = words("categories", matter.body, on=timezone.localdate(matter.raised_at))
    session = f"第{matter.term.number}届第{matter.term.session}次会议" if matter.term else ""
    occasion = chinese(OCCASIONS, matter.occasion)
    return [
        ("流水号", str(matter.pk)),
        ("案号", matter.number or "（尚未立案）"),
        ("届次", "　".join(part for part in (session, occasion) if part)),
        ("提案形式", chinese(FORMS, matter.form)),
        ("类别", chinese(table, matter.category) if matter.category else ""),
        ("重点提案", chinese(KEY_LEVELS, matter.key_level)),
        ("案由", matter.title),
        ("提案单位", sponsors(matter)),
        (
            "执笔人" if matter.sponsor else "第一提案人",
            _member(matter.author, matter) if matter.author else "",
        ),
        ("提交日期", day(_moved(matter, "submit") or matter.raised_at)),
    ]


def _moved(matter: Matter, move: str) -> Any:
    entry = entries_of(matter).filter(move=move).last()
    return entry.at if entry else None


def _body(matter: Matter) -> list[tuple[str, str]]:
    signing = matter.backings.filter(state__in=SIGNING).select_related("person", "in_name_of")
    signed = [
        f"{_member(one.person, matter)}{f'（代表{one.in_name_of}）' if one.in_name_of else ''}　"
        f"{state_of(one)}　{day(made_on(one, 'confirm'))}".rstrip()
        for one in signing
    ]
    attached = [caption_of(file) for file in attached_to(matter)]
    with translation.override(CHINESE):
        facts = [(label, value) for label, value in told_facts(matter)]
    return [
        ("联名人", "\n".join(signed)),
        ("情况、问题和分析", matter.text),
        ("建议", "\n".join(f"{item.place}．{item.text}" for item in matter.items.all())),
        *facts,
        ("附件", "\n".join(f"{n}．{name}" for n, name in enumerate(attached, start=1))),
    ]


def _member(person: Person, matter: Matter) -> str:
    """A member with the sectors of the committee that he belonged to when it was raised."""
    seats = person.memberships.in_force(timezone.localdate(matter.raised_at))
    sectors = seats.filter(body__kind="sector", body__path__startswith=matter.body.path)
    named = [str(seat.body) for seat in sectors.select_related("body").order_by("body__path")]
    return f"{person}（{'、'.join(dict.fromkeys(named))}）" if named else str(person)


def state_of(thing: Any) -> str:
    """Where a thing stands, in Chinese."""
    return chinese(thing.flow.states, thing.state)


def _afterwards(matter: Matter) -> list[tuple[str, str]]:
    """Review, handling and rating, as far as they have come."""
    handling = [
        f"{one.handler.name}（{part_of(one)}）　{state_of(one)}　办理期限：{day(one.answer_by)}"
        for one in matter.assignments.select_related("handler")
    ]
    letters = [
        f"{one.number}　{day(one.at)}　{one.assignment.handler.name}　办理结果：{one.grade}　"
        f"签发人：{one.signed_by}"
        for one in matter.letters.select_related("assignment__handler")
    ]
    contacts = [
        "　".join(
            part for part in (day(one.held_on), _occasion(one), one.led_by, one.people, one.text) if part
        )
        for one in matter.contacts.all()
    ]
    ratings = [
        f"{one.person or ''}　{_whose(one)}第{one.round}轮　办理工作：{chinese(SCORES, one.handling)}　"
        f"办理结果：{chinese(SCORES, one.score)}"
        for one in matter.ratings.select_related("person", "assignment__handler")
    ]
    return [
        ("审查结果", _reviewed(matter)),
        ("不予立案理由", _grounds(matter)),
        ("立案日期", day(_moved(matter, "file"))),
        ("承办单位", "\n".join(handling)),
        ("沟通记录", "\n".join(contacts)),
        ("答复函", "\n".join(letters)),
        ("委员评价", "\n".join(ratings)),
        ("目前状态", state_of(matter)),
    ]


def _whose(rating: Rating) -> str:
    """The unit whose answer is rated by itself."""
    return f"{rating.assignment.handler.name}　" if rating.assignment else ""


def _reviewed(matter: Matter) -> str:
    """What the review came to; where it stands by now is told by itself."""
    ended = judged(matter)
    return chinese(matter.flow.states, ended.to) if ended else ""


def part_of(one: Any) -> str:
    return chinese(PARTS, one.part)


def _grounds(matter: Matter) -> str:
    """Why it was not filed, in the words that the body itself had for it on that day."""
    refused = entries_of(matter).filter(move="refuse", undone_by=None).last()
    if not refused:
        return ""
    table = words("refusals", matter.body, on=timezone.localdate(refused.at))
    told = (chinese(table, refused.given.get("refusal", "")), refused.given.get("reason_text", ""))
    return "：".join(part for part in told if part)


def _occasion(contact: Contact) -> str:
    """When and how the proposer was talked to, or the form of a supervision."""
    known = ((PHASES, contact.phase), (WAYS, contact.way), (SUPERVISIONS, contact.supervision))
    told = "、".join(chinese(table, name) for table, name in known if name)
    with translation.override(CHINESE):
        return told or contact.what
