"""What a consultation recommends, and how leading and assisting departments answer it: their flows."""

from camphor.engine.flow import UNCHANGED, Flow, Move, State
from camphor.engine.table import Table
from camphor.engine.table import mark as _
from camphor.rules.matters.attaching import attaching
from camphor.rules.matters.words import of
from camphor.rules.people import AUTHOR, CLERK, HANDLER

# fmt: off
RECOMMENDATION = Flow(Table(
    State("draft", _("Draft"), "waiting"),
    State("issued", _("Issued"), "running", public=True),
    State("assigned", _("Handed over"), "running", public=True),
    State("unled", _("Looking for a leading department"), "waiting", public=True),
    State("answered", _("Answered"), "done", public=True),
    State("withdrawn", _("Withdrawn"), "refused"),
), Table(
    Move(name="draft", label=_("Draft a recommendation"), says=_("A recommendation was drafted"), to="draft",
         by=CLERK, asks=("title", "text", "items"), quiet=True),
    Move(name="issue", label=_("Sign and number"), says=_("The recommendation was issued"), of=of("draft"),
         to="issued", by=CLERK, needs=("items",)),
    Move(name="edit", label=_("Edit the draft"), says=_("The draft was edited"), of=of("draft"), to="draft",
         by=CLERK, asks=("title", "text", "items")),
    *attaching(CLERK, "draft"),
    Move(name="withdraw", label=_("Withdraw the draft"), says=_("The draft was withdrawn"), of=of("draft"),
         to="withdrawn", by=CLERK, asks=("reason_text",), undo=True),
    Move(name="assign", label=_("Hand over to departments"), says=_("Handed over to the departments"),
         of=of("issued"), to="assigned", by=CLERK, asks=("lead", "assisting", "lead_due_on",
         "assisting_due_on"), tells=HANDLER),
    Move(name="lose_lead", label=_("Release the leading department"),
         says=_("The leading department was released"), of=of("assigned"), to="unled", by=CLERK, tells=CLERK,
         quiet=True),
    Move(name="replace_lead", label=_("Hand over to another leading department"),
         says=_("Handed over to another leading department"), of=of("unled"), to="assigned", by=CLERK,
         asks=("lead", "lead_due_on"), tells=HANDLER),
    Move(name="answer", label=_("Answer"), says=_("The departments answered"), of=of("assigned"),
         to="answered", by=HANDLER, tells=CLERK, quiet=True),
    Move(name="reopen", label=_("Open a second round"), says=_("A second round was opened"),
         of=of("answered"), to="assigned", by=AUTHOR | CLERK, tells=HANDLER | CLERK, quiet=True),
))

OBJECTION = (
    Move(name="object", label=_("Object: not ours"), says=_("Objected to the assignment"), of=of("given"),
         to="objected", by=HANDLER, asks=("reason_text",), due=UNCHANGED, only_within="objection",
         tells=CLERK, undo=True, free=True, pleads=True),
    Move(name="uphold", label=_("Uphold the assignment"), says=_("The assignment was upheld"),
         of=of("objected"), to="given", by=CLERK, asks=("reason_text",), due=UNCHANGED, tells=HANDLER,
         undo=True),
    Move(name="release", label=_("Release from the assignment"), says=_("Released from the assignment"),
         of=of("objected"), to="released", by=CLERK, asks=("reason_text",), tells=HANDLER),
)

LEADING = Flow(Table(
    State("given", _("To be answered"), "running", public=True),
    State("objected", _("Objected"), "waiting"),
    State("released", _("Released"), "note"),
    State("replied", _("Answered"), "done", public=True),
), Table(
    Move(name="give_lead", label=_("Given to the leading department"), to="given", by=CLERK,
         due="recommendation_reply", tells=HANDLER, quiet=True),
    Move(name="reply", label=_("Answer item by item"), says=_("Answered item by item"), of=of("given"),
         to="replied", by=HANDLER, asks=("answers", "promises", "contact"), tells=CLERK,
         needs=("assisting_in",)),
    *attaching(HANDLER, "given", told=False),
    *OBJECTION,
    Move(name="give_again", label=_("Ask for a second answer"), says=_("A second answer was asked for"),
         of=of("replied"), to="given", by=AUTHOR | CLERK, due="second_reply", tells=HANDLER,
         quiet=True),
))

ASSISTING = Flow(Table(
    State("given", _("To be answered"), "running", public=True),
    State("objected", _("Objected"), "waiting"),
    State("released", _("Released"), "note"),
    State("replied", _("Answered"), "done", public=True),
    State("passed_over", _("Gone on without"), "overdue", public=True),
), Table(
    Move(name="give_assisting", label=_("Given to an assisting department"), to="given", by=CLERK,
         due="assisting_opinion", tells=HANDLER, quiet=True),
    Move(name="opine", label=_("Send the assisting opinion"), says=_("The assisting opinion was sent"),
         of=of("given"), to="replied", by=HANDLER, asks=("text",), tells=CLERK | HANDLER),
    *OBJECTION,
    Move(name="go_without", label=_("Go on without this opinion"), says=_("Gone on without this opinion"),
         of=of("given", "objected"), to="passed_over", by=CLERK, asks=("reason_text",), tells=HANDLER,
         once_late=True, undo=True),
))
# fmt: on
