"""What residents raise: its flow."""

from camphor.engine.flow import Flow, Move, State
from camphor.engine.table import Table
from camphor.engine.table import mark as _
from camphor.rules.matters.words import of
from camphor.rules.people import AUTHOR, CLERK, EVERYONE, HANDLER

MERGED_INTO = of("submitted", "accepted", "postponed", "taken_up")
"""The states of a concern that is still open."""

# fmt: off
CONCERN = Flow(Table(
    State("submitted", _("Received"), "waiting"),
    State("accepted", _("In the topic pool"), "running", public=True),
    State("merged", _("Merged with a similar concern"), "running"),
    State("postponed", _("Postponed"), "note"),
    State("declined", _("Not taken up"), "refused"),
    State("redirected", _("Passed on"), "note"),
    State("reported", _("Became an opinion report"), "note"),
    State("taken_up", _("Under consultation"), "running", public=True),
    State("answered", _("Answered"), "done", public=True),
    State("rated", _("Answered and rated"), "done", public=True),
), Table(
    Move(name="submit", label=_("Send"), says=_("A resident raised a concern"), to="submitted",
         by=EVERYONE, asks=("title", "text"), due="concern_answer", tells=CLERK),
    Move(name="accept", label=_("Accept into the topic pool"), says=_("Accepted into the topic pool"),
         of=of("submitted", "postponed"), to="accepted", by=CLERK, due="topic_decision", tells=AUTHOR,
         undo=True),
    Move(name="merge", label=_("Merge into a similar concern"), says=_("Merged with a similar concern"),
         of=of("submitted", "accepted"), to="merged", by=CLERK, asks=("twin",), tells=AUTHOR, undo=True),
    Move(name="postpone", label=_("Postpone"), says=_("Postponed"), of=of("accepted"), to="postponed",
         by=CLERK, asks=("reason_text",), due="topic_decision", tells=AUTHOR, undo=True),
    Move(name="decline", label=_("Do not take up"), says=_("Not taken up"), of=of("submitted", "accepted"),
         to="declined", by=CLERK, asks=("reason", "reason_text"), tells=AUTHOR, undo=True),
    Move(name="redirect", label=_("Pass on"), says=_("Passed on to another channel"),
         of=of("submitted", "accepted"), to="redirected", by=CLERK, asks=("channel", "reason_text"),
         tells=AUTHOR, undo=True),
    Move(name="escalate", label=_("Hand up to the committee"),
         says=_("Handed up: it goes beyond what can be decided here"), of=of("submitted", "accepted"),
         to="submitted", by=CLERK, asks=("upper", "reason_text"), due="concern_answer", tells=CLERK | AUTHOR,
         free=True),
    Move(name="report", label=_("Make it an opinion report"), says=_("It became an opinion report"),
         of=of("submitted", "accepted", "postponed"), to="reported", by=CLERK, asks=("reason_text",),
         tells=AUTHOR, free=True),
    Move(name="take_up", label=_("Take up"), says=_("Taken up by a consultation"), of=of("accepted"),
         to="taken_up", by=CLERK, tells=AUTHOR, quiet=True),
    Move(name="answer", label=_("Answer"), says=_("The departments answered"), of=of("taken_up", "merged"),
         to="answered", by=HANDLER, due="rating", tells=AUTHOR | CLERK, quiet=True),
    Move(name="rate", label=_("Rate the answer"), says=_("Rated by the one who asked"), of=of("answered"),
         to="rated", by=AUTHOR, asks=("score", "remark"), tells=CLERK | HANDLER),
    Move(name="insist", label=_("Ask again"), says=_("Not satisfied: asked again"), of=of("answered"),
         to="taken_up", by=AUTHOR, asks=("reason_text",), tells=CLERK | HANDLER),
))
# fmt: on
