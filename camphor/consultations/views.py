"""The public page of a consultation, and of a recommendation."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from camphor.activities.models import Activity
from camphor.bodies.rulebook import grades
from camphor.consultations.around import in_public
from camphor.consultations.figures import panel
from camphor.consultations.line import line_of_consultation, outcome
from camphor.consultations.models import Consultation
from camphor.consultations.needs import recommendations
from camphor.consultations.support import support_of
from camphor.conversations.models import Conversation
from camphor.kit.kept import kept
from camphor.matters.models import Matter, Rating
from camphor.matters.origins import concerns_behind, promised_on, promises_of, twins_of
from camphor.matters.telling import Told, told
from camphor.rules.figures import INDICATORS, Numbers
from camphor.trail.history import entries_of
from camphor.trail.links import led_to


@dataclass(frozen=True)
class NextDoing:
    """What somebody can do now, with one verb."""

    text: str
    verb: str
    url: str


@login_not_required
@require_safe
@kept
def consultation(request: HttpRequest, pk: int) -> HttpResponse:
    """What is asked, who answers, what happens now, and the whole line."""
    at = timezone.now()
    on = timezone.localdate(at)
    seen = Consultation.objects.visible_to(request.actor, on=on)  # type: ignore[attr-defined]
    plan = get_object_or_404(seen.select_related("body", "venue"), pk=pk)
    concerns = list(led_to(plan, "led_to", Matter))
    askers = concerns + [twin for concern in concerns for twin in twins_of(concern)]
    talks: list[dict[str, Any]] = [
        {
            "talk": talk,
            "status": talk.status(on),
            "open": talk.is_open(at),
            "people": talk.participants.voted().count(),
            "votes": talk.votes.count(),
            "statements": talk.statements.shown().count(),
        }
        for talk in Conversation.objects.filter(openings__stage__consultation=plan).distinct()
    ]
    sessions = list(
        Activity.objects.filter(stages__consultation=plan)
        .distinct()
        .order_by("starts_at")
        .select_related("venue")
    )
    results = [answered(matter, at=at) for matter in recommendations(plan) if matter.is_public]
    met = [(one, one.status(on), one.attendances.exclude(came_at=None).count()) for one in sessions]
    nodes = line_of_consultation(plan, on=on)
    word, tone = plan.status(on)
    context = {
        "plan": plan,
        "word": word,
        "tone": tone,
        "stages": _stages(plan),
        "now": plan.current_stage if plan.state == "running" else None,
        "doing": _doing(talks, sessions, results),
        "line": nodes,
        "outcome": outcome(nodes),
        "talks": talks,
        "sessions": met,
        "panel": panel(
            askers,
            [result["matter"] for result in results],
            [promise for result in results for promise, *_rest in result["promises"]],
            talks=[talk["people"] for talk in talks],
            came=[came for _one, _status, came in met],
            on=on,
        ),
        "results": results,
        "askers": len(askers),
        "ratings": _ratings(askers),
        "on": on,
    }
    return render(request, "consultations/consultation.html", context)


@login_not_required
@require_safe
@kept
def recommendation(request: HttpRequest, pk: int) -> HttpResponse:
    """A recommendation with its items, and what each department answered."""
    on = timezone.localdate()
    seen = Matter.objects.visible_to(request.actor, on=on)  # type: ignore[attr-defined]
    matter = get_object_or_404(seen.select_related("body"), pk=pk, kind="recommendation")
    context = {
        "result": answered(matter, at=timezone.now()),
        "plan": led_to(matter, "resulted_in", Consultation).exclude(state="draft").first(),
        "askers": len(concerns_behind(matter)),
        "ratings": _ratings(concerns_behind(matter)),
        "around": in_public(matter, on=on),
        "on": on,
    }
    return render(request, "consultations/recommendation.html", context)


def answered(matter: Matter, *, at: datetime) -> dict[str, Any]:
    """A recommendation with what it rests on and all that was answered to it, every round kept."""
    on = timezone.localdate(at)
    word, tone = matter.status(on)
    own_grades = {name: _(row.label) for name, row in grades(matter.body, on=on).items()}
    handling = []
    for one in matter.assignments.exclude(state="released").select_related("handler"):
        one_word, one_tone = one.status(on)
        handling.append(
            {
                "assignment": one,
                "word": one_word,
                "tone": one_tone,
                "override": _override(one) if one.state == "passed_over" else "",
                "opinions": [reply for reply in one.replies.all() if reply.item_id is None],
            }
        )
    items = [
        {
            "item": item,
            "replies": [
                {"reply": reply, "grade": own_grades.get(reply.grade, reply.grade)}
                for reply in item.replies.select_related("assignment__handler", "promise")
            ],
        }
        for item in matter.items.all()
    ]
    promises = [
        (one, promised_on(one), *one.status(on)) for one in promises_of(matter).select_related("owed_by")
    ]
    return {
        "matter": matter,
        "word": word,
        "tone": tone,
        "support": support_of(matter, at=at),
        "handling": handling,
        "items": items,
        "promises": promises,
    }


def _override(assignment: Any) -> str:
    entry = entries_of(assignment).filter(move="go_without").last()
    return str(entry.given.get("reason_text", "")) if entry else ""


def _stages(plan: Consultation) -> list[dict[str, Any]]:
    now = plan.current_stage if plan.state == "running" else None
    return [
        {
            "label": stage.told,
            "opens_on": stage.opens_on,
            "closes_on": stage.last_on,
            "state": "past" if stage.done_on else "now" if stage == now else "next",
        }
        for stage in plan.stages.all()
    ]


def _doing(
    talks: list[dict[str, Any]], sessions: list[Activity], results: list[dict[str, Any]]
) -> NextDoing | None:
    """The one thing that is most worth doing now."""
    for talk in talks:
        if talk["open"]:
            told = ngettext(
                "%(n)s statement is waiting for your view. It takes about two minutes.",
                "%(n)s statements are waiting for your view. It takes about two minutes.",
                talk["statements"],
            )
            return NextDoing(
                told % {"n": talk["statements"]},
                _("Vote on statements"),
                reverse("talk", args=[talk["talk"].pk]),
            )
    for session in sessions:
        if session.state == "planned":
            day = timezone.localtime(session.starts_at).strftime("%Y-%m-%d %H:%M")
            told = _("There is a session on %(day)s, and everybody may come.")
            return NextDoing(
                told % {"day": day}, _("See the session"), reverse("activity", args=[session.pk])
            )
    if results:
        first = results[-1]["matter"]
        told = (
            _("The departments have answered.")
            if first.state == "answered"
            else _("A recommendation was issued.")
        )
        return NextDoing(told, _("Read it"), reverse("recommendation", args=[first.pk]))
    return None


def _ratings(askers: list[Matter]) -> Told | None:
    """What those who asked say of the result, each one's last round; withheld where few have said it."""
    given = Rating.objects.filter(matter__in=askers).order_by("round").values_list("matter", "score")
    last = Counter(dict(given).values())
    numbers = Numbers(0, last.total(), dict(last))
    return told(INDICATORS["result"], numbers, outside=True) if numbers.whole else None
