"""The nouns that have a desk, each as one row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from camphor.activities import actions as activities
from camphor.activities import fields as activity_fields
from camphor.activities.models import Activity
from camphor.consultations import actions as consultations
from camphor.consultations import fields as consultation_fields
from camphor.consultations.models import Consultation
from camphor.consultations.needs import recommendations
from camphor.conversations import actions as conversations
from camphor.conversations import fields as conversation_fields
from camphor.conversations.models import Conversation, Statement
from camphor.engine.flow import State
from camphor.engine.table import mark as _
from camphor.kit.nouns import Noun
from camphor.matters import actions as matters
from camphor.matters import fields as matter_fields
from camphor.matters.models import Assignment, Matter
from camphor.matters.origins import promises_of, twins_of
from camphor.matters.similar import ALIKE, most_similar
from camphor.rules import activities as activity_rules
from camphor.rules.consultations import CONSULTATION
from camphor.rules.conversations import CONVERSATION, STATEMENT
from camphor.rules.matters import MATTERS, PARTS, MatterKind
from camphor.trail.links import came_of, led_to


def _concern(thing: Matter, on: date) -> dict[str, Any]:
    is_new = thing.state in ("submitted", "accepted")
    return {
        "twins": list(twins_of(thing)),
        "similar": [pair for pair in most_similar(thing) if pair[1] >= ALIKE] if is_new else [],
        "consultations": list(came_of(thing, "led_to", Consultation)),
        "ratings": list(thing.ratings.all()),
    }


def _recommendation(thing: Matter, on: date) -> dict[str, Any]:
    handling = thing.assignments.select_related("handler").prefetch_related("replies")
    return {
        "items": thing.items.prefetch_related("replies__assignment__handler"),
        "assignments": [(one, one.status(on)) for one in handling],
        "promises": [(one, one.status(on)) for one in promises_of(thing)],
        "consultations": list(led_to(thing, "resulted_in", Consultation)),
    }


def _assignment(thing: Assignment, on: date) -> dict[str, Any]:
    return {"matter": thing.matter} | _recommendation(thing.matter, on)


def _promise(thing: Matter, on: date) -> dict[str, Any]:
    return {"recommendations": list(led_to(thing, "promised", Matter)), "replies": thing.promised_in.all()}


def _activity(thing: Activity, on: date) -> dict[str, Any]:
    return {
        "seats": thing.attendances.select_related("body"),
        "points": thing.points.select_related("speaker__body"),
    }


def _conversation(thing: Conversation, on: date) -> dict[str, Any]:
    states = STATEMENT.states.values()
    return {
        "people": thing.participants.voted().count(),
        "votes": thing.votes.count(),
        "counts": [(state, thing.statements.filter(state=state.name).count()) for state in states],
    }


def _consultation(thing: Consultation, on: date) -> dict[str, Any]:
    return {
        "stages": thing.stages.all(),
        "concerns": led_to(thing, "led_to", Matter),
        "conversations": Conversation.objects.filter(openings__stage__consultation=thing).distinct(),
        "activities": Activity.objects.filter(stages__consultation=thing).distinct(),
        "recommendations": recommendations(thing),
    }


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
         related=("body", "venue")),
    Noun("consultations", _("Consultations"), Consultation, consultations.make, consultation_fields.FIELDS,
         lambda actor, on: Consultation.objects.visible_to(actor, on=on), lambda: CONSULTATION.states,
         "consultations/desk/consultation.html", _consultation, consultation_fields.read, related=("body",)),
    Noun("statements", _("Statements"), Statement, conversations.make, conversation_fields.FIELDS,
         lambda actor, on: Statement.objects.visible_to(actor, on=on).order_by("-said_at"),
         lambda: STATEMENT.states, "conversations/desk/statement.html", search="text",
         related=("conversation__body", "author")),
    Noun("conversations", _("Conversations"), Conversation, conversations.make, conversation_fields.FIELDS,
         lambda actor, on: Conversation.objects.visible_to(actor, on=on), lambda: CONVERSATION.states,
         "conversations/desk/conversation.html", _conversation, related=("body",)),
    Noun("sessions", _("Sessions"), Activity, activities.make, activity_fields.FIELDS,
         lambda actor, on: Activity.objects.visible_to(actor, on=on), lambda: activity_rules.FLOW.states,
         "activities/desk/activity.html", _activity, activity_fields.read, related=("body", "venue"),
         repeats=frozenset({"note"})),
    Noun("recommendations", _("Recommendations"), Matter, matters.make, matter_fields.FIELDS,
         _of_kind("recommendation"), _states("recommendation"), "matters/desk/recommendation.html",
         _recommendation, matter_fields.read, related=("body",)),
    Noun("assignments", _("Assignments"), Assignment, matters.make, matter_fields.FIELDS,
         lambda actor, on: Assignment.objects.visible_to(actor, on=on), _handling_states,
         "matters/desk/assignment.html", _assignment, matter_fields.read, search="matter__title",
         related=("matter__body", "handler")),
    Noun("promises", _("Promises"), Matter, matters.make, matter_fields.FIELDS, _of_kind("promise"),
         _states("promise"), "matters/desk/promise.html", _promise, matter_fields.read,
         related=("body", "owed_by")),
)
# fmt: on

OF_THEIR_OWN = frozenset({"concern", "recommendation", "promise"})
"""Kinds of matter with a noun above; every other kind of the rules gets the plain pages."""


def nouns() -> tuple[Noun, ...]:
    """All nouns that have a desk: those above, and one for each further kind of matter."""
    others = [kind for kind in MATTERS.values() if kind.name not in OF_THEIR_OWN]
    return NOUNS + tuple(_plain(kind) for kind in others)


def _plain(kind: MatterKind) -> Noun:
    return Noun(
        f"{kind.name}s",
        kind.label,
        Matter,
        matters.make,
        matter_fields.FIELDS,
        _of_kind(kind.name),
        _states(kind.name),
        "matters/desk/plain.html",
        None,
        matter_fields.read,
        related=("body", "venue"),
    )
