"""What cannot work is said at start-up, before somebody finds out."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connection

from camphor.kit.fields import NameField


@register(Tags.security)
def secret_is_set(app_configs: Any, **more: Any) -> list[CheckMessage]:
    """Without a secret of its own each process makes one, and sign-ins end with it."""
    if settings.DEBUG or settings.DEMO or settings.SECRET_IS_SET:
        return []
    hint = "Set CAMPHOR_SECRET_KEY to fifty random characters, the same for every process."
    return [Error("no secret key is set", hint=hint, id="camphor.E001")]


@register(Tags.database)
def stored_names_are_declared(app_configs: Any, databases: Any = None, **more: Any) -> list[CheckMessage]:
    """A row that was taken out of the rules while rows of the database still bear its name."""
    if not databases:
        return []
    found: list[CheckMessage] = []
    there = set(connection.introspection.table_names())  # before the first migration there are none
    for model in apps.get_models():
        if model._meta.db_table not in there:
            continue
        for field in model._meta.get_fields():
            if isinstance(field, NameField) and field.table is not None:
                stored = set(model._default_manager.values_list(field.name, flat=True).distinct())
                for name in stored - set(field.table) - {""}:
                    told = f"{model._meta.label}.{field.name} holds {name!r}, which the rules do not declare"
                    found.append(Warning(told, id="camphor.W001"))
    return found
