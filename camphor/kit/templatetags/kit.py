"""Small words for pages."""

from __future__ import annotations

from datetime import date

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()


@register.simple_tag
def days_left(due_on: date, on: date) -> str:
    """A day in words, seen from today."""
    days = (due_on - on).days
    if days == 0:
        return _("due today")
    if days > 0:
        return ngettext("in %(n)s day", "in %(n)s days", days) % {"n": days}
    return ngettext("overdue by %(n)s day", "overdue by %(n)s days", -days) % {"n": -days}


@register.simple_tag
def days_between(first: date | None, last: date | None) -> str:
    """The first and the last day of a stage, as far as it has them."""
    if first and last:
        return _("%(first)s to %(last)s") % {"first": f"{first:%Y-%m-%d}", "last": f"{last:%m-%d}"}
    if last:
        return _("by %(day)s") % {"day": f"{last:%Y-%m-%d}"}
    return f"{first:%Y-%m-%d}" if first else ""
