"""Remind people of the days that come near, or that have passed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from camphor.dashboard.reminding import remind_all


class Command(BaseCommand):
    """`camphor remind`: run it once a day; a second time the same day it sends nothing."""

    help = "Remind people of what is due, and leaders of what is overdue; each reminder is sent once"

    def handle(self, *args: Any, **options: Any) -> None:
        told = remind_all(at=timezone.now())
        for name, people in sorted(told.items()):
            self.stdout.write(f"{name}: {people}")
        self.stdout.write(f"reminded: {sum(told.values())}")
