"""The public page of a session, its door, and the confirmation of its minutes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from camphor.activities import actions
from camphor.activities.figures import panel
from camphor.activities.forms import DoorForm, ObjectionForm
from camphor.activities.models import Activity, Attendance
from camphor.kit.fields import label_of
from camphor.kit.qr import address_of, drawing_of
from camphor.matters.actions import new_code
from camphor.people.actor import Actor, digest
from camphor.people.middleware import remember
from camphor.people.standing import standings
from camphor.rules.activities import PARTS
from camphor.rules.people import ATTENDEE, CLERK
from camphor.trail.history import entries_of


@dataclass(frozen=True)
class Said:
    """A point of the minutes as the public reads it: the part and unit of who spoke, never the name."""

    kind: str
    tone: str
    who: str
    text: str


def _said(activity: Activity) -> list[Said]:
    points = activity.points.select_related("speaker__body")
    return [Said(point.kind_label, point.tone, _public_name(point.speaker), point.text) for point in points]


def _public_name(seat: Attendance | None) -> str:
    if seat is None:
        return ""
    return f"{seat.part_label} · {seat.body.name}" if seat.body else seat.part_label


def _closed_because(activity: Activity) -> str:
    """Why the minutes were closed though some who came had not answered."""
    if activity.state != "confirmed":
        return ""
    entry = entries_of(activity).filter(move="close_without").last()
    return str(entry.given.get("reason_text", "")) if entry else ""


def _page(activity: Activity, request: HttpRequest) -> dict[str, Any]:
    on = timezone.localdate()
    came = activity.attendances.exclude(came_at=None)
    parts = Counter(came.values_list("part", flat=True))
    word, tone = activity.status(on)
    return {
        "activity": activity,
        "word": word,
        "tone": tone,
        "parts": [(label_of(PARTS, part), parts[part]) for part in PARTS if parts[part]],
        "came": sum(parts.values()),
        "confirmed": came.exclude(confirmed_at=None).count(),
        "objected": came.exclude(objected_at=None).count(),
        "unanswered": came.unanswered().count(),
        "closed_because": _closed_because(activity),
        "is_here": bool(standings(request.actor, activity, on=on) & ATTENDEE),  # type: ignore[attr-defined]
        "points": _said(activity) if activity.state in ("minuted", "confirmed") else [],
        "stages": activity.stages.select_related("consultation"),
        "is_clerk": bool(standings(request.actor, activity, on=on) & CLERK),  # type: ignore[attr-defined]
    }


@login_not_required
@require_safe
def activity(request: HttpRequest, pk: int) -> HttpResponse:
    """A session in public: when, where, how many came in which part, and what was said."""
    found = get_object_or_404(Activity.objects.select_related("body", "venue"), pk=pk)
    context = _page(found, request) | {"panel": panel(found)}
    return render(request, "activities/activity.html", context)


@require_safe
def door_poster(request: HttpRequest, pk: int) -> HttpResponse:
    """The QR code for the door, for clerks of the body only: who has it can check in."""
    found = get_object_or_404(Activity.objects.select_related("body", "venue"), pk=pk)
    if not standings(request.actor, found, on=timezone.localdate()) & CLERK:  # type: ignore[attr-defined]
        raise Http404
    address = address_of(reverse("door", args=[found.door_code]))
    page = {"activity": found, "qr": drawing_of(address), "address": address}
    return render(request, "activities/poster.html", page)


@login_not_required
def door(request: HttpRequest, door_code: str) -> HttpResponse:
    """The page behind the code on the door: check in, and later confirm the minutes."""
    found = get_object_or_404(Activity.objects.select_related("body", "venue"), door_code=door_code)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    present = bool(standings(actor, found, on=timezone.localdate()) & ATTENDEE)
    answer = request.POST.get("move")
    objecting = ObjectionForm(request.POST if answer == "object" else None)
    if answer in ("agree", "object") and not (answer == "object" and present and not objecting.is_valid()):
        return _answer(request, found, objecting, present=present)
    form = DoorForm(request.POST if request.method == "POST" and not answer else None)
    if request.method == "POST" and found.state not in ("planned", "held"):
        messages.warning(request, _("The session is over, so nobody can check in any more."))
    elif request.method == "POST" and not present and form.is_valid():
        return _check_in(request, found, form)
    own = found.attendances.exclude(came_at=None).held_by(actor.keys)
    context = _page(found, request) | {
        "form": form,
        "objecting": objecting,
        "present": present,
        "agreed": present and own.exclude(confirmed_at=None).exists(),
        "objection": own.exclude(objected_at=None).first() if present else None,
        "points": _said(found) if present else [],
        "may_check_in": found.state in ("planned", "held"),
    }
    wrong = form.errors or objecting.errors
    response = render(request, "activities/door.html", context, status=422 if wrong else 200)
    response["Cache-Control"] = "no-store"
    return response


def _check_in(request: HttpRequest, found: Activity, form: DoorForm) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    code = new_code()
    by = actor if actor.person else Actor(digests=frozenset({digest(code)}))
    actions.make(found, "check_in", by=by, at=timezone.now(), code=code, **form.cleaned_data)
    messages.success(request, _("You are on the list. Thank you for coming."))
    response = redirect("door", found.door_code)
    if not actor.person:
        remember(request, response, code)
    return response


def _answer(
    request: HttpRequest, found: Activity, objecting: ObjectionForm, *, present: bool
) -> HttpResponse:
    """Confirm the minutes, or say what is not right with them."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if found.state != "minuted":
        messages.warning(request, _("The minutes cannot be confirmed now."))
    elif not present:
        messages.warning(
            request, _("Only those who came can confirm the minutes, on the phone they came with.")
        )
    elif request.POST["move"] in found.done_by(actor.keys):
        messages.info(request, _("You have answered already. Nothing was changed."))
    elif request.POST["move"] == "object":
        actions.make(found, "object", by=actor, at=timezone.now(), **objecting.cleaned_data)
        messages.success(request, _("Your objection is recorded. The clerk sees it."))
    else:
        actions.make(found, "agree", by=actor, at=timezone.now())
        messages.success(request, _("You have confirmed the minutes."))
    return redirect("door", found.door_code)
