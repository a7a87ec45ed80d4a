"""The plenary sessions of a committee: which runs, which comes, and when each takes proposals."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms.models import model_to_dict
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from camphor.bodies.models import Body, Term
from camphor.dashboard.asked import Asked
from camphor.kit.words import day
from camphor.trail.sessions import committees_of, set_session


class SessionForm(forms.Form):
    """A session by its number, with its days; that of the last one again changes its days."""

    body = forms.ModelChoiceField(Body.objects.none(), label=gettext_lazy("Committee"), empty_label=None)
    number = forms.IntegerField(label=gettext_lazy("Number of the term"), min_value=1, max_value=99)
    session = forms.IntegerField(label=gettext_lazy("Session of this term"), min_value=1, max_value=9)
    proposals_since = day(gettext_lazy("Takes proposals from"))
    since = day(gettext_lazy("Opens on"))
    proposals_until = day(
        gettext_lazy("Takes proposals until"),
        help_text=gettext_lazy("From the opening to this day sectors and groups of members can submit too."),
    )

    def __init__(self, *args: Any, bodies: list[Body], changed: Term | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Body.objects.filter(pk__in=[body.pk for body in bodies])
        self.fields["body"].queryset = own  # type: ignore[attr-defined]
        if len(bodies) == 1:
            self.fields["body"].widget = forms.HiddenInput()
            self.fields["body"].initial = bodies[0].pk
            last = bodies[0].terms.last()
            self.initial.update(number=last.number if last else 1, session=last.session + 1 if last else 1)
        if changed:
            self.initial.update(model_to_dict(changed, fields=list(self.fields)))

    def clean(self) -> dict[str, Any]:
        """The day that stands out of order is told at its field."""
        given = super().clean() or {}
        opens = given.get("since")
        if opens and (first := given.get("proposals_since")) and first > opens:
            self.add_error("proposals_since", _("This lies after the opening. Please give an earlier day."))
        if opens and (last := given.get("proposals_until")) and last < opens:
            self.add_error("proposals_until", _("This lies before the opening. Please give a later day."))
        return given


def sessions(request: Asked) -> HttpResponse:
    """The sessions of the committees that one works for, the latest first, and the form that enters one."""
    at = timezone.now()
    on = timezone.localdate(at)
    own = committees_of(request.actor, on=on)
    if not own:
        raise PermissionDenied
    terms = list(Term.objects.filter(body__in=own).select_related("body").order_by("body", "-since"))
    last = {str(term.pk): term for term in {term.body_id: term for term in reversed(terms)}.values()}
    changed = last.get(request.GET.get("term", ""))
    form = SessionForm(request.POST or None, bodies=own, changed=changed)
    if request.method == "POST" and form.is_valid():
        try:
            set_session(**form.cleaned_data, by=request.actor, at=at)
        except ValueError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The session is entered."))
            return redirect("sessions_of_term")
    context = {
        "form": form,
        "terms": [(term, term.takes_proposals(on), term in last.values()) for term in terms],
        "own": own,
        "changed": changed,
    }
    return render(request, "dashboard/sessions.html", context, status=422 if form.errors else 200)
