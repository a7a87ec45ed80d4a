"""A task handed down from a committee to those that it guides: the flows of both."""

from camphor.engine.flow import UNCHANGED, Flow, Move, State
from camphor.engine.table import Table
from camphor.engine.table import mark as _
from camphor.rules.matters.attaching import attaching
from camphor.rules.matters.handling import opening
from camphor.rules.matters.words import of
from camphor.rules.people import CLERK, HANDLER, HEAD

# fmt: off
TASK = Flow(Table(
    State("draft", _("Draft"), "waiting"),
    State("assigned", _("Handed down"), "running"),
    State("answered", _("Completed by all"), "waiting"),
    State("closed", _("Closed"), "done"),
    State("withdrawn", _("Withdrawn"), "refused"),
), Table(
    Move(name="draft", label=_("Draft a task"), says=_("A task was drafted"), to="draft", by=CLERK,
         asks=("title", "text")),
    Move(name="edit", label=_("Edit the draft"), says=_("The draft was edited"), of=of("draft"), by=CLERK,
         asks=("title", "text")),
    *attaching(CLERK, "draft"),
    Move(name="withdraw", label=_("Withdraw"), says=_("Withdrawn"), of=of("draft", "assigned"),
         to="withdrawn", by=CLERK, asks=("reason_text",), tells=HANDLER, free=True),
    Move(name="assign", label=_("Hand down"), says=_("Handed down"), of=of("draft"), to="assigned", by=CLERK,
         asks=("guided", "lead_due_on"), tells=HANDLER | HEAD),
    Move(name="answer", label=_("Complete"), says=_("Completed by all"), of=of("assigned"), to="answered",
         by=HANDLER, due="task_review", tells=CLERK, quiet=True),
    Move(name="close", label=_("Close"), says=_("Closed"), of=of("answered"), to="closed", by=CLERK,
         asks=("remark",), tells=HANDLER, undo=True),
    Move(name="close_early", label=_("Close although some are missing"),
         says=_("Closed although some are missing"), of=of("assigned"), to="closed", by=CLERK,
         asks=("reason_text",), once_late=True, tells=HANDLER, undo=True),
    Move(name="reopen", label=_("Wait again"), says=_("Waiting again"), of=of("answered"), to="assigned",
         by=CLERK, quiet=True),
))

CARRYING_OUT = Flow(Table(
    State("given", _("Receipt owed"), "waiting"),
    State("received", _("Being carried out"), "running"),
    State("replied", _("Completed"), "done"),
), Table(
    opening("carry_out", _("Given to a guided body"), "task_done"),
    Move(name="receive", label=_("Confirm receipt"), says=_("Receipt was confirmed"), of=of("given"),
         to="received", by=HANDLER, due=UNCHANGED),
    *attaching(HANDLER, "received", told=False),
    Move(name="complete", label=_("Report completion"), says=_("Completion was reported"),
         of=of("given", "received"), to="replied", by=HANDLER, asks=("text", "photo"), tells=CLERK),
    Move(name="give_back", label=_("Not complete yet"), says=_("Looked at: not complete yet"),
         of=of("replied"), to="received", by=CLERK, asks=("reason_text",), due="second_reply",
         tells=HANDLER),
))
# fmt: on
