"""People meet at a place and time, and something comes of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from camphor.bodies.models import Body, Venue
from camphor.bodies.rulebook import last_notice
from camphor.engine.flow import Flow
from camphor.kit.fields import NameField, label_of
from camphor.people.actor import Actor, person_key, secret_key
from camphor.rules.activities import ACTIVITIES, FLOW, PARTS, POINTS
from camphor.rules.bodies import FORMAL_NOTICE, MATERIALS, PLATFORMS
from camphor.trail.moves import Moving


class ActivityQuerySet(models.QuerySet["Activity"]):
    """Activities, as far as somebody may see them."""

    def visible_to(self, actor: Actor, *, on: date) -> ActivityQuerySet:
        return self.filter(state__in=FLOW.public_states())


class Activity(Moving):
    """A meeting at a place and a time."""

    kind = NameField(ACTIVITIES)
    title = models.CharField(max_length=100)
    body = models.ForeignKey(Body, models.PROTECT, related_name="activities")
    venue = models.ForeignKey(Venue, models.PROTECT, null=True, blank=True, related_name="activities")
    starts_at = models.DateTimeField()
    door_code = models.CharField(max_length=12, unique=True)  # in the QR code on the door

    objects = ActivityQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at"]
        verbose_name_plural = "activities"

    def __str__(self) -> str:
        return self.title

    @property
    def flow(self) -> Flow:
        return FLOW

    @property
    def home(self) -> Body:
        return self.body

    @property
    def attendee_keys(self) -> frozenset[str]:
        if not self.pk:
            return frozenset()
        present = self.attendances.exclude(came_at=None)
        rows = present.values_list("person_id", "code_digest")
        return frozenset(
            person_key(person) if person else secret_key(code) for person, code in rows if person or code
        )

    def done_by(self, keys: Collection[str]) -> Collection[str]:
        """Who has confirmed the minutes is not asked again; who objected may still come to confirm them."""
        if self.state != "minuted":
            return ()
        own = self.attendances.exclude(came_at=None).held_by(keys)
        if own.exclude(confirmed_at=None).exists():
            return ("agree", "object")
        return ("object",) if own.exclude(objected_at=None).exists() else ()

    def notice_until(self, on: date) -> date:
        """The last day on which people could be invited in time."""
        return last_notice(self._notice, self.body, timezone.localdate(self.starts_at), on=on)

    @property
    def _notice(self) -> str:
        """The time that must lie between the first invitation and the session."""
        return PLATFORMS[self.venue.platform].notice if self.venue else FORMAL_NOTICE

    def materials_until(self, on: date) -> date | None:
        """The last day on which the materials go out in time; none where the session is not a formal one."""
        if self._notice != FORMAL_NOTICE:
            return None
        return last_notice(MATERIALS, self.body, timezone.localdate(self.starts_at), on=on)

    def is_read_in_time(self, on: date | None) -> bool:
        """The materials go out on this day as long before as the rules ask."""
        until = self.materials_until(on) if on else None
        return on is None or until is None or on <= until

    def is_told_in_time(self, on: date | None) -> bool:
        """The first invitation went out, or goes out on this day, as long before as the rules ask."""
        first = self.attendances.aggregate(at=models.Min("invited_at"))["at"]
        day = timezone.localdate(first) if first else on
        return day is None or day <= self.notice_until(day)

    def lacking(self, needs: Collection[str], given: Mapping[str, Any]) -> tuple[str, ...]:
        if not needs:
            return ()
        present = self.attendances.exclude(came_at=None)
        met = {
            "attendance": present.exists(),
            "points": self.points.exists(),
            "notice": bool(given.get("short_notice")) or self.is_told_in_time(given.get("on")),
            "materials": bool(given.get("late_materials")) or self.is_read_in_time(given.get("on")),
            "confirmed": present.exists() and not present.unanswered().exists(),
        }
        return tuple(need for need in needs if not met[need])


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    """Those on the list of an activity."""

    def held_by(self, keys: Collection[str]) -> AttendanceQuerySet:
        """The seats of whoever holds one of these keys."""
        persons = [key.removeprefix("p:") for key in keys if key.startswith("p:")]
        codes = [key.removeprefix("c:") for key in keys if key.startswith("c:")]
        return self.filter(Q(person__in=persons) | Q(code_digest__in=codes, person=None))

    def unanswered(self) -> AttendanceQuerySet:
        """Those who have neither confirmed the minutes nor objected to them."""
        return self.filter(confirmed_at=None, objected_at=None)


class Attendance(models.Model):
    """Somebody who was invited, or came, or both, and the part he took."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="attendances")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="attendances"
    )
    name = models.CharField(max_length=50)
    part = NameField(PARTS)
    body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="attendances")
    invited_at = models.DateTimeField(null=True, blank=True)
    came_at = models.DateTimeField(null=True, blank=True)
    by_code = models.BooleanField(default=False)  # came by the QR code on the door, not from the list
    code_digest = models.CharField(max_length=64, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    on_paper = models.BooleanField(default=False)
    objected_at = models.DateTimeField(null=True, blank=True)
    objection = models.TextField(blank=True)  # what of the minutes is not right, in his own words

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "code_digest"], condition=~Q(code_digest=""), name="one_seat_a_code"
            ),
            models.UniqueConstraint(
                fields=["activity", "person"], condition=Q(person__isnull=False), name="one_seat_a_person"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def part_label(self) -> str:
        return label_of(PARTS, self.part)


class Point(models.Model):
    """A line of the minutes: who said what."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="points")
    place = models.PositiveSmallIntegerField()
    kind = NameField(POINTS)
    speaker = models.ForeignKey(Attendance, models.PROTECT, null=True, blank=True, related_name="points")
    text = models.TextField()

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["activity", "place"], name="one_point_a_place")]

    def __str__(self) -> str:
        return self.text[:40]

    @property
    def kind_label(self) -> str:
        return label_of(POINTS, self.kind)

    @property
    def tone(self) -> str:
        return POINTS[self.kind].tone
