"""Seal anew what an earlier secret has sealed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from camphor.kit.resealing import reseal


class Command(BaseCommand):
    """`camphor reseal`: after a change of the secret, so that the earlier one can be forgotten."""

    help = "Seal anew with CAMPHOR_SECRET_KEY what one of CAMPHOR_EARLIER_SECRET_KEYS has sealed"

    def handle(self, *args: Any, **options: Any) -> None:
        done = reseal()
        self.stdout.write(f"{done.anew} texts sealed anew")
        if done.shut:
            raise CommandError(f"{done.shut} texts were sealed by a secret that is not set any more")
