"""What a supervisor or a proxy asks: is the process alive, and can it serve."""

from __future__ import annotations

import shutil
import tempfile
from functools import lru_cache
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

ROOM = 64 * 1024 * 1024
"""Bytes that must be free where the database, or an upload on its way to it, is written: four of the largest
uploads, or some hundred thousand votes."""


@login_not_required
@require_safe
@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    """The process answers; the database is not asked, so that its failure restarts no web process."""
    return HttpResponse("alive\n", content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Whether requests can be served, and what is lacking where they can not."""
    found = {"database": _database(), "migrations": "", "room": _room()}
    if not found["database"]:
        found["migrations"] = _migrations()
    lacking = {name: what for name, what in found.items() if what}
    return JsonResponse({"ready": not lacking, **lacking}, status=503 if lacking else 200)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "does not answer"
    return ""


def _migrations() -> str:
    """Those that the code has and the database has not; the other way round an older code still serves."""
    missing = _known() - set(MigrationRecorder(connection).applied_migrations())
    return f"{len(missing)} not applied" if missing else ""


@lru_cache(maxsize=1)
def _known() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations)


def _room() -> str:
    free = shutil.disk_usage(written_folder()).free
    return f"{free // 2**20} MB free, {ROOM // 2**20} are needed" if free < ROOM else ""


def written_folder() -> Path:
    """Where this machine writes: beside the SQLite file, or where large uploads wait."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite" and "memory" not in name:
        return Path(name).parent
    return Path(tempfile.gettempdir())
