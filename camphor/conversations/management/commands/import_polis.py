"""Load a conversation that Polis exported."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import timezone

from camphor.bodies.models import Body
from camphor.conversations import maps
from camphor.conversations.importing import AlreadyThere, load
from camphor.engine.polis_export import BrokenExport, read_export
from camphor.people.actor import NOBODY


class Command(BaseCommand):
    """`camphor import-polis FOLDER`: all of it, or nothing and the file, line and reason."""

    help = "Load a conversation that Polis exported (votes.csv, or participants-votes.csv)"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="the folder with comments.csv and the votes")
        parser.add_argument("--body", help="slug of the body that it belongs to (default: the city's)")
        parser.add_argument("--closed", action="store_true", help="no further votes")
        parser.add_argument("--again", action="store_true", help="also when it was imported before")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        if not folder.is_dir():
            raise CommandError(f"{folder} is not a folder")
        body = self._body(options["body"])
        at = timezone.now()
        try:
            export = read_export(folder)
            loaded = load(
                export,
                body=body,
                source=f"Polis: {folder.resolve().name}",
                by=NOBODY,
                at=at,
                closed=options["closed"],
                again=options["again"],
            )
        except BrokenExport as broken:
            raise CommandError(f"nothing was loaded: {broken}") from broken
        except AlreadyThere as known:
            raise CommandError(f"{known} was imported before; add --again to load it once more") from known
        maps.current(loaded.conversation, at=at, wait=True)  # so that its first visitor does not wait
        self.stdout.write(
            f"{loaded.conversation.title}: {loaded.statements} statements ({loaded.rejected} rejected), "
            f"{loaded.participants} participants, {loaded.votes} votes"
        )
        self.stdout.write(settings.BASE_URL + reverse("talk_map", args=[loaded.conversation.pk]))

    @staticmethod
    def _body(slug: str | None) -> Body:
        if slug:
            body = Body.objects.filter(slug=slug).first()
        else:
            body = Body.objects.filter(kind="committee_city").first()
        if body is None:
            raise CommandError(
                f"there is no body {slug!r}" if slug else "there is no body yet: build the city"
            )
        return body
