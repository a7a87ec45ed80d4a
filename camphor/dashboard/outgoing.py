"""What a notice says outside the house: that something awaits, its number, where to read it; nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from camphor.dashboard.addresses import desk_url
from camphor.dashboard.named import named
from camphor.kit.fields import label_of
from camphor.rules.notices import CHANNELS
from camphor.rules.reminders import REMINDERS
from camphor.trail.gateways import Message
from camphor.trail.models import Notice

MOST_LINES = 20
"""Things named in one message: what is read in a mail; the desk has them all."""


def write(notices: Sequence[Notice], language: str, channel: str) -> Message:
    """One message for all of these notices, in the language of its reader."""
    with translation.override(language):
        n = len(notices)
        subject = ngettext("Camphor: %(n)s notice for you", "Camphor: %(n)s notices for you", n) % {"n": n}
        if CHANNELS[channel].brief:
            where = _link(notices[0]) if n == 1 else settings.BASE_URL + reverse("desk")
            return Message(subject, f"{subject} {where}")
        named = _by_thing(notices)[:MOST_LINES]
        lines = [_line(together) for together in named]
        rest = n - sum(len(together) for together in named)
        if rest:
            lines.append(ngettext("and %(n)s more", "and %(n)s more", rest) % {"n": rest})
        lines += [
            "",
            _("All of it, after signing in: %(url)s") % {"url": settings.BASE_URL + reverse("desk")},
        ]
        lines += [_("How you are told: %(url)s") % {"url": settings.BASE_URL + reverse("preferences")}]
        return Message(subject, "\n".join([subject, "", *lines]))


def _by_thing(notices: Sequence[Notice]) -> list[list[Notice]]:
    """The notices of each page together; first those of which a day has passed or comes near, by that day."""
    found: dict[str, list[Notice]] = {}
    for notice in sorted(notices, key=_due):
        found.setdefault(_link(notice), []).append(notice)
    return list(found.values())


def _due(notice: Notice) -> date:
    return notice.reminding.due_on if notice.reminding else date.max


def _thing(notice: Notice) -> Any:
    if notice.reminding:
        return notice.reminding.subject
    return notice.entry.subject if notice.entry else None


def _link(notice: Notice) -> str:
    return settings.BASE_URL + desk_url(_thing(notice))


def _line(together: Sequence[Notice]) -> str:
    """The kind of the thing, its number, its reminder, how many notices, the link; never what it is about."""
    thing = _thing(together[0])
    said = named(thing) or _("My work")
    reminders = [notice.reminding for notice in together if notice.reminding]
    if reminders:
        latest = max(reminders, key=lambda one: one.at)
        said += f" · {label_of(REMINDERS, latest.reminder)} ({latest.due_on:%Y-%m-%d})"
    if (n := len(together)) > 1:
        said += " · " + ngettext("%(n)s notice", "%(n)s notices", n) % {"n": n}
    return f"{said}\n{_link(together[0])}"
