"""The ways in which one thing can come of another."""

from dataclasses import dataclass

from camphor.engine.table import Table
from camphor.engine.table import mark as _


@dataclass(frozen=True)
class LinkKind:
    """How the target came of the source."""

    name: str
    label: str


LINKS = Table(
    LinkKind("merged_into", _("was merged into")),
    LinkKind("turned_into", _("was turned into")),
    LinkKind("led_to", _("led to")),
    LinkKind("resulted_in", _("resulted in")),
    LinkKind("promised", _("was promised in the answer to")),
    LinkKind("supports", _("is supported by")),
)
