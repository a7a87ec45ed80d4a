"""What a matter or an assignment can need before a move."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

from camphor.bodies.actions import term_of
from camphor.bodies.rulebook import forms
from camphor.rules.matters import FORMS, MATTERS, PARTS, Form
from camphor.trail.history import entries_of

if TYPE_CHECKING:
    from camphor.matters.models import Assignment, Matter

WAITED_FOR = ("given", "received", "objected")
"""The states in which an assisting unit still owes its opinion."""
UNSIGNED = (*WAITED_FOR, "opined", "laid")
"""The states in which it has not yet countersigned."""


def items(matter: Matter, given: Mapping[str, Any]) -> bool:
    return matter.items.exists()


def text(matter: Matter, given: Mapping[str, Any]) -> bool:
    return bool(matter.text)


def backers_decided(matter: Matter, given: Mapping[str, Any]) -> bool:
    """All who were invited to sign have answered; whoever has not by his day lapses with the submission."""
    asked = matter.backings.filter(state="asked")
    on = given.get("on")
    return not (asked.filter(due_on__gte=on) if on else asked).exists()


def form_of(matter: Matter, given: Mapping[str, Any]) -> Form | None:
    """The form in which it is submitted, by the rules of its body on that day."""
    if not matter.form:
        return None
    return (forms(matter.body, on=given["on"]) if given.get("on") else FORMS).get(matter.form)


def co_signed(matter: Matter, given: Mapping[str, Any]) -> bool:
    form = form_of(matter, given)
    return not (form and form.joint) or matter.backings.filter(state="confirmed").exists()


def sponsor(matter: Matter, given: Mapping[str, Any]) -> bool:
    """A form that is made in the name of a body needs one of a kind that fits; no other form needs any."""
    form = form_of(matter, given)
    return not (form and form.collective) or bool(matter.sponsor and matter.sponsor.kind in form.sponsors)


def joined(matter: Matter, given: Mapping[str, Any]) -> bool:
    """Each body that makes it together with the first fits its form, and somebody has signed in its name."""
    form, bodies = form_of(matter, given), list(matter.joined_by.all())
    fits = form.joined_by if form else ()
    signed = set(matter.backings.filter(state="confirmed").values_list("in_name_of", flat=True))
    return all(body.kind in fits and body.pk in signed for body in bodies)


def seal(matter: Matter, given: Mapping[str, Any]) -> bool:
    """A form that is made in the name of a body needs its seal, or its convener's signature, as a picture."""
    form = form_of(matter, given)
    sheets = entries_of(matter).filter(move__in=("seal", "record"), files__isnull=False)
    return not (form and form.sealed) or sheets.exists()


def in_plenary(matter: Matter, given: Mapping[str, Any]) -> bool:
    form, on = form_of(matter, given), given.get("on")
    if not (form and form.at_plenary):
        return True
    # a session that has opened, and not only takes proposals: there they meet and agree on it
    term = term_of(matter.body, on=on) if on else matter.term
    return bool(term and on and term.takes_proposals(on))


def category(matter: Matter, given: Mapping[str, Any]) -> bool:
    return bool(matter.category)


def short(matter: Matter, given: Mapping[str, Any]) -> bool:
    """The text, with the facts that are sent along with it, keeps to the length of its kind."""
    kind = MATTERS[matter.kind]
    counted = [fact.name for fact in kind.facts if fact.counts]
    told = matter.text + "".join(str(matter.facts.get(name, "")) for name in counted)
    return len(told) <= kind.longest


def sent(matter: Matter, given: Mapping[str, Any]) -> bool:
    return matter.dispatches.exists()


def disclosed(matter: Matter, given: Mapping[str, Any]) -> bool:
    """It is decided what is published of the matter, and of the last letter of each unit to its proposers.

    What an earlier round said and nobody decided on stays unpublished, and holds nothing up.
    """
    last = dict(matter.letters.order_by("round", "pk").values_list("assignment", "openness"))
    return bool(matter.openness) and all(last.values())


def visited(matter: Matter, given: Mapping[str, Any]) -> bool:
    """Somebody went there after it was last reported as put right: an earlier visit saw an earlier state."""
    reported = entries_of(matter).filter(move="answer", undone_by=None).last()
    visits = matter.contacts.filter(move="visit")
    return (visits.filter(entry__gt=reported.pk) if reported else visits).exists()


def assisting_in(assignment: Assignment, given: Mapping[str, Any]) -> bool:
    """All assisting units have sent their opinion, were released, or were passed over on record."""
    if not PARTS[assignment.part].leads:
        return True
    return not any(one.state in WAITED_FOR for one in _assisting(assignment))


def countersigned(assignment: Assignment, given: Mapping[str, Any]) -> bool:
    """All assisting units have countersigned the draft, were released, or were passed over on record."""
    return not any(one.state in UNSIGNED for one in _assisting(assignment))


def _assisting(assignment: Assignment) -> list[Assignment]:
    """All of them are read, so that a desk can read them for all its rows at once."""
    return [one for one in assignment.matter.assignments.all() if not one.leads]


def drafted(assignment: Assignment, given: Mapping[str, Any]) -> bool:
    return assignment.matter.assignments.filter(leads=True, state="drafted").exists()


OF_MATTER: dict[str, Callable[[Matter, Mapping[str, Any]], bool]] = {
    need.__name__: need
    for need in (
        text, items, backers_decided, co_signed, sponsor, joined, seal, in_plenary, category, short, sent,
        disclosed, visited,
    )
}  # fmt: skip
OF_ASSIGNMENT: dict[str, Callable[[Assignment, Mapping[str, Any]], bool]] = {
    need.__name__: need for need in (assisting_in, countersigned, drafted)
}


def lacking(matter: Matter, needs: Collection[str], given: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(need for need in needs if not OF_MATTER[need](matter, given))


def lacking_assignment(
    assignment: Assignment, needs: Collection[str], given: Mapping[str, Any]
) -> tuple[str, ...]:
    return tuple(need for need in needs if not OF_ASSIGNMENT[need](assignment, given))
