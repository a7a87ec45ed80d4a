"""What an enterprise asks for at a dialogue, and how each unit answers on the spot and later."""

from camphor.engine.flow import UNCHANGED, Flow, Move, State
from camphor.engine.table import Table
from camphor.engine.table import mark as _
from camphor.rules.matters.attaching import attaching
from camphor.rules.matters.handling import RECEIVED, opening
from camphor.rules.matters.words import Fact, Word, of
from camphor.rules.people import AUTHOR, CLERK, HANDLER, MEMBER

# fmt: off
SIZES = (Word("micro", _("Micro")), Word("small", _("Small")), Word("medium", _("Medium")),
         Word("large", _("Large")))
FACTS = (
    Fact("enterprise", _("Enterprise"), needed=True),
    Fact("credit_code", _("Unified social credit code"), written_as="credit_code"),
    Fact("size", _("Size"), choices=SIZES),
    Fact("trade", _("Trade")),
    Fact("field", _("Field"), choices=(
        Word("finance", _("Financing")), Word("labour", _("Labour")), Word("land", _("Land")),
        Word("permit", _("Permits")), Word("market", _("Market")), Word("policy", _("Policy")),
        Word("other", _("Other")))),
    Fact("nature", _("Nature of the problem"), choices=(
        Word("single", _("Of this enterprise alone")), Word("common", _("Of many enterprises")),
        Word("policy", _("Of a policy")), Word("legacy", _("Left over from earlier years")))),
    Fact("represented_by", _("Represented by")),
    Fact("first_time", _("Here for the first time"), choices=(Word("yes", _("Yes")), Word("no", _("No")))),
)

REQUEST = Flow(Table(
    State("raised", _("Received"), "waiting"),
    State("declined", _("Not taken up"), "refused"),
    State("assigned", _("With the units"), "running"),
    State("unled", _("Looking for a unit"), "waiting"),
    State("answered", _("Answered, to be rated"), "running"),
    State("rated", _("Answered and rated"), "done"),
    State("visited", _("Visited again"), "done"),
), Table(
    Move(name="raise", label=_("Record an enterprise's request"),
         says=_("An enterprise's request was recorded"),
         to="raised", by=CLERK | MEMBER, asks=("title", "text", "items", "secret", "facts"),
         due="concern_answer", tells=CLERK),
    Move(name="give_code", label=_("Give the enterprise its code"), says=_("The enterprise was given a code"),
         of=of("raised", "assigned", "unled", "answered", "rated", "visited"), by=CLERK, asks=("code",),
         due=UNCHANGED, free=True),
    Move(name="assign", label=_("Hand over to the units"), says=_("Handed over to the units"),
         of=of("raised"), to="assigned", by=CLERK, needs=("items",), asks=("mode", "lead", "others"),
         tells=HANDLER | AUTHOR),
    Move(name="edit", label=_("Edit"), says=_("Edited"), of=of("raised"), by=AUTHOR | CLERK,
         asks=("title", "text", "items", "facts"), due=UNCHANGED),
    *attaching(AUTHOR | CLERK, "raised"),
    Move(name="decline", label=_("Do not take up"), says=_("Not taken up"), of=of("raised"), to="declined",
         by=CLERK, asks=("reason", "reason_text"), tells=AUTHOR, undo=True),
    Move(name="lose_lead", label=_("Release the unit"), says=_("The unit was released"), of=of("assigned"),
         to="unled", by=CLERK, due="objection_decision", tells=CLERK, quiet=True),
    Move(name="replace_lead", label=_("Hand over to another unit"), says=_("Handed over to another unit"),
         of=of("unled"), to="assigned", by=CLERK, asks=("lead", "lead_due_on"), tells=HANDLER | AUTHOR),
    Move(name="answer", label=_("Answer"), says=_("The units answered"), of=of("assigned"), to="answered",
         by=HANDLER, due="rating", tells=AUTHOR | CLERK, quiet=True),
    Move(name="rate", label=_("Rate the answer"), says=_("Rated by the one who asked"), of=of("answered"),
         by=AUTHOR, asks=("handling", "score", "remark"), due=UNCHANGED, tells=CLERK | HANDLER),
    Move(name="rate_on_paper", label=_("Enter a rating from paper"),
         says=_("A rating was entered from the enterprise's paper"), of=of("answered"), by=CLERK,
         asks=("handling", "score", "remark", "scan"), due=UNCHANGED, free=True),
    Move(name="close", label=_("Close"), says=_("Answered and rated"), of=of("answered"), to="rated",
         by=CLERK, due="return_visit", quiet=True),
    Move(name="close_unrated", label=_("Close without a rating"), says=_("Closed without a rating"),
         of=of("answered"), to="rated", by=CLERK, asks=("reason_text",), due="return_visit",
         once_late=True, undo=True),
    Move(name="reopen", label=_("Open a second round"), says=_("A second round was opened"),
         of=of("answered"), to="assigned", by=AUTHOR | CLERK, tells=HANDLER | CLERK, quiet=True),
    Move(name="visit", label=_("Record the return visit"), says=_("Visited again"), of=of("rated"),
         to="visited", by=CLERK, asks=("held_on", "people", "text")),
))

RESPONDING = Flow(Table(
    State("given", _("First contact owed"), "waiting"),
    State("objected", _("Objected"), "waiting"),
    State("released", _("Released"), "note"),
    State("received", _("Progress owed"), "running"),
    State("working", _("Being handled"), "running"),
    State("replied", _("Answered"), "done"),
), Table(
    opening("respond", _("Given to a unit"), "enterprise_contact"),
    Move(name="answer_on_spot", label=_("Answer on the spot, item by item"),
         says=_("Answered on the spot, item by item"), of=of("given"), to="received", by=HANDLER | CLERK,
         asks=("spot_answers", "people"), due="enterprise_progress", tells=AUTHOR),
    Move(name="first_contact", label=_("Record the first contact"),
         says=_("First contact with the enterprise"),
         of=of("given"), to="received", by=HANDLER, asks=("way", "held_on", "people", "text"),
         due="enterprise_progress", tells=CLERK | AUTHOR),
    *(move for move in RECEIVED if move.name not in ("receive", "uphold")),
    Move(name="uphold", label=_("Uphold the assignment"), says=_("The assignment was upheld"),
         of=of("objected"), to="given", by=CLERK, asks=("reason_text",), due="enterprise_contact",
         tells=HANDLER),
    Move(name="progress", label=_("Tell the progress"), says=_("The progress was told"),
         of=of("received"), to="working", by=HANDLER, asks=("text",), due="enterprise_answer",
         tells=CLERK | AUTHOR),
    Move(name="reply", label=_("Answer item by item"), says=_("Answered item by item"),
         of=of("received", "working"), to="replied", by=HANDLER, asks=("answers", "contact"),
         tells=CLERK | AUTHOR),
    Move(name="tell_more", label=_("Tell further progress"), says=_("Further progress was told"),
         of=of("working"), by=HANDLER, asks=("text",), due=UNCHANGED, tells=CLERK | AUTHOR, free=True),
    *attaching(HANDLER, "received", "working", told=False),
    Move(name="give_again", label=_("Ask for a second answer"), says=_("A second answer was asked for"),
         of=of("replied"), to="working", by=AUTHOR | CLERK, due="second_reply", tells=HANDLER, quiet=True),
))
# fmt: on
