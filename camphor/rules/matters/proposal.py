"""The members' proposal, from the first draft to the archive: its flow, and that of an invitation to sign."""

from camphor.engine.flow import HANDED_IN, UNCHANGED, Flow, Move, State
from camphor.engine.table import Table
from camphor.engine.table import mark as _
from camphor.rules.matters.words import Fact, Word, of
from camphor.rules.people import AUTHOR, BACKER, CLERK, HANDLER, LEADER, MEMBER, PROPOSERS

REVIEWED = of("submitted", "reviewed")
HANDLED = of("assigned", "unled", "merged", "answered")
ENDED = of("closed", "archived")
MERGED_INTO = of("submitted", "reviewed", "filed", "assigned", "unled")
"""The states of a proposal into which another can still be merged: none once it is answered."""

# fmt: off
FACTS = (
    Fact("researched", _("How it was researched"), long=True),
    Fact("raised_before", _("Raised before, and with what result")),
    Fact("wished_units", _("Units that should answer")),
    Fact("wished_contact", _("How you wish to be contacted")),
    Fact("name_public", _("May your name be published?"), choices=(
        Word("yes", _("Yes, with my name")), Word("no", _("Without my name")))),
)

PROPOSAL = Flow(Table(
    State("draft", _("Draft"), "waiting", private=True),
    State("submitted", _("Submitted, to be reviewed"), "waiting"),
    State("returned", _("Returned for repair"), "waiting"),
    State("reviewed", _("To be reviewed again"), "waiting"),
    State("offered", _("Asked whether it may become an opinion report"), "waiting"),
    State("filed", _("Filed"), "running", public=True),
    State("merged", _("Handled together with another"), "running", public=True),
    State("not_filed", _("Not filed"), "refused"),
    State("withdrawn", _("Withdrawn"), "refused"),
    State("converted", _("Became an opinion report"), "note"),
    State("assigned", _("Being handled"), "running", public=True),
    State("unled", _("Looking for a unit"), "waiting", public=True),
    State("answered", _("Answered, to be rated"), "running", public=True),
    State("closed", _("Closed"), "done", public=True),
    State("archived", _("In the archive"), "done", public=True),
), Table(
    Move(name="draft", label=_("Write a proposal"), says=_("A proposal was begun"), to="draft", by=MEMBER,
         asks=("form", "title", "text", "items", "category", "sponsor", "facts")),
    Move(name="edit", label=_("Edit the draft"), says=_("The draft was edited"), of=of("draft", "returned"),
         by=AUTHOR, asks=("form", "title", "text", "items", "category", "sponsor", "facts"), due=UNCHANGED),
    Move(name="invite", label=_("Invite others to sign"), says=_("Others were invited to sign"),
         of=of("draft", "returned"), by=AUTHOR, asks=("invited", "confirm_by"), due=UNCHANGED, free=True),
    Move(name="seal", label=_("Attach the sealed sheet"), says=_("The sealed sheet was attached"),
         of=of("draft", "returned"), by=AUTHOR, asks=("photo",), due=UNCHANGED, free=True),
    Move(name="submit", label=_("Submit"), says=_("Submitted"), of=of("draft", "returned"), to="submitted",
         by=AUTHOR, needs=("items", "category", "backers_decided", "co_signed", "sponsor", "seal",
                           "in_plenary"), due="first_review", tells=CLERK),
    Move(name="pass", label=_("Passed the first review"), says=_("Passed the first review"),
         of=of("submitted"), to="reviewed", by=CLERK, asks=("category", "remark"), due="second_review"),
    Move(name="file", label=_("File and number"), says=_("Filed"), of=of("reviewed"), to="filed", by=CLERK,
         needs=("category",), due="hand_over", tells=PROPOSERS),
    Move(name="merge", label=_("Merge into a similar proposal"), says=_("Merged with a similar proposal"),
         of=REVIEWED | of("filed"), to="merged", by=CLERK, asks=("twin",), tells=PROPOSERS),
    Move(name="return", label=_("Return for repair"), says=_("Returned for repair"), of=REVIEWED,
         to="returned", by=CLERK, asks=("reason_text",), due="mending", tells=PROPOSERS),
    Move(name="refuse", label=_("Do not file"), says=_("Not filed"), of=of("reviewed"), to="not_filed",
         by=CLERK, asks=("refusal", "reason_text"), tells=PROPOSERS),
    Move(name="offer", label=_("Ask whether it may become an opinion report"),
         says=_("The proposer was asked whether it may become an opinion report"),
         of=of("reviewed", "not_filed"), to="offered", by=CLERK, asks=("reason_text",), due="consent",
         tells=AUTHOR),
    Move(name="consent", label=_("Yes, make it an opinion report"), says=_("The proposer consented"),
         of=of("offered"), to="converted", by=AUTHOR, tells=CLERK),
    Move(name="keep", label=_("No, judge it as a proposal"), says=_("The proposer did not consent"),
         of=of("offered"), to="reviewed", by=AUTHOR, asks=("reason_text",), due="second_review", tells=CLERK),
    Move(name="withdraw", label=_("Withdraw"), says=_("Withdrawn by the proposer"),
         of=REVIEWED | of("draft", "returned", "offered", "filed"), to="withdrawn", by=AUTHOR,
         asks=("reason_text",), tells=CLERK | BACKER, free=True),
    Move(name="assign", label=_("Hand over"), says=_("Handed over to the units"), of=of("filed"),
         to="assigned", by=CLERK, asks=("mode", "lead", "others", "assisting", "lead_due_on",
                                        "assisting_due_on"), tells=HANDLER | PROPOSERS),
    Move(name="lose_lead", label=_("Release the unit"), says=_("The unit was released"), of=of("assigned"),
         to="unled", by=CLERK, due="objection_decision", tells=CLERK, quiet=True),
    Move(name="replace_lead", label=_("Hand over to another unit"), says=_("Handed over to another unit"),
         of=of("unled"), to="assigned", by=CLERK, asks=("lead", "lead_due_on"), tells=HANDLER | PROPOSERS),
    Move(name="choose_key", label=_("Make it a key proposal"), says=_("Chosen as a key proposal"),
         of=HANDLED | of("filed"), by=CLERK, asks=("key_level", "led_by", "remark"), due=UNCHANGED,
         tells=PROPOSERS | HANDLER, free=True),
    Move(name="supervise", label=_("Record a supervision"), says=_("Supervised"), of=HANDLED | of("closed"),
         by=CLERK | LEADER, asks=("supervision", "held_on", "led_by", "people", "text", "next_on"),
         due=UNCHANGED, tells=HANDLER, free=True),
    Move(name="answer", label=_("Answer"), says=_("The answer was sent"), of=of("assigned", "merged"),
         to="answered", by=HANDLER, due="proposal_rating", tells=PROPOSERS, quiet=True),
    Move(name="rate", label=_("Rate the handling and the result"), says=_("Rated by a proposer"),
         of=of("answered"), by=PROPOSERS, asks=("handling", "score", "remark"), due=UNCHANGED, tells=CLERK),
    Move(name="rate_on_paper", label=_("Enter a rating from paper"),
         says=_("A rating was entered from the proposer's paper"), of=of("answered"), by=CLERK,
         asks=("proposer", "handling", "score", "remark", "scan"), due=UNCHANGED, free=True),
    Move(name="close", label=_("Close"), says=_("Closed"), of=of("answered"), to="closed", by=CLERK,
         tells=PROPOSERS, quiet=True),
    Move(name="close_unrated", label=_("Close without all ratings"), says=_("Closed without all ratings"),
         of=of("answered"), to="closed", by=CLERK, asks=("reason_text",), once_late=True, tells=PROPOSERS),
    Move(name="reopen", label=_("Open a second round"), says=_("A second round was opened"),
         of=ENDED | of("answered"), to="assigned", by=PROPOSERS | CLERK, tells=HANDLER | CLERK, quiet=True),
    Move(name="wait_again", label=_("Wait for a second answer"), says=_("Waiting for a second answer"),
         of=ENDED | of("answered"), to="merged", by=PROPOSERS | CLERK, quiet=True),
    Move(name="look_again", label=_("Record a look back"), says=_("Looked at again on the spot"), of=ENDED,
         by=CLERK, asks=("seen_on", "text")),
    Move(name="insist", label=_("Looked again: handle it once more"),
         says=_("Looked at again on the spot: to be handled once more"), of=of("closed"), by=CLERK,
         asks=("seen_on", "reason_text"), tells=HANDLER | PROPOSERS),
    Move(name="disclose", label=_("Decide what is published"), says=_("It was decided what is published"),
         of=HANDLED | ENDED | of("filed"), by=CLERK, asks=("openness", "reason_open", "public_text"),
         due=UNCHANGED, free=True),
    Move(name="commend", label=_("Commend as outstanding"), says=_("Commended as outstanding"), of=ENDED,
         by=CLERK, asks=("remark",), tells=PROPOSERS),
    Move(name="archive", label=_("Put into the archive"), says=_("Put into the archive"), of=of("closed"),
         to="archived", by=CLERK, needs=("disclosed",)),
))

BACKING = Flow(Table(
    State("asked", _("Invited to sign"), "waiting"),
    State("confirmed", _("Signed"), "done"),
    State("refused", _("Did not sign"), "refused"),
    State("lapsed", _("Did not answer in time"), "note"),
    State("credited", _("Shares in it"), "done"),
), Table(
    Move(name="ask", label=_("Invite to sign"), says=_("Invited to sign"), to="asked", by=AUTHOR,
         due=HANDED_IN, tells=BACKER, quiet=True),
    Move(name="credit", label=_("Share the authorship"), says=_("Named as one of the authors"), to="credited",
         by=CLERK, tells=BACKER, quiet=True),
    Move(name="confirm", label=_("Sign"), says=_("Signed in person"), of=of("asked"), to="confirmed",
         by=BACKER, tells=AUTHOR),
    Move(name="ask_again", label=_("Invite to sign again"), says=_("The text changed: invited to sign again"),
         of=of("confirmed"), to="asked", by=AUTHOR, due="signature", tells=BACKER, quiet=True),
    Move(name="refuse", label=_("Do not sign"), says=_("Did not sign"), of=of("asked"), to="refused",
         by=BACKER, asks=("remark",), tells=AUTHOR),
    Move(name="lapse", label=_("The time to sign has ended"), says=_("The time to sign ended"),
         of=of("asked"), to="lapsed", by=AUTHOR, quiet=True),
))
# fmt: on
