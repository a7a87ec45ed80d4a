"""Maps as they are stored: short, read once, and one of each day kept.

The newest map of each calendar day stays for ever, so that the way opinion went can be shown later; earlier
ones of the same day go when a newer one is stored. What is stored says nothing of any one person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from camphor.conversations.models import Conversation, MapSnapshot
from camphor.engine.opinion import Bridge, Cell, Divides, OpinionMap, Pick, Said

LAYOUT = 6
"""Of the stored data, memory included; raised also when maps are drawn otherwise. Others are drawn anew."""
MAPS_KEPT = 16
"""Maps kept unpacked in a process, each of some 100 kB for 200 statements."""
FLAT: Mapping[str, type[Any]] = {
    "shared": Said,
    "dividing": Divides,
    "bridging": Bridge,
    "picks": Pick,
    "cells": Cell,
}
"""What is stored as columns, since the name of each field once is enough."""
IN_TEN_THOUSAND = 10_000
"""Rates are stored as whole ten-thousandths."""


class Stored(NamedTuple):
    """A stored map without its data: of which vote and entry, when it was drawn, and its layout."""

    pk: int
    last_vote: int
    last_entry: int
    drawn_at: datetime
    layout: int | None

    @property
    def of(self) -> tuple[int, int]:
        return self.last_vote, self.last_entry

    @property
    def map(self) -> OpinionMap:
        return _kept(self.pk) if settings.MAPS_IN_BACKGROUND else _read(self.pk)


def newest(conversation: Conversation) -> Stored | None:
    """The newest map that can be read."""
    stored = conversation.maps.order_by("-pk").values_list(*Stored._fields[:4], "data__layout")[:1]
    return next((Stored(*row) for row in stored if row[4] == LAYOUT), None)


def store(conversation: Conversation, drawn: OpinionMap, *, of: tuple[int, int], at: datetime) -> Stored:
    """Store the map of this vote and this entry, and let those of earlier the same day go."""
    day = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    with transaction.atomic():
        snapshot, new = MapSnapshot.objects.get_or_create(
            conversation=conversation,
            last_vote=of[0],
            last_entry=of[1],
            defaults={"data": packed(drawn), "drawn_at": at},
        )
        if not new and snapshot.data.get("layout") != LAYOUT:
            snapshot.data, snapshot.drawn_at = packed(drawn), at
            snapshot.save(update_fields=["data", "drawn_at"])
        conversation.maps.filter(pk__lt=snapshot.pk, drawn_at__gte=day, drawn_at__lte=at).delete()
    return Stored(snapshot.pk, snapshot.last_vote, snapshot.last_entry, snapshot.drawn_at, LAYOUT)


def _read(pk: int) -> OpinionMap:
    return unpacked(MapSnapshot.objects.values_list("data", flat=True).get(pk=pk))


_kept = lru_cache(maxsize=MAPS_KEPT)(_read)


def forget() -> None:
    """Keep no map unpacked any more."""
    _kept.cache_clear()


def packed(drawn: OpinionMap) -> dict[str, Any]:
    """The map in JSON, in columns."""
    whole = drawn.to_json()
    for name in FLAT:
        whole[name] = _columns(whole[name])
    rows = whole["counted"]
    whole["counted"] = {name: [row[name] for row in rows] for name in ("statement", "priority", "x", "y")}
    whole["counted"]["priority"] = [float(f"{priority:.4g}") for priority in whole["counted"]["priority"]]
    whole["tallies"] = [
        _flat_tallies([row["all"] for row in rows]),
        *(_flat_tallies([row["groups"][g] for row in rows]) for g in range(len(drawn.groups))),
    ]
    return {"layout": LAYOUT, **whole}


def unpacked(data: Mapping[str, Any]) -> OpinionMap:
    """The map that was packed."""
    whole = {name: value for name, value in data.items() if name not in ("layout", "tallies")}
    for name, kind in FLAT.items():
        names = [one.name for one in fields(kind)]
        whole[name] = _rows(names, whole[name])
    everybody, *groups = ([_tally(row) for row in zip(*columns, strict=True)] for columns in data["tallies"])
    rows = _rows(["statement", "priority", "x", "y"], whole["counted"])
    whole["counted"] = [
        {**row, "all": everybody[j], "groups": [group[j] for group in groups]} for j, row in enumerate(rows)
    ]
    return OpinionMap.from_json(whole)


def _columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    return {name: [row[name] for row in rows] for name in rows[0]} if rows else {}


def _rows(names: Sequence[str], columns: Mapping[str, list[Any]]) -> list[dict[str, Any]]:
    if not columns:
        return []
    wanted = (columns[name] for name in names)
    return [dict(zip(names, values, strict=True)) for values in zip(*wanted, strict=True)]


def _flat_tallies(tallies: Sequence[Mapping[str, Any]]) -> list[list[int]]:
    """Nine columns: agreed, disagreed, seen, then mean, low and high of agreeing and of disagreeing."""
    counts = [[int(tally[name]) for tally in tallies] for name in ("agreed", "disagreed", "seen")]
    rates = [
        [round(tally[side][part] * IN_TEN_THOUSAND) for tally in tallies]
        for side in ("agree", "disagree")
        for part in ("mean", "low", "high")
    ]
    return counts + rates


def _tally(row: Sequence[int]) -> dict[str, Any]:
    rate = [value / IN_TEN_THOUSAND for value in row[3:]]
    sides = {
        side: dict(zip(("mean", "low", "high"), rate[at : at + 3], strict=True))
        for side, at in (("agree", 0), ("disagree", 3))
    }
    return {"agreed": row[0], "disagreed": row[1], "seen": row[2], **sides}
