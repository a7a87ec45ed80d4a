"""How long a time is, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def told_time(*, months: int = 0, days: int = 0, worked: int = 0) -> str:
    """A time of the rules as people say it: «2 months + 5 working days»."""
    parts = [
        ngettext("%(n)s month", "%(n)s months", months) % {"n": months} if months else "",
        ngettext("%(n)s calendar day", "%(n)s calendar days", days) % {"n": days} if days else "",
        ngettext("%(n)s working day", "%(n)s working days", worked) % {"n": worked} if worked else "",
    ]
    return " + ".join(part for part in parts if part) or _("the same day")
