"""The kinds of step, the methods made of them, and the flow of a plan. Methods can be added locally.

The literal steps of Hangzhou's seven-step and five-step methods were never published in full; the two
defaults here are Camphor's own proposal, to be edited by each body. The other three are published.
"""

from camphor.engine.flow import Flow, Move, State
from camphor.engine.method import Method, Step, StepKind
from camphor.engine.table import Table
from camphor.engine.table import mark as _
from camphor.rules.needs import Need
from camphor.rules.people import CLERK
from camphor.rules.trail import linkable


def words(*names: str) -> frozenset[str]:
    return frozenset(names)


def of(*states: str) -> frozenset[str]:
    return frozenset(states)


NEEDS = Table(
    Need("source", _("a concern that the consultation starts from")),
    Need("session", _("a session whose minutes are confirmed"), ("meet",)),
    Need("result", _("a recommendation that was issued"), ("recommend",)),
    Need("handed_over", _("a recommendation that was handed over")),
    Need("answers", _("the answers of the departments")),
    Need("stage", _("a stage that is still open")),
    Need("all_stages", _("the closing of every stage"), ("advance",)),
    Need("votes_ended", _("the end of every vote that belongs to it")),
)

# fmt: off
STEPS = Table(
    StepKind("collect", _("Collect"), offers=words("concern", "conversation")),
    StepKind("select", _("Choose the topic"), needs=("source",)),
    StepKind("approve", _("Approve")),
    StepKind("research", _("Research"), offers=words("research", "conversation")),
    StepKind("announce", _("Announce and invite"), offers=words("conversation")),
    StepKind("meet", _("Deliberate"), offers=words("session", "conversation"), needs=("session",)),
    StepKind("consensus", _("Find consensus"), offers=words("session", "conversation"), needs=("session",)),
    StepKind("output", _("Hand over"), offers=words("recommendation"), needs=("result",)),
    StepKind("assign", _("Assign"), offers=words("recommendation"), needs=("handed_over",)),
    StepKind("reply", _("Answer"), needs=("answers",)),
    StepKind("track", _("Follow up"), needs=("answers",)),
    StepKind("evaluate", _("Evaluate")),
    StepKind("publish", _("Publish")),
)

METHODS = Table(
    Method("seven_step", _("Seven-step consultation"), (
        Step("collect", _("Collect topics"), 15),
        Step("select", _("Settle the topic"), 10),
        Step("research", _("Research"), 15),
        Step("announce", _("Announce and invite"), 5),
        Step("meet", _("Consult"), 10),
        Step("assign", _("Hand over the results"), 10),
        Step("track", _("Follow up, rate and publish"), 90),
    ), _("Default of Camphor; edit it to your own rules")),
    Method("five_step", _("Five-step working method"), (
        Step("collect", _("Collect"), 15),
        Step("select", _("Sort and settle the topic"), 10),
        Step("meet", _("Consult"), 15),
        Step("assign", _("Handle"), 60),
        Step("track", _("Report back and rate"), 30),
    ), _("Default of Camphor; edit it to your own rules")),
    Method("cppcc_procedure", _("Five procedures of political consultation, and one"), (
        Step("select", _("Propose and settle the topic"), 15),
        Step("announce", _("Prepare the consultation"), 15),
        Step("meet", _("Organise the meeting"), 5),
        Step("output", _("Submit the results"), 10),
        Step("reply", _("Handle the opinions and report back"), 60),
        Step("track", _("Follow up the results"), 90),
    ), _("Published rule of a city committee")),
    Method("five_links", _("Consulting on one thing: five links"), (
        Step("collect", _("Collect topics"), 15),
        Step("research", _("Research"), 20),
        Step("meet", _("Organise the consultation"), 10),
        Step("track", _("Follow up the implementation"), 60),
        Step("evaluate", _("Evaluate and transfer"), 30),
    ), _("Published by Jinhua")),
    Method("five_people", _("Five-people working method"), (
        Step("collect", _("The people raise it"), 10),
        Step("meet", _("The people discuss it"), 10),
        Step("consensus", _("The people settle it"), 10),
        Step("assign", _("The people see it done"), 60),
        Step("evaluate", _("The people rate it"), 15),
    ), _("Published by a courtyard council in Beijing")),
)

CONSULTATION = linkable(Flow(Table(
    State("draft", _("Draft"), "waiting"),
    State("running", _("Running"), "running", public=True),
    State("finished", _("Finished"), "done", public=True),
    State("stopped", _("Stopped"), "refused", public=True),
), Table(
    Move(name="draft", label=_("Draft a consultation"), says=_("A consultation was drafted"), to="draft",
         by=CLERK, asks=("title", "text", "method", "begins_on"), quiet=True),
    Move(name="shift", label=_("Shift the dates"), says=_("The dates were shifted"), of=of("draft"),
         to="draft", by=CLERK, asks=("stage_days",)),
    Move(name="begin", label=_("Begin"), says=_("The consultation began"), of=of("draft"), to="running",
         by=CLERK, needs=("source",)),
    Move(name="converse", label=_("Open a conversation"), says=_("A conversation was opened"),
         of=of("running"), to="running", by=CLERK, asks=("title", "text", "seeds")),
    Move(name="meet", label=_("Plan a session"), says=_("A session was planned"), of=of("running"),
         to="running", by=CLERK, asks=("title", "starts_at", "venue")),
    Move(name="recommend", label=_("Draft a recommendation"), says=_("A recommendation was drafted"),
         of=of("running"), to="running", by=CLERK, asks=("statements", "title", "text", "items")),
    Move(name="advance", label=_("Close this stage"), says=_("A stage was closed"), of=of("running"),
         to="running", by=CLERK, needs=("stage",), undo=True),
    Move(name="finish", label=_("Finish"), says=_("The consultation was finished"), of=of("running"),
         to="finished", by=CLERK, needs=("all_stages", "votes_ended"), undo=True),
    Move(name="stop", label=_("Stop"), says=_("The consultation was stopped"), of=of("draft", "running"),
         to="stopped", by=CLERK, asks=("reason_text",), undo=True),
)))
# fmt: on
