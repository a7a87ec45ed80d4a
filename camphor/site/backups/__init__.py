"""Backups: a checked copy of everything in one file, and the way back; pictures are rows, and so in it."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

PATTERN = "camphor-*.tar.gz*"


def backups(folder: Path) -> list[Path]:
    """The backups in a folder, the oldest first; their names are their times."""
    sums = {path.name.removesuffix(".sha256") for path in folder.glob(f"{PATTERN}.sha256")}
    return sorted(
        path for path in folder.glob(PATTERN) if path.name in sums
    )  # without its sum it is unfinished


def newest_backup() -> float | None:
    """When the newest backup on this machine was made; none if there is none."""
    found = backups(settings.BACKUP_FOLDER)
    return found[-1].stat().st_mtime if found else None
