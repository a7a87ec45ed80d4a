"""A request as the middleware hands it on."""

from __future__ import annotations

from django.http import HttpRequest

from camphor.people.actor import Actor


class Asked(HttpRequest):
    """A request that knows who is asking."""

    actor: Actor
