"""Kinds of activity, the parts people take in them, and their flow."""

from dataclasses import dataclass

from camphor.engine.flow import Flow, Move, State
from camphor.engine.table import Table
from camphor.engine.table import mark as _
from camphor.rules.needs import Need
from camphor.rules.people import ATTENDEE, CLERK, EVERYONE
from camphor.rules.trail import linkable


@dataclass(frozen=True)
class ActivityKind:
    """A kind of meeting."""

    name: str
    label: str


@dataclass(frozen=True)
class Part:
    """The part somebody takes in an activity."""

    name: str
    label: str


@dataclass(frozen=True)
class PointKind:
    """What a line of the minutes is."""

    name: str
    label: str
    tone: str = "note"


ACTIVITIES = Table(
    ActivityKind("session", _("Consultation session")),
    ActivityKind("research", _("On-site research")),
    ActivityKind("visit", _("Visit")),
)

PARTS = Table(
    Part("chair", _("Chair")),
    Part("member", _("Committee member")),
    Part("resident", _("Resident")),
    Part("stakeholder", _("Stakeholder")),
    Part("officer", _("Officer of a department")),
    Part("expert", _("Expert")),
    Part("observer", _("Observer")),
)

POINTS = Table(
    PointKind("voice", _("Spoke"), "note"),
    PointKind("answer", _("Answered on the spot"), "done"),
    PointKind("consensus", _("Shared by all"), "done"),
    PointKind("dissent", _("Dissent"), "overdue"),
)


NEEDS = Table(
    Need("attendance", _("somebody who came"), ("attend",)),
    Need("points", _("at least one point in the minutes"), ("note",)),
    Need(
        "notice",
        _("the time that people need to know beforehand, or a reason why it is shorter"),
        ("invite",),
    ),
    Need(
        "materials",
        _("the time that people need to read the materials, or a reason why it is shorter"),
        ("send_materials",),
    ),
    Need("confirmed", _("a confirmation, or an objection, of everybody who came"), ("agree_on_paper",)),
)


def of(*states: str) -> frozenset[str]:
    return frozenset(states)


# fmt: off
FLOW = linkable(Flow(Table(
    State("planned", _("Planned"), "waiting", public=True),
    State("held", _("Held, minutes being written"), "running", public=True),
    State("minuted", _("Minutes to be confirmed"), "running", public=True),
    State("confirmed", _("Minutes confirmed"), "done", public=True),
    State("cancelled", _("Cancelled"), "refused", public=True),
), Table(
    Move(name="plan", label=_("Plan a session"), says=_("A session was planned"), to="planned", by=CLERK,
         asks=("title", "starts_at", "venue"), quiet=True),
    Move(name="invite", label=_("Invite"), says=_("People were invited"), of=of("planned"), to="planned",
         by=CLERK, asks=("invited", "short_notice"), needs=("notice",)),
    Move(name="send_materials", label=_("Record that the materials went out"),
         says=_("The materials went out"), of=of("planned"), to="planned", by=CLERK,
         asks=("text", "late_materials"), needs=("materials",), free=True),
    Move(name="attend", label=_("Mark who came"), says=_("Attendance was taken"), of=of("planned", "held"),
         to="held", by=CLERK, asks=("came", "walk_ins")),
    Move(name="check_in", label=_("I am here"), says=_("Somebody checked in"), of=of("planned", "held"),
         to="held", by=EVERYONE, asks=("name", "part"), quiet=True),
    Move(name="note", label=_("Add a point to the minutes"), says=_("A point was added to the minutes"),
         of=of("held"), to="held", by=CLERK, asks=("point_kind", "speaker", "text")),
    Move(name="revise", label=_("Edit the minutes"), says=_("The minutes were edited"), of=of("held"),
         to="held", by=CLERK, asks=("written",), needs=("points",)),
    Move(name="minute", label=_("Lay the minutes before those present"),
         says=_("The minutes were laid before those present"), of=of("held"), to="minuted", by=CLERK,
         due="minutes", needs=("attendance", "points"), tells=ATTENDEE, undo=True),
    Move(name="agree", label=_("Confirm the minutes"), says=_("Somebody present confirmed the minutes"),
         of=of("minuted"), to="minuted", by=ATTENDEE),
    Move(name="object", label=_("Something is not right"), says=_("Somebody present objected to the minutes"),
         of=of("minuted"), to="minuted", by=ATTENDEE, asks=("text",), tells=CLERK),
    Move(name="agree_on_paper", label=_("Record confirmations on paper"),
         says=_("Confirmations on paper were recorded"), of=of("minuted"), to="minuted", by=CLERK,
         asks=("confirmed",)),
    Move(name="amend", label=_("Take the minutes back to amend them"), says=_("The minutes were taken back"),
         of=of("minuted"), to="held", by=CLERK, asks=("reason_text",), tells=ATTENDEE),
    Move(name="close", label=_("Close the minutes"), says=_("The minutes were confirmed by those present"),
         of=of("minuted"), to="confirmed", by=CLERK, needs=("confirmed",), tells=ATTENDEE, undo=True),
    Move(name="close_without", label=_("Close without the missing confirmations"),
         says=_("The minutes were closed without some confirmations"), of=of("minuted"), to="confirmed",
         by=CLERK, asks=("reason_text",), needs=("attendance", "points"), tells=ATTENDEE, undo=True),
    Move(name="cancel", label=_("Cancel"), says=_("Cancelled"), of=of("planned"), to="cancelled", by=CLERK,
         asks=("reason_text",), tells=ATTENDEE, undo=True),
)))
# fmt: on
