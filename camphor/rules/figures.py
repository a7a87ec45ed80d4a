"""The figures that committees report, each as a row: what is counted, out of what, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from camphor.engine.table import Table, pair
from camphor.engine.table import mark as _
from camphor.engine.tally import Part, grouped, part_of, percentile
from camphor.rules.happenings import Row
from camphor.rules.matters.words import Word

MEMBER = "member"
"""What stands for the kind in rows about members, who are no matters."""
MEETINGS = ("session", "attendance")
"""The units that are counted of sessions, and not of matters."""
FEWEST = 5
"""The smallest number out of which a figure is shown to the public: fewer could point at somebody."""


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """A figure: of the rows of a unit that have one fact, how many have another, or how long they took."""

    name: str
    label: str
    unit: str  # what is counted: see happenings.Row
    whole: str  # the rows looked at, in words
    part: str  # the rows counted, in words; what it is divided by where it is a split
    says: tuple[str, str]  # the figure as a sentence, out of one and out of more
    base: str = ""  # the fact that the rows looked at have; all of the unit where empty
    counts: str = ""  # the fact that the rows counted have
    by: str = ""  # the word that the rows are split by
    takes: bool = False  # it tells how many days something took
    kinds: tuple[str, ...] = ()  # the kinds of matter it is about; all where empty
    public: bool = False  # shown to everybody, over matters that are public

    @property
    def is_share(self) -> bool:
        return not self.by and not self.takes

    @property
    def is_number(self) -> bool:
        """How many there were is told, and not how large a part of them."""
        return self.unit in MEETINGS

    @property
    def is_listed(self) -> bool:
        """The rows behind it may be looked at; members are counted only."""
        return self.unit != MEMBER


RATED = _("Ratings returned, the last of each person; of each unit where each answers for itself")

# fmt: off
INDICATORS = Table(
    Indicator(name="filing", label=_("Filing rate"), unit="matter", kinds=("proposal",),
              whole=_("Proposals received"), part=_("Filed"), counts="filed",
              says=pair(
                  "%(n)s of %(all)s proposal received was filed.",
                  "%(n)s of %(all)s proposals received were filed.")),
    Indicator(name="review", label=_("What the review decided"), unit="matter", kinds=("proposal",),
              whole=_("Proposals received"), part=_("Decision"), by="outcome",
              says=pair(
                  "What became of the %(all)s proposal received in the review.",
                  "What became of the %(all)s proposals received in the review.")),
    Indicator(name="collective", label=_("Share of collective proposals"), unit="matter",
              kinds=("proposal",), whole=_("Proposals received"), part=_("In the name of a body"),
              counts="collective",
              says=pair(
                  "%(n)s of %(all)s proposal received was made in the name of a body.",
                  "%(n)s of %(all)s proposals received were made in the name of a body.")),
    Indicator(name="on_time", label=_("On-time rate"), unit="answer", base="awaited", counts="on_time",
              whole=_("Answers that came or whose day has passed"), part=_("Answered in time"), public=True,
              says=pair(
                  "%(n)s of %(all)s answer came by the day that was given or granted.",
                  "%(n)s of %(all)s answers came by the day that was given or granted.")),
    Indicator(name="days", label=_("Days to the answer"), unit="answer", base="answered", takes=True,
              whole=_("Answers of leading units"), part=_("Days"), public=True,
              says=pair(
                  "The %(all)s answer came within %(median)s.",
                  "Half of %(all)s answers came within %(median)s, nine in ten within %(p90)s, on average "
                      "after %(mean)s.")),
    Indicator(name="contact", label=_("Contact rate"), unit="matter", base="answered", counts="contacted",
              kinds=("proposal", "request"), whole=_("Matters answered"), part=_("With a recorded contact"),
              says=pair(
                  "In %(n)s of %(all)s matter answered, the unit had been in contact with those who asked.",
                  "In %(n)s of %(all)s matters answered, the unit had been in contact with "
                      "those who asked.")),
    Indicator(name="ending", label=_("Completion rate"), unit="matter", base="handed_over", counts="ended",
              whole=_("Matters handed over"), part=_("Ended"),
              says=pair(
                  "%(n)s of %(all)s matter handed over has come to its end.",
                  "%(n)s of %(all)s matters handed over have come to their end.")),
    Indicator(name="publication", label=_("Publication rate of proposals"), unit="matter", base="filed",
              kinds=("proposal",), counts="published", whole=_("Proposals filed"), part=_("Published"),
              says=pair(
                  "%(n)s of %(all)s proposal filed is published in full or as a summary.",
                  "%(n)s of %(all)s proposals filed are published in full or as a summary.")),
    Indicator(name="answers_published", label=_("Publication rate of answers"), unit="answer",
              kinds=("proposal",), base="answered", counts="published", whole=_("Answers to proposals"),
              part=_("Published"), says=pair(
                  "%(n)s of %(all)s answer is published in full or as a summary.",
                  "%(n)s of %(all)s answers are published in full or as a summary.")),
    Indicator(name="grades", label=_("Grades of the letters"), unit="letter", by="grade",
              whole=_("Letters, the last round of each"), part=_("Grade"), public=True,
              says=pair(
                  "How %(all)s letter of answer was graded.",
                  "How %(all)s letters of answer were graded.")),
    Indicator(name="item_grades", label=_("Grades item by item"), unit="item", by="grade",
              whole=_("Items answered"), part=_("Grade"), public=True,
              says=pair(
                  "How %(all)s item was answered, by its last answer.",
                  "How %(all)s items were answered, the last answer to each.")),
    Indicator(name="returned", label=_("Ratings returned"), unit="matter", base="answered", counts="rated",
              kinds=("concern", "proposal", "request"), whole=_("Matters answered"), part=_("Rated"),
              says=pair(
                  "%(n)s of %(all)s matter answered was rated by those who asked. Silence is no rating.",
                  "%(n)s of %(all)s matters answered were rated by those who asked. Silence is no rating.")),
    Indicator(name="result", label=_("Satisfaction with the result"), unit="rating", by="score",
              whole=RATED, part=_("Rating"), public=True,
              says=pair(
                  "What %(all)s rating returned says of the result.",
                  "What %(all)s ratings returned say of the result.")),
    Indicator(name="handling", label=_("Satisfaction with the handling"), unit="rating", base="handling",
              by="handling", whole=RATED, part=_("Rating"),
              public=True, says=pair(
                  "What %(all)s rating returned says of the handling.",
                  "What %(all)s ratings returned say of the handling.")),
    Indicator(name="promises", label=_("Promises kept"), unit="promise", base="awaited", counts="kept",
              whole=_("Promises whose day has passed, or that were kept before"), part=_("Kept"), public=True,
              says=pair(
                  "%(n)s of %(all)s promise whose day has come was proven kept.",
                  "%(n)s of %(all)s promises whose day has come were proven kept.")),
    Indicator(name="adoption", label=_("Opinion reports used"), unit="matter", kinds=("opinion",),
              whole=_("Opinion reports received"), part=_("Used at least once"), counts="used",
              says=pair(
                  "%(n)s of %(all)s opinion report received was used at least once.",
                  "%(n)s of %(all)s opinion reports received were used at least once.")),
    Indicator(name="first_word", label=_("Days to the first word"), unit="matter", base="heard", takes=True,
              kinds=("concern",), whole=_("Concerns with a first word"), part=_("Days"), public=True,
              says=pair(
                  "The %(all)s resident had a first word within %(median)s.",
                  "Half of %(all)s residents had a first word within %(median)s, nine in ten "
                      "within %(p90)s.")),
    Indicator(name="first_contact", label=_("Days to the first word to an enterprise"), unit="matter",
              base="heard", takes=True, kinds=("request",), whole=_("Requests with a first word"),
              part=_("Days"), says=pair(
                  "The %(all)s enterprise heard of a unit within %(median)s of the hand-over.",
                  "Half of %(all)s enterprises heard of a unit within %(median)s of the hand-over, nine in "
                      "ten within %(p90)s.")),
    Indicator(name="sizes", label=_("Enterprises by their size"), unit="matter", by="size",
              kinds=("request",), whole=_("Enterprise requests"), part=_("Size"), says=pair(
                  "The enterprise that made the %(all)s request, by its size.",
                  "The enterprises that made %(all)s requests, by their size.")),
    Indicator(name="sessions", label=_("Sessions held"), unit="session", by="activity",
              whole=_("Sessions held"), part=_("Kind of meeting"), public=True,
              says=pair(
                  "%(all)s session was held and its attendance taken.",
                  "%(all)s sessions were held and their attendance taken.")),
    Indicator(name="attendances", label=_("Attendances"), unit="attendance", by="part",
              whole=_("Attendances; who comes twice counts twice"), part=_("Part taken"), public=True,
              says=pair(
                  "%(all)s attendance at a session was recorded.",
                  "%(all)s attendances at sessions were recorded.")),
    Indicator(name="member_proposals", label=_("Members who proposed"), unit=MEMBER, kinds=(MEMBER,),
              counts="proposed", whole=_("Members in office"), part=_("Made or signed a proposal"),
              says=pair(
                  "%(n)s of %(all)s member in office made or signed a proposal in this session of the term.",
                  "%(n)s of %(all)s members in office made or signed a proposal in this "
                      "session of the term.")),
    Indicator(name="member_opinions", label=_("Members who reported opinions"), unit=MEMBER, kinds=(MEMBER,),
              counts="reported", whole=_("Members in office"), part=_("Handed in an opinion report"),
              says=pair(
                  "%(n)s of %(all)s member in office handed in an opinion report in this "
                      "session of the term.",
                  "%(n)s of %(all)s members in office handed in an opinion report in this "
                      "session of the term.")),
    Indicator(name="member_sessions", label=_("Members who came to sessions"), unit=MEMBER, kinds=(MEMBER,),
              counts="came", whole=_("Members in office"), part=_("Came to a session"),
              says=pair(
                  "%(n)s of %(all)s member in office came to a session in this session of the term.",
                  "%(n)s of %(all)s members in office came to a session in this session of the term.")),
    Indicator(name="member_any", label=_("Member participation"), unit=MEMBER, kinds=(MEMBER,),
              counts="active", whole=_("Members in office"), part=_("Did at least one of the three"),
              says=pair(
                  "%(n)s of %(all)s member in office proposed, reported or came at least once "
                      "in this session of the term.",
                  "%(n)s of %(all)s members in office proposed, reported or came at least once "
                      "in this session of the term.")),
)

OUTCOMES = Table(
    Word("filed", _("Filed")),
    Word("merged", _("Handled together with another")),
    Word("not_filed", _("Not filed")),
    Word("withdrawn", _("Withdrawn")),
    Word("converted", _("Became an opinion report")),
    Word("in_review", _("Still under review")),
)
# fmt: on


@dataclass(frozen=True)
class Numbers:
    """A figure without the rows behind it."""

    n: int
    whole: int
    split: dict[str, int]
    median: int | None = None
    p90: int | None = None
    mean: int | None = None

    @property
    def is_withheld(self) -> bool:
        """It is told to nobody outside: out of so few, it could point at somebody."""
        return 0 < self.whole < FEWEST


@dataclass(frozen=True)
class Figure:
    """A figure as it stands, with all the rows behind it."""

    indicator: Indicator
    part: Part[Row]  # of a split or of days, all rows count
    split: dict[str, list[Row]]
    median: int | None = None
    p90: int | None = None
    mean: int | None = None

    @property
    def numbers(self) -> Numbers:
        counts = {word: len(rows) for word, rows in self.split.items()}
        return Numbers(self.part.number, self.part.whole, counts, self.median, self.p90, self.mean)


def reckon(indicator: Indicator, rows: Iterable[Row]) -> Figure:
    """The figure over these rows, in days where it tells how long something took."""
    base = [row for row in rows if _is_looked_at(indicator, row)]
    part = part_of(base, lambda row: not indicator.is_share or indicator.counts in row.facts)
    split = grouped(base, lambda row: row.words.get(indicator.by, "")) if indicator.by else {}
    days = [row.days for row in base if row.days is not None] if indicator.takes else []
    mean = round(sum(days) / len(days)) if days else None
    return Figure(indicator, part, split, percentile(days, 0.5), percentile(days, 0.9), mean)


def _is_looked_at(indicator: Indicator, row: Row) -> bool:
    return (
        row.unit == indicator.unit
        and (not indicator.base or indicator.base in row.facts)
        and (not indicator.kinds or row.kind in indicator.kinds)
    )
