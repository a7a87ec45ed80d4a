"""What a consultation or a stage of it can need before it goes on."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils import timezone

from camphor.conversations.models import Conversation
from camphor.matters.models import Matter
from camphor.rules.consultations import STEPS
from camphor.trail.links import came_of, led_to

if TYPE_CHECKING:
    from camphor.consultations.models import Consultation

STATES_AFTER_HAND_OVER = ("assigned", "unled", "answered")
STATES_AFTER_ISSUE = ("issued", *STATES_AFTER_HAND_OVER)


def source(consultation: Consultation) -> bool:
    return led_to(consultation, "led_to", Matter).exists()


def session(consultation: Consultation) -> bool:
    return consultation.stages.filter(activities__kind="session", activities__state="confirmed").exists()


def recommendations(consultation: Consultation) -> QuerySet[Matter]:
    """The recommendations that this consultation resulted in, withdrawn ones left out."""
    found = came_of(consultation, "resulted_in", Matter).filter(kind="recommendation")
    return found.exclude(state="withdrawn").order_by("pk")


def result(consultation: Consultation) -> bool:
    return recommendations(consultation).filter(state__in=STATES_AFTER_ISSUE).exists()


def handed_over(consultation: Consultation) -> bool:
    return recommendations(consultation).filter(state__in=STATES_AFTER_HAND_OVER).exists()


def answers(consultation: Consultation) -> bool:
    found = recommendations(consultation)
    return found.exists() and not found.exclude(state="answered").exists()


def votes_ended(consultation: Consultation) -> bool:
    """Nobody is asked to vote any more: a finished consultation does not invite."""
    now = timezone.now()
    talks = Conversation.objects.filter(openings__stage__consultation=consultation, state="open")
    return not talks.filter(Q(closes_at=None) | Q(closes_at__gt=now)).exists()


NEEDS: dict[str, Callable[[Consultation], bool]] = {
    need.__name__: need for need in (source, session, result, handed_over, answers, votes_ended)
}


def lacking(consultation: Consultation, needs: Collection[str]) -> tuple[str, ...]:
    """What is missing; «stage» stands for all that the current stage needs."""
    missing = [need for need in needs if need in NEEDS and not NEEDS[need](consultation)]
    stage = consultation.current_stage if consultation.pk else None
    if "stage" in needs and stage:
        missing += [need for need in STEPS[stage.kind].needs if not NEEDS[need](consultation)]
    if "stage" in needs and not stage:
        missing.append("stage")
    if "all_stages" in needs and stage:
        missing.append("all_stages")
    return tuple(missing)
