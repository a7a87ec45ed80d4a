"""Who must answer a matter, by when, and how far that has come."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext

from camphor.bodies.models import Body
from camphor.engine.flow import Flow
from camphor.kit.fields import NameField, label_of
from camphor.matters.needs import lacking_assignment
from camphor.people.actor import Actor
from camphor.people.standing import offices_of
from camphor.rules.matters import MODES, PARTS
from camphor.trail.history import attached_to, entries_of
from camphor.trail.models import File
from camphor.trail.moves import Moving

EACH_FOR_ITSELF = [mode.leads for mode in MODES.values() if mode.several]
"""The parts of bodies that were given the same, and do not answer together."""


def idle_files(thing: Any) -> Collection[str]:
    """Nothing can be taken out where nothing is attached."""
    move = thing.flow.moves.get("detach")
    could = move is not None and thing.state in move.of
    return {move.name} if move and could and not thing.loose_files().exists() else ()


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Assignments, as far as somebody may see them."""

    def visible_to(self, actor: Actor, *, on: date) -> AssignmentQuerySet:
        from camphor.matters.models.matter import Matter  # which needs this module to be known what it is

        return self.filter(_of(Matter.objects.visible_to(actor, on=on)))

    def concerning(self, actor: Actor, *, on: date) -> AssignmentQuerySet:
        """What his work is about: what his bodies were given, or gave, and the part of whoever helps them.

        What is public can be read elsewhere; of what was given to several bodies, each for itself, one sees
        its own, and whoever gave it sees all.
        """
        from camphor.matters.models.matter import Matter

        seen = _of(Matter.objects.owned_by(actor, on=on))
        if offices := offices_of(actor, on):
            theirs = Assignment._default_manager.filter(handler__in=offices)
            together = Q(matter__in=theirs.order_by().values("matter")) & ~Q(part__in=EACH_FOR_ITSELF)
            seen = Q(handler__in=offices) | together | seen
        return self.filter(seen)


def _of(matters: models.QuerySet[Any]) -> Q:
    """Asked of each row at hand, not of the whole archive."""
    return Q(Exists(matters.filter(pk=OuterRef("matter")).order_by()))


class Assignment(Moving):
    """A body that has to answer a matter, in a state and by a day of its own."""

    matter = models.ForeignKey("matters.Matter", models.PROTECT, related_name="assignments")
    handler = models.ForeignKey(Body, models.PROTECT, related_name="assignments")
    part = NameField(PARTS)
    leads = models.BooleanField(default=True)  # as its part says; a column, to sort by
    given_at = models.DateTimeField()
    answer_by = models.DateField(null=True, blank=True)  # the day for the answer, whatever clock runs now
    asked_until = models.DateField(null=True, blank=True)  # the day for which more time was asked
    draft: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["-leads", "pk"]  # those who lead come first
        constraints = [models.UniqueConstraint(fields=["matter", "handler"], name="assigned_once")]
        indexes = [
            models.Index(fields=["-leads", "id"], name="assignments_in_order"),
            models.Index(fields=["state", "due_on"], name="assignments_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.handler}{gettext(': ')}{self.matter}"

    @property
    def flow(self) -> Flow:
        return PARTS[self.part].flow

    @property
    def home(self) -> Body:
        return self.matter.body

    @property
    def handlers(self) -> list[Body]:
        return [self.handler]

    @property
    def author_keys(self) -> frozenset[str]:
        return self.matter.author_keys

    @property
    def backer_keys(self) -> frozenset[str]:
        return self.matter.backer_keys

    @property
    def given_on(self) -> date:
        return timezone.localdate(self.given_at)

    @property
    def round(self) -> int:
        """The round that its answer belongs to: the last one of the matter, unless it has answered before."""
        rounds = [self.matter.round]
        if self.state == "replied":
            sent = (self.letters, self.replies)
            rounds = [last for rows in sent if (last := rows.aggregate(last=Max("round"))["last"])] or rounds
        return max(rounds)

    @property
    def part_label(self) -> str:
        return label_of(PARTS, self.part)

    def idle(self) -> Collection[str]:
        return idle_files(self)

    def loose_files(self) -> models.QuerySet[File]:
        """The attached files that only those who work on the answer have seen: it has not gone out yet."""
        sent = entries_of(self).filter(to="replied").last()
        files = attached_to(self)
        return files.filter(entry__gt=sent.pk) if sent else files

    def lacking(self, needs: Collection[str], given: Mapping[str, Any]) -> tuple[str, ...]:
        return lacking_assignment(self, needs, given)
