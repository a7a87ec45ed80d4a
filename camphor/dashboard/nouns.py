"""The nouns that have a desk, each as one row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from django.utils import timezone

from camphor.activities import actions as activities
from camphor.activities import fields as activity_fields
from camphor.activities.models import Activity
from camphor.bodies.models import Body
from camphor.consultations import actions as consultations
from camphor.consultations import fields as consultation_fields
from camphor.consultations.models import Consultation
from camphor.consultations.needs import recommendations
from camphor.conversations import actions as conversations
from camphor.conversations import fields as conversation_fields
from camphor.conversations.models import Conversation, Statement
from camphor.dashboard.facts import assignment_facts, backing_facts, matter_facts
from camphor.dashboard.picks import picks_of
from camphor.engine.flow import State
from camphor.engine.table import mark as _
from camphor.kit.nouns import Noun
from camphor.matters import actions as matters
from camphor.matters import fields as matter_fields
from camphor.matters.models import Assignment, Backing, Instruction, Matter
from camphor.matters.origins import twins_of
from camphor.matters.rateable import RATED_BY, unrated_by
from camphor.matters.similar import alike_to
from camphor.people.actor import Actor
from camphor.people.standing import held_by
from camphor.rules import activities as activity_rules
from camphor.rules.bodies import BODY_KINDS
from camphor.rules.consultations import CONSULTATION
from camphor.rules.conversations import CONVERSATION, STATEMENT
from camphor.rules.matters import BACKING, INSTRUCTION, MATTERS, MODES, PARTS, MatterKind
from camphor.rules.people import AUDITOR, BACKER, READER
from camphor.trail.history import moves_of, papers_of
from camphor.trail.links import led_to
from camphor.trail.moves import opening_moves


def _concern(thing: Matter, on: date, actor: Actor) -> dict[str, Any]:
    is_new = thing.state in ("submitted", "accepted")
    return {
        "twins": list(twins_of(thing)),
        "similar": alike_to(thing) if is_new else [],
        "ratings": list(thing.ratings.all()),
        "owed_elsewhere": thing.state == "accepted",  # the next step is to draft a consultation from it
    }


def _seen(actor: Actor, on: date) -> Any:
    return Matter.objects.visible_to(actor, on=on).values("pk")


def _promise(thing: Matter, on: date, actor: Actor) -> dict[str, Any]:
    sources = list(led_to(thing, "promised", Matter).filter(pk__in=_seen(actor, on)))
    shown = moves_of(thing).filter(move="show", undone_by=None)
    return {
        "sources": sources,
        "replies": thing.promised_in.filter(assignment__matter__in=sources),
        "evidence": [(entry, papers_of(thing).filter(entry=entry)) for entry in shown],
    }


def _activity(thing: Activity, on: date, actor: Actor) -> dict[str, Any]:
    return {
        "seats": thing.attendances.select_related("body"),
        "points": thing.points.select_related("speaker__body"),
        "notice_until": thing.notice_until(on) if thing.state == "planned" else None,
        "materials_until": thing.materials_until(on) if thing.state == "planned" else None,
    }


def _conversation(thing: Conversation, on: date, actor: Actor) -> dict[str, Any]:
    states = STATEMENT.states.values()
    return {
        "people": thing.participants.voted().count(),
        "votes": thing.votes.count(),
        "counts": [(state, thing.statements.filter(state=state.name).count()) for state in states],
    }


def _consultation(thing: Consultation, on: date, actor: Actor) -> dict[str, Any]:
    return {
        "stages": thing.stages.all(),
        "concerns": led_to(thing, "led_to", Matter),
        "conversations": Conversation.objects.filter(openings__stage__consultation=thing).distinct(),
        "activities": Activity.objects.filter(stages__consultation=thing).distinct(),
        "recommendations": recommendations(thing),
    }


def _instruction(thing: Instruction, on: date, actor: Actor) -> dict[str, Any]:
    """The named readers, each with the first time that the text was opened."""
    read: dict[int, datetime] = {}
    for person, at in moves_of(thing).filter(move="read").order_by("at").values_list("by", "at"):
        read.setdefault(person, at)
    return {"named": [(one, read.get(one.pk)) for one in thing.readers.all()]}


def _handling_states() -> Mapping[str, State]:
    return {name: state for part in PARTS.values() for name, state in part.flow.states.items()}


def _of_kind(kind: str) -> Any:
    return lambda actor, on: Matter.objects.visible_to(actor, on=on).filter(kind=kind)


def _states(kind: str) -> Any:
    def states() -> Mapping[str, State]:
        return MATTERS[kind].flow.states

    return states


# fmt: off
NOUNS = (
    Noun("concerns", _("Concerns"), Matter, matters.make, matter_fields.FIELDS, _of_kind("concern"),
         _states("concern"), "matters/desk/concern.html", _concern, matter_fields.read,
         related=("body", "venue"), one=MATTERS["concern"].label),
    Noun("consultations", _("Consultations"), Consultation, consultations.make, consultation_fields.FIELDS,
         lambda actor, on: Consultation.objects.visible_to(actor, on=on), lambda: CONSULTATION.states,
         "consultations/desk/consultation.html", _consultation, consultation_fields.read, related=("body",),
         one=_("Consultation")),
    Noun("statements", _("Statements"), Statement, conversations.make, conversation_fields.FIELDS,
         lambda actor, on: Statement.objects.visible_to(actor, on=on).order_by("-said_at"),
         lambda: STATEMENT.states, "conversations/desk/statement.html", search="text",
         related=("conversation__body", "author"), one=_("Statement")),
    Noun("conversations", _("Conversations"), Conversation, conversations.make, conversation_fields.FIELDS,
         lambda actor, on: Conversation.objects.visible_to(actor, on=on), lambda: CONVERSATION.states,
         "conversations/desk/conversation.html", _conversation, related=("body",), one=_("Conversation")),
    Noun("sessions", _("Sessions"), Activity, activities.make, activity_fields.FIELDS,
         lambda actor, on: Activity.objects.visible_to(actor, on=on), lambda: activity_rules.FLOW.states,
         "activities/desk/activity.html", _activity, activity_fields.read, related=("body", "venue"),
         repeats=frozenset({"note"}), one=_("Session")),
    Noun("backings", _("Invitations to sign"), Backing, matters.make, matter_fields.FIELDS,
         lambda actor, on: Backing.objects.visible_to(actor, on=on), lambda: BACKING.states,
         "matters/desk/backing.html", backing_facts, search="matter__title",
         related=("matter__body", "person"), by=BACKER, beside="person", above="matters/desk/backing.html",
         one=_("Invitation to sign")),
    Noun("recommendations", _("Recommendations"), Matter, matters.make, matter_fields.FIELDS,
         _of_kind("recommendation"), _states("recommendation"), "matters/desk/matter.html",
         matter_facts, matter_fields.read, related=("body",), one=MATTERS["recommendation"].label),
    Noun("assignments", _("Assignments"), Assignment, matters.make, matter_fields.FIELDS,
         lambda actor, on: Assignment.objects.visible_to(actor, on=on), _handling_states,
         "matters/desk/assignment.html", assignment_facts, matter_fields.read, search="matter__title",
         related=("matter__body", "matter__author", "handler"), above="matters/desk/before_answer.html",
         lists=lambda actor, on: Assignment.objects.concerning(actor, on=on), one=_("Assignment")),
    Noun("promises", _("Promises"), Matter, matters.make, matter_fields.FIELDS, _of_kind("promise"),
         _states("promise"), "matters/desk/promise.html", _promise, matter_fields.read,
         related=("body", "owed_by"), above="matters/desk/evidence.html", one=MATTERS["promise"].label),
    Noun("instructions", _("Leaders' instructions"), Instruction, matters.make, matter_fields.FIELDS,
         lambda actor, on: Instruction.objects.visible_to(actor, on=on), lambda: INSTRUCTION.states,
         "matters/desk/instruction.html", _instruction, search="matter__title", related=("matter__body",),
         by=READER | AUDITOR, one=_("Leader's instruction")),
)
# fmt: on

OF_THEIR_OWN = frozenset({"concern", "recommendation", "promise"})
"""Kinds of matter with a noun above; every other kind of the rules gets the same pages from its row."""


def nouns() -> tuple[Noun, ...]:
    """All nouns that have a desk: those above, and one for each further kind of matter."""
    others = [kind for kind in MATTERS.values() if kind.name not in OF_THEIR_OWN]
    return NOUNS + tuple(_of_rules(kind) for kind in others)


def _of_rules(kind: MatterKind) -> Noun:
    return Noun(
        f"{kind.name}s",
        kind.plural or kind.label,
        Matter,
        matters.make,
        matter_fields.FIELDS,
        _of_kind(kind.name),
        _states(kind.name),
        "matters/desk/matter.html",
        matter_facts,
        matter_fields.read,
        related=("body", "venue", "author"),
        compares="dashboard/_comparing.html" if kind.compared else "",
        blanks=partial(_blanks, kind),
        above="matters/desk/before_move.html",
        by=_concerned(kind),
        one=kind.label,
        goes_on=_rates_another,
        picks=partial(picks_of, kind),
    )


def _rates_another(thing: Matter, move: str, actor: Actor) -> bool:
    """Who has rated the answer of one unit is led on to those that he can rate as well."""
    if move not in RATED_BY or thing.state not in thing.flow.moves[move].of:
        return False
    return any(one.unit for one in unrated_by(thing, move, actor.keys))


def _concerned(kind: MatterKind) -> frozenset[str] | None:
    """Those who have something to do with a kind of which nothing is public without a decision."""
    if kind.flow.public_states() and not kind.disclosed:
        return None
    parts = [part for mode in kind.modes for part in (MODES[mode].leads, MODES[mode].assists) if part]
    flows = [kind.flow, *(PARTS[part].flow for part in parts)]
    return frozenset().union(*(move.by for flow in flows for move in flow.moves.values()))


def listed(noun: Noun, actor: Actor, on: date) -> bool:
    """Whether this actor can find anything in the list of this noun."""
    held = frozenset[str]().union(*(held_by(seat.role) for seat in actor.memberships(on)))
    return noun.by is None or bool(noun.by & held)


def _blanks(kind: MatterKind, actor: Actor, at: datetime) -> list[Matter]:
    """The matters of this kind that the actor could begin, one for each committee that he acts in."""
    on = timezone.localdate(at)
    homes = dict.fromkeys(_home(seat.body) for seat in actor.memberships(on))
    found = [Matter(kind=kind.name, body=body, author=actor.person, raised_at=at) for body in homes]
    return [matter for matter in found if opening_moves(matter, actor, on=on)]


def _home(body: Body) -> Body:
    """The committee that a seat belongs to: sectors, groups and special committees are parts of it."""
    while body.part_of and BODY_KINDS[body.kind].within:
        body = body.part_of
    return body
