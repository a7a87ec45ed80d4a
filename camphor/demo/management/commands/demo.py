"""Build the demo city, or tell who lives in it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import timezone

from camphor.bodies.models import Body
from camphor.demo import city
from camphor.demo.cast import CAST, LIN_CODE, PASSWORD
from camphor.search.indexing import rebuild


class Command(BaseCommand):
    """`camphor demo` on an empty database."""

    help = "Build the demo city in an empty database; --logins tells who can sign in"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--logins", action="store_true", help="only tell who can sign in")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["logins"]:
            if Body.objects.exists():
                raise CommandError("there is a city in this database already")
            city.build(at=timezone.now())
            rebuild()
        self.stdout.write(f"Camphor 樟议: {settings.BASE_URL}/")
        self.stdout.write(f"Sign in at {settings.BASE_URL}{reverse('account_login')}, password {PASSWORD}:")
        for one in CAST:
            self.stdout.write(f"  {one.username:<6}{one.name}  {one.does}")
        mine = settings.BASE_URL + reverse("mine", args=[LIN_CODE])
        self.stdout.write(f"Lin, a resident without an account: {mine}")
        raise_at = settings.BASE_URL + reverse("raise_at", args=["zhangshuxia"])
        self.stdout.write(f"Raise a concern under the camphor tree: {raise_at}")
