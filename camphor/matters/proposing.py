"""What moves do between a proposal and those who made it: signing, merging, turning it over, and rating."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext

from camphor.bodies.actions import session_for
from camphor.matters.evidence import keep_scan
from camphor.matters.handing import AFTER_ANSWER, ask_again, reopen
from camphor.matters.making import EFFECTS, make
from camphor.matters.models import Backing, Contact, Matter, Rating
from camphor.matters.models.assignment import Assignment
from camphor.matters.origins import standing_for, twins_of
from camphor.matters.rateable import RATED_BY, Rateable, judge_remark, standing, unrated
from camphor.matters.writing import fill
from camphor.people.actor import Actor, secret_key
from camphor.people.models import Person
from camphor.rules.matters import MATTERS, SCORES, SENDS_BACK
from camphor.trail.links import link
from camphor.trail.models import Entry, File

ONCE_CHANGED = {"confirmed": "ask_again", "asked": "reword"}
"""What happens to a signature, by where it stands, when the words that are signed change."""
NOBODY_JOINS: Mapping[int, Person] = MappingProxyType({})
OF_CONTACT = ("phase", "way", "supervision", "held_on", "led_by", "people", "text", "next_on")


def invite(
    matter: Matter,
    *,
    by: Actor,
    at: datetime,
    entry: Entry,
    confirm_by: date,
    invited: Sequence[Person] = (),
    joining: Mapping[int, Person] = NOBODY_JOINS,
) -> None:
    """Ask others to sign in person; who is asked a second time is not asked twice.

    joining: by the key of a further body, who is asked to sign in its name.
    """
    known = set(matter.backings.values_list("person", flat=True)) | {matter.author_id}
    for body, person in [*joining.items(), *((None, person) for person in invited)]:
        if person.pk not in known:
            known.add(person.pk)
            backing = Backing(matter=matter, person=person, in_name_of_id=body, asked_at=at)
            make(backing, "ask", by=by, at=at, within=True, due_on=confirm_by)


def edit(matter: Matter, *, by: Actor, at: datetime, entry: Entry, **given: Any) -> None:
    """Who has signed is asked again when the words change, and who has the form before him is shown the new
    ones: nobody signs what he has not read."""
    before = _words(matter)
    fill(matter, by=by, at=at, entry=entry, **given)
    gone = matter.backings.exclude(in_name_of=None).exclude(in_name_of__in=matter.joined_by.all())
    gone.update(in_name_of=None)  # who signed for a body that is left out signs for himself
    if _words(matter) != before:
        sign_again(matter, by=by, at=at)


def sign_again(matter: Matter, *, by: Actor, at: datetime) -> None:
    """What is signed has changed: everybody who signed, or is asked to, has it before him anew."""
    for backing in list(matter.backings.filter(state__in=ONCE_CHANGED)):
        make(backing, ONCE_CHANGED[backing.state], by=by, at=at, within=True)


def _words(matter: Matter) -> tuple[str, ...]:
    bodies = (str(body) for body in matter.sponsors())
    return (*bodies, matter.title, matter.text, *(item.text for item in matter.items.all()))


def keep_sheet(matter: Matter, *, by: Actor, at: datetime, entry: Entry, scan: bytes | None) -> None:
    if not scan:
        raise ValueError(gettext("Please choose the scan of the sealed or signed sheet."))
    keep_scan(entry, scan)


def record_paper(
    matter: Matter,
    *,
    by: Actor,
    at: datetime,
    entry: Entry,
    on_behalf_of: Person,
    scan: bytes | None,
    **given: Any,
) -> None:
    """A clerk writes down what a member handed in on paper; it is the member's from the first moment on."""
    if not scan:
        raise ValueError(gettext("A proposal from paper needs the scan of that paper."))
    keep_scan(entry, scan)
    matter.author = on_behalf_of
    matter.save(update_fields=["author"])
    fill(matter, by=by, at=at, entry=entry, **given)


def submit(matter: Matter, *, by: Actor, at: datetime, entry: Entry) -> None:
    """Whoever has not answered by his day is left out; the session that it belongs to is noted."""
    for backing in matter.backings.filter(state="asked"):
        make(backing, "lapse", by=by, at=at, within=True)
    on = timezone.localdate(at)
    matter.term = session_for(matter.body, on=on)
    matter.occasion = "plenary" if matter.term and matter.term.takes_proposals(on) else "interim"
    matter.save(update_fields=["term", "occasion"])


def merge(matter: Matter, *, by: Actor, at: datetime, entry: Entry, twin: Matter) -> None:
    """One handling from here on; its proposers stay its own, with a letter and a rating for each."""
    is_open = twin.kind == "proposal" and twin.state in MATTERS["proposal"].merged_into
    one_has_answered = twin.assignments.filter(leads=True, state="replied").exists()  # of several units
    if twin.pk == matter.pk or not is_open or one_has_answered:
        raise ValueError(gettext("It can be merged only into a proposal that is not answered yet."))
    if twins_of(matter).exists():
        raise ValueError(gettext("Others were merged into this proposal: merge the other way round."))
    link(matter, "merged_into", twin, at=at)


def consent(matter: Matter, *, by: Actor, at: datetime, entry: Entry) -> None:
    """It goes on as an opinion report of the same authors, with a link to where it came from."""
    words = [matter.text, *(str(item) for item in matter.items.all())]
    report = Matter(
        kind="opinion",
        title=matter.title,
        text="\n".join(words),
        body=matter.body,
        author=matter.author,
        category=matter.category,
        raised_at=at,
    )
    make(report, "take_over", by=by, at=at, within=True)
    credit(report, [backing.person for backing in matter.backings.filter(state="confirmed")], by=by, at=at)
    link(matter, "turned_into", report, at=at)


def credit(matter: Matter, people: Sequence[Any], *, by: Actor, at: datetime) -> None:
    """Name further authors of a matter."""
    known = set(matter.backings.values_list("person", flat=True)) | {matter.author_id}
    for person in people:
        if person.pk not in known:
            known.add(person.pk)
            make(Backing(matter=matter, person=person, asked_at=at), "credit", by=by, at=at, within=True)


def rate(matter: Matter, *, by: Actor, at: datetime, entry: Entry, **given: Any) -> None:
    """A proposer rates from his own session; an enterprise that has a code and no account, by its code."""
    coded = not matter.author_id and secret_key(matter.code_digest) in by.keys
    if coded:
        _rated(matter, None, Rateable(matter.round), by=by, at=at, **given)
        return
    if by.person is None:
        raise ValueError(_rated_already())
    meant, given = _meant(matter, "rate", by.person, given)
    _rated(matter, by.person, meant, by=by, at=at, **given)


def rate_earlier(matter: Matter, *, by: Actor, at: datetime, entry: Entry, **given: Any) -> None:
    """A proposer says what he thinks of an answer, while another is awaited already."""
    if by.person is None:
        raise ValueError(_rated_already())
    meant, given = _meant(matter, "rate_earlier", by.person, given)
    _rated_meanwhile(matter, by.person, meant, by=by, at=at, **given)


def rate_earlier_on_paper(
    matter: Matter, *, by: Actor, at: datetime, entry: Entry, proposer: Person, **given: Any
) -> None:
    """A clerk enters the paper of an answer that another was given since: it stands with its own round."""
    meant, given = _meant(matter, "rate_earlier_on_paper", proposer, given)
    scan = _paper(entry, given.pop("scan", None))
    _rated_meanwhile(matter, proposer, meant, by=by, at=at, scan=scan, **given)


def rate_on_paper(
    matter: Matter, *, by: Actor, at: datetime, entry: Entry, proposer: Person | None = None, **given: Any
) -> None:
    """A clerk enters what somebody wrote on paper, and only with the scan of that paper."""
    meant = Rateable(matter.round)
    if proposer or matter.proposers():
        meant, given = _meant(matter, "rate_on_paper", proposer, given)
    elif matter.ratings.filter(round=matter.round).exists():
        raise ValueError(_rated_already(on_paper=True))
    scan = _paper(entry, given.pop("scan", None))
    _rated(matter, proposer, meant, by=by, at=at, scan=scan, **given)


def _paper(entry: Entry, scan: bytes | None) -> File:
    if not scan:
        raise ValueError(gettext("A rating from paper needs the scan of that paper."))
    return keep_scan(entry, scan)


def _rated_already(*, on_paper: bool = False) -> str:
    if on_paper:
        return gettext("This proposer has rated this answer already.")
    return gettext("You have rated this answer already.")


def _meant(
    matter: Matter, move: str, person: Person | None, given: dict[str, Any]
) -> tuple[Rateable, dict[str, Any]]:
    """The answer that this is about, and what is said of it; where there are several it must be named."""
    said = dict(given)
    unit, round_ = said.pop("unit", None), said.pop("rated_round", None)
    answers = RATED_BY[move](matter)
    if unit is None and any(one.unit for one in answers):
        raise ValidationError({"rated_answer": gettext("Please choose whose answer this is about.")})
    for one, who in unrated(matter, answers):
        if who == person and one.unit == unit and round_ in (None, one.round):
            return one, said
    raise ValueError(_rated_already(on_paper="scan" in matter.flow.moves[move].asks))


def _rated(
    matter: Matter, person: Person | None, answer: Rateable, *, by: Actor, at: datetime, **given: Any
) -> None:
    """Who is not content gets a second round at once; the matter is closed when all have rated."""
    _keep_rating(matter, person, answer, at=at, **given)
    if given["score"] in SENDS_BACK:
        second_round(matter, by=by, at=at, units=[answer.unit] if answer.unit else ())
    elif not unrated(matter, standing(matter)):
        make(matter, "close", by=by, at=at, within=True)


def _rated_meanwhile(
    matter: Matter, person: Person | None, answer: Rateable, *, by: Actor, at: datetime, **given: Any
) -> None:
    """Of a unit whose answer stands while others are at work, it sends that one back into the same round."""
    _keep_rating(matter, person, answer, at=at, **given)
    if answer.unit and given["score"] in SENDS_BACK and answer in standing(matter):
        ask_again(standing_for(matter), by=by, at=at, units=[answer.unit])


def _keep_rating(
    matter: Matter, person: Person | None, answer: Rateable, *, at: datetime, **given: Any
) -> None:
    if not {given["score"], given["handling"]} <= set(SCORES) | {""}:
        raise ValueError(f"no such rating: {given}")  # else an unknown word would close the matter
    judge_remark(given["score"], given.get("remark", ""))
    Rating.objects.create(
        matter=matter, person=person, round=answer.round, assignment=answer.unit, at=at, **given
    )


def second_round(matter: Matter, *, by: Actor, at: datetime, units: Sequence[Assignment] = ()) -> None:
    """Open another round of the handling; one that was merged waits for the answer of its master.

    units: those that answer once more; all where none are named.
    """
    master = standing_for(matter)
    if master.pk != matter.pk:
        make(matter, "wait_again", by=by, at=at, within=True)
        if master.state == "assigned":  # another proposer has opened the round before
            ask_again(master, by=by, at=at, units=units)
            return
    reopen(master, by=by, at=at, units=units)


def insist(
    matter: Matter,
    *,
    by: Actor,
    at: datetime,
    entry: Entry,
    units_again: Sequence[Assignment] = (),
    **given: Any,
) -> None:
    second_round(matter, by=by, at=at, units=units_again)


def answer_merged(matter: Matter, *, by: Actor, at: datetime) -> None:
    """Those that were merged are answered with their master, each to its own proposers."""
    for twin in twins_of(matter).filter(kind="proposal", state="merged"):
        make(twin, "answer", by=by, at=at, within=True)


def record(thing: Matter | Assignment, *, by: Actor, at: datetime, entry: Entry, **given: Any) -> None:
    """Keep a contact, a supervision, a visit or a look back, as it happened on its own day."""
    kept = {name: given[name] for name in OF_CONTACT if given.get(name) is not None}
    kept["held_on"] = given.get("held_on") or given["seen_on"]
    if kept["held_on"] > timezone.localdate(at):
        raise ValueError(gettext("This day has not come yet."))
    assignment = thing if isinstance(thing, Assignment) else None
    matter = thing.matter if isinstance(thing, Assignment) else thing
    Contact.objects.create(matter=matter, assignment=assignment, entry=entry, move=entry.move, **kept)


AFTER_ANSWER.append(answer_merged)
EFFECTS.update(
    {
        ("proposal", "edit"): edit,
        ("proposal", "invite"): invite,
        ("proposal", "seal"): keep_sheet,
        ("proposal", "submit"): submit,
        ("proposal", "record"): record_paper,
        ("proposal", "own"): submit,
        ("proposal", "merge"): merge,
        ("proposal", "consent"): consent,
        ("proposal", "insist"): insist,
        ("proposal", "rate_earlier"): rate_earlier,
        ("proposal", "rate_earlier_on_paper"): rate_earlier_on_paper,
        ("assignment", "contact"): record,
        ("assignment", "first_contact"): record,
    }
)
EFFECTS.update({(kind, "rate"): rate for kind in ("proposal", "request")})
EFFECTS.update({(kind, "rate_on_paper"): rate_on_paper for kind in ("proposal", "request")})
EFFECTS.update({(kind, "supervise"): record for kind in ("proposal", "resolution")})
EFFECTS.update({(kind, "visit"): record for kind in ("finding", "request")})
EFFECTS.update({("proposal", "look_again"): record, ("finding", "strike"): record})
EFFECTS["promise", "look_in"] = record
