"""The line along which things came of each other."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext

from camphor.trail.models import Link

M = TypeVar("M", bound=models.Model)
T = TypeVar("T", bound=models.Model)


End = tuple[int, int]
"""One end of a link: the kind of its thing, and the key of that."""


class Circle(ValueError):
    """The source came of the target already, so that nothing would be the beginning."""


def link(source: models.Model, how: str, target: models.Model, *, at: datetime) -> None:
    """Note that the target came of the source in this way; noting it twice changes nothing.

    Raises Circle where the source came of the target, through whatever lies between.
    """
    if end_of(source) in descent({end_of(target)}):
        raise Circle(gettext("This would go round in a circle: the one came of the other already."))
    types = ContentType.objects.get_for_models(type(source), type(target))
    Link.objects.get_or_create(
        how=how,
        source_type=types[type(source)],
        source_id=source.pk,
        target_type=types[type(target)],
        target_id=target.pk,
        defaults={"at": at},
    )


def end_of(thing: models.Model) -> End:
    return ContentType.objects.get_for_model(thing).pk, thing.pk


def descent(starts: set[End], *, back: bool = False) -> set[End]:
    """These, and all that came of them over any number of links; or, back, all of which they came."""
    met, edge = set(starts), set(starts)
    near, far = ("target", "source") if back else ("source", "target")
    while edge:
        links = Link.objects.filter(at_ends(edge, near))
        edge = set(links.values_list(f"{far}_type", f"{far}_id")) - met
        met |= edge
    return met


def at_ends(ends: set[End], side: str) -> models.Q:
    """The links that have one of these on this side: one condition for each kind of thing."""
    found = models.Q(pk__in=())
    for kind in {kind for kind, _pk in ends}:
        keys = [pk for own, pk in ends if own == kind]
        found |= models.Q(**{f"{side}_type": kind, f"{side}_id__in": keys})
    return found


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
