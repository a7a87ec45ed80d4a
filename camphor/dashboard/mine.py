"""A resident's own concern, opened by its lookup code alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from camphor.consultations.around import in_public
from camphor.consultations.line import line_of_concern
from camphor.dashboard.answers import answers_to
from camphor.dashboard.asked import Asked
from camphor.dashboard.enterprise import of_request
from camphor.dashboard.forms import CodeForm, HandlingForm, RatingForm
from camphor.dashboard.next_step import next_step
from camphor.dashboard.past import told
from camphor.dashboard.throttle import Throttle
from camphor.engine.flow import NotPossible
from camphor.kit.fields import label_of
from camphor.kit.qr import address_of, drawing_of
from camphor.matters.actions import clean_code, grouped, make
from camphor.matters.models import Matter
from camphor.people.actor import Actor, digest
from camphor.people.middleware import SECRETS, remember, secrets_of
from camphor.rules.matters import SCORES, SENDS_BACK
from camphor.trail.history import moves_of

GUESSING = Throttle("code", most=30)
"""Wrong codes in ten minutes from one address: mistyping is forgiven, trying codes is not."""
CODED = ("concern", "request")
"""The kinds whose pages are opened by a code: a resident's concern, and what an enterprise asked for."""

View = Callable[..., HttpResponse]


def private(view: View) -> View:
    """Nothing of the page stays in a cache, and its address, which holds the code, leaves to nobody.

    Not `no-referrer`: with it browsers send `Origin: null`, and forms of the page fail the CSRF check.
    """

    @wraps(view)
    def shown(request: Asked, *args: str, **kwargs: str) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        response["Referrer-Policy"] = "strict-origin"
        response["X-Robots-Tag"] = "noindex"
        return response

    return shown


def concern_of(code: str) -> Matter | None:
    coded = Matter.objects.filter(kind__in=CODED).select_related("body", "venue__area")
    return coded.filter(code_digest=digest(code)).first()


def as_given(code: str, request: Asked) -> str:
    """The code as it was given out; one that this device keeps is taken as it stands."""
    return code if code in secrets_of(request) else clean_code(code)


@login_not_required
@private
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: Asked) -> HttpResponse:
    """Type a lookup code; or open a concern that this device remembers, or let it forget them."""
    if "forget" in request.POST:
        return _forgotten()
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed: str = form.cleaned_data["code"]
        if GUESSING.is_full(request):
            form.add_error("code", _("Too many codes were tried from here. Please try again in ten minutes."))
        elif concern := concern_of(typed):
            response = redirect("mine", typed)
            if not request.actor.works_for(concern.body, timezone.localdate()):
                remember(request, response, typed)
            return response
        else:
            GUESSING.count(request)
            form.add_error(
                "code", _("There is no concern with this code. Please compare it letter by letter.")
            )
    known = _remembered(request)
    return render(
        request,
        "dashboard/code.html",
        {"form": form, "known": known},
        status=422 if form.errors else 200,
    )


def _forgotten() -> HttpResponse:
    response = HttpResponseRedirect(reverse("code"))
    response.delete_cookie(SECRETS, samesite="Lax")
    return response


def _remembered(request: Asked) -> list[dict[str, object]]:
    """The concerns whose codes this device keeps, the latest first."""
    codes = {digest(kept): kept for kept in secrets_of(request)}
    concerns = Matter.objects.filter(kind__in=CODED, code_digest__in=codes).select_related("body", "venue")
    return [
        {"concern": concern, "code": codes[concern.code_digest], "status": status_of(concern)}
        for concern in concerns
    ]


def status_of(concern: Matter) -> tuple[str, str]:
    """The word and the tone for the one who asked, who is never late himself."""
    on = timezone.localdate()
    if concern.state == "answered":
        state = concern.flow.states[concern.state]
        return _(state.label), state.tone
    return concern.status(on)


@login_not_required
@private
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: Asked, code: str) -> HttpResponse:
    """The concern behind a code: where it stands, the whole line, the answers, and the rating."""
    code = as_given(code, request)
    known_here = code in secrets_of(request)
    if not known_here and GUESSING.is_full(request):
        return render(request, "dashboard/no_such_code.html", {"section": "code", "many": True}, status=429)
    concern = concern_of(code)
    if concern is None:
        GUESSING.count(request)
        return render(request, "dashboard/no_such_code.html", {"section": "code"}, status=404)
    form = _form(request, concern) if concern.state == "answered" else None
    if form and _answers_for_others(request, concern):
        if request.method == "POST":
            raise PermissionDenied("only the one who asked can rate")
        form = None
    if request.method == "POST":
        if form is None:
            messages.info(request, _("This has been rated already, or it is not answered yet."))
            return redirect("mine", code)
        if form.is_valid():
            return _rated(request, concern, form, code)
    return _page(request, concern, code, form)


def _form(request: Asked, concern: Matter) -> RatingForm:
    """An enterprise rates the handling and the result, a resident the answer."""
    asked = concern.flow.moves["rate"].asks
    return (HandlingForm if "handling" in asked else RatingForm)(request.POST or None)


def _answers_for_others(request: Asked, concern: Matter) -> bool:
    """An officer is signed in on this device: whatever code he holds, no department rates an answer.

    Nor does the clerk who gave an enterprise its code: what comes on paper has a way of its own.
    """
    on = timezone.localdate()
    seats = request.actor.memberships(on)
    gave_code = "give_code" in concern.flow.moves and request.actor.works_for(concern.body, on)
    return gave_code or any(seat.role == "officer" for seat in seats)


def _rated(request: Asked, concern: Matter, form: RatingForm, code: str) -> HttpResponse:
    """Record the rating of whoever holds the code, as nobody else than its holder."""
    holder = Actor(digests=frozenset({digest(code)}))
    given, at = form.cleaned_data, timezone.now()
    try:
        if given["score"] in SENDS_BACK and "insist" in concern.flow.moves:
            make(concern, "insist", by=holder, at=at, reason_text=given["remark"])
            messages.success(
                request, _("The departments are asked once more. You will find their answer here.")
            )
        else:
            make(concern, "rate", by=holder, at=at, **given)
            concern.refresh_from_db()
            again = concern.state == "assigned"
            said = _("The departments are asked once more. You will find their answer here.")
            messages.success(request, said if again else _("Thank you. Your rating is on record."))
    except NotPossible:
        messages.info(request, _("This has been rated already, or it is not answered yet."))
    return redirect("mine", code)


def _page(request: Asked, concern: Matter, code: str, form: RatingForm | None) -> HttpResponse:
    on = timezone.localdate()
    word, tone = status_of(concern)
    address = address_of(reverse("mine", args=[code]))
    context = {
        "section": "code",
        "concern": concern,
        "word": word,
        "tone": tone,
        "next": next_step(concern, on=on),
        "line": line_of_concern(concern, on=on) if concern.kind == "concern" else [],
        "answers": answers_to(concern, on=on),
        "ratings": [(rating, label_of(SCORES, rating.score)) for rating in concern.ratings.all()],
        "around": in_public(concern, on=timezone.localdate()),
        "timeline": [told(concern, entry) for entry in moves_of(concern)],
        "form": form,
        "officer": concern.state == "answered" and _answers_for_others(request, concern),
        "code": grouped(code),
        "is_new": "new" in request.GET,
        "for_another": request.actor.works_for(concern.body, on),
        "address": address,
        "qr": drawing_of(address),
    }
    page = "dashboard/mine.html"
    if concern.kind == "request":
        page, context = "dashboard/request.html", context | of_request(concern, on=on)
    return render(request, page, context, status=422 if form and form.errors else 200)
