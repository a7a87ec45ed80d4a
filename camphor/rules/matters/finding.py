"""What democratic oversight found, and how it is put right: the flows of both."""

from camphor.engine.flow import UNCHANGED, Flow, Move, State
from camphor.engine.table import Table
from camphor.engine.table import mark as _
from camphor.rules.matters.attaching import attaching
from camphor.rules.matters.handling import EXTENSION, RECEIVED, STATES, opening
from camphor.rules.matters.words import Fact, Word, of
from camphor.rules.people import CLERK, HANDLER, HEAD, LEADER

# fmt: off
FACTS = (
    Fact("manner", _("Manner of oversight"), needed=True, choices=(
        Word("meeting", _("Oversight at meetings")), Word("inspection", _("Oversight by inspection")),
        Word("proposal", _("Oversight by proposals")), Word("topic", _("Oversight of one topic")),
        Word("speech", _("Oversight by speeches at the plenary")),
        Word("opinion", _("Oversight by opinion reports")), Word("research", _("Oversight by research")),
        Word("appraisal", _("Democratic appraisal")), Word("posted", _("Posted oversight groups")),
        Word("joint", _("Joint inspections by Party and government")))),
    Fact("source", _("Where the topic came from"), choices=(
        Word("party", _("Set by the Party committee")), Word("government", _("Asked for by the government")),
        Word("own", _("Chosen by the committee")), Word("proposal", _("Grown out of a proposal")))),
    Fact("group", _("Oversight group: leader, members, experts")),
)

FINDING = Flow(Table(
    State("draft", _("Draft"), "waiting"),
    State("issued", _("Issued"), "running"),
    State("assigned", _("Being put right"), "running", public=True),
    State("unled", _("Looking for a unit"), "waiting"),
    State("answered", _("Reported as put right"), "waiting", public=True),
    State("struck", _("Put right, struck off"), "done", public=True),
    State("withdrawn", _("Withdrawn"), "refused"),
), Table(
    Move(name="draft", label=_("Draft a finding"), says=_("A finding was drafted"), to="draft", by=CLERK,
         asks=("title", "text", "items", "facts")),
    Move(name="edit", label=_("Edit the draft"), says=_("The draft was edited"), of=of("draft"), by=CLERK,
         asks=("title", "text", "items", "facts")),
    *attaching(CLERK, "draft"),
    Move(name="withdraw", label=_("Withdraw the draft"), says=_("The draft was withdrawn"), of=of("draft"),
         to="withdrawn", by=CLERK, asks=("reason_text",), free=True, undo=True),
    Move(name="issue", label=_("Sign and number"), says=_("The finding was issued"), of=of("draft"),
         to="issued", by=CLERK | LEADER, needs=("items",), asks=("signed_by",), due="receipt"),
    Move(name="assign", label=_("Send to the units"), says=_("Sent to the units"), of=of("issued"),
         to="assigned", by=CLERK, asks=("mode", "lead", "others", "lead_due_on"), tells=HANDLER | HEAD),
    Move(name="lose_lead", label=_("Release the unit"), says=_("The unit was released"), of=of("assigned"),
         to="unled", by=CLERK, due="objection_decision", tells=CLERK, quiet=True),
    Move(name="replace_lead", label=_("Send to another unit"), says=_("Sent to another unit"), of=of("unled"),
         to="assigned", by=CLERK, asks=("lead", "lead_due_on"), tells=HANDLER),
    Move(name="answer", label=_("Answer"), says=_("All units reported it as put right"), of=of("assigned"),
         to="answered", by=HANDLER, due="return_visit", tells=CLERK, quiet=True),
    Move(name="visit", label=_("Record a return visit"), says=_("Visited again"),
         of=of("assigned", "answered"), by=CLERK | LEADER,
         asks=("held_on", "led_by", "people", "text", "next_on"), due=UNCHANGED, tells=HANDLER, free=True),
    Move(name="strike", label=_("Strike off: put right"), says=_("Struck off as put right"),
         of=of("answered"), to="struck", by=CLERK, asks=("seen_on", "text"), needs=("visited",),
         tells=HANDLER | HEAD),
    Move(name="insist", label=_("Not put right yet"), says=_("Visited again: not put right yet"),
         of=of("answered", "struck"), by=CLERK, asks=("reason_text",), due=UNCHANGED, tells=HANDLER | HEAD),
    Move(name="reopen", label=_("Open a second round"), says=_("A second round was opened"),
         of=of("answered", "struck"), to="assigned", by=CLERK, tells=HANDLER, quiet=True),
))

RECTIFYING = Flow(Table(
    *STATES,
    State("extending", _("More time asked for"), "waiting", public=True),
    State("planned", _("Plan handed in"), "running", public=True),
    State("replied", _("Reported as put right"), "done", public=True),
), Table(
    opening("rectify", _("Given to a unit that is overseen"), "finding_reply"),
    *RECEIVED,
    *EXTENSION,
    *attaching(HANDLER, "received", "planned", told=False),
    Move(name="plan", label=_("Hand in a plan"), says=_("A plan was handed in"), of=of("received"),
         to="planned", by=HANDLER, asks=("text",), due=UNCHANGED, tells=CLERK),
    Move(name="reply", label=_("Report item by item"), says=_("Reported item by item"),
         of=of("received", "planned"), to="replied", by=HANDLER, asks=("answers", "contact"), tells=CLERK),
    Move(name="plan_anew", label=_("Change the plan"), says=_("The plan was changed"), of=of("planned"),
         by=HANDLER, asks=("text",), due=UNCHANGED, tells=CLERK, free=True),
    Move(name="give_again", label=_("Ask for a second report"), says=_("A second report was asked for"),
         of=of("replied"), to="received", by=CLERK, due="second_reply", tells=HANDLER, quiet=True),
))
# fmt: on
