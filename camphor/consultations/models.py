"""A plan of stages that arranges matters, meetings and conversations."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext

from camphor.activities.models import Activity
from camphor.bodies.models import Body, Venue
from camphor.consultations.needs import lacking
from camphor.conversations.models import Conversation
from camphor.engine.flow import Flow
from camphor.kit.fields import NameField
from camphor.people.actor import Actor, person_key
from camphor.rules.consultations import CONSULTATION, METHODS, STEPS
from camphor.trail.moves import Moving

DAY = timedelta(days=1)


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    """Consultations, as far as somebody may see them."""

    def public(self) -> ConsultationQuerySet:
        return self.filter(state__in=CONSULTATION.public_states())

    def visible_to(self, actor: Actor, *, on: date) -> ConsultationQuerySet:
        seen = Q(state__in=CONSULTATION.public_states())
        for path in actor.read_paths(on):
            seen |= Q(body__path__startswith=path)
        return self.filter(seen)


class Consultation(Moving):
    """A plan of stages, from concerns to promises kept."""

    title = models.CharField(max_length=100)
    text = models.TextField(blank=True)
    body = models.ForeignKey(Body, models.PROTECT, related_name="consultations")
    venue = models.ForeignKey(Venue, models.PROTECT, null=True, blank=True, related_name="consultations")
    method = models.CharField(max_length=40)
    method_label = models.CharField(max_length=100)  # as it was called when this began
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="consultations"
    )
    drafted_at = models.DateTimeField()

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        ordering = ["-drafted_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def flow(self) -> Flow:
        return CONSULTATION

    @property
    def home(self) -> Body:
        return self.body

    @property
    def author_keys(self) -> frozenset[str]:
        return frozenset({person_key(self.author_id)}) if self.author_id else frozenset()

    @property
    def method_told(self) -> str:
        """What the method is called, in the reader's language."""
        method = METHODS.get(self.method)
        return _told(self.method_label, method.label if method else "")

    @property
    def current_stage(self) -> Stage | None:
        return next((stage for stage in self.stages.all() if stage.done_on is None), None)

    def lacking(self, needs: Collection[str], given: Mapping[str, Any]) -> tuple[str, ...]:
        return lacking(self, needs)


class Stage(models.Model):
    """A step of the method, with the label and the days that this consultation gives it."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="stages")
    place = models.PositiveSmallIntegerField()
    kind = NameField(STEPS)
    label = models.CharField(max_length=100)
    opens_on = models.DateField()
    closes_on = models.DateField()  # the last day of the stage is the day before
    done_on = models.DateField(null=True, blank=True)
    activities = models.ManyToManyField(Activity, related_name="stages", blank=True)

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["consultation", "place"], name="one_stage_a_place")]

    def __str__(self) -> str:
        return self.label

    @property
    def told(self) -> str:
        """What the stage is called, in the reader's language."""
        method = METHODS.get(self.consultation.method)
        steps = method.steps if method else ()
        return _told(self.label, steps[self.place - 1].label if self.place <= len(steps) else "")

    @property
    def last_on(self) -> date:
        """Its last day; the day after it the next stage begins."""
        return self.closes_on - DAY


def _told(kept: str, source: str) -> str:
    """A label that was kept in the site's language; translated as long as the rules still say the same."""
    return gettext(source) if source and _in_our_language(source) == kept else kept


@cache
def _in_our_language(source: str) -> str:
    """A label of the rules in the site's language; there are as many as the rules have."""
    with translation.override(settings.LANGUAGE_CODE):
        return gettext(source)


class Opening(models.Model):
    """The cell where a stage and a conversation meet: what participants may do there and then."""

    stage = models.ForeignKey(Stage, models.PROTECT, related_name="openings")
    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="openings")
    statements = models.BooleanField(default=True)
    votes = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stage", "conversation"], name="opened_once")]

    def __str__(self) -> str:
        return f"{self.stage}: {self.conversation}"
