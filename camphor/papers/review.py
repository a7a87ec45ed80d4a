"""The letter that tells the proposers what the review of their proposal came to."""

from __future__ import annotations

from django.utils import timezone

from camphor.bodies.rulebook import words
from camphor.matters.models import Matter
from camphor.matters.origins import standing_for
from camphor.papers.letter import Letter
from camphor.papers.naming import addressees, chinese, organ, spoken_to
from camphor.rules.matters.dictionaries import REVIEW_ENDS
from camphor.trail.history import entries_of
from camphor.trail.models import Entry

# fmt: off
DECIDED = {
    "file": "经审查，该提案予以立案，案号为{number}，将交有关单位办理，并由承办单位书面答复{you}。",
    "refuse": "经审查，该提案不予立案。理由：{ground}。",
    "merge": "经审查，该提案与《{twin}》{twin_number}内容相近，决定并案办理，办理结果将另行答复{you}。",
    "consent": "经{you}同意，该提案转为社情民意信息，采用情况将另行反馈。",
}
"""What was decided, by the move by which the review ended."""
# fmt: on


def judged(matter: Matter) -> Entry | None:
    """The move by which its review ended, and was not taken back."""
    return entries_of(matter).filter(move__in=REVIEW_ENDS, undone_by=None).last()


def review_letter(matter: Matter, entry: Entry) -> Letter:
    """The letter in Chinese, as of the day on which it was decided."""
    you, twin = spoken_to(matter), standing_for(matter)
    on = timezone.localdate(entry.at)
    decided = DECIDED[entry.move].format(
        you=you,
        number=matter.number,
        ground=_ground(matter, entry),
        twin=twin.title,
        twin_number=f"（{twin.number}）" if twin.number else "",
    )
    return Letter(
        sender=organ(matter.body).name,
        number="",
        title=f"关于《{matter.title}》审查结果的函",
        recipient=addressees(matter),
        paragraphs=(f"{you}提出的《{matter.title}》收悉。{decided}", "感谢对人民政协工作的支持。"),
        items=(),
        closing=("特此函告。",),
        signed_on=on,
    )


def _ground(matter: Matter, entry: Entry) -> str:
    """The ground in the body's own words of that day, and what was written beside it."""
    table = words("refusals", matter.body, on=timezone.localdate(entry.at))
    told = (chinese(table, entry.given.get("refusal", "")), str(entry.given.get("reason_text", "")))
    return "；".join(part.rstrip("。；") for part in told if part)
