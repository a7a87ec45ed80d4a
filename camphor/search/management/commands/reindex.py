"""Make the search index anew."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand

from camphor.search.indexing import rebuild


class Command(BaseCommand):
    """`camphor reindex`: after words are cut otherwise, or rows were written past the one door."""

    help = "Make the search index anew from what is in the database; others can search and write meanwhile"

    def handle(self, *args: Any, **options: Any) -> None:
        begun = time.monotonic()
        documents = rebuild()
        self.stdout.write(f"{documents} documents indexed in {time.monotonic() - begun:.0f} s")
