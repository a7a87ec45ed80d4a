"""Bodies, the areas they stand for, their venues, their numbers, and their own rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Self, TypeVar

from django.db import models
from django.db.models import Q

from camphor.kit.fields import NameField
from camphor.rules.bodies import BODY_KINDS, PLATFORMS, TIERS, VENUE_TYPES

M = TypeVar("M", bound=models.Model)


class DatedQuerySet(models.QuerySet[M]):
    """Rows that hold from a day up to another, that day left out."""

    def in_force(self, day: date) -> Self:
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day)


class Area(models.Model):
    """A piece of the map on some tier, with its division code where it has one."""

    name = models.CharField(max_length=100)
    tier = NameField(TIERS)
    code = models.CharField(max_length=12, blank=True)
    slug = models.SlugField(unique=True)
    part_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    towns = models.PositiveSmallIntegerField(default=0)  # how many towns and streets it has, where counted
    invented = models.BooleanField(default=False)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Body(models.Model):
    """Somebody who can be asked."""

    name = models.CharField(max_length=200)
    slug = models.SlugField(unique=True)
    kind = NameField(BODY_KINDS)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="bodies")
    path = models.CharField(max_length=200, db_index=True)  # of what it is part of, then its own slug
    part_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    guided_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="guided")
    invented = models.BooleanField(default=False)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["path"]

    def __str__(self) -> str:
        return self.name

    def covers(self, other: Body) -> bool:
        return other.path.startswith(self.path)

    def line(self) -> Iterator[Body]:
        """This body, those it is a part of, and those that guide them: whose local rules hold here."""
        body: Body | None = self
        while body:
            yield body
            body = body.part_of or body.guided_by


class Venue(models.Model):
    """Where a body meets people."""

    name = models.CharField(max_length=100)
    slug = models.SlugField(unique=True)
    body = models.ForeignKey(Body, models.PROTECT, related_name="venues")
    area = models.ForeignKey(Area, models.PROTECT, related_name="venues")
    platform = NameField(PLATFORMS)
    type = NameField(VENUE_TYPES)
    place = models.CharField(max_length=200, blank=True)
    invented = models.BooleanField(default=False)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["area__slug", "slug"]

    def __str__(self) -> str:
        return self.name


class Term(models.Model):
    """A year of a committee's term, from one plenary session to the next: «the 2nd session of the 12th»."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="terms")
    number = models.PositiveSmallIntegerField()
    session = models.PositiveSmallIntegerField()
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    proposals_since = models.DateField()  # from here on a proposal counts as one for this plenary …
    proposals_until = models.DateField()  # … and no longer after this day

    objects = DatedQuerySet["Term"].as_manager()

    class Meta:
        ordering = ["since"]
        constraints = [
            models.UniqueConstraint(fields=["body", "number", "session"], name="one_session_a_term")
        ]

    def __str__(self) -> str:
        return f"{self.number}-{self.session}"

    def takes_proposals(self, on: date) -> bool:
        """The plenary session takes proposals on this day."""
        return self.proposals_since <= on <= self.proposals_until


class Series(models.Model):
    """The last number given in a series of a body and a year; numbers are never given twice."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="series")
    name = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["body", "name", "year"], name="one_series_a_year")]

    def __str__(self) -> str:
        return f"{self.body} {self.name} {self.year}"


class LocalRuleQuerySet(DatedQuerySet["LocalRule"]):
    """Local rules."""


class LocalRule(models.Model):
    """A row that a body sets in the place of a row of the rules, or adds to them, for a while."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="local_rules")
    table = models.CharField(max_length=40)
    row = models.JSONField()
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = LocalRuleQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.body} {self.table} {self.since}"
