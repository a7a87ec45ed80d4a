"""Restore a backup, or try whether it could be restored."""

from __future__ import annotations

import tempfile
from argparse import ArgumentParser
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.utils import timezone

from camphor.site.backups import archive, backups, postgresql, sqlite
from camphor.site.backups.census import Census, census, is_living, missing_migrations, unknown_migrations
from camphor.site.backups.passphrase import FILE, VARIABLE, Unusable, passphrase
from camphor.site.management.commands.backup import back_up

FAULTS = (postgresql.NoClient, postgresql.Failed, sqlite.Damaged, DatabaseError, OSError)


class Command(BaseCommand):
    """`camphor restore FILE`: into an empty database, unless told to overwrite; --check touches nothing."""

    help = "Restore a backup into an empty database, or try it out and touch nothing (--check)"
    requires_system_checks: list[str] = []  # the database may be empty, which they would complain of

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", type=Path, nargs="?", help="the backup (with --check: default the newest)"
        )
        parser.add_argument(
            "--check", action="store_true", help="restore it beside the database, count, and clear"
        )
        parser.add_argument(
            "--newer-than", type=float, metavar="HOURS", help="fail if it was made longer ago"
        )
        parser.add_argument(
            "--overwrite", action="store_true", help="in the place of what is there, which is backed up first"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"] or self._newest(options["check"])
        if not file.is_file():
            raise CommandError(f"{file} is not a file")
        engine = sqlite if connection.vendor == "sqlite" else postgresql
        try:
            with tempfile.TemporaryDirectory(prefix="camphor-restore-", dir=engine.staging()) as place:
                database, manifest = archive.read(file, Path(place), passphrase=passphrase())
                self._judge(manifest, options["newer_than"])
                if options["check"]:
                    with engine.trial(database) as alias:
                        self._compare(manifest, census(alias))
                else:
                    self._keep_what_is_there(options["overwrite"])
                    engine.load(database)
                    self._compare(manifest, census())
        except archive.NoPassphrase as needed:
            raise CommandError(f"it is sealed: set {VARIABLE}, or {FILE} to a file that holds it") from needed
        except (archive.Broken, Unusable) as fault:
            raise CommandError(f"{file.name}: {fault}. Nothing was changed.") from fault
        except FAULTS as fault:
            raise CommandError(f"it was not restored, nothing was changed: {fault}") from fault
        self._tell(file, manifest, check=options["check"])

    @staticmethod
    def _newest(check: bool) -> Path:
        found = backups(settings.BACKUP_FOLDER)
        if not check:
            raise CommandError("name the file to restore" + (f": the newest is {found[-1]}" if found else ""))
        if not found:
            raise CommandError(f"there is no backup in {settings.BACKUP_FOLDER}")
        return found[-1]

    @staticmethod
    def _judge(manifest: dict[str, Any], hours: float | None) -> None:
        """See that it fits this service, before anything is touched."""
        if manifest["engine"] != connection.vendor:
            raise CommandError(
                f"it was made from {manifest['engine']}, and this service has {connection.vendor}"
            )
        if unknown := unknown_migrations(manifest["migrations"]):
            raise CommandError(f"it comes from a newer version of Camphor, with {', '.join(unknown)}")
        age = timezone.now() - datetime.fromisoformat(manifest["made_at"])
        if hours is not None and age > timedelta(hours=hours):
            raise CommandError(f"the newest backup is {age.total_seconds() / 3600:.1f} hours old")

    def _keep_what_is_there(self, overwrite: bool) -> None:
        if not is_living():
            return
        if not overwrite:
            raise CommandError(
                f"this database is in use: it holds {census().told()}. Nothing was changed. "
                "Add --overwrite to put the backup in its place; it is backed up first."
            )
        kept, _told = back_up(settings.BACKUP_FOLDER / "before-restore", passphrase())
        self.stdout.write(f"what was there is kept in {kept}")

    @staticmethod
    def _compare(manifest: dict[str, Any], found: Census) -> None:
        said = Census(manifest["rows"], manifest["newest_vote"], manifest["migrations"])
        if (found.rows, found.newest_vote) != (said.rows, said.newest_vote):
            raise CommandError(
                f"it holds other things than its manifest says: {found.told()}, not {said.told()}"
            )

    def _tell(self, file: Path, manifest: dict[str, Any], *, check: bool) -> None:
        said = Census(manifest["rows"], manifest["newest_vote"], manifest["migrations"])
        done = "can be restored" if check else "restored"
        self.stdout.write(f"{done}: {file.name}, made at {manifest['made_at']}")
        self.stdout.write(f"it holds {said.told()}")
        if missing := missing_migrations(said.migrations):
            self.stdout.write(
                f"it is older than this version: run `camphor migrate` ({len(missing)} to apply)"
            )
