"""How a unit handles a proposal that was handed to it: the flows of those who answer and who join."""

from camphor.engine.flow import HANDED_IN, UNCHANGED, Flow, Move, State
from camphor.engine.table import Table
from camphor.engine.table import mark as _
from camphor.rules.matters.attaching import attaching
from camphor.rules.matters.words import of
from camphor.rules.people import CLERK, HANDLER, HEAD, LEADER, PROPOSERS

WORKED_ON = of("received", "drafted")


def opening(part: str, label: str, due: str) -> Move:
    """The move by which a unit is given its part."""
    return Move(name=f"give_{part}", label=label, to="given", by=CLERK, due=due, tells=HANDLER | HEAD,
                quiet=True)  # fmt: skip


# fmt: off
RECEIVED = (
    Move(name="receive", label=_("Confirm receipt"), says=_("Receipt was confirmed"), of=of("given"),
         to="received", by=HANDLER, due=UNCHANGED),
    Move(name="object", label=_("Object: not ours"), says=_("Objected to the assignment"), of=of("given"),
         to="objected", by=HANDLER, asks=("reason_text",), due="objection_decision",
         only_within="objection", tells=CLERK, free=True, pleads=True, undo=True),
    Move(name="uphold", label=_("Uphold the assignment"), says=_("The assignment was upheld"),
         of=of("objected"), to="received", by=CLERK, asks=("reason_text",), tells=HANDLER, undo=True),
    Move(name="release", label=_("Release from the assignment"), says=_("Released from the assignment"),
         of=of("objected"), to="released", by=CLERK, asks=("reason_text",), tells=HANDLER),
)

CONTACT = Move(
    name="contact", label=_("Record a contact with the proposers"), says=_("In contact with the proposers"),
    of=WORKED_ON | of("replied", "extending", "signed"), by=HANDLER,
    asks=("phase", "way", "held_on", "people", "text"), due=UNCHANGED, tells=CLERK, free=True)

EXTENSION = (
    Move(name="ask_time", label=_("Ask for more time"), says=_("More time was asked for"),
         of=of("received"), to="extending", by=HANDLER, asks=("until", "reason_text"),
         due="extension_decision", tells=CLERK, free=True, pleads=True),
    Move(name="grant_time", label=_("Grant more time"), says=_("More time was granted"),
         of=of("extending"), to="received", by=CLERK, asks=("due_on", "reason_text"), due=HANDED_IN,
         tells=HANDLER | PROPOSERS),
    Move(name="deny_time", label=_("Refuse more time"), says=_("More time was refused"),
         of=of("extending"), to="received", by=CLERK, asks=("reason_text",), tells=HANDLER, undo=True),
)

STATES = (
    State("given", _("To be received"), "waiting", public=True),
    State("objected", _("Objected"), "waiting"),
    State("released", _("Released"), "note"),
    State("received", _("Being handled"), "running", public=True),
)


def answering(part: str, label: str) -> Flow:
    """The flow of a unit that answers: alone, leading others, or for itself among several."""
    return Flow(Table(
        *STATES,
        State("extending", _("More time asked for"), "waiting", public=True),
        State("drafted", _("Drafted, to be signed"), "running", public=True),
        State("signed", _("Signed, to be checked"), "running", public=True),
        State("replied", _("Answered"), "done", public=True),
    ), Table(
        opening(part, label, "proposal_reply"),
        *RECEIVED,
        *EXTENSION,
        CONTACT,
        Move(name="draft_reply", label=_("Draft the answer"), says=_("The answer was drafted"),
             of=of("received"), to="drafted", by=HANDLER, asks=("answers", "grade", "contact"),
             needs=("assisting_in",), due=UNCHANGED, tells=HANDLER | HEAD),
        Move(name="edit", label=_("Edit the answer"), says=_("The drafted answer was edited"),
             of=of("drafted"), by=HANDLER, asks=("answers", "grade", "contact"), due=UNCHANGED,
             tells=HANDLER),
        *attaching(HANDLER, "received", "drafted", told=False),
        Move(name="sign", label=_("Sign and hand in for checking"), says=_("The answer was signed"),
             of=of("drafted"), to="signed", by=HANDLER | HEAD, asks=("signed_by", "letter_number"),
             needs=("countersigned",), due="reply_check", tells=CLERK),
        Move(name="send", label=_("Checked: send the answer"), says=_("The answer was checked and sent"),
             of=of("signed"), to="replied", by=CLERK, asks=("checked_grade", "remark"),
             tells=HANDLER | HEAD),
        Move(name="send_back", label=_("Send back"), says=_("The answer was sent back"), of=of("signed"),
             to="drafted", by=CLERK, asks=("reason_text",), tells=HANDLER | HEAD, undo=True),
        Move(name="disclose", label=_("Decide what is published of the answer"),
             says=_("It was decided what is published of the answer"), of=of("replied"), by=CLERK,
             asks=("openness", "reason_open", "public_text"), free=True),
        Move(name="give_again", label=_("Ask for a second answer"), says=_("A second answer was asked for"),
             of=of("replied"), to="received", by=PROPOSERS | CLERK, due="second_reply", tells=HANDLER,
             quiet=True),
    ))


JOINING = Flow(Table(
    *STATES,
    State("opined", _("Opinion sent"), "done", public=True),
    State("laid", _("To be countersigned"), "waiting", public=True),
    State("countersigned", _("Countersigned"), "done", public=True),
    State("passed_over", _("Gone on without"), "overdue", public=True),
), Table(
    opening("joining", _("Given to an assisting unit"), "assisting_opinion"),
    *RECEIVED,
    Move(name="opine", label=_("Send the assisting opinion"), says=_("The assisting opinion was sent"),
         of=of("received"), to="opined", by=HANDLER, asks=("text",), tells=CLERK | HANDLER),
    Move(name="lay_before", label=_("Lay the draft before"), says=_("The draft was laid before the unit"),
         of=of("opined", "countersigned", "laid"), to="laid", by=HANDLER, due="countersigning", tells=HANDLER,
         quiet=True),
    Move(name="countersign", label=_("Countersign"), says=_("Countersigned"), of=of("laid"),
         to="countersigned", by=HANDLER | HEAD, asks=("signed_by",), tells=HANDLER),
    Move(name="dissent", label=_("Do not countersign"), says=_("Did not countersign"), of=of("laid"),
         to="opined", by=HANDLER | HEAD, asks=("reason_text",), tells=HANDLER | CLERK, pleads=True,
         undo=True),
    Move(name="go_without", label=_("Go on without this unit"), says=_("Gone on without this unit"),
         of=of("given", "received", "objected", "laid"), to="passed_over", by=CLERK, asks=("reason_text",),
         tells=HANDLER, once_late=True, undo=True),
    Move(name="go_on_dissent", label=_("Go on over its dissent"), says=_("Gone on over its dissent"),
         of=of("opined"), to="passed_over", by=LEADER | CLERK, asks=("reason_text",), needs=("drafted",),
         tells=HANDLER, undo=True),
))
# fmt: on
