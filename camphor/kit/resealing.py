"""Texts that an earlier secret has sealed, sealed anew with the present one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models
from django.db.models.functions import Cast

from camphor.kit.sealed import SealedField, is_fresh, opened


@dataclass
class Resealed:
    """How many texts were sealed anew, and how many nobody can open with the secrets that are set."""

    anew: int = 0
    shut: int = 0


def reseal() -> Resealed:
    """Go through all sealed texts; whatever somebody writes meanwhile is left as it is."""
    done = Resealed()
    for model, name in _sealed():
        rows = model._default_manager.annotate(lies=Cast(name, models.TextField())).exclude(lies="")
        for pk, lies in rows.order_by().values_list("pk", "lies"):
            if is_fresh(lies):
                continue
            if text := opened(lies):
                done.anew += rows.filter(pk=pk, lies=lies).update(**{name: text})
            else:
                done.shut += 1
    return done


def _sealed() -> Iterator[tuple[type[models.Model], str]]:
    """Each model with the name of each of its sealed fields."""
    for model in apps.get_models():
        for field in model._meta.fields:
            if isinstance(field, SealedField):
                yield model, field.name
