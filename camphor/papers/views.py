"""The letter of a recommendation."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from camphor.bodies.models import Body
from camphor.matters.models import Matter
from camphor.papers.letter import Letter, word
from camphor.rules.bodies import BODY_KINDS
from camphor.trail.history import made_on

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
def recommendation(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter by which a recommendation goes to the departments, for those who may see it."""
    on = timezone.localdate()
    seen = Matter.objects.visible_to(request.actor, on=on)  # type: ignore[attr-defined]
    matter = get_object_or_404(seen.exclude(number=""), pk=pk, kind="recommendation")
    response = HttpResponse(word(letter_of(matter)), content_type=WORD)
    response["Content-Disposition"] = f'attachment; filename="recommendation-{matter.pk}.docx"'
    return response


def _organ(body: Body) -> Body:
    """Who signs for a body: a platform is a mechanism and no institution, so its committee does."""
    return next((one for one in body.line() if not BODY_KINDS[one.kind].mechanism), body)


def letter_of(matter: Matter) -> Letter:
    """The letter in Chinese, whatever language the reader has chosen: it is an official paper."""
    handling = list(matter.assignments.select_related("handler"))
    lead = [one for one in handling if one.part == "lead"]
    assisting = [one for one in handling if one.part == "assisting"]
    return Letter(
        sender=_organ(matter.body).name,
        number=matter.number,
        title=f"关于送交《{matter.title}》的函",
        recipient=lead[0].handler.name if lead else "有关部门",
        paragraphs=tuple(part for part in (matter.text, "现将经协商形成的意见建议函告如下：") if part),
        items=tuple(item.text for item in matter.items.all()),
        closing=tuple(
            f"请{one.handler.name}（{'主办' if one.part == 'lead' else '会办'}）于"
            f"{one.due_on.year}年{one.due_on.month}月{one.due_on.day}日前"
            f"{'逐条书面答复' if one.part == 'lead' else '提出会办意见'}。"
            for one in handling
            if one.due_on
        ),
        signed_on=made_on(matter, "issue") or timezone.localdate(matter.raised_at),
        copies_to=tuple(one.handler.name for one in assisting),
    )
