"""How somebody is told of things: in which language, how often, when not, and over which channels."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from camphor.dashboard.asked import Asked
from camphor.kit.fields import label_of
from camphor.people.models import Address, Person, Preference
from camphor.rules.notices import CHANNELS, RHYTHMS
from camphor.trail.gateways import Gateway, gateways


class PreferenceForm(forms.Form):
    """The wishes of one person, with a field for each channel that this site has."""

    language = forms.ChoiceField(
        label=gettext_lazy("Language of messages"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )
    rhythm = forms.ChoiceField(label=gettext_lazy("How often"), widget=forms.RadioSelect)
    quiet_from = forms.TimeField(
        label=gettext_lazy("Quiet from"),
        required=False,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        help_text=gettext_lazy("In quiet hours nothing is sent; it comes when they are over."),
    )
    quiet_until = forms.TimeField(
        label=gettext_lazy("Quiet until"),
        required=False,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
    )

    def __init__(self, *args: Any, ways: dict[str, Gateway], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ways = ways
        rows = [(row.name, label_of(RHYTHMS, row.name)) for row in RHYTHMS.values()]
        self.fields["rhythm"].choices = rows  # type: ignore[attr-defined]
        for channel in CHANNELS.values():
            if channel.name in ways:
                self.fields[channel.name] = forms.CharField(
                    label=label_of(CHANNELS, channel.name),
                    required=False,
                    max_length=254,
                    help_text=gettext_lazy("%(hint)s Leave it empty to hear nothing this way.")
                    % {"hint": _(channel.hint)},
                )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name, gateway in self.ways.items():
            if (address := given.get(name)) and not gateway.accepts(address):
                self.add_error(name, _("This is no address that can be reached this way."))
        if bool(given.get("quiet_from")) != bool(given.get("quiet_until")):
            self.add_error("quiet_until", _("Quiet hours need a beginning and an end."))
        return given


def preferences(request: Asked) -> HttpResponse:
    """See and set how one is told."""
    person = request.actor.person
    if person is None:
        raise PermissionDenied
    ways = gateways()
    form = PreferenceForm(request.POST or None, initial=_now(person), ways=ways)
    if request.method == "POST" and form.is_valid():
        _keep(person, form.cleaned_data, ways)
        messages.success(request, _("Kept. Notices that were planned before keep their time."))
        return redirect("preferences")
    context = {"form": form, "channels": bool(ways)}
    return render(request, "dashboard/preferences.html", context, status=422 if form.errors else 200)


def _now(person: Person) -> dict[str, Any]:
    wish = Preference.objects.filter(person=person).first() or Preference()
    own = {one.channel: one.address for one in Address.objects.filter(person=person)}
    return own | {
        "language": wish.language,
        "rhythm": wish.rhythm,
        "quiet_from": wish.quiet_from,
        "quiet_until": wish.quiet_until,
    }


@transaction.atomic
def _keep(person: Person, given: dict[str, Any], ways: dict[str, Gateway]) -> None:
    """The wishes and addresses as given; an address that was emptied is forgotten."""
    wishes = {name: given[name] for name in ("language", "rhythm", "quiet_from", "quiet_until")}
    Preference.objects.update_or_create(person=person, defaults=wishes)
    for channel in ways:
        if address := given.get(channel):
            Address.objects.update_or_create(person=person, channel=channel, defaults={"address": address})
        else:
            Address.objects.filter(person=person, channel=channel).delete()
