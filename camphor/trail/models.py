"""What happened, what came of what, who was told, and the files that show it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from camphor.bodies.models import Body
from camphor.kit.fields import NameField
from camphor.rules.notices import CHANNELS, OUTCOMES
from camphor.rules.reminders import REMINDERS
from camphor.rules.trail import LINKS


class Entry(models.Model):
    """One thing that happened: who made which move, when, in whose name, and what was handed in."""

    at = models.DateTimeField(db_index=True)
    recorded_at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="entries")
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="entries_by_others"
    )  # the colleague who lets `by` act in his name
    in_name_of = models.ForeignKey(Body, models.PROTECT, null=True, related_name="entries")
    standing = models.CharField(max_length=40)
    move = models.CharField(max_length=40)
    to = models.CharField(max_length=40)
    was = models.CharField(
        max_length=40, blank=True
    )  # the state before; empty where the move opened the thing
    was_due_on = models.DateField(null=True)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by")
    given: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(
        default=dict, encoder=DjangoJSONEncoder
    )
    subject_type = models.ForeignKey(ContentType, models.PROTECT)
    subject_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id", "at"])]
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.at:%F %R} {self.move}"


class Link(models.Model):
    """One thing came of another. The links together are the line from a concern to its result."""

    how = NameField(LINKS)
    at = models.DateTimeField()
    source_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    source_id = models.PositiveBigIntegerField()
    source = GenericForeignKey("source_type", "source_id")
    target_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    target_id = models.PositiveBigIntegerField()
    target = GenericForeignKey("target_type", "target_id")

    class Meta:
        indexes = [
            models.Index(fields=["source_type", "source_id"]),
            models.Index(fields=["target_type", "target_id"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["how", "source_type", "source_id", "target_type", "target_id"], name="linked_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.how} {self.target}"


class Reminding(models.Model):
    """The day of a thing came near, or passed: its people were reminded, each time once."""

    subject_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    subject_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    due_on = models.DateField()
    reminder = NameField(REMINDERS)
    time = models.PositiveSmallIntegerField(default=0)  # which one, of a reminder that comes again and again
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "due_on", "reminder", "time"], name="reminded_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.reminder} {self.due_on}"


class Notice(models.Model):
    """Somebody with an account is told of an entry, or reminded of a day."""

    entry = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="notices")
    reminding = models.ForeignKey(Reminding, models.PROTECT, null=True, related_name="notices")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices")
    read_at = models.DateTimeField(null=True, blank=True)
    planned_at = models.DateTimeField(
        null=True, blank=True
    )  # when it was decided over which channels it goes

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "person"], name="told_once"),
            models.UniqueConstraint(fields=["reminding", "person"], name="reminded_once_each"),
            models.CheckConstraint(
                condition=models.Q(entry=None) ^ models.Q(reminding=None), name="notice_is_of_one_thing"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "read_at"]),
            models.Index(fields=["id"], condition=models.Q(planned_at=None), name="notices_to_plan"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.entry or self.reminding}"


class Delivery(models.Model):
    """A notice that leaves the house over a channel: when, how often it was tried, and what became of it.

    Neither the address nor the words are kept here: the record says nothing about anybody's matter.
    """

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="deliveries")
    channel = NameField(CHANNELS)
    not_before = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    outcome = NameField(OUTCOMES, default="waiting")
    done_at = models.DateTimeField(null=True, blank=True)
    fault = models.CharField(max_length=60, blank=True)  # the kind of the last failure

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "channel"], name="sent_once_a_channel")]
        indexes = [models.Index(fields=["outcome", "not_before"])]
        verbose_name_plural = "deliveries"

    def __str__(self) -> str:
        return f"{self.channel} {self.outcome}"


class File(models.Model):
    """A picture or a scan handed in with an entry, kept as it was taken in, and reached through no folder."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="files")
    content = models.BinaryField()
    kind = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.kind} {self.sha256[:8]}"


class WaitingFile(models.Model):
    """A file of a form that came back with an error: sealed, for its uploader alone, see shelf.py."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)  # of the key, which stands in the page alone
    content = models.BinaryField()
    kept_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.kept_at:%F %R}"
