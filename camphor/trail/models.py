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
from camphor.rules.trail import LINKS


class Entry(models.Model):
    """One thing that happened: who made which move, when, in whose name, and what was handed in."""

    at = models.DateTimeField(db_index=True)
    recorded_at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="entries")
    in_name_of = models.ForeignKey(Body, models.PROTECT, null=True, related_name="entries")
    standing = models.CharField(max_length=40)
    move = models.CharField(max_length=40)
    to = models.CharField(max_length=40)
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


class Notice(models.Model):
    """Somebody with an account is told of an entry."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="notices")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices")
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "person"], name="told_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.entry}"


class File(models.Model):
    """A picture handed in with an entry, kept as it was re-drawn on receipt, without its metadata."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="files")
    content = models.BinaryField()
    kind = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.kind} {self.sha256[:8]}"
