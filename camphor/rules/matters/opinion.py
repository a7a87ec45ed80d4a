"""The social-opinion report, from a member's lines to adoption and instructions: its flow.

It is never public by itself. What a leader wrote on it is seen by named people only, see INSTRUCTION.
"""

from camphor.engine.flow import UNCHANGED, Flow, Move, State
from camphor.engine.table import Table
from camphor.engine.table import mark as _
from camphor.rules.matters.attaching import attaching
from camphor.rules.matters.words import Fact, of
from camphor.rules.people import AUDITOR, AUTHOR, CLERK, LEADER, MEMBER, PROPOSERS, READER

LONGEST = 1500
"""Characters of an opinion report, by the rule of the committees: one matter, short and fast."""
DESK = of("submitted", "kept", "editing")

# fmt: off
FACTS = (
    Fact("reporter_unit", _("Unit and post of whoever reports")),
    Fact("cause", _("What causes it"), long=True, counts=True),
    Fact("suggestion", _("What is suggested"), long=True, counts=True),
)

OPINION = Flow(Table(
    State("draft", _("Draft"), "waiting", private=True),
    State("submitted", _("Submitted, to be reviewed"), "waiting"),
    State("returned", _("Returned for repair"), "waiting"),
    State("kept", _("Kept in reserve"), "note"),
    State("not_used", _("Not used"), "refused"),
    State("combined", _("Combined with others"), "running"),
    State("editing", _("Being edited"), "running"),
    State("proofed", _("Proof-read, to be signed"), "waiting"),
    State("signed", _("Signed, to be sent"), "waiting"),
    State("sent", _("Sent to its destinations"), "running"),
    State("told", _("Its author has been told"), "done"),
    State("archived", _("In the archive"), "done"),
), Table(
    Move(name="draft", label=_("Write an opinion report"), says=_("An opinion report was begun"), to="draft",
         by=MEMBER | CLERK, asks=("title", "text", "category", "is_urgent", "facts")),
    Move(name="take_over", label=_("Take over from a proposal"),
         says=_("Taken over from what was raised before"),
         to="submitted", by=AUTHOR | CLERK, due="opinion_review", tells=CLERK, quiet=True),
    Move(name="import", label=_("Take over from a ledger"), says=_("Imported from a ledger"), to="archived",
         by=CLERK, quiet=True),
    Move(name="edit", label=_("Edit the draft"), says=_("The draft was edited"), of=of("draft", "returned"),
         by=AUTHOR, asks=("title", "text", "category", "is_urgent", "facts"), due=UNCHANGED),
    *attaching(AUTHOR, "draft", "returned"),
    Move(name="submit", label=_("Submit"), says=_("Submitted"), of=of("draft", "returned"), to="submitted",
         by=AUTHOR, needs=("text", "short"), due="opinion_review", urgent="urgent_review",
         tells=CLERK),
    Move(name="take", label=_("Take for editing"), says=_("Taken for editing"), of=of("submitted", "kept"),
         to="editing", by=CLERK, due="opinion_editing", tells=PROPOSERS, undo=True),
    Move(name="keep", label=_("Keep in reserve"), says=_("Kept in reserve"), of=of("submitted"), to="kept",
         by=CLERK, asks=("reason_text",), tells=PROPOSERS, undo=True),
    Move(name="return", label=_("Return for repair"), says=_("Returned for repair"), of=of("submitted"),
         to="returned", by=CLERK, asks=("reason_text",), due="mending", tells=PROPOSERS, undo=True),
    Move(name="revise", label=_("Edit for sending"), says=_("Edited for sending"), of=of("editing"),
         by=CLERK, asks=("title", "text", "category", "facts"), due=UNCHANGED),
    Move(name="combine", label=_("Combine with others"), says=_("Combined with others, authorship shared"),
         of=of("editing"), by=CLERK, asks=("combined",), due=UNCHANGED),
    Move(name="join", label=_("Join another report"), says=_("Combined with another report"), of=DESK,
         to="combined", by=CLERK, tells=PROPOSERS, quiet=True),
    Move(name="proof", label=_("Proof-read"), says=_("Proof-read and passed on"), of=of("editing"),
         to="proofed", by=CLERK, needs=("short",), due=UNCHANGED, undo=True),
    Move(name="refuse", label=_("Do not use"), says=_("Not used"), of=DESK, to="not_used", by=CLERK,
         asks=("opinion_refusal", "reason_text"), tells=PROPOSERS, undo=True),
    Move(name="sign", label=_("Sign and number"), says=_("Signed for issue"), of=of("proofed"), to="signed",
         by=CLERK | LEADER, asks=("signed_by",), due="receipt"),
    Move(name="adopt", label=_("Record what became of it"), says=_("Its use was recorded"),
         of=of("sent", "told"), by=CLERK, asks=("dispatch", "manner", "held_on"), tells=PROPOSERS,
         free=True, recounts=("held_on",)),
    Move(name="instruct", label=_("Record a leader's instruction"),
         says=_("A leader's instruction was recorded"), of=of("sent", "told"), by=CLERK,
         asks=("led_by", "held_on", "instruction", "readers"), insists=("led_by",), free=True),
    Move(name="tell", label=_("Tell the author"), says=_("The author was told what became of it"),
         of=of("sent"), to="told", by=CLERK, asks=("text",), needs=("sent",), tells=PROPOSERS,
         recounts=("text",)),
    Move(name="dispatch", label=_("Send to a destination"), says=_("Sent to a destination"),
         of=of("signed", "sent"), to="sent", by=CLERK, asks=("destination", "to_whom", "held_on"),
         tells=PROPOSERS, recounts=("to_whom",)),
    Move(name="back", label=_("Back to editing"), says=_("Sent back to editing"), of=of("proofed", "signed"),
         to="editing", by=CLERK | LEADER, asks=("reason_text",), due="opinion_editing", tells=CLERK,
         undo=True),
    Move(name="archive", label=_("Put into the archive"), says=_("Put into the archive"), of=of("told"),
         to="archived", by=CLERK, undo=True),
))

INSTRUCTION = Flow(Table(
    State("kept", _("For named people only"), "note"),
), Table(
    Move(name="record", label=_("Record an instruction"), says=_("The instruction was recorded"), to="kept",
         by=CLERK, tells=READER, quiet=True),
    Move(name="read", label=_("Read (this is logged)"), says=_("Read"), of=of("kept"), by=READER),
    Move(name="name_reader", label=_("Name further readers"), says=_("Further readers were named"),
         of=of("kept"), by=READER, asks=("readers",)),
    Move(name="audit", label=_("Note an audit"), says=_("The readings were audited"), of=of("kept"),
         by=AUDITOR, asks=("remark",)),
))
# fmt: on
