"""What an enterprise asked for, as it reads it behind its code: never its secrets, which it knows itself."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from camphor.dashboard.answers import answered_in
from camphor.dashboard.next_step import Next, day_of
from camphor.matters.fields.writing import told_facts
from camphor.matters.models import Matter
from camphor.trail.history import entries_of


def of_request(request: Matter, *, on: date) -> dict[str, Any]:
    """What its page shows beside what every page behind a code shows."""
    handling = request.assignments.exclude(state="released").select_related("handler")
    return {
        "next": _next(request, on=on),
        "answered": answered_in(request, on=on),
        "facts": told_facts(request),
        "units": [(one.handler.name, one.status(on), one.due_on) for one in handling],
    }


def _next(request: Matter, *, on: date) -> Next:
    """The next step, said to the enterprise; the day of its own rating is held against nobody."""
    who = request.body.name
    texts = {
        "raised": _("%(who)s reads it and hands it to the units that must answer."),
        "assigned": _("The units answer item by item. They get in touch with you first."),
        "unled": _("%(who)s looks for the unit that must answer."),
        "answered": _("The units have answered. Please read the answers and rate them."),
        "rated": _("You have been answered. %(who)s comes back to see what became of it."),
        "visited": _("%(who)s has come back to see what became of it. It is closed."),
    }
    said = texts.get(request.state, _("It was not taken up. If there is something new, raise it again."))
    if request.state == "assigned" and request.round > 1:
        said = _("You were not satisfied. The units answer once more, item by item.")
    late = request.is_overdue(on) and request.state in ("raised", "unled")
    declined = entries_of(request).filter(move="decline").last() if request.state == "declined" else None
    reason = str(declined.given.get("reason_text", "")) if declined else ""
    return Next(said % {"who": who}, day_of(request, late=late, on=on), late, reason)
