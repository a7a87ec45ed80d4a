"""What happens next with a concern, and by when, said to the one who asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from camphor.kit.fields import label_of
from camphor.matters.models import Matter
from camphor.rules.matters import CHANNELS, REASONS
from camphor.trail.history import entries_of
from camphor.trail.models import Entry


@dataclass(frozen=True)
class Next:
    """The next step: what it is, and by which day; a reason where something was refused."""

    text: str
    by: date | None = None
    late: bool = False
    reason: str = ""


def next_step(concern: Matter, *, on: date) -> Next:
    who, state = concern.body.name, concern.state
    late = concern.is_overdue(on) and state in ("submitted", "accepted", "postponed")
    if state in ("declined", "redirected", "postponed", "reported"):
        return _refused(concern, late=late)
    texts = {
        "submitted": _("%(who)s reads it and tells you here whether it is taken up."),
        "accepted": _("%(who)s decides whether it becomes a consultation."),
        "merged": _("It goes on together with a similar concern. You hear the answer here as well."),
        "taken_up": _("It is being consulted on. The line below shows how far it has come."),
        "answered": _("The departments have answered. Please read the answer and say whether it will do."),
        "rated": _("You have rated the answer. Promises are followed until they are shown to be kept."),
    }
    said = texts.get(state, _("The line below shows how far it has come."))
    if state == "taken_up" and concern.round > 1:
        said = _("You asked again. The departments answer once more; the line below shows by when.")
    return Next(said % {"who": who}, day_of(concern, late=late, on=on), late)


def day_of(raised: Matter, *, late: bool, on: date) -> date | None:
    """The day that is told; none where the asker's own has passed, which nobody holds against her."""
    passed = raised.due_on is not None and raised.due_on < on
    return None if passed and not late else raised.due_on


def _refused(concern: Matter, *, late: bool) -> Next:
    entry = entries_of(concern).filter(move__in=("decline", "redirect", "postpone", "report")).last()
    given = entry.given if entry else {}
    if concern.state == "postponed":
        text = _("%(who)s has put it off and looks at it again.")
    elif concern.state == "reported":
        text = _("%(who)s takes it up in an opinion report to those who decide. It is closed here.")
    elif concern.state == "redirected":
        channel = label_of(CHANNELS, str(given.get("channel", "")))
        text = _("It was passed on to: %(channel)s. They will handle it by their own rules.") % {
            "channel": channel
        }
    else:
        text = _("It was not taken up. If there is something new, you can raise it again.")
    return Next(text % {"who": concern.body.name}, concern.due_on, late, _reason(entry))


def _reason(entry: Entry | None) -> str:
    """The reason that was chosen, and what was written with it."""
    if not entry:
        return ""
    chosen, written = str(entry.given.get("reason", "")), str(entry.given.get("reason_text", ""))
    label = label_of(REASONS, chosen) if chosen else ""
    return " · ".join(part for part in (label, written) if part)
