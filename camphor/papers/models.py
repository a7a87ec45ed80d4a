"""A ledger that somebody brought, kept as it came until, and after, its rows are taken over."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from camphor.bodies.models import Body
from camphor.kit.fields import NameField
from camphor.rules.matters import MATTERS


class Ledger(models.Model):
    """The file, whose it is, and whether it was taken over."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="ledgers")
    kind = NameField(MATTERS)
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    brought_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="ledgers")
    brought_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-brought_at", "-pk"]

    def __str__(self) -> str:
        return self.name
