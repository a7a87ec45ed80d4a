"""What the rows of matters are made of."""

from dataclasses import dataclass

from camphor.engine.flow import Flow
from camphor.engine.table import mark as _


@dataclass(frozen=True)
class Word:
    """A row of a small dictionary: a reason, a grade, a score, a channel."""

    name: str
    label: str


@dataclass(frozen=True)
class Score(Word):
    """How content somebody is."""

    sends_back: bool = False  # another answer is asked for, and what is missing must be said


@dataclass(frozen=True)
class Destination(Word):
    """Where an opinion report can go."""

    named: bool = False  # one of many, so that it is said which


@dataclass(frozen=True)
class Grade:
    """What became of an item; `promised` where it needs a promise with a day."""

    name: str
    label: str
    promised: bool = False


@dataclass(frozen=True)
class Form:
    """In whose name a proposal is submitted, and what makes it valid."""

    name: str
    label: str
    joint: bool = False  # needs at least one further member who signed in person
    sponsors: tuple[str, ...] = ()  # the kinds of body in whose name it is made; by members where empty
    joined_by: tuple[str, ...] = ()  # the kinds of body that may make it together with the first
    sealed: bool = False  # needs a picture of the sealed or signed sheet
    at_plenary: bool = False  # only while a plenary session takes proposals

    @property
    def collective(self) -> bool:
        return bool(self.sponsors)


@dataclass(frozen=True)
class Fact:
    """Something more that a kind of matter tells, kept with it and never summed."""

    name: str
    label: str
    choices: tuple[Word, ...] = ()
    needed: bool = False
    long: bool = False
    counts: bool = False  # its characters count with the text towards the length of its kind
    written_as: str = ""  # what is checked when it is written down; a plain line where empty


@dataclass(frozen=True)
class Mode:
    """How a matter is shared out, and which parts the bodies then have."""

    name: str
    label: str
    leads: str
    assists: str = ""
    several: bool = False  # more than one body answers, each for itself
    least: int = 1  # of how many units there must be at least, all parts together
    rated_each: bool = False  # the answer of each unit is rated by itself, and sent back by itself


@dataclass(frozen=True)
class Part:
    """What a body has to do with a matter that was handed to it, with the flow of its assignment."""

    name: str
    label: str
    flow: Flow
    leads: bool = True  # the matter is answered when all who lead have answered
    asked: str = "请{unit}（主办）于{day}前逐条书面答复。"  # what the letter that hands it over asks for


@dataclass(frozen=True)
class Paper:
    """A Word paper of a matter, by the name of its address."""

    name: str
    label: str
    begun: bool = True  # only once the matter has a number or was handed over
    after: tuple[str, ...] = ()  # only once one of these moves was made


@dataclass(frozen=True)
class MatterKind:
    """A kind of thing that a body must answer, with its flow."""

    name: str
    label: str
    flow: Flow
    series: str = ""  # the pattern of its number, given once; none where it has no number
    itemised: bool = False  # made of numbered items, each answered by itself
    longest: int = 5000  # characters of its text
    facts: tuple[Fact, ...] = ()
    backed: bool = False  # others can sign it as well, or share in it
    disclosed: bool = False  # public only as far as a clerk has decided so
    modes: tuple[str, ...] = ("lead",)  # the ways in which it can be shared out
    reply: str = "recommendation_reply"  # the time for those who lead
    day_word: str = _("Answer of the leading department by")  # what the day is called that they are given
    own_day: bool = False  # it has a day of its own: the last of those that they are given
    plural: str = ""
    page: str = ""  # the address of its page for the public, where it has one of its own
    title_word: str = ""  # what its title is called over its page, where it has a name of its own
    text_word: str = ""  # the heading of its text, where it is one part of several
    item_word: str = _("Items")  # what its numbered items are called
    author_word: str = ""  # what those behind it are called on its page, where it is theirs together
    between_word: str = _("Opinions of the assisting units")  # what units said before the answer
    contacts_word: str = _("Contacts and supervision")
    asker_word: str = ""  # what the one who asked is called, who has no account but a code
    handed: str = "交办"  # the verb in the title of the letter that hands it over
    papers: tuple[str, ...] = ()  # of those that are drawn as Word from its desk page
    merged_into: frozenset[str] = frozenset()  # the states in which another of its kind can join it
    compared: bool = False  # similar ones are shown while it is written at a desk


def of(*states: str) -> frozenset[str]:
    return frozenset(states)
