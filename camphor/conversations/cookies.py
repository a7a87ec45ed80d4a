"""The cookie by which a participant is known, and nothing else is."""

from __future__ import annotations

import secrets
from functools import lru_cache

from django.core import signing
from django.http import HttpRequest, HttpResponse

from camphor.conversations.models import Conversation
from camphor.people.actor import Actor, digest

COOKIE = "camphor_participant"
KEEP_SECONDS = 400 * 24 * 3600
"""As long as browsers keep a cookie at all."""
LONGEST = 200
"""Characters of a cookie that can be ours, which has some 80."""
READ_KEPT = 10_000
"""Cookies of those who are voting now, in some 4 MB of a process."""


def token_of(request: HttpRequest) -> str | None:
    """The token in the cookie; none where there is none or somebody has altered it."""
    signed = request.COOKIES.get(COOKIE)
    return _read(signed) if signed and len(signed) <= LONGEST else None


@lru_cache(maxsize=READ_KEPT)
def _read(signed: str) -> str | None:
    """What a cookie says, read once for all its votes."""
    try:
        return str(signing.loads(signed, salt=COOKIE))
    except signing.BadSignature:
        return None


def give_token(request: HttpRequest, response: HttpResponse) -> None:
    """Give the cookie with the first page, so that two first votes at once are of one participant."""
    if token_of(request) is None:
        response.set_cookie(
            COOKIE,
            signing.dumps(secrets.token_urlsafe(16), salt=COOKIE),
            max_age=KEEP_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
        )


def participant_digest(token: str, conversation: Conversation) -> str:
    """What is stored: another digest in each conversation, so that nobody can join the two."""
    return digest_in(token, conversation.pk)


@lru_cache(maxsize=READ_KEPT)
def digest_in(token: str, conversation: int) -> str:
    """The digest that stands for this token in the conversation with this key."""
    return digest(f"{token}:{conversation}", of="participant")


def participant_actor(request: HttpRequest, conversation: Conversation) -> Actor:
    """The author of statements in this conversation whom the cookie stands for."""
    token = token_of(request)
    return Actor(digests=frozenset({participant_digest(token, conversation)}) if token else frozenset())
