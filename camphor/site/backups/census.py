"""How many rows of each kind a database holds, and the newest vote: what a restore is judged by."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from django.apps import apps
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from camphor.conversations.models import Vote

BESIDE = "beside"
TOLD = {
    "conversations.Vote": "votes",
    "conversations.Participant": "participants",
    "conversations.Statement": "statements",
    "conversations.Conversation": "conversations",
    "matters.Matter": "matters",
    "consultations.Consultation": "consultations",
    "activities.Activity": "activities",
    "trail.Entry": "entries of the trail",
    "trail.File": "pictures",
    "people.Person": "people with an account",
}
"""The tables that are named to whoever restores, by what people call their rows."""


@dataclass(frozen=True)
class Census:
    """Rows by model, when the newest vote was cast, and the migrations that were applied."""

    rows: dict[str, int]
    newest_vote: str | None
    migrations: list[str]

    def plain(self) -> dict[str, object]:
        return asdict(self)

    def told(self) -> str:
        counts = ", ".join(f"{self.rows[model]} {word}" for model, word in TOLD.items() if model in self.rows)
        return f"{counts}; newest vote: {self.newest_vote or 'none'}"


def census(using: str = "default") -> Census:
    """Count what the database holds; tables that an older version did not have are left out."""
    connection = connections[using]
    there = set(connection.introspection.table_names())
    rows = {
        model._meta.label: model._base_manager.using(using).count()
        for model in apps.get_models()
        if model._meta.db_table in there and model._meta.managed
    }
    votes = Vote.objects.using(using) if "conversations.Vote" in rows else Vote.objects.none()
    newest = votes.order_by("-pk").values_list("at", flat=True).first()
    applied = sorted(".".join(key) for key in MigrationRecorder(connection).applied_migrations())
    return Census(rows, newest.isoformat(timespec="milliseconds") if newest else None, applied)


def is_living(using: str = "default") -> bool:
    """Somebody's data are in it; what migrations lay down by themselves is nobody's."""
    found = census(using).rows
    return any(
        count for label, count in found.items() if apps.get_model(label).__module__.startswith("camphor.")
    )


def unknown_migrations(names: list[str]) -> list[str]:
    """Those of our own that this version of Camphor does not have."""
    ours = {app.label for app in apps.get_app_configs()}
    known = {".".join(key) for key in MigrationLoader(None).disk_migrations}
    return [name for name in names if name.partition(".")[0] in ours and name not in known]


def missing_migrations(names: list[str]) -> list[str]:
    """Those that this version has and the database did not."""
    return sorted({".".join(key) for key in MigrationLoader(None).disk_migrations} - set(names))


@contextmanager
def beside(name: str) -> Iterator[str]:
    """The alias of another database on the same server or, for SQLite, of another file."""
    connections.settings[BESIDE] = {**connections["default"].settings_dict, "NAME": name}
    try:
        yield BESIDE
    finally:
        connections[BESIDE].close()
        del connections[BESIDE]
        del connections.settings[BESIDE]
