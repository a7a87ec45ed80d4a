"""The kinds of matter, and their flows: states, moves, rights and times.

A matter has one flow, and each of its assignments has another, so that every body that must answer
has its own state and its own day.
"""

from dataclasses import dataclass

from camphor.engine.flow import HANDED_IN, UNCHANGED, Flow, Move, State
from camphor.engine.table import Table
from camphor.engine.table import mark as _
from camphor.rules.people import AUTHOR, CLERK, EVERYONE, HANDLER


@dataclass(frozen=True)
class MatterKind:
    """A kind of thing that a body must answer, with its flow."""

    name: str
    label: str
    flow: Flow
    series: str = ""  # the pattern of its number, given once; none where it has no number
    itemised: bool = False  # made of numbered items, each answered by itself


@dataclass(frozen=True)
class Part:
    """What a body has to do with a matter that was handed to it, with the flow of its assignment."""

    name: str
    label: str
    flow: Flow


@dataclass(frozen=True)
class Need:
    """Something that must be there before a move; the label completes «still lacking: …»."""

    name: str
    label: str


@dataclass(frozen=True)
class Word:
    """A row of a small dictionary: a reason, a grade, a score, a channel."""

    name: str
    label: str


def of(*states: str) -> frozenset[str]:
    return frozenset(states)


REASONS = Table(
    Word("not_public", _("It concerns a private matter and not the public")),
    Word("no_competence", _("It is outside what the bodies here can decide")),
    Word("in_court", _("It is before a court, in arbitration or in a petition procedure")),
    Word("not_verifiable", _("The facts could not be verified with what was given")),
    Word("unlawful", _("It contains unlawful content or attacks persons")),
    Word("already_done", _("It has been dealt with already")),
)

CHANNELS = Table(
    Word("hotline", _("Mayor's hotline 12345")),
    Word("petition", _("Petition office")),
    Word("department", _("The department in charge, directly")),
    Word("police", _("Police 110, fire service 119 or ambulance 120")),
)

# Hangzhou's own scale; other towns have A to D, so it can be overlaid by a local rule.
GRADES = Table(
    Word("A", _("A: solved")),
    Word("B", _("B: being solved, or planned")),
    Word("C", _("C: cannot be solved for now")),
)

SCORES = Table(
    Word("satisfied", _("Satisfied")),
    Word("mostly", _("Mostly satisfied")),
    Word("dissatisfied", _("Not satisfied")),
)

NEEDS = Table(
    Need("items", _("at least one numbered item")),
    Need("assisting_in", _("the opinions of all assisting units, or a recorded decision to go on without")),
)

# fmt: off
CONCERN = Flow(Table(
    State("submitted", _("Received"), "waiting"),
    State("accepted", _("In the topic pool"), "running", public=True),
    State("merged", _("Merged with a similar concern"), "running"),
    State("postponed", _("Postponed"), "note"),
    State("declined", _("Not taken up"), "refused"),
    State("redirected", _("Passed on"), "note"),
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
    Move(name="take_up", label=_("Take up"), says=_("Taken up by a consultation"), of=of("accepted"),
         to="taken_up", by=CLERK, tells=AUTHOR, quiet=True),
    Move(name="answer", label=_("Answer"), says=_("The departments answered"), of=of("taken_up", "merged"),
         to="answered", by=HANDLER, due="rating", tells=AUTHOR | CLERK, quiet=True),
    Move(name="rate", label=_("Rate the answer"), says=_("Rated by the one who asked"), of=of("answered"),
         to="rated", by=AUTHOR, asks=("score", "remark"), tells=CLERK | HANDLER),
    Move(name="insist", label=_("Ask again"), says=_("Not satisfied: asked again"), of=of("answered"),
         to="taken_up", by=AUTHOR, asks=("reason_text",), tells=CLERK | HANDLER),
))

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
    Move(name="edit", label=_("Edit the draft"), says=_("The draft was edited"), of=of("draft"), to="draft",
         by=CLERK, asks=("title", "text", "items")),
    Move(name="withdraw", label=_("Withdraw the draft"), says=_("The draft was withdrawn"), of=of("draft"),
         to="withdrawn", by=CLERK, asks=("reason_text",), undo=True),
    Move(name="issue", label=_("Sign and number"), says=_("The recommendation was issued"), of=of("draft"),
         to="issued", by=CLERK, needs=("items",)),
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

PROMISE = Flow(Table(
    State("given", _("Promised"), "running", public=True),
    State("shown", _("Evidence handed in"), "running", public=True),
    State("kept", _("Kept"), "done", public=True),
), Table(
    Move(name="give", label=_("Promise"), says=_("A promise was given"), to="given", by=HANDLER,
         asks=("title", "due_on"), due=HANDED_IN, tells=CLERK, quiet=True),
    Move(name="show", label=_("Hand in evidence"), says=_("Evidence was handed in"), of=of("given"),
         to="shown", by=HANDLER, asks=("text", "photo"), due="promise_check", tells=CLERK),
    Move(name="confirm", label=_("Confirm on the spot"), says=_("Confirmed on the spot: kept"),
         of=of("shown"), to="kept", by=CLERK, asks=("seen_on", "text"), tells=HANDLER, undo=True),
    Move(name="send_back", label=_("Not kept yet"), says=_("Looked at on the spot: not kept yet"),
         of=of("shown"), to="given", by=CLERK, asks=("reason_text",), tells=HANDLER, undo=True),
))

OBJECTION = (
    Move(name="object", label=_("Object: not ours"), says=_("Objected to the assignment"), of=of("given"),
         to="objected", by=HANDLER, asks=("reason_text",), due=UNCHANGED, tells=CLERK, undo=True,
         free=True),
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
    Move(name="give_lead", label=_("Give to the leading department"), to="given", by=CLERK,
         due="recommendation_reply", tells=HANDLER, quiet=True),
    Move(name="reply", label=_("Answer item by item"), says=_("Answered item by item"), of=of("given"),
         to="replied", by=HANDLER, asks=("answers", "promises", "contact"), tells=CLERK,
         needs=("assisting_in",)),
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
    Move(name="give_assisting", label=_("Give to an assisting department"), to="given", by=CLERK,
         due="assisting_opinion", tells=HANDLER, quiet=True),
    Move(name="opine", label=_("Send the assisting opinion"), says=_("The assisting opinion was sent"),
         of=of("given"), to="replied", by=HANDLER, asks=("text",), tells=CLERK | HANDLER),
    *OBJECTION,
    Move(name="go_without", label=_("Go on without this opinion"), says=_("Gone on without this opinion"),
         of=of("given", "objected"), to="passed_over", by=CLERK, asks=("reason_text",), tells=HANDLER,
         once_late=True, undo=True),
))
# fmt: on

MATTERS = Table(
    MatterKind("concern", _("Concern"), CONCERN),
    MatterKind(
        "recommendation", _("Recommendation"), RECOMMENDATION, "{place}协商建议〔{year}〕{n}号", itemised=True
    ),
    MatterKind("promise", _("Promise"), PROMISE),
)

PARTS = Table(
    Part("lead", _("Leading"), LEADING),
    Part("assisting", _("Assisting"), ASSISTING),
)
