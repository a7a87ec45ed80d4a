"""Make a backup while the service runs."""

from __future__ import annotations

import tempfile
from argparse import ArgumentParser
from datetime import UTC
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.utils import timezone

from camphor.site.backups import archive, backups, postgresql, sqlite
from camphor.site.backups.passphrase import FILE, VARIABLE, Unusable, passphrase


class Command(BaseCommand):
    """`camphor backup`: everything in one file with its sum."""

    help = "Back up the database, with the pictures in it, into one file; the service keeps running"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--to", type=Path, default=settings.BACKUP_FOLDER, help="the folder (CAMPHOR_BACKUP_FOLDER)"
        )
        parser.add_argument(
            "--encrypt", action="store_true", help=f"seal it with {VARIABLE} or the text of {FILE}"
        )
        parser.add_argument(
            "--keep", type=int, metavar="N", help="then delete all but the newest N in the folder"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["keep"] is not None and options["keep"] < 1:
            raise CommandError("--keep must leave at least one backup")
        try:
            secret = passphrase() if options["encrypt"] else None
        except Unusable as fault:
            raise CommandError(str(fault)) from fault
        if options["encrypt"] and not secret:
            raise CommandError(f"--encrypt needs a passphrase in {VARIABLE}, or a file named by {FILE}")
        file, told = back_up(options["to"], secret)
        self.stdout.write(f"{file}\nbacked up: {told}")
        for old in backups(options["to"])[: -options["keep"]] if options["keep"] else []:
            old.unlink()
            archive.sum_file(old).unlink()
            self.stdout.write(f"deleted {old.name}")


def back_up(folder: Path, secret: str | None) -> tuple[Path, str]:
    """Make the backup; its file, and what it holds in words."""
    engine = sqlite if connection.vendor == "sqlite" else postgresql
    try:
        with tempfile.TemporaryDirectory(prefix="camphor-backup-", dir=engine.staging()) as place:
            database, counted = engine.dump(Path(place))
            at = timezone.now().astimezone(UTC)
            file = archive.write(
                folder, database, counted, engine=connection.vendor, at=at, passphrase=secret
            )
    except (postgresql.NoClient, postgresql.Failed, sqlite.Damaged, DatabaseError, OSError) as fault:
        raise CommandError(f"no backup was made: {fault}") from fault
    return file, counted.told()
