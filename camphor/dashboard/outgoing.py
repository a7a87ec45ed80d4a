"""What a notice says outside the house: that something awaits, its number, where to read it; nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from camphor.dashboard.addresses import desk_url, noun_of
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
        lines = [_line(notice) for notice in notices[:MOST_LINES]]
        rest = n - len(lines)
        if rest:
            lines.append(ngettext("and %(n)s more", "and %(n)s more", rest) % {"n": rest})
        lines += [
            "",
            _("All of it, after signing in: %(url)s") % {"url": settings.BASE_URL + reverse("desk")},
        ]
        lines += [_("How you are told: %(url)s") % {"url": settings.BASE_URL + reverse("preferences")}]
        return Message(subject, "\n".join([subject, "", *lines]))


def _thing(notice: Notice) -> Any:
    if notice.reminding:
        return notice.reminding.subject
    return notice.entry.subject if notice.entry else None


def _link(notice: Notice) -> str:
    return settings.BASE_URL + desk_url(_thing(notice))


def _line(notice: Notice) -> str:
    """The kind of the thing, its number, the reminder if it is one, and the link; never what it is about."""
    thing = _thing(notice)
    noun = noun_of(thing)
    what = _(noun.label) if noun else _("My work")
    number = getattr(thing, "number", "") or getattr(thing, "pk", "")
    said = f"{what} {number}"
    if reminding := notice.reminding:
        said += f" · {label_of(REMINDERS, reminding.reminder)} ({reminding.due_on:%Y-%m-%d})"
    return f"{said}\n{_link(notice)}"
