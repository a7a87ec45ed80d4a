"""The line along which things came of each other."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db import models

from camphor.trail.models import Link

M = TypeVar("M", bound=models.Model)
T = TypeVar("T", bound=models.Model)


def link(source: models.Model, how: str, target: models.Model, *, at: datetime) -> None:
    """Note that the target came of the source in this way; noting it twice changes nothing."""
    types = ContentType.objects.get_for_models(type(source), type(target))
    Link.objects.get_or_create(
        how=how,
        source_type=types[type(source)],
        source_id=source.pk,
        target_type=types[type(target)],
        target_id=target.pk,
        defaults={"at": at},
    )


def came_of(source: models.Model, how: str, model: type[M]) -> models.QuerySet[M]:
    """The things of this model that came of the source in this way."""
    types = ContentType.objects.get_for_models(type(source), model)
    links = Link.objects.filter(
        how=how, source_type=types[type(source)], source_id=source.pk, target_type=types[model]
    )
    return model._default_manager.filter(pk__in=links.values("target_id"))


def led_to(target: models.Model, how: str, model: type[M]) -> models.QuerySet[M]:
    """The things of this model of which the target came in this way."""
    types = ContentType.objects.get_for_models(type(target), model)
    links = Link.objects.filter(
        how=how, target_type=types[type(target)], target_id=target.pk, source_type=types[model]
    )
    return model._default_manager.filter(pk__in=links.values("source_id"))


def walk(
    starts: models.QuerySet[M] | list[M], *hows: str, to: type[T], back: bool = False
) -> models.QuerySet[T]:
    """The things of the last kind on a path of links that leads through things of any kind.

    With `back`, every link is gone against its direction.
    """
    ends = {(ContentType.objects.get_for_model(thing).pk, thing.pk) for thing in starts}
    near, far = ("target", "source") if back else ("source", "target")
    for how in hows:
        met = models.Q(pk__in=())
        for type_id, pk in ends:
            met |= models.Q(**{f"{near}_type": type_id, f"{near}_id": pk})
        ends = set(Link.objects.filter(met, how=how).values_list(f"{far}_type", f"{far}_id"))
    wanted = ContentType.objects.get_for_model(to).pk
    return to._default_manager.filter(pk__in=[pk for type_id, pk in ends if type_id == wanted])
