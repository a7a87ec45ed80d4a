"""Linking two things by hand, taking that back, and beginning something new from what is there."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from camphor.activities import actions as activities
from camphor.activities.models import Activity
from camphor.consultations import actions as consultations
from camphor.consultations.around import NOUNS, ON_A_LINE, kind_of, noun_of, on_the_desk
from camphor.consultations.models import Consultation
from camphor.conversations import actions as conversations
from camphor.conversations.models import Conversation
from camphor.dashboard.asked import Asked
from camphor.dashboard.nouns import nouns
from camphor.dashboard.told import told
from camphor.kit.plain_text import PlainTextField
from camphor.matters import actions as matters
from camphor.matters.models import Matter
from camphor.people.actor import Actor
from camphor.people.standing import standings
from camphor.rules.matters import MATTERS
from camphor.trail.history import entries_of
from camphor.trail.linking import BY_HAND, MOVES, ref, thing_of
from camphor.trail.links import end_of
from camphor.trail.models import Link

MOST_FOUND = 8
"""Things of one kind that are offered; who looks for another types more of its title."""
MAKE: dict[type, Any] = {
    Matter: matters.make,
    Consultation: consultations.make,
    Conversation: conversations.make,
    Activity: activities.make,
}


class LinkForm(forms.Form):
    """Which other thing, in which direction, and why."""

    other = forms.ChoiceField(
        label=gettext_lazy("The other"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Please choose the other thing.")},
    )
    forth = forms.ChoiceField(
        label=gettext_lazy("What came of what?"),
        widget=forms.RadioSelect,
        choices=[
            ("1", gettext_lazy("The other came of this one")),
            ("0", gettext_lazy("This one came of the other")),
        ],
    )
    reason_text = PlainTextField(
        label=gettext_lazy("Why do they belong together?"),
        max_length=500,
        widget=forms.Textarea({"rows": 3, "data-keep": "text"}),
    )

    def __init__(self, *args: Any, found: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].choices = [  # type: ignore[attr-defined]
            (ref(one), f"{kind_of(one)} · {one}" + (f" · {one.number}" if _number(one) else ""))
            for one in found
        ]


def _number(thing: Any) -> str:
    return str(getattr(thing, "number", ""))


def seen_thing(named: str, actor: Actor, *, on: date) -> Any:
    """The thing that is named so, where this actor may see it, and it can stand on a line; else nothing."""
    thing = thing_of(named)
    if not isinstance(thing, ON_A_LINE):
        return None
    manager: Any = type(thing)._default_manager
    return manager.visible_to(actor, on=on).filter(pk=thing.pk).first()


def _thing(request: Asked, noun: str, pk: int, on: date) -> Any:
    """What the page is about; who may not see it is told that there is no such page."""
    if not request.actor.memberships(on):
        raise PermissionDenied
    models = {name: model for model, name in NOUNS.items()} | {f"{kind}s": Matter for kind in MATTERS}
    model = models.get(noun)
    thing = seen_thing(f"{model._meta.label_lower}:{pk}", request.actor, on=on) if model else None
    if thing is None or noun_of(thing) != noun:
        raise Http404
    return thing


def _may_link(thing: Any, actor: Actor, on: date) -> bool:
    return bool(thing.flow.moves["connect"].by & standings(actor, thing, on=on))


def links(request: Asked, noun: str, pk: int) -> HttpResponse:
    """Link a thing with another, see what was linked by hand, and begin something new from it."""
    on = timezone.localdate()
    thing = _thing(request, noun, pk, on)
    links = _may_link(thing, request.actor, on)
    if request.method == "POST" and not links:
        raise PermissionDenied
    words = request.GET.get("q", "").strip()[:100]
    found = _found(thing, words, request.actor, on) if words and links else []
    form = LinkForm(request.POST if request.method == "POST" else None, found=found, initial={"forth": "1"})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            _make(request, thing, "connect", given["other"], given["forth"] == "1", given["reason_text"])
        except ValueError as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("They are linked. The whole line is shown on both pages."))
            return redirect("desk_thing", noun, pk)
    context = {
        "thing": thing,
        "noun": noun,
        "kind": kind_of(thing),
        "links": links,
        "q": words,
        "found": found,
        "form": form,
        "by_hand": _by_hand(thing, request.actor, on) if links else [],
        "entries": [told(entry, thing) for entry in _entries(thing)] if links else [],
        "around": on_the_desk(thing, request.actor, on=on),
        "begins": _begins(request.actor) if isinstance(thing, ON_A_LINE) else [],
        "ref": ref(thing),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "dashboard/links.html", context, status=status)


def unlink(request: Asked, noun: str, pk: int) -> HttpResponse:
    """Take back a link that was noted by hand; the entry of the linking stays, beside that of taking back."""
    on = timezone.localdate()
    thing = _thing(request, noun, pk, on)
    if not _may_link(thing, request.actor, on):
        raise PermissionDenied
    reason, other = request.POST.get("reason_text", "").strip()[:500], request.POST.get("other", "")
    if not reason:
        messages.warning(request, _("Please say why the link is taken back. Nothing was changed."))
    elif seen_thing(other, request.actor, on=on) is None:
        raise Http404
    else:
        try:
            _make(request, thing, "disconnect", other, request.POST.get("forth") == "1", reason)
            messages.success(request, _("The link was taken back."))
        except ValueError as problem:
            messages.warning(request, str(problem))
    return redirect("links", noun, pk)


def _make(request: Asked, thing: Any, move: str, other: str, forth: bool, reason: str) -> None:
    MAKE[type(thing)](
        thing, move, by=request.actor, at=timezone.now(), other=other, forth=forth, reason_text=reason
    )


def begin_from(thing: Any, source: Any, *, by: Actor, at: Any) -> None:
    """Note of what a thing came that was just begun; whoever begins it may say so, and moves nothing else."""
    given = {"other": ref(source), "forth": False, "reason_text": ""}
    MAKE[type(thing)](thing, "connect", by=by, at=at, within=True, **given)


def _found(thing: Any, words: str, actor: Actor, on: date) -> list[Any]:
    """What he may see with these words in its title or number, some of each kind."""
    found: list[Any] = []
    for model in ON_A_LINE:
        manager: Any = model._default_manager
        match = Q(title__icontains=words) | (Q(number__icontains=words) if model is Matter else Q())
        rows = manager.visible_to(actor, on=on).filter(match)
        if isinstance(thing, model):
            rows = rows.exclude(pk=thing.pk)
        found += rows.order_by("-pk")[:MOST_FOUND]
    return found


def _by_hand(thing: Any, actor: Actor, on: date) -> list[dict[str, Any]]:
    """The links of this thing that were noted by hand, whose other end he may see."""
    kind, pk = end_of(thing)
    mine = Q(source_type=kind, source_id=pk) | Q(target_type=kind, target_id=pk)
    found: list[dict[str, Any]] = []
    for one in Link.objects.filter(mine, how=BY_HAND).prefetch_related("source", "target").order_by("at"):
        forth = (one.source_type_id, one.source_id) == (kind, pk)
        other: Any = one.target if forth else one.source
        if seen := seen_thing(ref(other), actor, on=on):
            found.append({"other": seen, "ref": ref(seen), "kind": kind_of(seen), "forth": forth})
    return found


def _entries(thing: Any) -> Any:
    return entries_of(thing).filter(move__in=MOVES)


def _begins(actor: Actor) -> list[Any]:
    """The nouns of which he could begin something."""
    return [noun for noun in nouns() if noun.blank(actor, timezone.now())[:1]]
