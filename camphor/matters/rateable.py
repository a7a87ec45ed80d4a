"""The answers that those who asked can rate: the whole one, or each unit's where each is rated for itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from camphor.people.actor import person_key
from camphor.rules.matters import JOINED, NOTHING_SAID, RATED_EACH, SENDS_BACK
from camphor.trail.links import came_of

if TYPE_CHECKING:
    from datetime import datetime

    from camphor.matters.models import Assignment, Letter, Matter


@dataclass(frozen=True)
class Rateable:
    """An answer that can be rated: of which round, and of which unit where each is rated for itself."""

    round: int
    unit: Assignment | None = None
    at: datetime | None = None  # when its letter went out, where there is one


Open = list[tuple[Rateable, Any]]
"""Answers, each with a proposer who has not rated it."""


def standing(matter: Matter) -> list[Rateable]:
    """The answer as it stands: that of the last round, or the last one of each unit."""
    letters = _letters(matter)
    if _is_one(letters):
        return [Rateable(matter.round)]
    return [_of(letter) for letter in {letter.assignment_id: letter for letter in letters}.values()]


def sent_back(matter: Matter) -> list[Rateable]:
    """What was answered last, while another answer is awaited."""
    letters = _letters(matter)
    return _rounds_before(matter, letters)[-1:] if _is_one(letters) else standing(matter)


def earlier(matter: Matter) -> list[Rateable]:
    """What was answered before the answer as it stands: all that was, while another one is awaited."""
    letters = _letters(matter)
    if _is_one(letters):
        return _rounds_before(matter, letters)
    now = [] if _is_awaited(matter) else standing(matter)
    return [one for one in map(_of, letters) if one not in now]


def judge_remark(score: str, remark: str) -> None:
    """Who sends an answer back says what is missing; raises a ValidationError at the field."""
    if score in SENDS_BACK and not remark:
        raise ValidationError({"remark": gettext(NOTHING_SAID)})


RATED_BY: dict[str, Callable[[Matter], list[Rateable]]] = {
    "rate": standing,
    "rate_on_paper": standing,
    "rate_earlier": sent_back,
    "rate_earlier_on_paper": earlier,
}
"""The answers that each of the moves can be about which rate one."""


def unrated(matter: Matter, answers: Sequence[Rateable]) -> Open:
    """These answers with the proposers who have not rated them; who has rated the whole has rated each."""
    given = set(matter.ratings.values_list("round", "person", "assignment"))
    return [
        (one, person)
        for one in answers
        for person in matter.proposers()
        if not given & {(one.round, person.pk, None), (one.round, person.pk, one.unit and one.unit.pk)}
    ]


def unrated_by(matter: Matter, move: str, keys: Collection[str]) -> list[Rateable]:
    """What whoever holds these keys can still rate by this move."""
    return [one for one, person in unrated(matter, RATED_BY[move](matter)) if person_key(person.pk) in keys]


def rated_by(matter: Matter, keys: Collection[str]) -> set[str]:
    """The moves that rate, where whoever holds these keys has nothing more to rate by them."""
    done = set()
    if "rate_earlier" in matter.flow.moves:
        done |= set() if unrated_by(matter, "rate_earlier", keys) else {"rate_earlier"}
        done |= set() if unrated(matter, earlier(matter)) else {"rate_earlier_on_paper"}
    if matter.state == "answered" and not unrated_by(matter, "rate", keys):
        done.add("rate")
    return done


def _letters(matter: Matter) -> list[Letter]:
    """All that were sent to its proposers, the last of each unit last."""
    return list(matter.letters.select_related("assignment__handler").order_by("round", "pk"))


def _is_one(letters: Sequence[Letter]) -> bool:
    """There is one answer to rate, whoever wrote it."""
    return not any(letter.assignment.part in RATED_EACH for letter in letters)


def _of(letter: Letter) -> Rateable:
    return Rateable(letter.round, letter.assignment, letter.at)


def _is_awaited(matter: Matter) -> bool:
    """Another answer than those that were sent is awaited."""
    return matter.state in matter.flow.moves["rate_earlier"].of


def _rounds_before(matter: Matter, letters: Sequence[Letter]) -> list[Rateable]:
    """The rounds that were answered before the one that runs, or was answered last."""
    joined = came_of(matter, "merged_into", type(matter)).first() if matter.state in JOINED else None
    running = joined or matter
    by_round = {letter.round: letter.at for letter in letters if letter.round < running.round}
    return [Rateable(round_, None, at) for round_, at in by_round.items()]
