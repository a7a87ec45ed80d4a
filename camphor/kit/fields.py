"""Columns that Django lacks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy

from camphor.engine.table import Table


class NameField(models.CharField):  # type: ignore[type-arg]
    """The name of a row of a table of the rules, which may grow without a migration."""

    def __init__(self, table: Table[Any] | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        self.table = table
        super().__init__(**kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


def label_of(table: Table[Any], name: str) -> str:
    """The label of a row in the reader's language; the bare name where a row has been removed."""
    row = table.get(name)
    return str(gettext_lazy(row.label)) if row else name
