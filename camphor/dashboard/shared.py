"""Public pages on which nothing depends on who asks: made once a second for all, signed in or not.

That nothing depends on it is seen to: while such a page is made the request bears no person, no session, no
message and no cookie but the choice of large type. All that a page may know is whether somebody is signed in.
"""

from __future__ import annotations

from collections.abc import Hashable
from copy import copy

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import get_messages
from django.http import HttpRequest

from camphor.kit.kept import View, kept_by, place
from camphor.people.actor import NOBODY

ELDER = "camphor_elder"
"""The cookie that keeps the choice of large type; `camphor.site.context` reads it for every page."""


class Somebody(AnonymousUser):
    """Whoever is signed in."""

    @property
    def is_authenticated(self) -> bool:  # type: ignore[override]
        return True

    @property
    def is_anonymous(self) -> bool:  # type: ignore[override]
        return False


def shared(view: View) -> View:
    """The view, whose page is the same for everybody."""
    return kept_by(_key, _of_nobody)(view)


def _key(request: HttpRequest) -> Hashable | None:
    """The page says whether one is signed in, and its letters may be large; a message is for one alone."""
    common = place(request)
    if common is None or len(get_messages(request)):
        return None
    return *common, request.user.is_authenticated, request.COOKIES.get(ELDER) == "1"


def _of_nobody(request: HttpRequest) -> HttpRequest:
    """The request as anybody could have sent it."""
    bare = copy(request)
    bare.resolver_match = request.resolver_match  # which a copy leaves out
    bare.actor = NOBODY  # type: ignore[attr-defined]
    bare.user = Somebody() if request.user.is_authenticated else AnonymousUser()
    kept = (ELDER, settings.LANGUAGE_COOKIE_NAME)
    bare.COOKIES = {name: value for name, value in request.COOKIES.items() if name in kept}
    for own in ("session", "_messages", "htmx", "auser"):
        bare.__dict__.pop(own, None)
    return bare
