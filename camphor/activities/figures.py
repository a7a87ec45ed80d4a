"""A session in figures: who was invited and came, what was said, and who has confirmed it."""

from __future__ import annotations

from collections import Counter
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from camphor.activities.models import Activity, Attendance
from camphor.kit.panel import Fact
from camphor.rules.activities import POINTS

SAID = ("minuted", "confirmed")
"""The states in which the minutes are public."""


def panel(activity: Activity) -> list[Fact]:
    """Three queries; nothing before anybody came."""
    seats = list(activity.attendances.all())
    came = [seat for seat in seats if seat.came_at]
    if not came:
        return []
    facts = [_came(seats, came)]
    if units := {seat.body_id for seat in came if seat.part == "officer" and seat.body_id}:
        facts.append(Fact(_("Units"), str(len(units)), _("whose officers came to answer")))
    if invited := [seat.invited_at for seat in seats if seat.invited_at]:
        facts.append(_notice(activity, timezone.localdate(min(invited))))
    if activity.state in SAID:
        facts += _said(activity)
        confirmed = sum(1 for seat in came if seat.confirmed_at)
        said = _("of %(n)s who came") % {"n": len(came)}
        facts.append(Fact(_("Confirmed the minutes"), str(confirmed), said))
    return facts


def _came(seats: list[Attendance], came: list[Attendance]) -> Fact:
    invited = [seat for seat in seats if seat.invited_at]
    kept = sum(1 for seat in invited if seat.came_at)
    more = len(came) - kept
    said = _("%(kept)s of %(invited)s who were invited") % {"kept": kept, "invited": len(invited)}
    besides = _("%(n)s came without an invitation") % {"n": more}
    notes = ([said] if invited else []) + ([besides] if invited and more else [])
    return Fact(_("Came"), str(len(came)), " · ".join(notes))


def _notice(activity: Activity, told_on: date) -> Fact:
    days = (timezone.localdate(activity.starts_at) - told_on).days
    number = ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    in_time = told_on <= activity.notice_until(told_on)
    note = _("in time by the rule") if in_time else _("shorter than the rule asks; the reason is on file")
    return Fact(_("Invited before"), number, note)


def _said(activity: Activity) -> list[Fact]:
    kinds = Counter(activity.points.values_list("kind", flat=True))
    return [Fact(_(POINTS[kind].label), str(kinds[kind])) for kind in POINTS if kinds[kind]]
