"""Write the pages in docs/ that are made from the rules."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from camphor.site.environment import ROOT
from camphor.site.sheets import SHEETS


class Command(BaseCommand):
    """Writes the sheets, or with --check fails where one is not current."""

    help = "Write the pages in docs/ that are made from the rules"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="only tell whether they are current")

    def handle(self, *args: Any, **options: Any) -> None:
        for name, sheet in SHEETS.items():
            page = ROOT / "docs" / name
            text = sheet().rstrip() + "\n"
            if options["check"] and (not page.exists() or page.read_text("utf-8") != text):
                raise CommandError(f"docs/{name} is not current: run `python3 x.py docs`")
            if not options["check"]:
                page.write_text(text, "utf-8")
                self.stdout.write(f"docs/{name}")
