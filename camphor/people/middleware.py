"""Who is asking: puts the actor on every request."""

from __future__ import annotations

from collections.abc import Callable

from django.core import signing
from django.http import HttpRequest, HttpResponse

from camphor.people.actor import Actor, digest
from camphor.people.models import Person

SECRETS = "camphor_mine"
"""The cookie that keeps the lookup codes used on this device, signed."""
KEEP_SECONDS = 400 * 24 * 3600
"""As long as browsers keep a cookie at all; a consultation can take a year."""
MOST_SECRETS = 20
"""Cookies hold 4 kB; a code takes some 12 characters."""


def secrets_of(request: HttpRequest) -> list[str]:
    """The lookup codes that this device has shown, oldest first; none if somebody has altered the cookie."""
    try:
        known = signing.loads(request.COOKIES.get(SECRETS, ""), salt=SECRETS)
    except signing.BadSignature:
        return []
    return [str(code) for code in known]


def remember(request: HttpRequest, response: HttpResponse, code: str) -> None:
    """Keep a code on this device, so that its holder is recognised the next time."""
    codes = [known for known in secrets_of(request) if known != code] + [code]
    response.set_cookie(
        SECRETS,
        signing.dumps(codes[-MOST_SECRETS:], salt=SECRETS, compress=True),
        max_age=KEEP_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )


def actor_of(request: HttpRequest) -> Actor:
    person = request.user if isinstance(request.user, Person) else None
    return Actor(person, frozenset(digest(code) for code in secrets_of(request)))


class ActorMiddleware:
    """Sets `request.actor`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = actor_of(request)  # type: ignore[attr-defined]
        return self.get_response(request)
