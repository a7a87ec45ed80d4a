"""Run the web service."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from camphor.site.environment import ROOT
from camphor.site.serving import PortTaken, command, hold, workers_for


class Command(BaseCommand):
    """`camphor serve`: the process becomes the web server, with the limits that were measured."""

    help = "Run the web service, one process on SQLite and two on PostgreSQL"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (127.0.0.1)")
        parser.add_argument("--port", type=int, default=8000, help="the port to listen on (8000)")
        parser.add_argument("--workers", type=int, metavar="N", help="web processes (1 on SQLite, else 2)")

    def handle(self, *args: Any, **options: Any) -> None:
        workers = options["workers"] or workers_for(settings.DATABASES["default"]["ENGINE"])
        try:
            hold(options["port"], options["host"])
        except PortTaken as taken:
            raise CommandError(str(taken)) from taken
        words = command(options["port"], host=options["host"], workers=workers)
        sys.stdout.flush()
        os.chdir(ROOT)  # where the server finds the application
        os.execv(words[0], words)  # noqa: S606 - our own words, and no shell
