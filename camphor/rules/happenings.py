"""What was known of matters on a day, read from what had happened and was written down by then.

Nothing here looks at the state in which a thing is today: an entry that is written later, also one that
corrects an earlier one, changes no row of an earlier day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from camphor.rules.matters import FORMS, MATTERS, PUBLISHED, SENDS_BACK

MATTER, ASSIGNMENT = "matter", "assignment"
NOT_YET = frozenset({"", "draft", "withdrawn"})
"""The states of a matter that nobody has received; what is withdrawn later was received before."""
DAY_MOVES_ON = frozenset({"request"})
"""Kinds whose units are given a first day for something else than the answer: that for it no entry names."""
HEARD = frozenset({"accept", "merge", "decline", "redirect"})
"""The moves by which whoever raised a concern hears of it for the first time."""
CONTACTS = frozenset({"contact", "first_contact"})
FIRST_WORDS = frozenset({"answer_on_spot", "first_contact", "progress", "reply"})
"""The moves by which an enterprise hears of a unit for the first time."""
RATED_IN_PERSON = frozenset({"rate", "rate_earlier"})
RATINGS = RATED_IN_PERSON | {"rate_on_paper", "rate_earlier_on_paper", "insist"}
GIVEN = ("give", "reopen")
"""The moves that name the day of a promise."""
OUTCOMES = frozenset({"filed", "merged", "not_filed", "withdrawn", "converted"})
"""The states of a proposal that end its review, and what they say of it; the last one met holds."""


class Happening(NamedTuple):
    """One entry of the trail: what it is about, when it happened, and when it was written down.

    A tuple, as the figures of a district are made of a hundred thousand of them.
    """

    about: str  # a matter or an assignment
    pk: int
    move: str
    to: str
    on: date
    recorded_on: date
    given: Mapping[str, Any] = MappingProxyType({})
    by: int | None = None


@dataclass(frozen=True)
class Subject:
    """A matter, by what never changes of it; the category and the form only where no entry names them."""

    pk: int
    kind: str
    body: int
    term: int | None = None
    category: str = ""
    form: str = ""
    owed_by: int | None = None


@dataclass(frozen=True)
class Share:
    """An assignment that leads: which unit answers which matter."""

    pk: int
    matter: int
    handler: int


class Row(NamedTuple):
    """One thing that figures count, with what was known of it on the day; a tuple, as there are many."""

    unit: str  # matter, answer, letter, item, rating or promise; session, attendance or member
    key: str  # told apart from all others of its unit
    matter: int  # or the session; 0 of a member
    kind: str
    body: int
    year: int
    term: int | None = None
    category: str = ""
    handler: int | None = None
    public: bool = False
    facts: frozenset[str] = frozenset()
    words: Mapping[str, str] = MappingProxyType({})  # grade, score, handling, outcome
    days: int | None = None

    def __hash__(self) -> int:
        return hash((self.unit, self.key))


def known(happenings: Iterable[Happening], on: date) -> dict[tuple[str, int], list[Happening]]:
    """What had happened and was written down by the end of the day, by thing, oldest first.

    What was taken back by then had not happened.
    """
    found: dict[tuple[str, int], list[Happening]] = {}
    for one in happenings:
        if one.on <= on and one.recorded_on <= on:
            story = found.setdefault((one.about, one.pk), [])
            if one.move == "undo":
                _take_back(story, str(one.given.get("move", "")))
            else:
                story.append(one)
    return {thing: story for thing, story in found.items() if story}


def _take_back(story: list[Happening], move: str) -> None:
    for place in range(len(story) - 1, -1, -1):
        if story[place].move == move:
            del story[place]
            return


def rows(
    subjects: Iterable[Subject], shares: Iterable[Share], happenings: Iterable[Happening], *, on: date
) -> list[Row]:
    """All that figures count, as it was known on this day; happenings come oldest first."""
    stories = known(happenings, on)
    handling: dict[int, list[Share]] = {}
    for share in shares:
        if (ASSIGNMENT, share.pk) in stories:
            handling.setdefault(share.matter, []).append(share)
    found: list[Row] = []
    for subject in subjects:
        story = stories.get((MATTER, subject.pk), [])
        if received := next((one for one in story if one.to not in NOT_YET), None):
            own = handling.get(subject.pk, [])
            master = _master(story)
            # whoever was merged is handled with the other, and has no units of its own
            led = own or (handling.get(master, []) if master else [])
            answers = [(share, stories[ASSIGNMENT, share.pk]) for share in led]
            found += _rows_of(_Case(subject, story, received.on, answers, bool(own), on))
    return found


@dataclass(frozen=True)
class _Case:
    """A matter with its story and those of the units that answer it."""

    subject: Subject
    story: list[Happening]
    received_on: date
    answers: list[tuple[Share, list[Happening]]]
    handled_itself: bool
    on: date

    @property
    def state(self) -> str:
        return self.story[-1].to

    def last(self, word: str, default: str = "") -> str:
        """What was handed in last under this word."""
        said = [str(one.given[word]) for one in self.story if one.given.get(word)]
        return said[-1] if said else default

    def fact(self, name: str) -> str:
        """What was handed in last of a fact of its kind."""
        told = [str(one.given["facts"].get(name) or "") for one in self.story if one.given.get("facts")]
        return told[-1] if told else ""

    def reached(self, *states: str) -> bool:
        return any(one.to in states for one in self.story)

    def base(self) -> Row:
        subject, kind = self.subject, MATTERS.get(self.subject.kind)
        shown = kind is not None and self.state in kind.flow.public_states()
        if kind is not None and kind.disclosed:
            shown = shown and self.is_published()
        return Row(
            unit=MATTER,
            key=str(subject.pk),
            matter=subject.pk,
            kind=subject.kind,
            body=subject.body,
            year=self.received_on.year,
            term=subject.term,
            category=self.last("category", subject.category),
            public=shown,
        )

    def is_published(self) -> bool:
        return self.last("openness") in PUBLISHED


def _rows_of(case: _Case) -> Iterator[Row]:
    base = case.base()
    if case.subject.kind == "promise":
        yield _promise(case, base)
        return
    yield _matter(case, base)
    yield from _ratings(case, base)
    for share, story in case.answers:
        own = base._replace(handler=share.handler)
        if case.handled_itself:
            yield _answer(case, own, share, story)
            yield from _items(own, share, story)
        if case.reached("answered"):
            yield from _letter(own, share, story)


def _master(story: list[Happening]) -> int | None:
    merged = [one.given.get("twin") for one in story if one.move == "merge"]
    return int(merged[-1]) if merged and merged[-1] else None


def _matter(case: _Case, base: Row) -> Row:
    story, kind = case.story, MATTERS.get(case.subject.kind)
    form = FORMS.get(case.last("form", case.subject.form))
    state = kind.flow.states.get(case.state) if kind else None
    adopted = [str(one.given.get("manner", "")) for one in story if one.move == "adopt"]
    heard, since = _first_word(case)
    talked = any(one.move in CONTACTS for _share, told in case.answers for one in told)
    imported = any(one.move == "import" for one in story)  # a ledger lists what was filed in earlier years
    facts = {
        "filed": case.reached("filed") or imported,
        "collective": form is not None and form.collective,
        "handed_over": case.reached("assigned"),
        "answered": case.reached("answered"),
        "ended": state is not None and state.tone == "done",
        "contacted": talked,
        "published": case.is_published(),
        "used": any(manner not in ("", "not_used") for manner in adopted),
        "heard": heard is not None,
        "rated": any(one.move in RATINGS for one in story if _rating(base.kind, one)),
    }
    outcomes = [one.to for one in story if one.to in OUTCOMES]
    return base._replace(
        facts=frozenset(name for name, holds in facts.items() if holds),
        words={
            "outcome": outcomes[-1] if outcomes else "filed" if imported else "in_review",
            **({"size": case.fact("size")} if case.fact("size") else {}),
        },
        days=(heard - since).days if heard else None,
    )


def _first_word(case: _Case) -> tuple[date | None, date]:
    """When who asked heard of it for the first time, and since when that was waited for.

    Whoever raised a concern hears what became of it; an enterprise hears of a unit once that has it.
    """
    if case.subject.kind == "concern":
        return min((one.on for one in case.story if one.move in HEARD), default=None), case.received_on
    if case.subject.kind != "request":
        return None, case.received_on
    heard = [one.on for _share, told in case.answers for one in told if one.move in FIRST_WORDS]
    given = [told[0].on for _share, told in case.answers]
    return min(heard, default=None), min(given, default=case.received_on)


def _answer(case: _Case, base: Row, share: Share, story: list[Happening]) -> Row:
    """The first answer of a unit, by the day that was given or granted to it until then."""
    first = next((one for one in story if one.to == "replied"), None)
    before = story[: story.index(first)] if first else story
    days = [str(one.given["due_on"]) for one in before if one.given.get("due_on")]
    due_on = date.fromisoformat(days[-1]) if days and base.kind not in DAY_MOVES_ON else None
    released = first is None and story[-1].to == "released"
    late = due_on is not None and due_on < (first.on if first else case.on)
    opened = [str(one.given["openness"]) for one in story if one.move == "disclose"]
    facts = {
        "answered": first is not None,
        "awaited": due_on is not None and not released and (first is not None or late),
        "on_time": first is not None and not late,
        "published": bool(opened) and opened[-1] in PUBLISHED,
    }
    return base._replace(
        unit="answer",
        key=str(share.pk),
        facts=frozenset(name for name, holds in facts.items() if holds),
        days=(first.on - story[0].on).days if first else None,
    )


def _letter(base: Row, share: Share, story: list[Happening]) -> Iterator[Row]:
    """The grade of the last letter that went out to the proposers of this matter."""
    sent = [one for one in story if one.given.get("checked_grade")]
    if sent:
        grade = str(sent[-1].given["checked_grade"])
        yield base._replace(unit="letter", key=f"{base.matter}-{share.pk}", words={"grade": grade})


def _items(base: Row, share: Share, story: list[Happening]) -> Iterator[Row]:
    """The last grade of every item that was answered; what was only drafted is no answer yet."""
    drafted: dict[str, str] = {}
    graded: dict[str, str] = {}
    for one in story:
        for word in ("answers", "spot_answers"):
            for answer in one.given.get(word) or ():
                drafted[str(answer["item"])] = str(answer["grade"])
        if one.to == "replied" or one.move == "answer_on_spot":
            graded |= drafted
    for item, grade in graded.items():
        yield base._replace(unit="item", key=f"{share.pk}-{item}", words={"grade": grade})


def _rating(kind: str, one: Happening) -> bool:
    """`insist` is a rating only of whoever raised a concern; a clerk insists as well, and rates nothing."""
    return one.move != "insist" or kind == "concern"


def _ratings(case: _Case, base: Row) -> Iterator[Row]:
    """What everybody who rated said of the last answer that he rated, whenever his paper came in.

    Where each unit is rated by itself, of each of them; what he said of the whole before then counts no more.
    """
    last: dict[tuple[str, str], tuple[int, Happening]] = {}
    answers = 0
    for one in case.story:
        answers += one.move == "answer"
        if one.move in RATINGS and _rating(base.kind, one):
            by = one.by if one.move in RATED_IN_PERSON else ""
            who = str(one.given.get("proposer") or by or "")
            unit = str(one.given.get("unit") or "")
            rated = int(one.given.get("rated_round") or answers)
            if (who, unit) not in last or last[who, unit][0] <= rated:
                last[who, unit] = (rated, one)
    each = {who for who, unit in last if unit}
    answering = [share for share, told in case.answers if told[-1].to != "released"]
    handlers = {str(share.pk): share.handler for share in answering}
    alone = next(iter(handlers.values())) if len(handlers) == 1 else None
    for (who, unit), (_answer_rated, one) in last.items():
        if who in each and not unit:
            continue
        score = str(one.given.get("score") or SENDS_BACK[0])
        handling = str(one.given.get("handling") or "")
        words = {"score": score} | ({"handling": handling} if handling else {})
        facts = frozenset({"handling"} if handling else ())
        key = f"{base.matter}-{who}-{unit}" if unit else f"{base.matter}-{who}"
        handler = handlers.get(unit, alone)
        yield base._replace(unit="rating", key=key, words=words, facts=facts, handler=handler)


def _promise(case: _Case, base: Row) -> Row:
    """A promise is awaited when its day has passed, or when it was kept before."""
    days = [str(one.given["due_on"]) for one in case.story if one.move in GIVEN and one.given.get("due_on")]
    kept = case.state == "kept"
    awaited = kept or (bool(days) and date.fromisoformat(days[-1]) < case.on)
    facts = frozenset(name for name, holds in (("kept", kept), ("awaited", awaited)) if holds)
    return base._replace(unit="promise", handler=case.subject.owed_by, facts=facts)
