"""Send what waits to leave the house."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from camphor.dashboard.outgoing import write
from camphor.trail.delivering import plan, send
from camphor.trail.gateways import gateways
from camphor.trail.shelf import clear


class Command(BaseCommand):
    """`camphor notify`: run it every minute; what could not be sent is tried again later."""

    help = "Send notices over the channels that people chose; failures are kept and tried again"

    def handle(self, *args: Any, **options: Any) -> None:
        ways = gateways()
        for channel, gateway in ways.items():
            if lacking := gateway.lacking():
                self.stderr.write(f"{channel}: {lacking}")
        at = timezone.now()
        clear(at=at)  # here, since this runs every minute
        while plan(at=at, channels=list(ways)):
            pass
        done = send(at=at, ways=ways, write=write)
        self.stdout.write(", ".join(f"{name}: {n}" for name, n in sorted(done.items())) or "nothing to send")
