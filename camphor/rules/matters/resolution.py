"""The resolution proposal 建议案, adopted by the plenary or a leading meeting and sent to the government."""

from camphor.engine.flow import UNCHANGED, Flow, Move, State
from camphor.engine.table import Table
from camphor.engine.table import mark as _
from camphor.rules.matters.attaching import attaching
from camphor.rules.matters.words import Fact, Word, of
from camphor.rules.people import AUTHOR, CLERK, HANDLER, LEADER

# fmt: off
FACTS = (
    Fact("adopted_by", _("Adopted by"), needed=True, choices=(
        Word("plenary", _("Plenary session")), Word("standing", _("Standing committee")),
        Word("chairs", _("Chairs' meeting")))),
    Fact("researched", _("How it was researched"), long=True),
)

RESOLUTION = Flow(Table(
    State("draft", _("Draft"), "waiting"),
    State("chaired", _("Passed by the chairs' meeting"), "waiting"),
    State("adopted", _("Adopted"), "running", public=True),
    State("delivered", _("Delivered to Party committee and government"), "running", public=True),
    State("assigned", _("Being handled"), "running", public=True),
    State("unled", _("Looking for a unit"), "waiting", public=True),
    State("answered", _("Reported back"), "waiting", public=True),
    State("heard", _("Heard by the standing committee"), "done", public=True),
    State("archived", _("In the archive"), "done", public=True),
    State("withdrawn", _("Withdrawn"), "refused"),
), Table(
    Move(name="draft", label=_("Draft a resolution proposal"), says=_("A resolution proposal was drafted"),
         to="draft", by=CLERK, asks=("title", "text", "items", "facts")),
    Move(name="edit", label=_("Edit the draft"), says=_("The draft was edited"), of=of("draft", "chaired"),
         by=CLERK, asks=("title", "text", "items", "facts"), due=UNCHANGED),
    *attaching(CLERK, "draft", "chaired"),
    Move(name="withdraw", label=_("Withdraw the draft"), says=_("The draft was withdrawn"),
         of=of("draft", "chaired"), to="withdrawn", by=CLERK, asks=("reason_text",), free=True, undo=True),
    Move(name="pass", label=_("Passed by the chairs' meeting"), says=_("Passed by the chairs' meeting"),
         of=of("draft"), to="chaired", by=CLERK, needs=("items",), asks=("held_on",), tells=LEADER,
         recounts=("held_on",), undo=True),
    Move(name="adopt", label=_("Record the adoption and number"), says=_("Adopted"), of=of("chaired"),
         to="adopted", by=CLERK, asks=("held_on",), due="hand_over", tells=LEADER, recounts=("held_on",)),
    Move(name="deliver", label=_("Record the delivery"),
         says=_("Delivered to Party committee and government"),
         of=of("adopted"), to="delivered", by=CLERK, asks=("held_on", "people"), due="hand_over",
         recounts=("held_on", "people")),
    Move(name="assign", label=_("Record who leads and assists"), says=_("Its handling was shared out"),
         of=of("delivered"), to="assigned", by=CLERK, asks=("lead", "assisting", "led_by", "lead_due_on",
         "assisting_due_on"), tells=HANDLER),
    Move(name="lose_lead", label=_("Release the unit"), says=_("The unit was released"), of=of("assigned"),
         to="unled", by=CLERK, due="objection_decision", tells=CLERK, quiet=True),
    Move(name="replace_lead", label=_("Hand over to another unit"), says=_("Handed over to another unit"),
         of=of("unled"), to="assigned", by=CLERK, asks=("lead", "lead_due_on"), tells=HANDLER),
    Move(name="supervise", label=_("Record a consultation on the handling"),
         says=_("Consulted on the handling"), of=of("assigned", "answered"), by=CLERK | LEADER,
         asks=("supervision", "held_on", "led_by", "people", "text", "next_on"), due=UNCHANGED,
         tells=HANDLER, free=True),
    Move(name="answer", label=_("Answer"), says=_("The handling was reported back"), of=of("assigned"),
         to="answered", by=HANDLER, due="hand_over", tells=CLERK | LEADER, quiet=True),
    Move(name="hear", label=_("Record the hearing"), says=_("Heard by the standing committee"),
         of=of("answered"), to="heard", by=CLERK, asks=("held_on", "text"), tells=HANDLER,
         recounts=("held_on", "text"), undo=True),
    Move(name="insist", label=_("Ask for a second report"), says=_("A second report was asked for"),
         of=of("answered", "heard"), by=CLERK, asks=("reason_text",), due=UNCHANGED, tells=HANDLER),
    Move(name="reopen", label=_("Open a second round"), says=_("A second round was opened"),
         of=of("answered", "heard"), to="assigned", by=AUTHOR | CLERK, tells=HANDLER, quiet=True),
    Move(name="archive", label=_("Put into the archive"), says=_("Put into the archive"), of=of("heard"),
         to="archived", by=CLERK, undo=True),
))
# fmt: on
