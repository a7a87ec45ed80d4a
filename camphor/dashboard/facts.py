"""What the pages of matters show besides their text: who signed, who answers, and what came of it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from camphor.bodies.rulebook import deadline, grades
from camphor.dashboard.answers import grade_label
from camphor.dashboard.past import what_happened
from camphor.dashboard.told import told
from camphor.kit.fields import label_of
from camphor.matters.answering import drafted, round_before
from camphor.matters.attaching import caption_of
from camphor.matters.fields.writing import category_label, told_facts, told_ledger
from camphor.matters.models import Assignment, Backing, Instruction, Matter, Reply
from camphor.matters.origins import promises_of, sent_back_with, standing_for, twins_of
from camphor.matters.rateable import standing, unrated
from camphor.matters.similar import known_alike
from camphor.people.actor import Actor
from camphor.people.standing import standings
from camphor.rules.matters import BACKING, FORMS, JOINED, KEY_LEVELS, MATTERS, OCCASIONS, OPENNESS, PAPERS
from camphor.rules.matters.words import Paper
from camphor.rules.people import ANSWERING, AUTHOR, BACKER, CLERK, HANDLER, HEAD
from camphor.trail.history import attached_to, moves_of, papers_of
from camphor.trail.models import File

SIGNED = {move.to: move.name for move in BACKING.moves.values() if move.by == BACKER}
"""The move by which somebody answered who was asked to sign, by where his signature stands."""
SEES_SECRETS = AUTHOR | HANDLER | HEAD
"""Those who must answer, and the enterprise itself."""


def matter_facts(thing: Matter, on: date, actor: Actor) -> dict[str, Any]:
    """All that belongs to a matter, as far as this actor may see it."""
    given = thing.assignments.select_related("handler").prefetch_related("replies")
    handling = [(one, one.status(on)) for one in given]
    replies = Reply.objects.select_related("assignment__handler", "promise")
    items = thing.items.prefetch_related(Prefetch("replies", replies))
    letters = thing.letters.select_related("assignment__handler")
    known = grades(thing.body, on=on)
    rated = "rate" in thing.flow.moves
    return {
        "kind": MATTERS[thing.kind],
        "word_papers": _word_papers(thing),
        "head": _head(thing, on),
        "facts": told_facts(thing) + told_ledger(thing),
        "secret": thing.secret if standings(actor, thing, on=on) & SEES_SECRETS else "",
        "has_secret": bool(thing.secret),
        "backings": _signatures(thing, on),
        "items": [
            (item, [(reply, grade_label(known, reply.grade)) for reply in item.replies.all()])
            for item in items
        ],
        "assignments": handling,
        "tally": Counter(status for _one, status in handling).most_common() if len(handling) > 1 else [],
        "promises": [(one, one.status(on)) for one in promises_of(thing)],
        "contacts": thing.contacts.select_related("assignment__handler"),
        "letters": [(one, grade_label(known, one.grade)) for one in letters],
        "ratings": thing.ratings.select_related("person", "assignment__handler"),
        "waited_for": unrated(thing, standing(thing)) if thing.state == "answered" and rated else [],
        "dispatches": thing.dispatches.all(),
        "instructions": Instruction.objects.visible_to(actor, on=on).filter(matter=thing),
        "papers": [*_papers(thing), *_annexes(thing)],
        "similar": _similar(thing, on, actor),
        "merged": twins_of(thing),
        "master": standing_for(thing) if thing.state in JOINED else None,
    }


def _signatures(thing: Matter, on: date) -> list[tuple[Backing, tuple[str, str], Any]]:
    """Who was asked to sign, how it stands with each, and when he answered."""
    backings = list(thing.backings.select_related("person", "in_name_of"))
    answers = moves_of(*backings).filter(move__in=SIGNED.values(), undone_by=None) if backings else ()
    answered = {(entry.subject_id, entry.move): entry.at for entry in answers}
    return [(one, one.status(on), answered.get((one.pk, SIGNED.get(one.state, "")))) for one in backings]


def _papers(thing: Matter | Assignment, *, unsent: bool = True) -> list[tuple[File, str]]:
    """The files that were handed in, each with what it shows, or with which move it came.

    unsent: also those beside an answer that has not gone out, which are for those who work on it.
    """
    files = papers_of(thing)
    if not unsent:
        files = files.exclude(pk__in=thing.loose_files().values("pk"))
    return [(one, caption_of(one) or what_happened(one.entry, thing.flow)) for one in files]


def _annexes(thing: Matter) -> list[tuple[File, str]]:
    """What the units sent along with their answers."""
    leading = {one.pk: one for one in thing.assignments.filter(leads=True)}
    attaching = dict.fromkeys(file.entry.subject_id for file in attached_to(*leading.values()))
    shown = [paper for pk in attaching for paper in _papers(leading[pk], unsent=False)]
    return [(file, what) for file, what in shown if caption_of(file)]


def _word_papers(thing: Matter) -> list[Paper]:
    """Those that can be drawn of it as it stands."""
    begun = bool(thing.number) or thing.assignments.exists()
    papers = [PAPERS[name] for name in MATTERS[thing.kind].papers]
    made = moves_of(thing).filter(undone_by=None)
    return [
        paper
        for paper in papers
        if (begun or not paper.begun) and (not paper.after or made.filter(move__in=paper.after).exists())
    ]


def _similar(thing: Matter, on: date, actor: Actor) -> list[tuple[Matter, int, tuple[str, str]]]:
    """What says nearly the same, with what became of it, for the clerk who has to judge it."""
    merges = "merge" in thing.flow.moves and thing.state in thing.flow.moves["merge"].of
    if not (merges and standings(actor, thing, on=on) & CLERK):
        return []
    near = known_alike(thing, Matter.objects.visible_to(actor, on=on))
    return [(other, share, other.status(on)) for other, share in near]


def _head(thing: Matter, on: date) -> list[tuple[str, str]]:
    """What stands at the head of its form, as far as it is known."""
    author_word = MATTERS[thing.kind].author_word
    rows = [
        (_("Form"), label_of(FORMS, thing.form) if thing.form else ""),
        (_("In whose name"), _(", ").join(str(body) for body in thing.sponsors())),
        (
            _("Written by") if thing.sponsor else _("First proposer"),
            str(thing.author) if thing.author and thing.form else "",
        ),
        (_(author_word), _authors(thing)) if author_word else ("", ""),
        (_("Category"), category_label(thing, on)),
        (
            _("Session of the term"),
            f"{thing.term} · {label_of(OCCASIONS, thing.occasion)}" if thing.term else "",
        ),
        (_("Key proposal"), label_of(KEY_LEVELS, thing.key_level) if thing.key_level else ""),
        (_("Led by"), str(thing.facts.get("led_by", ""))),
        (_("Outstanding"), _("Yes") if thing.is_outstanding else ""),
        (_("Published"), label_of(OPENNESS, thing.openness) if thing.openness else ""),
        (_("Urgent"), _("Yes") if thing.is_urgent else ""),
    ]
    return [(label, value) for label, value in rows if value]


def _authors(thing: Matter) -> str:
    """Its authors, and those who share in it since it was combined with theirs."""
    return _(", ").join(str(person) for person in thing.proposers())


def assignment_facts(thing: Assignment, on: date, actor: Actor) -> dict[str, Any]:
    """The matter behind an assignment, and the draft of its answer for those who work on it."""
    shown = matter_facts(thing.matter, on, actor)
    lead = thing.matter.assignments.filter(leads=True, state__in=("drafted", "signed")).first()
    works_on_it = standings(actor, thing, on=on) & ANSWERING
    known = grades(thing.matter.body, on=on)
    draft = drafted(lead) if lead and works_on_it else []
    objects = thing.flow.moves.get("object")
    limit = objects.only_within if objects and thing.state in objects.of else None
    until = deadline(limit, thing.home, on=thing.given_on) if limit else None
    mine = {
        "objection_until": until if until and until >= on else None,
        "asked_until": thing.asked_until if thing.state == "extending" else None,
        "drafting": lead,
        "draft": [(answer, grade_label(known, answer.grade)) for answer in draft],
        "draft_grade": grade_label(known, lead.draft.get("grade", "")) if lead and draft else "",
        "missed": sent_back_with(thing),
        "to_decide": _to_decide(thing),
        "papers": [*_papers(thing.matter), *_papers(thing, unsent=bool(works_on_it))],
    }
    return shown | {"matter": thing.matter, "said_in_round": round_before(thing)} | mine


def _to_decide(thing: Assignment) -> dict[str, Any] | None:
    """What the unit has asked for or refused, with its reason, while somebody has to decide on it."""
    said = [move.name for move in thing.flow.moves.values() if move.pleads and move.to == thing.state]
    entry = moves_of(thing).filter(move__in=said, undone_by=None).last() if said else None
    return told(entry, thing) if entry else None


def backing_facts(thing: Backing, on: date, actor: Actor) -> dict[str, Any]:
    """The matter that somebody is asked to sign, whole: nobody signs what he has not read."""
    return {
        "matter": thing.matter,
        "kind": MATTERS[thing.matter.kind],
        "head": _head(thing.matter, on),
        "items": thing.matter.items.all(),
        "backings": _signatures(thing.matter, on),
        "papers": _papers(thing.matter),
    }
