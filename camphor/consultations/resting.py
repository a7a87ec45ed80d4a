"""Running consultations in which a clerk owes nothing: they wait for what has a day and a desk of its own."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from camphor.activities.models import Activity
from camphor.consultations.models import Consultation, Stage
from camphor.consultations.needs import STATES_AFTER_HAND_OVER, STATES_AFTER_ISSUE
from camphor.matters.models import Matter
from camphor.rules.consultations import STEPS
from camphor.trail.models import Link


def with_stage(rows: QuerySet[Consultation]) -> QuerySet[Consultation]:
    """Each with the kind of the stage that it is in, and the day on which that stage is over."""
    current = Stage.objects.filter(consultation=OuterRef("pk"), done_on=None).order_by("place")
    return rows.annotate(
        stage_kind=Subquery(current.values("kind")[:1]),
        stage_ends_on=Subquery(current.values("closes_on")[:1]),
    )


def resting() -> Q:
    """Those, of consultations `with_stage`, whose stage lacks nothing but what others are at already."""
    meetings = Activity.objects.filter(stages__consultation=OuterRef("pk")).exclude(state="cancelled")
    confirmed = meetings.filter(kind="session", state="confirmed")
    recommended = Exists(_recommendations())
    issued = _recommendations(target_id__in=_in_state(*STATES_AFTER_ISSUE))
    handed_over = _recommendations(target_id__in=_in_state(*STATES_AFTER_HAND_OVER))
    unanswered = Matter.objects.exclude(state__in=("answered", "withdrawn")).values("pk")
    waits = Q(Exists(meetings), ~Exists(confirmed), stage_kind__in=_kinds("session"))
    waits |= Q(recommended, ~Exists(issued), stage_kind__in=_kinds("result"))
    waits |= Q(recommended, ~Exists(handed_over), stage_kind__in=_kinds("handed_over"))
    answers = Exists(_recommendations(target_id__in=unanswered))
    waits |= Q(answers, stage_kind__in=_kinds("answers"))
    return Q(state="running") & waits


def _kinds(need: str) -> list[str]:
    return [step.name for step in STEPS.values() if need in step.needs]


def _in_state(*states: str) -> QuerySet[Matter, Any]:
    return Matter.objects.filter(state__in=states).values("pk")


def _recommendations(**only: object) -> QuerySet[Link]:
    """The links from a consultation to the recommendations that it resulted in, withdrawn ones left out."""
    types = ContentType.objects.get_for_models(Consultation, Matter)
    standing = Matter.objects.filter(kind="recommendation").exclude(state="withdrawn").values("pk")
    return Link.objects.filter(
        how="resulted_in",
        source_type=types[Consultation],
        source_id=OuterRef("pk"),
        target_type=types[Matter],
        target_id__in=standing,
    ).filter(**only)


def drafted_from() -> Exists:
    """Whether a consultation is being drafted from a concern already."""
    types = ContentType.objects.get_for_models(Consultation, Matter)
    drafts = Consultation.objects.filter(state="draft").values("pk")
    return Exists(
        Link.objects.filter(
            how="led_to",
            source_type=types[Matter],
            source_id=OuterRef("pk"),
            target_type=types[Consultation],
            target_id__in=drafts,
        )
    )
