"""The small dictionaries of matters. Each can be overlaid, from a day on, by a body's local rules."""

from camphor.engine.table import Table
from camphor.engine.table import mark as _
from camphor.rules.matters.words import Destination, Form, Grade, Mode, Paper, Score, Word
from camphor.rules.needs import Need

# fmt: off
REASONS = Table(
    Word("not_public", _("It concerns a private matter and not the public")),
    Word("no_competence", _("It is outside what the bodies here can decide")),
    Word("in_court", _("It is before a court, in arbitration or in a petition procedure")),
    Word("not_verifiable", _("The facts could not be verified with what was given")),
    Word("unlawful", _("It contains unlawful content or attacks persons")),
    Word("already_done", _("It has been dealt with already")),
)

REFUSALS = Table(  # the ten grounds of the national regulations on proposals
    Word("secret", _("It touches secrets of the Party or the state")),
    Word("forbidden", _("It asks for what the state has forbidden")),
    Word("party_personnel", _("A Party member objects to the Party's own organisation or personnel")),
    Word("own_party", _("A member of a democratic party raises affairs inside that party")),
    Word("in_court", _("It is before a civil, criminal or administrative court, or in arbitration")),
    Word("academic", _("It is an academic discussion")),
    Word("personal", _("It asks for the personal benefit of the proposer or of relatives")),
    Word("advertising", _("It advertises a particular work or product")),
    Word("accusation", _("It denounces somebody by name")),
    Word("empty", _("It is empty, without a concrete suggestion")),
)

OPINION_REFUSALS = Table(
    Word("direction", _("It departs from the basic political direction")),
    Word("untrue", _("It is not true, or could not be verified")),
    Word("stale", _("It is out of date")),
    Word("copied", _("It was copied from the media")),
    Word("routine", _("It reports routine work")),
    Word("competence", _("It is outside what can be reported here")),
)

CHANNELS = Table(
    Word("hotline", _("Mayor's hotline 12345")),
    Word("petition", _("Petition office")),
    Word("department", _("The department in charge, directly")),
    Word("police", _("Police 110, fire service 119 or ambulance 120")),
)

# Hangzhou's own scale; other towns have A to D, so it can be overlaid by a local rule.
GRADES = Table(
    Grade("A", _("A: solved")),
    Grade("B", _("B: being solved, or planned"), promised=True),
    Grade("C", _("C: cannot be solved for now")),
)

SCORES = Table(
    Score("satisfied", _("Satisfied")),
    Score("mostly", _("Mostly satisfied")),
    Score("dissatisfied", _("Not satisfied"), sends_back=True),
)
SENDS_BACK = tuple(score.name for score in SCORES.values() if score.sends_back)
"""The scores by which an answer is sent back; the first is that of who insists without choosing one."""
WHAT_IS_MISSING = _("Needed if you are not satisfied: what is still missing? The department will read it.")
NOTHING_SAID = _("Please say what is still missing, so that it can be answered.")
"""What stands beside the remark of a rating, and what is said to who sends an answer back without one."""

TOGETHER = ("party", "federation", "people_organisation", "sector", "special_committee")
"""The kinds of body that make proposals together with one another."""

FORMS = Table(
    Form("member", _("Proposal of one member")),
    Form("joint", _("Joint proposal of members"), joint=True),
    Form("party", _("Proposal of a democratic party"), sponsors=("party", "federation"),
         joined_by=TOGETHER, sealed=True),
    Form("organisation", _("Proposal of a people's organisation"),
         sponsors=("people_organisation", "federation"), joined_by=TOGETHER, sealed=True),
    Form("sector", _("Proposal of a sector"), sponsors=("sector",), joined_by=TOGETHER, sealed=True,
         at_plenary=True),
    Form("group", _("Proposal of a group of members"), sponsors=("member_group",), sealed=True,
         at_plenary=True),
    Form("committee", _("Proposal of a special committee"), sponsors=("special_committee",),
         joined_by=TOGETHER, sealed=True),
)

CATEGORIES = Table(
    Word("economy", _("Economy, science and technology")),
    Word("city", _("Building and running the city")),
    Word("culture", _("Education, culture, health and sport")),
    Word("society", _("Social order and livelihood")),
)

OCCASIONS = Table(
    Word("plenary", _("For the plenary session")),
    Word("interim", _("Between the sessions")),
)

KEY_LEVELS = Table(
    Word("party_leader", _("Read and led by the leaders of the Party committee")),
    Word("mayor", _("Led by the mayor or a deputy mayor")),
    Word("chair", _("Supervised by the chair or a deputy chair")),
    Word("committee", _("Supervised by a special committee")),
)

MODES = Table(
    Mode("sole", _("One unit alone"), leads="sole"),
    Mode("joint", _("One leads, others assist"), leads="main", assists="joining", least=2),
    Mode("separate", _("Several units, each for itself"), leads="separate", several=True, least=2,
         rated_each=True),
    Mode("lead", _("One leads, others assist"), leads="lead", assists="assisting"),
    Mode("respond", _("Each answers for itself"), leads="respond", several=True),
    Mode("rectify", _("The units that are overseen"), leads="rectify", several=True),
    Mode("carry_out", _("The bodies that carry it out"), leads="carry_out", several=True),
)
RATED_EACH = tuple(mode.leads for mode in MODES.values() if mode.rated_each)
"""The parts of the units whose answers are rated each by itself."""

WAYS = Table(
    Word("visit", _("Visit")),
    Word("meeting", _("Talk around a table")),
    Word("on_the_spot", _("Look on the spot")),
    Word("phone", _("Phone call")),
)

PHASES = Table(
    Word("before", _("Before the handling")),
    Word("during", _("During the handling")),
    Word("after", _("After the answer")),
)

SUPERVISIONS = Table(
    Word("meeting", _("Consultation meeting")),
    Word("research", _("Research on the topic")),
    Word("inspection", _("Inspection on the spot")),
    Word("report", _("Hearing a report")),
    Word("visit", _("Visit to the unit")),
    Word("joint", _("Joint talk with several units or proposers")),
    Word("look_back", _("Looking back at what was promised")),
)

OPENNESS = Table(
    Word("full", _("Published in full")),
    Word("summary", _("Published as a summary")),
    Word("none", _("Not published")),
)

PUBLISHED = ("full", "summary")
"""The decisions by which something is published."""
WITHHELD = "none"
"""What is not published, and what came of it, by its state public otherwise."""

JOINED = ("merged", "combined")
"""The states of a matter that is handled as a part of another."""

LEVELS = Table(
    Word("district", _("District")),
    Word("city", _("City")),
    Word("province", _("Province")),
    Word("nation", _("Nation")),
)

DESTINATIONS = Table(
    Destination("department", _("Passed to a department"), named=True),
    Destination("leadership", _("Bulletin to the Party committee and the government")),
    Destination("city", _("Municipal committee")),
    Destination("province", _("Provincial committee")),
    Destination("nation", _("National committee")),
)

MANNERS = Table(
    Word("single", _("Used by itself")),
    Word("combined", _("Used together with others")),
    Word("forwarded", _("Passed on")),
    Word("not_used", _("Not used")),
)

SPOT_ANSWERS = Table(
    Grade("solved", _("Solved on the spot")),
    Grade("dated", _("Solved by a day"), promised=True),
    Grade("studied", _("To be studied")),
    Grade("explained", _("Explained")),
)

REVIEW_ENDS = ("file", "refuse", "merge", "consent")
"""The moves by which the review of a proposal ends."""

PAPERS = Table(
    Paper("letter", _("The hand-over letter as Word")),
    Paper("bulletin", _("The bulletin as Word")),
    Paper("proposal_form", _("The proposal form as Word"), begun=False),
    Paper("review_letter", _("The letter on the review as Word"), begun=False, after=REVIEW_ENDS),
)

NEEDS = Table(
    Need("text", _("the text"), ("edit", "revise", "take_home")),
    Need("items", _("at least one numbered item"), ("edit", "take_home")),
    Need("assisting_in", _("the opinions of all assisting units, or a recorded decision to go on without")),
    Need("co_signed", _("a further member who has confirmed in person"), ("invite", "take_home")),
    Need("backers_decided", _("the answers of all who were invited to sign, or the end of their time")),
    Need("sponsor", _("the body in whose name it is made, of a kind that fits its form"),
         ("edit", "take_home")),
    Need("joined", _("for each further body, one who has signed in its name"), ("invite", "take_home")),
    Need("seal", _("a scan of the sealed or signed sheet"), ("seal", "take_home")),
    Need("in_plenary", _("a plenary session that takes proposals now")),
    Need("category", _("the category"), ("edit", "take_home")),
    Need("disclosed", _("a decision on what is published of it, and of each answer"), ("disclose",)),
    Need("countersigned", _("the countersignature of all assisting units, or a recorded decision to go on "
                            "without")),
    Need("drafted", _("a draft of the leading unit")),
    Need("short", _("text, causes and suggestions of at most 1,500 characters together"),
         ("edit", "revise")),
    Need("sent", _("at least one destination"), ("dispatch",)),
    Need("visited", _("a return visit since it was last reported"), ("visit",)),
)
# fmt: on
