"""Tiers of areas, kinds of bodies, the five platforms, and the seven types of venue."""

from dataclasses import dataclass

from camphor.engine.table import Table
from camphor.engine.table import mark as _

MATERIALS = "materials"
"""The time before a formal session by which its materials go out."""
FORMAL_NOTICE = "session_notice"
"""The time before a formal session: on the highest platform, and wherever no platform is named."""


@dataclass(frozen=True)
class Tier:
    """How high in the tree of areas."""

    name: str
    label: str


@dataclass(frozen=True)
class BodyKind:
    """A kind of somebody who can be asked; `answers` where recommendations are handed to it."""

    name: str
    label: str
    answers: bool = False
    mechanism: bool = False  # no institution of its own: what it is part of signs for it
    committee: bool = False  # has members and plenary sessions, and takes what is raised with it
    within: bool = False  # a part of a committee: what its members raise is raised with that committee


@dataclass(frozen=True)
class Platform:
    """One of the five kinds of platform on which people are consulted."""

    name: str
    label: str
    notice: str = "station_notice"  # the time that must lie between an invitation and the session


@dataclass(frozen=True)
class VenueType:
    """For whom a venue is there."""

    name: str
    label: str


# fmt: off
TIERS = Table(
    Tier("nation", _("Nation")),
    Tier("province", _("Province")),
    Tier("city", _("City")),
    Tier("district", _("District or county")),
    Tier("town", _("Town or street")),
    Tier("community", _("Village or community")),
)

BODY_KINDS = Table(
    BodyKind("committee_city", _("Municipal committee"), committee=True),
    BodyKind("committee_district", _("District committee"), committee=True),
    BodyKind("special_committee", _("Special committee"), within=True),
    BodyKind("office", _("Office of the committee"), within=True),
    BodyKind("sector", _("Sector"), within=True),
    BodyKind("member_group", _("Group of members"), within=True),
    BodyKind("platform", _("Consultation platform"), mechanism=True),
    BodyKind("government", _("Government"), answers=True),
    BodyKind("department", _("Department"), answers=True),
    BodyKind("court", _("Court or procuratorate"), answers=True),
    BodyKind("party", _("Democratic party")),
    BodyKind("people_organisation", _("People's organisation"), answers=True),
    BodyKind("federation", _("Federation of industry and commerce"), answers=True),
    BodyKind("enterprise", _("Public enterprise"), answers=True),
    BodyKind("town_government", _("Town or street office"), answers=True),
    BodyKind("community", _("Village or residents' committee")),
    BodyKind("branch", _("Party branch"), within=True),
)

PLATFORMS = Table(
    Platform("with_you", _("Consult with you"), notice=FORMAL_NOTICE),
    Platform("livelihood_hall", _("Livelihood hall")),
    Platform("station", _("Consultation station")),
    Platform("studio", _("Member's studio")),
    Platform("contact_point", _("Contact point for social opinion")),
)

VENUE_TYPES = Table(
    VenueType("community", _("Village and community")),
    VenueType("business", _("Business district and office building")),
    VenueType("park", _("Industrial park")),
    VenueType("trade", _("Base of a trade")),
    VenueType("street", _("Specialised street")),
    VenueType("small_town", _("Characteristic small town")),
    VenueType("group", _("Particular group of people")),
)
# fmt: on
