"""What a department promised with an answer: its flow."""

from camphor.engine.flow import HANDED_IN, UNCHANGED, Flow, Move, State
from camphor.engine.table import Table
from camphor.engine.table import mark as _
from camphor.rules.matters.words import of
from camphor.rules.people import CLERK, HANDLER

# fmt: off
PROMISE = Flow(Table(
    State("given", _("Promised"), "running", public=True),
    State("shown", _("Evidence handed in"), "running", public=True),
    State("kept", _("Kept"), "done", public=True),
), Table(
    Move(name="give", label=_("Promise"), says=_("A promise was given"), to="given", by=HANDLER,
         asks=("title", "due_on"), due=HANDED_IN, tells=CLERK, quiet=True),
    Move(name="show", label=_("Hand in evidence"), says=_("Evidence was handed in"), of=of("given"),
         to="shown", by=HANDLER, asks=("text", "photo"), due="promise_check", tells=CLERK,
         recounts=("text",)),
    Move(name="look_in", label=_("Record how far it is"), says=_("Looked at while it runs"), of=of("given"),
         by=CLERK, asks=("seen_on", "text"), due=UNCHANGED, tells=HANDLER, free=True, recounts=("text",)),
    Move(name="confirm", label=_("Confirm on the spot"), says=_("Confirmed on the spot: kept"),
         of=of("shown"), to="kept", by=CLERK, asks=("seen_on", "text"), tells=HANDLER, undo=True,
         recounts=("text",)),
    Move(name="reopen", label=_("Looked again: no longer kept"), says=_("Looked at again: no longer kept"),
         of=of("kept"), to="given", by=CLERK, asks=("seen_on", "due_on", "reason_text"), due=HANDED_IN,
         tells=HANDLER),
    Move(name="send_back", label=_("Not kept yet"), says=_("Looked at on the spot: not kept yet"),
         of=of("shown"), to="given", by=CLERK, asks=("reason_text",), tells=HANDLER, undo=True),
))
# fmt: on
