"""The letter of answer: item by item, with its grade and what is promised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from camphor.bodies.rulebook import grades
from camphor.engine.table import Table
from camphor.matters.answering import drafted
from camphor.matters.models import Assignment, Matter
from camphor.matters.models import Letter as Sent
from camphor.matters.origins import promised_on
from camphor.papers.letter import Letter, in_chinese
from camphor.papers.naming import addressees, chinese, in_full, organ, spoken_to
from camphor.rules.matters import SPOT_ANSWERS, Grade

DRAFT = "（征求意见稿）"
"""What stands after the title of an answer that has not gone out yet."""


@dataclass(frozen=True)
class Said:
    """What is said to one item."""

    item: str
    text: str
    grade: str
    promise: str
    promised_on: date | None


def reply_letter(assignment: Assignment, matter: Matter, sent: Sent | None, *, on: date) -> Letter:
    """The answer of a unit to those who asked: as it went out, or as it is drafted now."""
    said, contact = _said(assignment, matter, sent)
    grade = sent.grade if sent else str(assignment.draft.get("grade", ""))
    number = sent.number if sent else str(assignment.draft.get("number", ""))
    others = matter.assignments.filter(leads=False).exclude(state="released").select_related("handler")
    table = grades(matter.body, on=on)
    final = sent is not None or _is_final(assignment)
    return Letter(
        sender=organ(assignment.handler).name,
        number=number,
        mark=f"办理结果：{grade}" if grade else "",
        title=f"关于{in_full(matter)}的答复{'' if final else DRAFT}",
        recipient=addressees(matter),
        paragraphs=(f"{spoken_to(matter)}提出的《{matter.title}》收悉。现答复如下：",),
        items=(),
        answers=tuple(_answer(n, one, table) for n, one in enumerate(said, start=1)),
        closing=("专此答复。",),
        signed_on=timezone.localdate(sent.at) if sent else on,
        copies_to=(matter.body.name, *(one.handler.name for one in others)),
        notes=tuple(note for note in (_signer(assignment, sent), _caller(contact)) if note),
    )


def _is_final(assignment: Assignment) -> bool:
    """Kinds without a letter of their own are answered by what stands in the replies."""
    return not assignment.draft and assignment.replies.filter(round=assignment.round).exists()


def _said(assignment: Assignment, matter: Matter, sent: Sent | None) -> tuple[list[Said], str]:
    """What is said to the items of this matter, and the contact: kept answers, or else the draft."""
    round_ = sent.round if sent else assignment.round
    kept = assignment.replies.filter(round=round_, item__matter=matter).select_related("item", "promise")
    if kept:
        last = {one.item_id: one for one in kept}  # what was said on the spot gives way to the answer
        said = [
            Said(
                one.item.text if one.item else "",
                one.text,
                one.grade,
                one.promise.title if one.promise else "",
                promised_on(one.promise) if one.promise else None,
            )
            for one in last.values()
        ]
        return said, sent.contact if sent else kept[0].contact
    answers = [one for one in drafted(assignment) if one.item.matter_id == matter.pk]
    said = [Said(one.item.text, one.text, one.grade, one.promise, one.promised_on) for one in answers]
    return said, str(assignment.draft.get("contact", ""))


def _answer(place: int, said: Said, table: Table[Grade]) -> tuple[str, str]:
    lines = [said.text]
    if said.grade:
        label = chinese(table if said.grade in table else SPOT_ANSWERS, said.grade)
        lines.append(f"办理结果：{label}。")
    if said.promise and said.promised_on:
        lines.append(f"承诺事项：{said.promise}，于{in_chinese(said.promised_on)}前完成。")
    return f"{numeral(place)}、{said.item}", "\n".join(lines)


def numeral(n: int) -> str:
    """A number below a hundred in Chinese, as headings of the first level bear it (7.3.3)."""
    ones = "零一二三四五六七八九"
    tens, rest = divmod(n, 10)
    if n >= 100:
        return str(n)
    head = "" if not tens else ("" if tens == 1 else ones[tens]) + "十"
    return head + (ones[rest] if rest or not tens else "")


def _signer(assignment: Assignment, sent: Sent | None) -> str:
    name = sent.signed_by if sent else str(assignment.draft.get("signed_by", ""))
    return f"签发人：{name}" if name else ""


def _caller(contact: str) -> str:
    return f"联系人及联系电话：{contact}" if contact else ""
