"""A single thing in a few words: what it is, and its number."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from camphor.dashboard.addresses import noun_of
from camphor.matters.models import Assignment


def named(thing: Any) -> str:
    """Its kind and its number, or else its serial number; never its title, which can say what it is about.

    An assignment goes by the number of what is to be answered. Empty where the thing has no desk.
    """
    noun = noun_of(thing)
    if noun is None:
        return ""
    matter = thing.matter if isinstance(thing, Assignment) else thing
    given = {"kind": _(noun.singular), "number": getattr(matter, "number", ""), "n": thing.pk}
    said = _("%(kind)s %(number)s") if given["number"] else _("%(kind)s serial no. %(n)s")
    return said % given
